"""What the inspectors answer, area by area: what was found, what the clinic submitted, what was said last time. No
database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.inspections.file import Measure, Plan
from app.inspections.pages.badges import Badge, badge
from app.plans import fields
from app.plans.coverage import Coverage, Found, Lack, TooLittle, lacking
from app.plans.fields import STATUSES, VERDICTS
from app.plans.models import PlanAnswer
from app.plans.pages.measure_view import when
from app.plans.queries import Submission
from app.writing.said import Box
from rubrics.model import Area, Rubric

_LACKS: dict[Lack, str] = {
    "criteria": "vilket kriterium den svarar mot",
    "owner": "vem som ansvarar",
    "when": "när",
    "proof": "hur det visas",
}


@dataclass(frozen=True)
class Read:
    """A measure in a submission, numbered as the document prints it."""

    number: int
    measure: Measure
    notes: Sequence[str]  # what to know before one answers

    @property
    def when(self) -> str:
        return when(self.measure)

    @property
    def status(self) -> str:
        return STATUSES[self.measure.status]


@dataclass(frozen=True)
class Earlier:
    """The answer to a submission before this one."""

    version: int
    verdict: str  # in words
    reason: str
    at: datetime | None


@dataclass(frozen=True)
class Asked:
    """An area that needs an answer."""

    area: Area
    found: Found
    badge: Badge
    text: str
    measures: Sequence[Read]  # those that stand under it
    touching: Sequence[Read]  # those that stand elsewhere and answer one of its criteria
    gaps: Sequence[str]
    verdict: Box
    reason: Box
    earlier: Earlier | None
    unchanged: int | None  # the version before this one, where nothing has been changed in the area since

    @property
    def id(self) -> str:
        return self.area.id


def asked(rubric: Rubric, covered: Coverage, submitted: Sequence[Submission], box: Callable[[str], Box]) -> list[Asked]:
    """`submitted`: the last submission first. The most urgent areas come first."""
    last, *before = submitted
    measures = read_measures(rubric, last.content, covered)
    return [
        _asked(rubric, each.area, each, covered, (last, before), measures, box)
        for each in covered.found
        if each.area and each.follow_up != "none"
    ]


def _asked(
    rubric: Rubric,
    area: Area,
    found: Found,
    covered: Coverage,
    submitted: tuple[Submission, Sequence[Submission]],
    measures: Sequence[Read],
    box: Callable[[str], Box],
) -> Asked:
    last, before = submitted
    id, version, own = area.id, str(last.row.number), area.kinds.keys()
    return Asked(
        area=area,
        found=found,
        badge=badge(rubric, found.grade),
        text=last.content.areas.get(id, ""),
        measures=[each for each in measures if each.measure.area == id],
        touching=[each for each in measures if each.measure.area != id and own & set(each.measure.criteria)],
        gaps=[gap.sentence for gap in covered.gaps if gap.area == id],
        verdict=box(fields.VERDICT.key(version=version, area=id)),
        reason=box(fields.REASON.key(version=version, area=id)),
        earlier=next(_earlier(before, id), None),
        unchanged=before[0].row.number if before and _part(before[0].content, id) == _part(last.content, id) else None,
    )


def _earlier(before: Sequence[Submission], area: str) -> Iterator[Earlier]:
    """The answers that were sent, the latest first."""
    for each in before:
        given: PlanAnswer | None = each.answers.get(area)
        if each.row.outcome and given and given.verdict:
            yield Earlier(each.row.number, VERDICTS[given.verdict], given.reason, each.row.answered)


def _part(plan: Plan, area: str) -> tuple[str, list[Measure]]:
    return plan.areas.get(area, ""), [each for each in plan.measures if each.area == area]


def read_measures(rubric: Rubric, plan: Plan, covered: Coverage) -> list[Read]:
    """The measures, in the order in which they are printed."""
    said: dict[int, list[str]] = {}
    for each in covered.too_little:
        said.setdefault(each.measure, []).append(_of_area(each, plan.measures[each.measure]))
    order = {area.id: i for i, area in enumerate(rubric.areas)}
    placed = sorted(enumerate(plan.measures), key=lambda each: order.get(each[1].area, len(order)))
    return [
        Read(number, measure, [*said.get(i, ()), *_unsaid(measure)]) for number, (i, measure) in enumerate(placed, 1)
    ]


def _of_area(note: TooLittle, measure: Measure) -> str:
    """What a measure cannot do, and where, unless it stands under that very area."""
    return note.sentence if note.area == measure.area else f"Område {note.area}: {note.sentence}"


def _unsaid(measure: Measure) -> Iterator[str]:
    lacks = [_LACKS[each] for each in lacking(measure)]
    if lacks:
        yield f"Säger inte {' eller '.join(filter(None, (', '.join(lacks[:-1]), lacks[-1])))}."
