"""The part of `stored.py` about how people sign in: most tables hang on that. Pure."""

from app.privacy.shape import Erasing, Goes, Register, Stored, Whom

WAY_IN = Register(
    title="Inloggning",
    what="När och hur du loggade in, i vilken webbläsare, och när du senast syntes. Nycklar, koder, inloggningar genom "
    "arbetsgivaren, API-nycklar, länkar för att välja lösenord, brev som väntar, och adressen som din kalender hämtar "
    "från. Det hemliga i dem sparas bara så att det går att känna igen, eller låst.",
    about=(Whom.ACCOUNT,),
    why="För att släppa in rätt person och ingen annan.",
    time="Inloggningar 120 dagar. Länkar och API-nycklar 30 dagar efter att de har gått ut. Brev tills de är skickade, "
    "eller 30 dagar. Nycklar, koder, inloggningar genom arbetsgivaren och kalenderns adress tills de tas bort. Allt "
    "när kontot stängs och raderas.",
    tables=(
        Stored(
            "sign_in",
            title="Inloggningar",
            whose=("person",),
            facts={
                "since": "inloggad",
                "seen": "senast här",
                "confirmed": "bekräftad",
                "way": "hur",
                "device": "webbläsare",
            },
            secrets=("token",),
            erasing=Erasing.GO,
            goes=Goes("since", 120),  # longer than any setting lets one be signed in
        ),
        Stored(
            "invitation",
            title="Länkar för att välja lösenord",
            whose=("person",),
            others=("made_by",),
            facts={"made": "gjord", "ends": "gäller till", "used": "använd"},
            secrets=("token",),
            rest=("recovers",),
            erasing=Erasing.GO,
            goes=Goes("ends", 30),
        ),
        Stored(
            "passkey",
            title="Nycklar",
            whose=("person",),
            facts={"name": "namn", "made": "gjord", "used": "använd", "stopped": "stoppad", "host": "för"},
            secrets=("id", "public_key"),
            rest=("count",),
            erasing=Erasing.GO,
        ),
        Stored(
            "second_factor",
            title="Koder vid inloggning",
            whose=("person",),
            facts={"since": "sedan"},
            secrets=("secret",),
            rest=("last_step",),
            erasing=Erasing.GO,
        ),
        Stored(
            "recovery_code",
            title="Återställningskoder",
            whose=("person",),
            facts={"used": "använd"},
            secrets=("hash",),
            erasing=Erasing.GO,
        ),
        Stored(
            "mail",
            title="Brev som väntar",
            whose=("person",),
            others=("by",),
            email=("address",),
            facts={"kind": "slag", "made": "gjort", "given_up": "gavs upp"},
            rest=("id", "due", "tries", "trouble"),
            erasing=Erasing.GO,
        ),
        Stored(
            "identity",
            title="Inloggningar genom arbetsgivaren",
            whose=("person",),
            facts={"issuer": "genom", "subject": "som", "made": "kopplad"},
            rest=("id",),
            erasing=Erasing.GO,
        ),
        Stored(
            "api_token",
            title="API-nycklar",
            whose=("person",),
            facts={"name": "namn", "scope": "får", "made": "gjord", "ends": "gäller till", "seen": "använd"},
            secrets=("token",),
            rest=("id",),
            erasing=Erasing.GO,
            goes=Goes("ends", 30),
        ),
        Stored("errand", others=("about",), secrets=("state", "browser"), rest=("provider", "purpose", "till", "ends")),
        Stored(
            "calendar_address",
            title="Kalenderadress",
            whose=("person",),
            facts={"made": "gjord"},
            secrets=("token",),
            erasing=Erasing.GO,
        ),
    ),
)
