"""Independent first, agreed after: the inspectors answer and grade each alone, and lay it together when all are done.

`InspectionRow.apart` tells whether they do so now. It begins when `front/apart` is set, and ends when that is taken
back, when all who inspect have said that they are done, or when only one of them is left: whoever has handed over is
waited for no more. Nothing but setting it anew begins it again: who comes in later hides nothing that has been shown.
What is agreed before stays agreed, and is written together throughout. While it lasts nobody is told anything that
another says alone (`access.Here` knows), and how it ended makes no difference: what is said alone and not agreed waits
to be laid together.
"""

from collections.abc import Collection, Iterable

from sqlmodel import Session, col, select

from app.inspections.fields import ANSWER, COMMENT, DONE, GRADE, GRADE_REASON
from app.inspections.file import AreaReview, Inspection
from app.inspections.models import Assignment, InspectionRow
from app.writing.fields import Spot
from app.writing.said import Said, heads
from rubrics.model import Rubric

_PLACES = ((GRADE, "grade"), (GRADE_REASON, "grade_reason"), (ANSWER, "answers"), (COMMENT, "comments"))


def done(session: Session, inspection: str) -> set[str]:
    """Who has said so."""
    standing = heads(session, inspection).values()
    return {found.parts["person"] for each in standing if each.value and (found := DONE.match(each.field))}


def not_done(session: Session, row: InspectionRow) -> set[str]:
    """Who is waited for; nobody while all write together."""
    if not row.apart:
        return set()
    at = (Assignment.inspection == row.id, col(Assignment.ended).is_(None))
    return set(session.exec(select(Assignment.person).where(*at))) - done(session, row.id)


def reckon(session: Session, row: InspectionRow, present: Collection[str]) -> None:
    """Whether they are through, after something that may have ended it."""
    if row.apart and (len(present) < 2 or done(session, row.id).issuperset(present)):
        row.apart = False


def in_own_voice(inspection: Inspection, rubric: Rubric, standing: Iterable[Said]) -> Inspection:
    """The content with what one has said alone in it, where nothing is agreed."""
    areas = {id: review.model_copy() for id, review in inspection.areas.items()}
    for said in standing:
        text = said.value if isinstance(said.value, str) else ""
        for kind, name in _PLACES:
            if found := kind.match(said.field):
                criterion, area = found.parts.get("criterion"), _area(found, rubric)
                review = areas.get(area, AreaReview())
                value = {**getattr(review, name), criterion: text} if criterion else text
                areas[area] = review.model_copy(update={name: value})
    return inspection.model_copy(update={"areas": areas})


def areas_of(standing: Iterable[Said], rubric: Rubric) -> set[str]:
    """The areas in which somebody has said something alone."""
    found = (kind.match(said.field) for said in standing for kind, _ in _PLACES)
    return {_area(each, rubric) for each in found if each}


def _area(spot: Spot, rubric: Rubric) -> str:
    return spot.parts.get("area") or rubric.area_of[spot.parts["criterion"]]
