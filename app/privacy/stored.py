"""What is stored about whom, why, and for how long: every table and column of the database, in one closed list. Pure.

A new table or column is a line here, else a test fails. From this list follow the page *Personuppgifter*, the record of
processing, what an export of somebody's data holds, what an erasure takes, and what is removed when its time has come.

To add a table: put a `Stored` into the register whose purpose it serves (or make a register), each column in the one
group that says what it holds (`shape.py` tells of the groups). A table that a person's way in hangs on is
`erasing=Erasing.GO`; one whose rows run out by themselves has a `goes`. For example:

    Stored("api_token", title="API-nycklar", whose=("person",), facts={"name": "namn", "made": "gjord"},
           secrets=("token",), rest=("id",), erasing=Erasing.GO, goes=Goes("ends", 30)),

Why one may (the legal ground), who answers for it and whom to ask are the region's to say: settings, see `config.py`.
"""

from app.privacy.shape import Register, Stored, Whom
from app.privacy.ways_in import WAY_IN

_CASE = "Så länge inspektionen finns kvar. Arkivreglerna säger hur länge. Sporra tar inte bort den av sig självt."
_PLACES = ("clinic", "region", "speciality")
_WHERE = {"speciality": "specialitet", "region": "region", "clinic": "klinik"}

ACCOUNT = Register(
    title="Konto",
    what="Namn, e-post, om kontot är stängt, och vilka roller personen har och har haft.",
    about=(Whom.ACCOUNT,),
    why="För att veta vem som får göra vad.",
    time="Tills en administratör raderar uppgifterna, sedan kontot har stängts. Rollerna står då kvar utan namn.",
    tables=(
        Stored(
            "person",
            title="Konto",
            whose=("id",),
            facts={
                "email": "e-post",
                "name": "namn",
                "invited": "inbjuden",
                "closed": "stängt",
                "erased": "raderat som nummer",
            },
            secrets=("password",),
            rest=("listed", "demo"),
        ),
        Stored(
            "appointment",
            title="Roller",
            whose=("person",),
            others=("given_by",),
            facts={"role": "roll", **_WHERE, "since": "från", "ended": "till"},
            rest=("id",),
        ),
    ),
)

TIES = Register(
    title="Band till enheter",
    what="Var den som inspekterar hör hemma, arbetar och har arbetat, svar om band till en enhet, och kansliets skäl "
    "när någon inspekterar trots ett band.",
    about=(Whom.INSPECTOR,),
    why="För att ingen ska granska en enhet som hon eller han har band till.",
    time="Så länge inspektionerna finns kvar, också det som tas bort: ett beslut kan vila på det.",
    tables=(
        Stored(
            "tie",
            title="Band",
            whose=("person",),
            others=("told_by",),
            facts={
                "kind": "slag",
                "region": "region",
                "hospital": "sjukhus",
                "clinic": "klinik",
                "since": "från år",
                "until": "till år",
                "told": "berättat",
                "removed": "borttaget",
            },
            rest=("id",),
        ),
        Stored(
            "declaration",
            title="Svar om band",
            whose=("person",),
            facts={"inspection": "inspektion", "at": "när", "unit": "enhet"},
            rest=("id", "ties"),
        ),
        Stored(
            "assignment",
            title="Uppdrag som inspektör",
            whose=("person",),
            facts={"inspection": "inspektion", "since": "från", "ended": "till"},
            texts=("motive",),
            rest=("id", "place", "despite"),
        ),
    ),
)

EVENTS = Register(
    title="Händelser",
    what="Vem som gjorde vad, och när. Aldrig vad någon skrev, och aldrig ett namn: personen står som ett nummer.",
    about=(Whom.ACCOUNT,),
    why="För att kunna visa att allt har gått rätt till, och se om någon har gjort något otillåtet.",
    time="Så länge inspektionerna finns kvar. De kan inte tas bort en och en, för då går det inte att visa att ingen "
    "fattas. När personen raderas finns inget som säger vem numret var.",
    tables=(
        Stored(
            "event",
            title="Händelser",
            whose=("by", "subject"),
            facts={"at": "när", "action": "vad"},
            rest=("n", "details"),
        ),
    ),
)

