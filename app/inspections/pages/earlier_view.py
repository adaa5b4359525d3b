"""What the page of an area shows from last time: the grade, the weaknesses, the words, and what became of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts.roles import Permission
from app.inspections.access import Here
from app.inspections.earlier import Became, Earlier, WhatBecame
from app.inspections.file import Finding, Measure
from app.inspections.pages.badges import Badge, badge
from app.inspections.queries import find
from app.inspections.reading import Reading
from app.inspections.rubric_copy import rubric_of
from app.inspections.words import words
from rubrics.model import Area, Rubric


@dataclass(frozen=True)
class EarlierView:
    """Of an inspection by another rubric nothing but that there is one: its areas are others."""

    day: date | None
    url: str  # "" where the viewer may not read that report
    comparable: bool
    badge: Badge
    narrative: str
    weaknesses: Sequence[str]
    plan: str  # its state; "" = there is none
    measures: Sequence[tuple[str, str]]  # of this area: what is to be done, and how far it has come

    @property
    def done(self) -> int:
        return sum(status == _DONE for _, status in self.measures)


_STATUS = words("sv").statuses
_DONE = _STATUS["done"]


def earlier_view(here: Here, reading: Reading, area: Area, what_became: WhatBecame) -> EarlierView | None:
    before, session = reading.earlier, reading.session
    return _view(session, here, area, before, what_became(session, before.version.inspection)) if before else None


def _view(session: Session, here: Here, area: Area, before: Earlier, became: Became | None) -> EarlierView:
    number, id = before.version.number, before.version.inspection
    may_read = here.viewer.may(Permission.READ_REPORT, find(session, id).whose)
    rubric = rubric_of(session, before.version.rubric_sha256)
    comparable = before.comparable(here.rubric(session))
    review = before.content.review(area.id)
    found = [each for each in before.content.findings if each.kind == "weakness" and _of(each, rubric, area)]
    measures = [each for each in became.measures if _of(each, rubric, area)] if became else []
    return EarlierView(
        day=before.content.visit.first_day,
        url=f"/inspektioner/{id}/versioner/{number}" if may_read else "",
        comparable=comparable,
        badge=badge(rubric, review.standing),
        narrative=review.narrative,
        weaknesses=[each.text for each in found],
        plan=became.state if became else "",
        measures=[(each.what, _STATUS[each.status]) for each in measures],
    )


def _of(each: Finding | Measure, rubric: Rubric, area: Area) -> bool:
    """As it says, or else by its criteria."""
    return each.area == area.id if each.area else any(rubric.area_of.get(id) == area.id for id in each.criteria)
