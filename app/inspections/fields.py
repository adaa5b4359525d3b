"""What can be written in an inspection: its fields, as one table. Pure."""

import re

from app.accounts.roles import Permission
from app.ids import is_id
from app.writing.fields import FieldKind, Limit, Spot, Type, Value
from rubrics.model import Rubric

_FRONT = (Permission.SEE_DRAFT, Permission.WRITE_FRONT)
_WORK = (Permission.SEE_WORK, Permission.WRITE)
_NOTES = (Permission.NOTES, Permission.NOTES)

PLACE = FieldKind("front/place", Type.LINE, *_FRONT, "Ort")
MODE = FieldKind("front/mode", Type.LINE, *_FRONT, "Besökets form")
APART = FieldKind("front/apart", Type.LINE, *_FRONT, "Svara var för sig först", last_stands=True)
FRONT = (
    FieldKind("front/region", Type.LINE, *_FRONT, "Region", needed=True),
    FieldKind("front/hospital", Type.LINE, *_FRONT, "Sjukhus"),
    FieldKind("front/clinic", Type.LINE, *_FRONT, "Klinik", needed=True),
    FieldKind("front/specialty", Type.LINE, *_FRONT, "Specialitet", needed=True),
    PLACE,
    FieldKind("front/first_day", Type.DAY, *_FRONT, "Första dagen"),
    FieldKind("front/last_day", Type.DAY, *_FRONT, "Sista dagen"),
    MODE,
    FieldKind("front/inspectors", Type.LINES, *_FRONT, "Inspektörernas namn i rapporten"),
    APART,
)
DONE = FieldKind("done/{person}", Type.LINE, *_WORK, "Klar med egna svar", last_stands=True)
NARRATIVE = FieldKind("area/{area}/narrative", Type.TEXT, *_WORK, "Beskrivning av området")
GRADE = FieldKind("area/{area}/grade", Type.LINE, *_WORK, "Gradering", voices=True)
GRADE_REASON = FieldKind("area/{area}/grade_reason", Type.TEXT, *_WORK, "Skäl för graderingen", voices=True)
ANSWER = FieldKind("criterion/{criterion}/answer", Type.LINE, *_WORK, "Svar", voices=True)
COMMENT = FieldKind("criterion/{criterion}/comment", Type.TEXT, *_WORK, "Kommentar", voices=True)
TEXT = FieldKind("finding/{finding}/text", Type.TEXT, *_WORK, "Iakttagelse")
KIND = FieldKind("finding/{finding}/kind", Type.LINE, *_WORK, "Slag", last_stands=True, needed=True)
AREA = FieldKind("finding/{finding}/area", Type.LINE, *_WORK, "Område", last_stands=True)
CRITERIA = FieldKind("finding/{finding}/criteria", Type.LINES, *_WORK, "Kriterier", last_stands=True)
ORDER = FieldKind("finding/{finding}/order", Type.LINE, *_WORK, "Plats", last_stands=True)
GONE = FieldKind("finding/{finding}/gone", Type.LINE, *_WORK, "Borttagen", last_stands=True)
WHO = FieldKind("interview/{interview}/who", Type.LINE, *_WORK, "Samtal med", working=True)
ROLE = FieldKind("interview/{interview}/role", Type.LINE, *_WORK, "Roll", last_stands=True)
DAY = FieldKind("interview/{interview}/day", Type.DAY, *_WORK, "Dag", last_stands=True)
BEGINS = FieldKind("interview/{interview}/from", Type.LINE, *_WORK, "Börjar", last_stands=True)
ENDS = FieldKind("interview/{interview}/to", Type.LINE, *_WORK, "Slutar", last_stands=True)
ROOM = FieldKind("interview/{interview}/room", Type.LINE, *_WORK, "Rum", last_stands=True, working=True)
CALLED_OFF = FieldKind("interview/{interview}/gone", Type.LINE, *_WORK, "Borttaget samtal", last_stands=True)
INTERVIEW = (WHO, ROLE, DAY, BEGINS, ENDS, ROOM, CALLED_OFF)
# Each in notes of their own, so that two who listen to the same talk never write over one another.
NOTE = FieldKind("note/{interview}/{person}/{about}", Type.TEXT, *_NOTES, "Anteckning", working=True)

