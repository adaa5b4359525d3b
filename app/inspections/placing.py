"""From a field that has a new value to the typed tables that lists, reports and comparison read."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from app.db import Table
from app.inspections.fields import TEXT
from app.inspections.models import AnswerRow, AreaState, FindingRow, InspectionRow
from app.writing.fields import Spot, Value
from app.writing.models import AGREED, Branch, Head
from rubrics.model import Rubric

_FRONT = {"region": "region_name", "hospital": "hospital_name", "clinic": "clinic_name"}


def place(session: Session, row: InspectionRow, rubric: Rubric, spot: Spot, value: Value) -> None:
    """Brings an agreed head into its row."""
    room, *_, name = spot.key.split("/")
    parts = spot.parts
    match room:
        case "front":
            _front(row, name, value)
        case "area":
            _put(session, AreaState, {"inspection": row.id, "area": parts["area"]}, {name: value or ""})
        case "criterion":
            at = {"inspection": row.id, "criterion": parts["criterion"]}
            _put(session, AnswerRow, at, {name: value or ""}, area=rubric.area_of[parts["criterion"]])
        case _:
            nothing: Value = [] if name == "criteria" else ""
            _put(session, FindingRow, {"inspection": row.id, "id": parts["finding"]}, {name: value or nothing})


def _put(session: Session, table: type[Table], at: dict[str, str], values: dict[str, Value], **fixed: str) -> None:
    """Sets columns of a row, which is made where it is not there yet. Straight to the table: this is the path of
    every save, and the ORM would read the row first."""
    where = (col(getattr(table, name)) == bindparam(f"at_{name}") for name in at)
    placed = update(table).where(*where).values({name: bindparam(f"to_{name}") for name in values})
    given = {f"at_{name}": id for name, id in at.items()} | {f"to_{name}": value for name, value in values.items()}
    if session.connection().execute(placed, given).rowcount == 0:
        session.add(table(**at, **values, **fixed))
        session.flush()


def settle_gone(session: Session, row: InspectionRow, findings: Iterable[str]) -> None:
    """A finding is hidden while its text is the one that its deleter saw, and nobody has written another."""
    for id in findings:
        finding = session.get(FindingRow, (row.id, id), populate_existing=True)  # `_put` goes past the ORM
        if finding:
            text = TEXT.key(finding=id)
            head = session.get(Head, (row.id, AGREED, text))
            waits = select(Branch.id).where(
                Branch.subject == row.id, Branch.field == text, col(Branch.settled_by).is_(None)
            )
            seen = bool(finding.gone) and finding.gone == (head.revision if head else "")
            finding.hidden = seen and session.exec(waits).first() is None
    session.flush()


def _front(row: InspectionRow, name: str, value: Value) -> None:
    if name.endswith("_day"):
        day = date.fromisoformat(value) if isinstance(value, str) else None
        setattr(row, name, day)
        if row.version == 1:  # of a correction lists show nothing until it is signed
            row.listed = row.first_day or date.max
    elif name == "inspectors":
        row.names = value if isinstance(value, list) else None
    else:
        setattr(row, _FRONT.get(name, name), value or "")
