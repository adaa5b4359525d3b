"""What can be written in a plan: its fields, as one table, and when. Pure.

The clinic writes what it promises until the plan is submitted, and what becomes of it once it is accepted; the
inspectors write their answer to a submission while it waits for one.
"""

import re
from collections.abc import Mapping
from datetime import date

from app.accounts.roles import Permission
from app.ids import is_id
from app.plans.rules import TRACKED, WRITTEN, State
from app.writing.fields import FieldKind, Spot, Type, Value
from rubrics.model import Rubric

_OURS = (Permission.WRITE_PLAN, Permission.WRITE_PLAN)  # what is not submitted is the clinic's own
_THEIRS = (Permission.ANSWER_PLAN, Permission.ANSWER_PLAN)

TITLE = FieldKind("plan/title", Type.LINE, *_OURS, "Planens rubrik", needed=True, last_stands=True)
UNIT_LINE = FieldKind("plan/unit_line", Type.LINE, *_OURS, "Enheten, som den står i planen", last_stands=True)
STAFF = FieldKind("plan/staff", Type.LINES, *_OURS, "Antal ST-läkare", last_stands=True)
TEXT = FieldKind("area/{area}/text", Type.TEXT, *_OURS, "Fri text")

WHAT = FieldKind("measure/{measure}/what", Type.LINE, *_OURS, "Åtgärd")
HOW = FieldKind("measure/{measure}/how", Type.TEXT, *_OURS, "Så gör vi")
WHY = FieldKind("measure/{measure}/why", Type.TEXT, *_OURS, "Varför")
AREA = FieldKind("measure/{measure}/area", Type.LINE, *_OURS, "Område", last_stands=True)
CRITERIA = FieldKind("measure/{measure}/criteria", Type.LINES, *_OURS, "Svarar mot", last_stands=True)
OWNER = FieldKind("measure/{measure}/owner", Type.LINE, *_OURS, "Ansvarig")
START = FieldKind("measure/{measure}/start", Type.DAY, *_OURS, "Börjar")
DUE = FieldKind("measure/{measure}/due", Type.DAY, *_OURS, "Klart senast")
PROOF = FieldKind("measure/{measure}/proof", Type.TEXT, *_OURS, "Så visar vi det")
STATUS = FieldKind("measure/{measure}/status", Type.LINE, *_OURS, "Läge")
EFFECT = FieldKind("measure/{measure}/effect", Type.TEXT, *_OURS, "Det blev så här")
BANK = FieldKind("measure/{measure}/bank", Type.LINE, *_OURS, "Från åtgärdsbanken", last_stands=True)
TIMES = FieldKind("measure/{measure}/times", Type.LINE, *_OURS, "Antal gånger")
EVERY = FieldKind("measure/{measure}/every", Type.LINE, *_OURS, "Varje", last_stands=True)
PER = FieldKind("measure/{measure}/per", Type.LINE, *_OURS, "Tid", last_stands=True)
EACH = FieldKind("measure/{measure}/each", Type.LINE, *_OURS, "Räknas för", last_stands=True)
TERM = FieldKind("measure/{measure}/term", Type.LINE, *_OURS, "Det som räknas")
ORDER = FieldKind("measure/{measure}/order", Type.LINE, *_OURS, "Plats", last_stands=True)
GONE = FieldKind("measure/{measure}/gone", Type.LINE, *_OURS, "Borttagen", last_stands=True)

DONE_FOR = FieldKind("occurrence/{occurrence}/measure", Type.LINE, *_OURS, "Åtgärd", last_stands=True, needed=True)
DAY = FieldKind("occurrence/{occurrence}/day", Type.DAY, *_OURS, "Dag", last_stands=True, needed=True)
COUNT = FieldKind("occurrence/{occurrence}/count", Type.LINE, *_OURS, "Antal", last_stands=True)
NOTE = FieldKind("occurrence/{occurrence}/note", Type.TEXT, *_OURS, "Anteckning", last_stands=True)
UNDONE = FieldKind("occurrence/{occurrence}/gone", Type.LINE, *_OURS, "Ångrad", last_stands=True)

VERDICT = FieldKind("version/{version}/area/{area}/verdict", Type.LINE, *_THEIRS, "Svar")
REASON = FieldKind("version/{version}/area/{area}/reason", Type.TEXT, *_THEIRS, "Skäl")

