"""From a field that has a new value to the typed tables that lists, reports and comparison read."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.inspections.fields import TEXT
from app.inspections.models import AnswerRow, AreaState, FindingRow, InspectionRow, InterviewRow, RegradeRow
from app.writing.fields import Spot, Value
from app.writing.models import AGREED, Branch, Head
from app.writing.rows import put
from rubrics.model import Rubric

_FRONT = {"region": "region_name", "hospital": "hospital_name", "clinic": "clinic_name"}


def place(session: Session, inspection: str, version: int, rubric: Rubric, spot: Spot, value: Value) -> None:
    """Brings an agreed head into its row. `version` = the one that is drafted."""
    room, *_, name = spot.key.split("/")
    parts = spot.parts
    match room:
        case "front":
            _front(session.get_one(InspectionRow, inspection), name, value)
        case "done":
            pass  # what follows from it is `apart.py`'s
        case "area":
            put(session, AreaState, {"inspection": inspection, "area": parts["area"]}, {name: value or ""})
            if name == "grade" and version > 1:
                _from(session, inspection, version, parts["area"], value)
        case "criterion":
            at = {"inspection": inspection, "criterion": parts["criterion"]}
            put(session, AnswerRow, at, {name: value or ""}, area=rubric.area_of[parts["criterion"]])
        case "interview":
            column = {"from": "begins", "to": "ends"}.get(name, name)
            at = {"inspection": inspection, "id": parts["interview"]}
            put(session, InterviewRow, at, {column: _day(value) if name == "day" else value or ""})
        case "note":
            pass  # its page reads what stands, and nothing else does
        case _:
            nothing: Value = [] if name == "criteria" else ""
            put(session, FindingRow, {"inspection": inspection, "id": parts["finding"]}, {name: value or nothing})


def _from(session: Session, inspection: str, version: int, area: str, grade: Value) -> None:
    """What an area's change that waits to be signed is a change from."""
    of_area = (col(RegradeRow.inspection) == inspection, col(RegradeRow.area) == area)
    waiting = (col(RegradeRow.version) == version, col(RegradeRow.place) == 0)
    session.connection().execute(update(RegradeRow).where(*of_area, *waiting).values(before=grade or ""))


def settle_gone(session: Session, inspection: str, findings: Iterable[str]) -> None:
    """A finding is hidden while its text is the one that its deleter saw, and nobody has written another."""
    for id in findings:
        finding = session.get(FindingRow, (inspection, id), populate_existing=True)  # `put` goes past the ORM
        if finding:
            text = TEXT.key(finding=id)
            head = session.get(Head, (inspection, AGREED, text))
            waits = select(Branch.id).where(
                Branch.subject == inspection, Branch.field == text, col(Branch.settled_by).is_(None)
            )
            seen = bool(finding.gone) and finding.gone == (head.revision if head else "")
            finding.hidden = seen and session.exec(waits).first() is None
    session.flush()


def _front(row: InspectionRow, name: str, value: Value) -> None:
    if name.endswith("_day"):
        setattr(row, name, _day(value))
        if row.version == 1:  # of a correction lists show nothing until it is signed
            row.listed = row.first_day or date.max
    elif name == "apart":
        row.apart = value is not None
    elif name == "inspectors":
        row.names = value if isinstance(value, list) else None
    else:
        setattr(row, _FRONT.get(name, name), value or "")


def _day(value: Value) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
