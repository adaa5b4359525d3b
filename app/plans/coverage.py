"""What was found, and whether the plan answers it: for each area, and for each measure. Pure.

A criterion is *unmet* when its answer counts and is not the best one. What *binds* in an area are the kinds of
criteria whose rung of the ladder gives its standing grade (föreskrift, where that is D): only a measure for such
a criterion can lift the grade. Nothing here stops a plan: it says what is left, and the clinic decides.
Measures are told by their place in the plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.inspections.file import AreaReview, FindingKind, Inspection, Measure, Plan
from rubrics.grading import rules_of
from rubrics.model import Area, FollowUp, Rubric, Rule

Lack = Literal["criteria", "owner", "when", "proof"]

LACKS: dict[Lack, str] = {
    "criteria": "Välj vilket kriterium åtgärden svarar mot.",
    "owner": "Skriv vem som ansvarar. Skriv roll i stället för namn.",
    "when": "Skriv när det ska vara klart, eller hur ofta det ska göras.",
    "proof": "Skriv hur ni visar att det är gjort.",
}
_SEVERAL = {
    "föreskrift": "föreskrifter",
    "kvalitetsindikator": "kvalitetsindikatorer",
}  # headings, as a sentence has them
_ORDER: dict[FollowUp, int] = {"required": 0, "recommended": 1, "none": 2}


@dataclass(frozen=True)
class Unmet:
    """A criterion that is not met, and the measures that answer it."""

    id: str
    text: str
    kind: str
    answer: str  # a key of the rubric's answers
    binds: bool  # it is of a kind that gave the area its grade
    measures: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """What the report says of one area. `area` is None for findings that belong to none: without area."""

    area: Area | None
    grade: str = ""  # the standing one; "" = not decided
    follow_up: FollowUp = "none"
    words: str = ""  # what the grade says in this area
    unmet: tuple[Unmet, ...] = ()
    weaknesses: tuple[str, ...] = ()
    improvements: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Unmet, ...]:
        """The unmet criteria without a measure."""
        return tuple(each for each in self.unmet if not each.measures)


@dataclass(frozen=True)
class Unfinished:
    """A measure that lacks something."""

    measure: int
    lacks: tuple[Lack, ...]

    @property
    def sentence(self) -> str:
        return "En sak saknas." if len(self.lacks) == 1 else f"{_HOW_MANY[len(self.lacks)]} saker saknas."


_HOW_MANY = {2: "Två", 3: "Tre", 4: "Fyra"}


@dataclass(frozen=True)
class TooLittle:
    """A measure that cannot lift the grade of an area that it touches."""

    measure: int
    area: str
    sentence: str


@dataclass(frozen=True)
class Gap:
    """Why an area that must be remedied cannot be lifted by the plan as it stands."""

    area: str
    criteria: tuple[str, ...]  # () = the report does not say which
    sentence: str


@dataclass(frozen=True)
class Coverage:
    found: tuple[Found, ...]
    unfinished: tuple[Unfinished, ...]
    too_little: tuple[TooLittle, ...]
    gaps: tuple[Gap, ...]

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        return tuple(each for found in self.found for each in found.unmet)

    @property
    def sentence(self) -> str:
        """`3 av 5 kriterier har en åtgärd.`"""
        unmet = self.unmet
        if not unmet:
            return "Rapporten anger inga kriterier som inte är uppfyllda."
        answered = sum(bool(each.measures) for each in unmet)
        return f"{answered} av {len(unmet)} kriterier har en åtgärd."


def coverage(rubric: Rubric, inspection: Inspection, plan: Plan) -> Coverage:
    """The plan beside the report that it answers."""
    reviewed = [(area, inspection.review(area.id)) for area in rubric.areas]
    found = tuple(_found(rubric, area, review, inspection, plan) for area, review in reviewed)
    urgent = tuple(each for each in found if each.follow_up == "required")
    return Coverage(
        (*sorted(found, key=lambda each: _ORDER[each.follow_up]), *_without_area(rubric, inspection)),
        tuple(Unfinished(i, lacks) for i, each in enumerate(plan.measures) if (lacks := lacking(each))),
        tuple(each for i, measure in enumerate(plan.measures) for each in _too_little(rubric, urgent, i, measure)),
        tuple(gap for each in urgent for gap in _gaps(rubric, each, plan)),
    )


def lacking(measure: Measure) -> tuple[Lack, ...]:
    """What a measure still needs. One that is stopped needs nothing."""
    there: dict[Lack, bool] = {
        "criteria": bool(measure.criteria),
        "owner": bool(measure.owner),
        "when": bool(measure.due or measure.recurs),
        "proof": bool(measure.proof),
    }
    return () if measure.status == "stopped" else tuple(lack for lack, found in there.items() if not found)


# ── What was found ────────────────────────────────────────────────────────────────────────


def _found(rubric: Rubric, area: Area, review: AreaReview, inspection: Inspection, plan: Plan) -> Found:
    grade = review.standing
    rules = _rungs(rubric, area, grade)
    return Found(
        area,
        grade,
        next((step.follow_up for step in rubric.scale if step.grade == grade), "none"),
        next((each.text for each in area.grades if each.grade == grade), ""),
        tuple(_unmet(rubric, area, review, rules, plan)),
        _of(inspection, rubric, area.id, "weakness"),
        _of(inspection, rubric, area.id, "improvement"),
    )


def _without_area(rubric: Rubric, inspection: Inspection) -> Iterator[Found]:
    weaknesses, improvements = (_of(inspection, rubric, "", kind) for kind in ("weakness", "improvement"))
    if weaknesses or improvements:
        yield Found(None, weaknesses=weaknesses, improvements=improvements)


def _unmet(rubric: Rubric, area: Area, review: AreaReview, rules: tuple[Rule, ...], plan: Plan) -> Iterator[Unmet]:
    for criterion in area.criteria:
        answer, kind = review.assessed.get(criterion.id, ""), area.kinds[criterion.id]
        if answer in rubric.counted[1:]:
            binds = any(rule.kind == kind and answer in rule.of for rule in rules)
            yield Unmet(criterion.id, criterion.text, kind, answer, binds, _measures(plan, criterion.id))


def _rungs(rubric: Rubric, area: Area, grade: str) -> tuple[Rule, ...]:
    """The rungs of the ladder that give a grade in an area."""
    return tuple(rule for rule in rules_of(rubric, area) if rule.grade == grade and rule.when)


def _measures(plan: Plan, criterion: str) -> tuple[int, ...]:
    """What answers a criterion; what is stopped answers nothing."""
    return tuple(i for i, each in enumerate(plan.measures) if criterion in each.criteria and each.status != "stopped")


def _of(inspection: Inspection, rubric: Rubric, area: str, kind: FindingKind) -> tuple[str, ...]:
    """The findings of one kind that belong to an area: as they say, or else by their criteria."""
    return tuple(
        each.text
        for each in inspection.findings
        if each.kind == kind and each.text and area in _areas_of(each.area, each.criteria, rubric)
    )


def _areas_of(area: str, criteria: tuple[str, ...], rubric: Rubric) -> set[str]:
    return {area} if area else {rubric.area_of[id] for id in criteria if id in rubric.area_of} or {""}


# ── What the plan does not reach ──────────────────────────────────────────────────────────


def _gaps(rubric: Rubric, found: Found, plan: Plan) -> Iterator[Gap]:
    area, grade = found.area, found.grade
    rules = _rungs(rubric, area, grade) if area else ()
    if area is None or not rules:
        return
    kinds = _either(_said(rubric, kind) for kind in dict.fromkeys(rule.kind for rule in rules) if kind)
    binding = [each for each in found.unmet if each.binds]
    if open := tuple(each.id for each in binding if not each.measures):
        each = f"{', '.join(open)} saknar åtgärd."
        yield Gap(area.id, open, f"{each} För att {_a(grade)} ska kunna ändras behöver planen svara mot varje sådan.")
    elif not binding and not _touches(area, {rule.kind for rule in rules}, plan):
        which = f"Rapporten säger inte vilka {kinds} det gäller i {area.code or area.title}."
        yield Gap(area.id, (), f"{which} För att {_a(grade)} ska kunna ändras behöver minst en åtgärd svara mot dem.")


def _touches(area: Area, kinds: set[str | None], plan: Plan) -> bool:
    return any(area.kinds[criterion.id] in kinds and _measures(plan, criterion.id) for criterion in area.criteria)


def _too_little(rubric: Rubric, urgent: tuple[Found, ...], place: int, measure: Measure) -> Iterator[TooLittle]:
    """For each area that must be remedied and that the measure touches, without touching what binds there."""
    for found in urgent:
        area = found.area
        if area is None or measure.status == "stopped":
            continue
        touched = [area.kinds[id] for id in measure.criteria if id in area.kinds]
        binding = {rule.kind for rule in _rungs(rubric, area, found.grade)}
        if touched and binding and not binding & set(touched):
            others = [kind for kind in rubric.kinds if kind in area.kinds.values() and kind not in binding]
            kinds = _either(_said(rubric, kind) for kind in others)
            sentence = f"Rör bara {kinds}: kan inte häva {_a(found.grade)}."
            yield TooLittle(place, area.id, sentence)


def _said(rubric: Rubric, kind: str) -> str:
    """A kind's heading as it stands in a sentence about several."""
    heading = (rubric.kinds[kind].heading or kind).lower()
    return _SEVERAL.get(heading, heading)


def _either(names: Iterator[str]) -> str:
    given = list(names)
    return " eller ".join(filter(None, (", ".join(given[:-1]), *given[-1:])))


def _a(grade: str) -> str:
    return f"ett {grade}"
