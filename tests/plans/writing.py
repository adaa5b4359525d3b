"""Writing in a plan, for tests: what was answered, and that the plan is whole after it."""

from app.accounts.viewer import Viewer
from app.ids import new_id
from app.plans.models import MeasureRow
from app.writing.desk import Operation
from tests.plans import whole
from tests.plans.factories import Planned

TEXT, OTHER = "area/D/text", "area/E/text"
M = f"measure/{new_id()}"
OCCASION = f"occurrence/{new_id()}"


def op(field: str, value: object, parent: str | None = None) -> Operation:
    return Operation(new_id(), field, value, parent)


def outcomes(plan: Planned, by: Viewer, *operations: Operation) -> list[str]:
    found = [answer.outcome for answer in plan.tell(by, *operations)]
    check(plan)
    return found


def check(plan: Planned) -> None:
    with plan.database.reading() as session:
        whole.check(session, plan.plan)


def row(plan: Planned, measure: str) -> MeasureRow:
    with plan.database.reading() as session:
        return session.get_one(MeasureRow, (plan.plan, measure))