CASES = Register(
    title="Inspektioner",
    what="Vem som inspekterar, vem som skrev vad och när, vem som fastställde och ändrade en gradering. Texterna "
    "handlar om en klinik, men kan nämna någon.",
    about=(Whom.INSPECTOR, Whom.MENTIONED),
    why="För att granska utbildningen, och för att inget som någon skriver ska gå förlorat.",
    time=_CASE,
    tables=(
        Stored(
            "inspection",
            texts=("names", "cause", "plan"),
            rest=(
                *(
                    "id",
                    *_PLACES,
                    "rubric",
                    "rubric_sha256",
                    "state",
                    "version",
                    "has_version",
                    "apart",
                    "old_report",
                    "listed",
                ),
                *("region_name", "hospital_name", "clinic_name", "specialty", "place", "first_day", "last_day", "mode"),
            ),
        ),
        Stored("area_state", texts=("narrative", "grade_reason"), rest=("inspection", "area", "grade")),
        Stored("answer", texts=("comment",), rest=("inspection", "criterion", "area", "answer")),
        Stored(
            "finding",
            texts=("text",),
            rest=("inspection", "id", "kind", "area", "criteria", "order", "gone", "hidden"),
        ),
        Stored(
            "regrade",
            title="Ändrade graderingar",
            whose=("by",),
            facts={"inspection": "inspektion", "area": "område", "before": "från", "grade": "till", "day": "dag"},
            rest=("id", "place", "because", "version", "measures"),
        ),
        Stored(
            "signature",
            title="Underskrifter",
            whose=("person",),
            facts={"inspection": "inspektion", "version": "version", "at": "när", "withdrawn": "upphävd"},
            rest=("id", "content"),
        ),
        Stored("subject", rest=("id", "kind", "seq", "erased", "held")),
        Stored(
            "revision",
            title="Det som personen har skrivit",
            whose=("by",),
            others=("voice",),
            facts={"subject": "var", "received": "när", "at": "enhetens klocka"},
            texts=("value",),
            rest=("n", "id", "seq", "field", "parent", "settles", "format", "outcome", "salt", "hash"),
        ),
        Stored("head", others=("voice",), rest=("subject", "field", "revision")),
        Stored("branch", others=("voice",), rest=("id", "subject", "field", "base", "tip", "settled_by")),
    ),
)

WORKING = Register(
    title="Arbetsmaterial",
    what="Vem man träffar i vilket rum, inspektörernas anteckningar från samtalen, bilder och det som skickades före "
    "besöket.",
    about=(Whom.MET, Whom.INSPECTOR, Whom.MENTIONED),
    why="För att förbereda och minnas besöket tills rapporten är skriven.",
    time="{erase_months} månader efter att rapporten fastställdes. Underlag som har valts att sparas med "
    "ärendet står kvar.",
    tables=(
        Stored("interview", texts=("who", "room"), rest=("inspection", "id", "role", "day", "begins", "ends", "gone")),
        Stored(
            "attachment",
            title="Underlag som personen har lagt till",
            whose=("by",),
            facts={"inspection": "inspektion", "received": "när", "type": "slag", "size": "storlek i byte"},
            texts=("title",),
            rest=("id", "about", "sha256", "file", "preview", "kept", "gone", "erased"),
        ),
    ),
)

