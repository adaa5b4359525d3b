"""From the answers of one area to a suggested grade, with its reasons. Pure.

The inspectors decide; this only says what the rubric's own ladder gives, and what it still
waits for. Terms: *span* = the grades that are still possible, from best to worst.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rubrics.ladder import tolerated
from rubrics.model import Area, ClosedArea, Rubric, Rule


@dataclass(frozen=True)
class Suggestion:
    """`grade` is None while the span is open, and with the span where the rubric gives none."""

    grade: str | None
    at_best: str | None
    at_worst: str | None
    reasons: tuple[str, ...]  # ids of the answered criteria that gave the grade
    missing: tuple[str, ...]  # ids of the criteria without an answer


def suggest(rubric: Rubric, area: Area, answers: Mapping[str, str]) -> Suggestion:
    """The suggestion for an area. `answers`: criterion id → key of `rubric.answers`; absent = not assessed."""
    missing = tuple(criterion.id for criterion in area.criteria if criterion.id not in answers)
    counted = [c.id for c in area.criteria if answers.get(c.id) in rubric.counted]
    if not rubric.ladder or not (counted or missing):
        return Suggestion(None, None, None, (), missing)
    best, worst = rubric.counted[0], rubric.counted[-1]
    at_best, reasons = _climb(rubric, area, {**dict.fromkeys(missing, best), **answers})
    at_worst, _ = _climb(rubric, area, {**dict.fromkeys(missing, worst), **answers})
    if at_best != at_worst:
        return Suggestion(None, at_best, at_worst, (), missing)
    return Suggestion(at_best, at_best, at_worst, reasons, missing)


def owes_reason(rubric: Rubric, suggestion: Suggestion, decided: str) -> bool:
    """Whether a decision must be motivated: it differs from the suggestion or lies outside the open span."""
    if suggestion.at_best is None or suggestion.at_worst is None:
        return False
    scale = [step.grade for step in rubric.scale]
    return not scale.index(suggestion.at_best) <= scale.index(decided) <= scale.index(suggestion.at_worst)


def rules_of(rubric: Rubric, area: Area) -> tuple[Rule, ...]:
    """The rungs of the ladder that apply in an area, worst first."""
    kinds = {group.kind for group in area.groups}
    return tuple(
        rule
        for rule in rubric.ladder
        if (rule.kind is None or rule.kind in kinds)
        and not (isinstance(area, ClosedArea) and rule.grade not in area.offered)
    )


def _climb(rubric: Rubric, area: Area, answers: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """The grade of the first rung that holds, and the criteria that made it hold."""
    for rule in rules_of(rubric, area):
        if rule.when is None:
            return rule.grade, ()
        hits = tuple(id for id, kind in area.kinds.items() if kind == rule.kind and answers.get(id) in rule.of)
        if len(hits) > tolerated(rule.when, rule.n or 0):
            return rule.grade, hits
    return None, ()
