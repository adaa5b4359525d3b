"""What can be written in an inspection: its fields, as one table. Pure."""

import re

from app.accounts.roles import Permission
from app.ids import is_id
from app.writing.fields import FieldKind, Limit, Spot, Type, Value
from rubrics.model import Rubric

_FRONT = (Permission.SEE_DRAFT, Permission.WRITE_FRONT)
_WORK = (Permission.SEE_WORK, Permission.WRITE)

PLACE = FieldKind("front/place", Type.LINE, *_FRONT, "Ort")
FRONT = (
    FieldKind("front/region", Type.LINE, *_FRONT, "Region", needed=True),
    FieldKind("front/hospital", Type.LINE, *_FRONT, "Sjukhus"),
    FieldKind("front/clinic", Type.LINE, *_FRONT, "Klinik", needed=True),
    FieldKind("front/specialty", Type.LINE, *_FRONT, "Specialitet", needed=True),
    PLACE,
    FieldKind("front/first_day", Type.DAY, *_FRONT, "Första dagen"),
    FieldKind("front/last_day", Type.DAY, *_FRONT, "Sista dagen"),
    FieldKind("front/mode", Type.LINE, *_FRONT, "Besökets form"),
    FieldKind("front/inspectors", Type.LINES, *_FRONT, "Inspektörernas namn i rapporten"),
)
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

KINDS = (*FRONT, NARRATIVE, GRADE, GRADE_REASON, ANSWER, COMMENT, TEXT, KIND, AREA, CRITERIA, ORDER, GONE)

MAX_FINDINGS = 300
LIMITS = {"finding": Limit(MAX_FINDINGS, "Inspektionen har 300 iakttagelser. Slå ihop några av dem först.")}

FINDING_KINDS = {"strength": "Styrka", "weakness": "Svaghet", "improvement": "Förbättringspotential"}
MODES = {"onsite": "På plats", "digital": "Digitalt", "hybrid": "Både på plats och digitalt"}


def unfit(spot: Spot, value: Value, rubric: Rubric) -> str | None:
    """Why the field cannot hold the value in an inspection by this rubric, as a sentence; None where it can."""
    area, criterion, finding = (spot.parts.get(name) for name in ("area", "criterion", "finding"))
    if area is not None and rubric.area(area) is None:
        return f"Området {area} finns inte i {rubric.reference}."
    if criterion is not None and criterion not in rubric.area_of:
        return f"Kriteriet {criterion} finns inte i {rubric.reference}."
    if finding is not None and not is_id(finding):
        return "Fältet finns inte här."
    if value is None:
        return None
    match spot.kind:
        case _ if spot.kind is GRADE and area:
            offered = rubric_area.offered if (rubric_area := rubric.area(area)) else ()
            return _one_of(value, offered, f"området {area}")
        case _ if spot.kind is ANSWER:
            return _one_of(value, tuple(rubric.answers), "kriteriet")
        case _ if spot.kind is KIND:
            return _one_of(value, tuple(FINDING_KINDS), "iakttagelsen")
        case _ if spot.kind is AREA:
            return _one_of(value, tuple(each.id for each in rubric.areas), "iakttagelsen")
        case _ if spot.kind is CRITERIA:
            strange = [id for id in value if id not in rubric.area_of]
            return f"Kriteriet {strange[0]} finns inte i {rubric.reference}." if strange else None
        case _ if spot.kind is ORDER:
            return None if re.fullmatch("[0-9A-Za-z]{1,200}", str(value)) else "Platsen går inte att läsa."
        case _ if spot.key == "front/mode":
            return _one_of(value, tuple(MODES), "besökets form")
    return None


def _one_of(value: Value, known: tuple[str, ...], what: str) -> str | None:
    return None if value in known else f"{str(value)[:60]} går inte att välja för {what}. Välj {', '.join(known)}."