TRACKING = (OWNER, DUE, STATUS, EFFECT, STAFF, DONE_FOR, DAY, COUNT, NOTE, UNDONE)
MEASURE = (
    *(WHAT, HOW, WHY, AREA, CRITERIA, OWNER, START, DUE, PROOF, STATUS, EFFECT, BANK),
    *(TIMES, EVERY, PER, EACH, TERM, ORDER, GONE),
)
OCCURRENCE = (DONE_FOR, DAY, COUNT, NOTE, UNDONE)
ANSWER = (VERDICT, REASON)
KINDS = (TITLE, UNIT_LINE, STAFF, TEXT, *MEASURE, *OCCURRENCE, *ANSWER)

STATUSES: Mapping[str, str] = {"planned": "Planerad", "started": "Påbörjad", "done": "Genomförd", "stopped": "Utgår"}
PERIODS: Mapping[str, str] = {"week": "vecka", "month": "månad", "year": "år"}
EACHES: Mapping[str, str] = {"clinic": "kliniken", "trainee": "varje ST-läkare", "supervisor": "varje handledare"}
VERDICTS: Mapping[str, str] = {"accepted": "Godtas", "more": "Behöver kompletteras"}

CHOICES: Mapping[FieldKind, Mapping[str, str]] = {
    STATUS: STATUSES,
    PER: PERIODS,
    EACH: EACHES,
    VERDICT: VERDICTS,
}
_NUMBERS: Mapping[FieldKind, int] = {TIMES: 1_000, EVERY: 52, COUNT: 1_000}  # at most


MOST_HEADCOUNTS = 50  # and no start before this day: every period is reckoned, each time a page is opened
EARLIEST = "2000-01-01"


def is_open(kind: FieldKind, state: State) -> bool:
    """Whether what is written in such a field has effect while the plan is in that state."""
    if kind in ANSWER:
        return state == "submitted"
    return state in WRITTEN or (state in TRACKED and kind in TRACKING)


def unfit(spot: Spot, value: Value, rubric: Rubric, version: int) -> str | None:
    """Why the field cannot hold the value in a plan for this rubric, as a sentence; None where it can. `version` is
    the last submission: the only one that is answered."""
    kind, parts = spot.kind, spot.parts
    if (area := parts.get("area")) is not None and rubric.area(area) is None:
        return f"Området {area} finns inte i {rubric.reference}."
    if not all(is_id(parts[name]) for name in ("measure", "occurrence") if name in parts):
        return "Fältet finns inte här."
    if "version" in parts and parts["version"] != str(version):
        return "Det svaret gäller en annan inlämning än den senaste. Ladda om sidan."
    if value is None:
        return None
    if kind is AREA and rubric.area(str(value)) is None:
        return f"Området {str(value)[:60]} finns inte i {rubric.reference}."
    if kind is CRITERIA:
        strange = [id for id in value if id not in rubric.area_of]
        return f"Kriteriet {strange[0][:60]} finns inte i {rubric.reference}." if strange else None
    if kind is STAFF:
        return _unfit_staff(value)
    return _unfit_choice(kind, str(value))


def _unfit_choice(kind: FieldKind, value: str) -> str | None:
    if (known := CHOICES.get(kind)) and value not in known:
        return f"{value[:60]} går inte att välja. Välj {', '.join(known.values())}."
    if (most := _NUMBERS.get(kind)) and not (re.fullmatch("[0-9]{1,4}", value) and 1 <= int(value) <= most):
        return f"{kind.label}: skriv ett tal från 1 till {most}."
    if kind is DONE_FOR and not is_id(value):
        return "Åtgärden finns inte här."
    if kind in (START, DUE) and value < EARLIEST:
        return f"{kind.label}: skriv en dag från {EARLIEST} och framåt."
    if kind is ORDER and not re.fullmatch("[0-9A-Za-z]{1,200}", value):
        return "Platsen går inte att läsa."
    return None


def headcount(line: str) -> tuple[date, int]:
    """`2026-07-01 14` as a day and the number of ST-läkare from that day on. Raises ValueError."""
    found = re.fullmatch("([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{1,5})", line)
    if not found or (day := date.fromisoformat(found[1])).year < 1900 or int(found[2]) > 10_000:
        raise ValueError(line)
    return day, int(found[2])


def _unfit_staff(value: Value) -> str | None:
    try:
        days = [headcount(line)[0] for line in value or ()]
    except ValueError:
        return "Antal ST-läkare: skriv en dag och ett antal på varje rad, till exempel 2026-07-01 14."
    if len(days) > MOST_HEADCOUNTS:
        return f"Antal ST-läkare: högst {MOST_HEADCOUNTS} rader. Ta bort de äldsta."
    return None if days == sorted(set(days)) else "Antal ST-läkare: skriv dagarna i ordning, den tidigaste först."
