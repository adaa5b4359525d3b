"""What must hold in an inspection, given its rubric. Pure: no file, no database.

Two sorts are told apart: what is *wrong* whatever the state (a grade that is not offered), and what
is *owed* before signing (a reason, the place): a warning in a draft, so that work in progress can
always be exported and imported again, and an error in what says it is signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.inspections.file import AreaReview, Inspection, Measure, Plan
from rubrics.grading import owes_reason, suggest
from rubrics.model import Area, Rubric
from rubrics.problems import KeyPath


@dataclass(frozen=True)
class Remark:
    path: KeyPath
    message: str
    owed: bool = False


def remarks(inspection: Inspection, rubric: Rubric) -> Iterator[Remark]:
    """Everything that is wrong or owed, in the order of the file."""
    yield from _front(inspection)
    yield from _findings(inspection, rubric)
    for id, review in inspection.areas.items():
        area = rubric.area(id)
        if area is None:
            yield Remark(("areas", id), _no_area(id, rubric))
        else:
            yield from _review(inspection, rubric, area, review)
    if inspection.plan:
        yield from plan_remarks(inspection.plan, rubric, ("plan",))


def areas_to_answer(inspection: Inspection, rubric: Rubric) -> list[str]:
    """The areas whose standing grade asks something of the clinic."""
    asks = {step.grade for step in rubric.scale if step.follow_up != "none"}
    return [area.id for area in rubric.areas if inspection.review(area.id).standing in asks]


def _front(inspection: Inspection) -> Iterator[Remark]:
    visit = inspection.visit
    if not inspection.place.strip():
        yield Remark(("place",), "orten saknas. Lägg till place innan rapporten fastställs.", owed=True)
    if visit.first_day is None:
        yield Remark(("visit",), "besökets dag saknas. Lägg till visit med first_day och last_day.", owed=True)
    if visit.first_day and visit.last_day and visit.last_day < visit.first_day:
        message = f"besöket slutar {visit.last_day}, före den första dagen {visit.first_day}. Byt plats på dem."
        yield Remark(("visit", "last_day"), message)
    if not inspection.inspectors:
        yield Remark(("inspectors",), "inspektörerna saknas. Lägg till inspectors med deras namn.", owed=True)


def _findings(inspection: Inspection, rubric: Rubric) -> Iterator[Remark]:
    for i, finding in enumerate(inspection.findings):
        at = ("findings", i)
        if finding.area and rubric.area(finding.area) is None:
            yield Remark((*at, "area"), _no_area(finding.area, rubric))
        for c, id in enumerate(finding.criteria):
            home = rubric.area_of.get(id)
            if home is None:
                yield Remark((*at, "criteria", c), _no_criterion(id, rubric))
            elif finding.area and home != finding.area:
                message = f"{id} hör till område {home}, inte {finding.area}. Rätta, eller ta bort area."
                yield Remark((*at, "criteria", c), message)


def _review(inspection: Inspection, rubric: Rubric, area: Area, review: AreaReview) -> Iterator[Remark]:
    at: KeyPath = ("areas", area.id)
    wrong = [
        *_criteria(rubric, area, (*at, "answers"), review.answers),
        *_criteria(rubric, area, (*at, "comments"), review.comments),
        *_answers(rubric, at, review),
        *_grades(inspection, area, at, review),
    ]
    yield from wrong
    if review.grade and not wrong:
        suggestion = suggest(rubric, area, review.assessed)
        if owes_reason(rubric, suggestion, review.grade) and not review.grade_reason.strip():
            span = f"ligger utanför spannet {suggestion.at_best}–{suggestion.at_worst}"
            differs = f"skiljer sig från förslaget {suggestion.grade}" if suggestion.grade else span
            yield Remark((*at, "grade"), f"beslutet {review.grade} {differs}. Skriv varför i grade_reason.", owed=True)


def _criteria(rubric: Rubric, area: Area, at: KeyPath, by_id: Mapping[str, str]) -> Iterator[Remark]:
    for id in by_id:
        home = rubric.area_of.get(id)
        if home is None:
            yield Remark((*at, id), _no_criterion(id, rubric))
        elif home != area.id:
            yield Remark((*at, id), f"{id} hör till område {home}, inte {area.id}. Flytta det dit.")


def _answers(rubric: Rubric, at: KeyPath, review: AreaReview) -> Iterator[Remark]:
    for id, answer in review.assessed.items():
        if answer not in rubric.answers:
            known = ", ".join(rubric.answers)
            yield Remark((*at, "answers", id), f"svaret {_short(answer)} finns inte. Välj {known}.")


def _grades(inspection: Inspection, area: Area, at: KeyPath, review: AreaReview) -> Iterator[Remark]:
    if review.grade and review.grade not in area.offered:
        yield Remark((*at, "grade"), _not_offered(review.grade, area))
    if review.regrades and not review.grade:
        yield Remark((*at, "regrades"), "en ändrad gradering kräver den som gällde före. Lägg till grade.")
    days = [inspection.visit.last_day or inspection.visit.first_day]
    for i, regrade in enumerate(review.regrades):
        here = (*at, "regrades", i)
        if regrade.grade not in area.offered:
            yield Remark((*here, "grade"), _not_offered(regrade.grade, area))
        if regrade.because == "plan" and inspection.plan is None:
            yield Remark((*here, "because"), "ändringen bygger på en handlingsplan som saknas. Lägg till plan.")
        before = max((day for day in days if day), default=None)
        if regrade.date and before and regrade.date < before:
            message = f"{regrade.date} är före {before}. Ändringar kommer efter besöket, den äldsta först."
            yield Remark((*here, "date"), message)
        days.append(regrade.date)


# ── The plan ──────────────────────────────────────────────────────────────────────────────


def plan_remarks(plan: Plan, rubric: Rubric, at: KeyPath = ()) -> Iterator[Remark]:
    """Everything that is wrong in a plan, whatever its state, in the order of the file."""
    for id in plan.areas:
        if rubric.area(id) is None:
            yield Remark((*at, "areas", id), _no_area(id, rubric))
    for i, measure in enumerate(plan.measures):
        yield from _measure(measure, rubric, (*at, "measures", i))
    for i, (before, after) in enumerate(pairwise(plan.staff), 1):
        if after.since <= before.since:
            message = f"{after.since} är inte efter {before.since}. Skriv antalen med den äldsta dagen först."
            yield Remark((*at, "staff", i, "since"), message)


def _measure(measure: Measure, rubric: Rubric, at: KeyPath) -> Iterator[Remark]:
    if measure.area and rubric.area(measure.area) is None:
        yield Remark((*at, "area"), _no_area(measure.area, rubric))
    for c, id in enumerate(measure.criteria):
        if id not in rubric.area_of:
            yield Remark((*at, "criteria", c), _no_criterion(id, rubric))
    if measure.start and measure.due and measure.due < measure.start:
        message = f"åtgärden ska vara klar {measure.due}, före starten {measure.start}. Byt plats på dem."
        yield Remark((*at, "due"), message)


# ── Sentences ─────────────────────────────────────────────────────────────────────────────


def _no_area(id: str, rubric: Rubric) -> str:
    return f"området {_short(id)} finns inte i {rubric.reference}. Där finns: {', '.join(a.id for a in rubric.areas)}."


def _no_criterion(id: str, rubric: Rubric) -> str:
    return f"kriteriet {_short(id)} finns inte i {rubric.reference}."


def _not_offered(grade: str, area: Area) -> str:
    return f"{_short(grade)} går inte att välja i området {area.id}. Välj {', '.join(area.offered)}."


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