REPORTS = Register(
    title="Fastställda rapporter",
    what="Rapporten som den fastställdes, med inspektörernas namn. Den är en publicerad handling.",
    about=(Whom.INSPECTOR, Whom.MENTIONED),
    why="För att det som fastställdes ska gå att läsa oförändrat, och jämföra.",
    time=f"{_CASE} En version som inte får finnas hålls inne av två personer på kansliet.",
    tables=(
        Stored(
            "version",
            others=("signers",),
            texts=("content", "cause"),
            rest=(
                *("inspection", "number", "seq", "content_sha256", "rubric_sha256", "signed", "withheld"),
                *("clinic_name", "hospital_name", "specialty", "first_day", "last_day"),
            ),
        ),
        Stored("version_file", texts=("content",), rest=("inspection", "number", "format", "size", "sha256")),
        Stored(
            "used_text",
            texts=("text",),
            rest=("inspection", "criterion", "place", "version", "kind", "family", *_PLACES, "day"),
        ),
        Stored(
            "withholding",
            others=("proposed_by", "decided_by"),
            texts=("note",),
            rest=("id", "inspection", "number", "reason", "proposed", "decided", "outcome"),
        ),
    ),
)

PLANS = Register(
    title="Handlingsplaner",
    what="Vem som lämnade in planen och vem som svarade, vem som är ansvarig för en åtgärd, och klinikens texter.",
    about=(Whom.CLINIC, Whom.INSPECTOR, Whom.MENTIONED),
    why="För att kliniken ska kunna rätta till det som brister, och regionen följa det.",
    time=_CASE.replace("inspektionen", "handlingsplanen"),
    tables=(
        Stored(
            "plan",
            texts=("title", "unit_line"),
            rest=(
                "id",
                "inspection",
                "report",
                *_PLACES,
                "rubric_sha256",
                "state",
                "opened",
                "due",
                "version",
                "staff",
            ),
        ),
        Stored("plan_area", texts=("text",), rest=("plan", "area")),
        Stored(
            "measure",
            texts=("what", "how", "why", "owner", "proof", "effect", "term"),
            rest=(
                *("plan", "id", "area", "criteria", "start", "due", "status", "bank", "times", "every", "per", "each"),
                *("order", "gone", "hidden"),
            ),
        ),
        Stored("occurrence", texts=("note",), rest=("plan", "id", "measure", "day", "count", "gone")),
        Stored("plan_answer", texts=("reason",), rest=("plan", "version", "area", "verdict")),
        Stored(
            "plan_version",
            title="Inlämnade planer",
            whose=("by",),
            others=("answered_by",),
            facts={"plan": "plan", "number": "version", "submitted": "inlämnad"},
            texts=("content",),
            rest=("seq", "sha256", "outcome", "answered"),
        ),
    ),
)

_COUNTED = ("inspection", "area", "family", "region", "hospital", "speciality", "year", "latest")
NOBODY = Register(
    title="Platser, granskningsmodeller, siffror och driften",
    what="Inget om någon person.",
    about=(),
    why="",
    time="",
    tables=(
        Stored("region", rest=("id", "name", "closed")),
        Stored("hospital", rest=("id", "region", "name", "kind", "closed")),
        Stored("clinic", rest=("id", "hospital", "name", "closed")),
        Stored("speciality", rest=("id", "name", "closed")),
        Stored("clinic_speciality", rest=("clinic", "speciality", "closed")),
        Stored("rubric_copy", rest=("sha256", "reference", "text")),
        Stored(
            "compared",
            rest=(
                *(each for each in _COUNTED if each != "area"),
                "version",
                "clinic",
                "edition",
                "rubric_sha256",
                "first_day",
            ),
        ),
        Stored("compared_area", rest=(*_COUNTED, "decided", "standing", "history", "anchor")),
        Stored("seal", rest=("number", "at", "first", "last", "count", "leaves", "previous", "hash")),
        Stored("turn", rest=("name", "due", "done", "broken")),
        Stored("compared_criterion", rest=(*_COUNTED, "criterion", "answer")),
    ),
)

REGISTERS = (ACCOUNT, WAY_IN, TIES, EVENTS, CASES, WORKING, REPORTS, PLANS, NOBODY)
TABLES = tuple(stored for register in REGISTERS for stored in register.tables)