KINDS = (
    *(*FRONT, DONE, NARRATIVE, GRADE, GRADE_REASON, ANSWER, COMMENT),
    *(TEXT, KIND, AREA, CRITERIA, ORDER, GONE),
    *(*INTERVIEW, NOTE),
)
WORKING = tuple(kind for kind in KINDS if kind.working)

MAX_FINDINGS, MAX_INTERVIEWS = 300, 60
_FULL = "Programmet har 60 samtal, de borttagna medräknade. Hämta tillbaka ett av dem och skriv om det."
LIMITS = {
    "finding": Limit(MAX_FINDINGS, "Inspektionen har 300 iakttagelser. Slå ihop några av dem först."),
    "interview": Limit(MAX_INTERVIEWS, _FULL),
    "note": Limit(MAX_INTERVIEWS, "Det finns anteckningar från 60 samtal. Skriv vidare i något av dem."),
}

FREE = "fritt"  # what a note is about that belongs to no criterion
ROLES = {
    "st": "ST-läkare",
    "handledare": "Handledare",
    "studierektor": "Studierektor",
    "chef": "Chef",
    "annan": "Någon annan",
}
FINDING_KINDS = {"strength": "Styrka", "weakness": "Svaghet", "improvement": "Förbättringspotential"}
MODES = {"onsite": "På plats", "digital": "Digitalt", "hybrid": "Både på plats och digitalt"}
_CHOICES = {  # of these fields: what can be chosen, and of what
    KIND: (tuple(FINDING_KINDS), "iakttagelsen"),
    ROLE: (tuple(ROLES), "samtalet"),
    CALLED_OFF: (("1",), "samtalet"),
    MODE: (tuple(MODES), "besökets form"),
    APART: (("1",), "inspektionen"),
    DONE: (("1",), "inspektören"),
}
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"


def unfit(spot: Spot, value: Value, rubric: Rubric) -> str | None:
    """Why the field cannot hold the value in an inspection by this rubric, as a sentence; None where it can."""
    area, about = spot.parts.get("area"), spot.parts.get("about", FREE)
    criterion = spot.parts.get("criterion") if about == FREE else about
    if area is not None and rubric.area(area) is None:
        return f"Området {area} finns inte i {rubric.reference}."
    if criterion is not None and criterion not in rubric.area_of:
        return f"Kriteriet {criterion} finns inte i {rubric.reference}."
    if not all(is_id(spot.parts[name]) for name in ("finding", "interview", "person") if name in spot.parts):
        return "Fältet finns inte här."
    return None if value is None else _unfit(spot, value, rubric)


def _unfit(spot: Spot, value: str | list[str], rubric: Rubric) -> str | None:
    if spot.kind in _CHOICES:
        return _one_of(value, *_CHOICES[spot.kind])
    match spot.kind:
        case _ if spot.kind is GRADE:
            area = rubric.area(spot.parts["area"])
            return _one_of(value, area.offered if area else (), f"området {spot.parts['area']}")
        case _ if spot.kind is ANSWER:
            return _one_of(value, tuple(rubric.answers), "kriteriet")
        case _ if spot.kind is AREA:
            return _one_of(value, tuple(each.id for each in rubric.areas), "iakttagelsen")
        case _ if spot.kind is CRITERIA:
            strange = [id for id in value if id not in rubric.area_of]
            return f"Kriteriet {strange[0]} finns inte i {rubric.reference}." if strange else None
        case _ if spot.kind is ORDER:
            return None if re.fullmatch("[0-9A-Za-z]{1,200}", str(value)) else "Platsen går inte att läsa."
        case _ if spot.kind in (BEGINS, ENDS):
            return None if re.fullmatch(_TIME, str(value)) else f"{str(value)[:40]} är ingen tid. Skriv den som 09:30."
    return None


def _one_of(value: Value, known: tuple[str, ...], what: str) -> str | None:
    return None if value in known else f"{str(value)[:60]} går inte att välja för {what}. Välj {', '.join(known)}."
