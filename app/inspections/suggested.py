"""The suggested grade of an area in words, and what a device needs to suggest it by itself. Pure.

The device's `grading.js` climbs the same ladder from `facts`; tests hold it and `rubrics/grading.py` equal. The
conditions reach it as counts and the reasons as sentences, so that neither is told twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.inspections.file import Inspection
from rubrics.grading import Suggestion, rules_of
from rubrics.ladder import tolerated
from rubrics.model import Area, Rubric, Rule


@dataclass(frozen=True)
class Rung:
    """A rung of the ladder as it applies in one area. Without a kind it holds whatever the answers."""

    grade: str
    kind: str | None
    of: Sequence[str]
    tolerated: int  # answers among `of`, without the rung holding
    gives: str  # said of the criteria that made it hold
    holds: str  # … while the span is still open
    waits: str  # said of the criteria without an answer that could make it hold


@dataclass(frozen=True)
class Cause:
    """The criteria that decide, and what they do."""

    criteria: Sequence[str]
    told: str


def rungs(rubric: Rubric, area: Area) -> list[Rung]:
    return [_rung(rule) for rule in rules_of(rubric, area)]


def causes(rubric: Rubric, area: Area, suggestion: Suggestion, answers: Mapping[str, str]) -> list[Cause]:
    """Why the suggestion is what it is, or what the span waits for."""
    if suggestion.grade:
        gives = next(rung.gives for rung in rungs(rubric, area) if rung.grade == suggestion.grade)
        return [Cause(suggestion.reasons, gives)] if suggestion.reasons else []
    return list(_open(rubric, area, suggestion, answers)) if suggestion.at_best else []


def facts(rubric: Rubric, area: Area, changed: Mapping[str, str]) -> dict[str, Any]:
    """What the device needs for an area, and what the rail needs for them all."""
    return {
        "area": area.id,
        "criteria": [{"id": id, "short": short(area, id), "kind": kind} for id, kind in area.kinds.items()],
        "offered": area.offered,
        "counted": rubric.counted,
        "scale": [step.grade for step in rubric.scale],
        "ladder": [asdict(rung) for rung in rungs(rubric, area)],
        **how_far(rubric, changed),
    }


def how_far(rubric: Rubric, changed: Mapping[str, str]) -> dict[str, Any]:
    """What the device needs to say how far each area has come. `changed`: the grades that stand since they were
    changed, by area."""
    return {
        "areas": {each.id: [criterion.id for criterion in each.criteria] for each in rubric.areas},
        "changed": changed,
    }


def changed(inspection: Inspection) -> dict[str, str]:
    return {id: review.standing for id, review in inspection.areas.items() if review.regrades}


def short(area: Area, criterion: str) -> str:
    """`F1` of `E-F1`: within its area a criterion is known by the rest."""
    return criterion.removeprefix(f"{area.id}-")


def _rung(rule: Rule) -> Rung:
    limit = tolerated(rule.when, rule.n or 0) if rule.when else 0
    if_not = f"Är fler än {limit} inte uppfyllda" if limit else "Är något inte uppfyllt"
    return Rung(
        rule.grade,
        rule.kind,
        rule.of,
        limit,
        gives=f"gör att förslaget blir {rule.grade}.",
        holds=f"gör att förslaget blir som bäst {rule.grade}.",
        waits=f"saknar svar. {if_not} blir förslaget {rule.grade}.",
    )


def _open(rubric: Rubric, area: Area, suggestion: Suggestion, answers: Mapping[str, str]) -> Iterator[Cause]:
    for rung in rungs(rubric, area):
        if rung.kind is None:
            return
        hit = [id for id, kind in area.kinds.items() if kind == rung.kind and answers.get(id) in rung.of]
        if len(hit) > rung.tolerated:
            yield Cause(hit, rung.holds)
            return  # better grades are out of reach
        waiting = [id for id in suggestion.missing if area.kinds[id] == rung.kind]
        if waiting and len(hit) + len(waiting) > rung.tolerated:
            yield Cause(waiting, rung.waits)
