"""What the demonstration's clinic has promised, and how far it has come: invented, and reckoned from today."""

from datetime import date, timedelta

from app.inspections.file import Headcount, Measure, Occurrence, Plan, Recurs

OWNER = "Studierektor"


def promised(plan: Plan, today: date) -> Plan:
    """The plan with measures: some that hold, one that needs a push, one that is done."""
    begun = date(today.year, 1, 1) if today.month > 3 else date(today.year - 1, 1, 1)
    measures = (*_recurring(begun, today), *_once(begun, today))
    return plan.model_copy(update={"measures": measures, "staff": (Headcount(since=begun, trainees=12),)})


def _recurring(begun: date, today: date) -> tuple[Measure, ...]:
    def done(*ago: int, count: int = 1) -> tuple[Occurrence, ...]:
        return tuple(Occurrence(day=max(begun, today - timedelta(days=days)), count=count) for days in ago)

    return (
        Measure(
            what="Minst sex bedömningar per ST-läkare och år",
            how="Minst två mini-CEX, två fallbaserade diskussioner och, på placeringar med praktiska moment, DOPS.",
            area="E",
            criteria=("E-F4", "E-F6", "E-AR5"),
            owner="Huvudansvarig handledare",
            start=begun,
            proof="Antal dokumenterade bedömningar i utbildningsportföljen.",
            status="started",
            bank="M10",
            recurs=Recurs(times=6, per="year", each="trainee", term="bedömningar"),
            done=done(200, 160, 120, 80, 40, 10, count=9),
        ),
        Measure(
            what="Klinikgemensamma bedömningsveckor",
            area="E",
            criteria=("E-F4", "E-AR5"),
            owner=OWNER,
            start=begun,
            proof="Antal genomförda veckor.",
            status="started",
            bank="M14",
            recurs=Recurs(times=3, per="year", term="bedömningsveckor"),
            done=done(180, 60, 20),
        ),
        Measure(
            what="Handledarträffar",
            how="Handledarna delar erfarenheter och går igenom mallarna tillsammans.",
            area="E",
            criteria=("E-AR5", "B-KI2"),
            owner=OWNER,
            start=begun,
            proof="Kallelse och närvaro.",
            status="started",
            bank="M23",
            recurs=Recurs(times=4, per="year", term="handledarträffar"),
            done=done(150),
        ),
    )


def _once(begun: date, today: date) -> tuple[Measure, ...]:
    return (
        Measure(
            what="Mall för att bedöma kompetens i medicinsk vetenskap",
            area="G",
            criteria=("G-F3",),
            owner="Studierektor och FoU-enheten",
            start=begun,
            due=today - timedelta(days=30),
            proof="Mallen finns och används.",
            status="done",
            effect="Mallen används sedan i våras vid varje journal club. Elva av tolv har en bedömning.",
            bank="M32",
        ),
        Measure(
            what="Plan för ST-läkare som riskerar att hamna i svårighet",
            area="E",
            criteria=("E-KI2",),
            owner="Verksamhetschef",
            start=begun,
            due=today + timedelta(days=25),
            proof="Planen är fastställd.",
            status="started",
            bank="M26",
        ),
    )
