"""A plan as its clinic works with it: the content beside the report that it answers, read once for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from app.inspections.file import Inspection, Plan
from app.plans import content
from app.plans.access import Here
from app.plans.coverage import Coverage, Found, coverage
from app.plans.models import MeasureRow, PlanRow
from app.plans.pages.frame import today
from app.plans.pages.measure_view import MeasureView, views
from app.plans.queries import answered_report
from rubrics.model import Rubric


@dataclass(frozen=True)
class Work:
    report: Inspection
    rubric: Rubric
    plan: Plan
    covered: Coverage
    measures: Sequence[MeasureView]

    @cached_property
    def asked(self) -> list[Found]:
        """What was found in the areas that need an answer, the most urgent first."""
        return [each for each in self.covered.found if each.area and each.follow_up != "none"]

    @cached_property
    def others(self) -> list[Found]:
        """What was found in the other areas, where something was."""
        return [each for each in self.covered.found if each.area and each.follow_up == "none" and each.unmet]

    def in_area(self, area: str) -> list[MeasureView]:
        return [each for each in self.measures if each.measure.area == area]

    @cached_property
    def elsewhere(self) -> list[MeasureView]:
        """The measures that stand under no area."""
        return [each for each in self.measures if not each.measure.area]

    @cached_property
    def late(self) -> list[MeasureView]:
        return [each for each in self.measures if each.late]


def work(session: Session, row: PlanRow, rubric: Rubric, at: date | None = None) -> Work:
    """Six reads, whatever the plan's size."""
    report, plan = answered_report(session, row), content.content(session, row)
    covered = coverage(rubric, report, plan)
    rows: list[MeasureRow] = content.measures(session, row.id)
    logged = content.occurrences(session, row.id)
    return Work(report, rubric, plan, covered, views(rows, plan, logged, covered, at or today()))


def here_work(session: Session, here: Here) -> Work:
    return work(session, here.row, here.rubric(session))
