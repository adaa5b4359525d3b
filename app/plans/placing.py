"""From a plan's field that has a new value to the typed tables that pages, lists and comparison read."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from app.plans.fields import GONE
from app.plans.models import MeasureRow, OccurrenceRow, PlanAnswer, PlanArea, PlanRow
from app.writing.fields import Spot, Type, Value
from app.writing.models import Revision
from app.writing.rows import put

_NOTHING: dict[str, object] = {"times": 0, "every": 1, "count": 1}


def place(session: Session, row: PlanRow, spot: Spot, value: Value) -> None:
    """Brings an agreed head into its row."""
    name = spot.key.rpartition("/")[2]
    given = {name: _typed(name, spot, value)}
    parts = spot.parts
    match spot.key.split("/")[0]:
        case "plan":
            setattr(row, name, given[name])
        case "area":
            put(session, PlanArea, {"plan": row.id, "area": parts["area"]}, given)
        case "measure":
            put(session, MeasureRow, {"plan": row.id, "id": parts["measure"]}, given)
        case "occurrence":
            put(session, OccurrenceRow, {"plan": row.id, "id": parts["occurrence"]}, given)
        case _:
            at = {"plan": row.id, "version": int(parts["version"]), "area": parts["area"]}
            put(session, PlanAnswer, at, given)


def _typed(name: str, spot: Spot, value: Value) -> object:
    if name in _NOTHING:
        return int(str(value)) if value else _NOTHING[name]
    if spot.kind.type is Type.DAY:
        return date.fromisoformat(str(value)) if value else None
    if spot.kind.type is Type.LINES:
        return value or []
    return value or ""


def settle_gone(session: Session, row: PlanRow, measures: Iterable[str]) -> None:
    """A measure that somebody took away is hidden until somebody writes in it again: also one who had not seen that
    it was gone, and one whose text stands beside another."""
    for id in measures:
        measure = session.get(MeasureRow, (row.id, id), populate_existing=True)  # `put` goes past the ORM
        if measure and (measure.gone or measure.hidden):
            at = (Revision.subject == row.id, col(Revision.field).startswith(f"measure/{id}/"))
            written = select(Revision.field).where(*at, Revision.outcome != "late").order_by(col(Revision.seq).desc())
            last = session.exec(written.limit(1)).first()
            measure.hidden = bool(measure.gone) and last == GONE.key(measure=id)
    session.flush()
