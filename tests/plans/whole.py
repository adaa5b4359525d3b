"""What holds of a plan after everything that is done to it, whatever came in which order."""

from collections.abc import Callable, Mapping

from sqlmodel import Session, col, select

from app.plans.fields import KINDS
from app.plans.models import MeasureRow, OccurrenceRow, PlanAnswer, PlanArea, PlanRow
from app.writing.fields import Value, spot
from app.writing.models import Revision
from tests.writing.whole import check_operations, heads

# What an empty column holds, where that is not "" or [] or None.
_NOTHING: Mapping[str, object] = {"times": 0, "every": 1, "count": 1}


def check(session: Session, plan: str) -> None:
    """As of any subject; the typed tables equal the heads; what is taken away is what was last said of it."""
    check_operations(session, plan, _last_stands)
    assert _typed(session, plan) == {key: _at_rest(key, value) for key, value in _said(session, plan).items()}
    for row in session.exec(select(MeasureRow).where(MeasureRow.plan == plan)):
        assert row.hidden == (bool(row.gone) and _last_written(session, row) == f"measure/{row.id}/gone")


def _last_stands(field: str) -> bool:
    found = spot(KINDS, field)
    return found is not None and found.kind.last_stands


def _said(session: Session, plan: str) -> dict[str, Value]:
    return {field: value for field, value in heads(session, plan).items() if value is not None}


def _at_rest(key: str, value: Value) -> object:
    """A head's value as its column shows it."""
    return int(str(value)) if key.rpartition("/")[2] in _NOTHING else value


def _typed(session: Session, plan: str) -> dict[str, object]:
    """What the typed tables hold, as fields: written here once more, so that a slip in placing shows."""
    row = session.get_one(PlanRow, plan, populate_existing=True)
    found: dict[str, object] = {f"plan/{name}": getattr(row, name) for name in ("title", "unit_line", "staff")}
    for area in session.exec(select(PlanArea).where(PlanArea.plan == plan)):
        found[f"area/{area.area}/text"] = area.text
    for measure in session.exec(select(MeasureRow).where(MeasureRow.plan == plan)):
        found |= _columns(measure, "measure", lambda name: name not in ("plan", "id", "hidden"))
    for occurrence in session.exec(select(OccurrenceRow).where(OccurrenceRow.plan == plan)):
        found |= _columns(occurrence, "occurrence", lambda name: name not in ("plan", "id"))
    for answer in session.exec(select(PlanAnswer).where(PlanAnswer.plan == plan)):
        at = f"version/{answer.version}/area/{answer.area}"
        found |= {f"{at}/verdict": answer.verdict, f"{at}/reason": answer.reason}
    written = heads(session, plan)
    return {key: value for key, value in found.items() if value and (value != _nothing(key) or key in written)}


def _nothing(key: str) -> object:
    return _NOTHING.get(key.rpartition("/")[2], "")


def _columns(row: MeasureRow | OccurrenceRow, room: str, told: Callable[[str], bool]) -> dict[str, object]:
    values = {name: getattr(row, name) for name in type(row).model_fields if told(name)}
    days = {name: str(value) for name, value in values.items() if name in ("day", "start", "due") and value}
    return {f"{room}/{row.id}/{name}": value for name, value in (values | days).items()}


def _last_written(session: Session, row: MeasureRow) -> str | None:
    """The field of the measure that was written in last, with effect."""
    at = (
        Revision.subject == row.plan,
        Revision.outcome != "late",
        col(Revision.field).startswith(f"measure/{row.id}/"),
    )
    return session.exec(select(Revision.field).where(*at).order_by(col(Revision.seq).desc()).limit(1)).first()
