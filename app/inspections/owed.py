"""What is left to do in an inspection before it can be signed. Pure. What is only worth a look is in `advice.py`.

Each line says where it is mended: `place` is a field's key, "clashes" or "findings".
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.inspections.fields import NARRATIVE
from app.inspections.file import Inspection
from app.inspections.rules import remarks
from rubrics.grading import owes_reason, suggest
from rubrics.model import Area, Rubric


@dataclass(frozen=True)
class Owed:
    """`count` things of one sort, in words that follow their number, of one `area` or of none; `stops` = the
    report cannot be signed while it stands."""

    place: str
    text: str
    count: int = 1
    stops: bool = True
    area: str = ""


_IDLE = "ändrad gradering i område {} är densamma som den beslutade: ångra ändringen, eller beslutet"
_FRONT = "uppgift saknas på framsidan: {}"


def owed(
    inspection: Inspection,
    rubric: Rubric,
    *,
    clashes: Sequence[str] = (),
    wanted_away: int = 0,
    without_kind: int = 0,
    idle: Sequence[str] = (),
    old_report: bool = False,
    not_done: int = 0,
    begun: Collection[str] = (),
) -> list[Owed]:
    """Everything that stops its signing. `clashes` are the fields where two texts stand; `wanted_away` counts findings
    that somebody deleted while somebody else wrote in them, `without_kind` those that nobody has said what they are;
    `idle` are areas whose grade is changed into what is decided; an old report owes no grades that it never showed;
    `not_done` = how many still answer alone; `begun` are areas in which answers wait to be agreed on."""
    return [
        *_alone(not_done),
        *_unsettled(clashes, wanted_away, without_kind),
        *(Owed(f"area/{each}/grade", _IDLE.format(each), area=each) for each in idle),
        *_front(inspection),
        *(each for area in rubric.areas for each in _area(inspection, rubric, area, old_report, area.id in begun)),
        *_wrong(inspection, rubric),
    ]


def _alone(not_done: int) -> Iterator[Owed]:
    if not_done:
        who = "inspektör är inte klar" if not_done == 1 else "inspektörer är inte klara"
        yield Owed("voices", f"{who} med sina egna svar", not_done)


def to_agree(count: int) -> Iterator[Owed]:
    """Answers, comments and grades that were given alone: worth a look, and what of them is needed is asked for."""
    if count:
        what = "svar, kommentar eller gradering" if count == 1 else "svar, kommentarer och graderingar"
        yield Owed("voices", f"{what} att jämka ihop", count, stops=False)


def _unsettled(clashes: Sequence[str], wanted_away: int, without_kind: int) -> Iterator[Owed]:
    if clashes:
        texts = "text" if len(clashes) == 1 else "texter"
        yield Owed("clashes", f"{texts} där ni skrivit olika: välj vad som gäller", len(clashes))
    if wanted_away:
        what = "borttagen iakttagelse" if wanted_away == 1 else "borttagna iakttagelser"
        yield Owed("findings", f"{what} som någon har skrivit vidare i: ta bort eller behåll", wanted_away)
    if without_kind:
        what = "iakttagelse" if without_kind == 1 else "iakttagelser"
        yield Owed("findings", f"{what} utan slag: styrka, svaghet eller förbättringspotential", without_kind)


def _front(inspection: Inspection) -> Iterator[Owed]:
    visit = inspection.visit
    if not inspection.place.strip():
        yield Owed("front/place", _FRONT.format("ort"))
    if visit.first_day is None:
        yield Owed("front/first_day", _FRONT.format("dag för besöket"))
    if not inspection.inspectors:
        yield Owed("front/inspectors", _FRONT.format("inspektörer"))


def untouched(inspection: Inspection, area: Area) -> bool:
    """Nobody has answered, described or decided anything: one line says so, and none of what is missing."""
    review = inspection.review(area.id)
    return not (review.assessed or review.narrative.strip() or review.standing)


def not_begun(area: Area, *, stops: bool) -> Owed:
    return Owed(NARRATIVE.key(area=area.id), f"område som inte är påbörjat: {area.called}", stops=stops, area=area.id)


def _area(inspection: Inspection, rubric: Rubric, area: Area, old_report: bool, begun: bool) -> Iterator[Owed]:
    review, name = inspection.review(area.id), area.called
    if untouched(inspection, area) and not begun:
        yield from () if old_report else (not_begun(area, stops=True),)
        return
    suggestion = suggest(rubric, area, review.assessed)
    if not review.grade and not old_report:
        yield Owed(f"area/{area.id}/grade", f"gradering saknas i område {name}", area=area.id)
    differs = review.grade in area.offered and owes_reason(rubric, suggestion, review.grade)
    if differs and not review.grade_reason.strip():
        told = f"skäl saknas i område {name}: beslutet {review.grade} skiljer sig från förslaget"
        yield Owed(f"area/{area.id}/grade_reason", told, area=area.id)


def _wrong(inspection: Inspection, rubric: Rubric) -> Iterator[Owed]:
    """What the file format never allows, whatever the state."""
    for remark in remarks(inspection, rubric):
        if not remark.owed:
            yield Owed("findings" if remark.path[0] == "findings" else "front/last_day", remark.message.rstrip("."))
