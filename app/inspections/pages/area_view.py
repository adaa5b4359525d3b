"""What the page of one area shows: criteria with their answers, the suggestion with its reasons, what waits."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.inspections import fields
from app.inspections.file import Inspection
from app.inspections.owed import Owed
from app.inspections.pages.badges import Badge, badge, badges
from app.inspections.suggested import causes, changed, facts, short
from app.writing.said import Box, Clash, Said
from rubrics.grading import Suggestion, suggest
from rubrics.model import Area, Criterion, Kind, Rubric


@dataclass(frozen=True)
class CriterionView:
    criterion: Criterion
    short: str  # `F1` of `E-F1`
    answer: Box
    comment: Box
    depends: Sequence[tuple[str, str]]  # a criterion that this one hangs on, and what was answered there


@dataclass(frozen=True)
class GroupView:
    kind: str
    weight: int  # which bar at its left
    heading: str
    meaning: str
    intro: Sequence[str]
    criteria: Sequence[CriterionView]


@dataclass(frozen=True)
class RailLine:
    id: str
    letter: str
    title: str
    answered: int
    total: int
    badge: Badge


@dataclass(frozen=True)
class AreaView:
    area: Area
    narrative: Box
    grade: Box
    grade_reason: Box
    groups: Sequence[GroupView]
    suggestion: Suggestion
    best: Badge
    worst: Badge
    why: Sequence[tuple[Sequence[tuple[str, str]], str]]  # the criteria that decide (id, short), and how
    offered: Sequence[tuple[Badge, str]]
    badges: Sequence[Badge]  # every one that the device may come to show
    facts: str  # JSON, for the device
    rail: Sequence[tuple[str, Sequence[RailLine]]]  # by part
    number: int  # of the areas, from 1
    before: RailLine | None
    after: RailLine | None
    left: Sequence[Owed]
    answered: int


# What the field's own words mean. A rubric whose kinds are others explains them in its intros.
_MEANINGS = {
    "F": "bindande: måste följas",
    "AR": "bör följas om inte målet nås på annat sätt",
    "KI": "kännetecken på god utbildning",
}


def fields_of(area: Area) -> list[str]:
    """The fields that its page shows."""
    of_area = [kind.key(area=area.id) for kind in (fields.NARRATIVE, fields.GRADE, fields.GRADE_REASON)]
    return of_area + [kind.key(criterion=each.id) for each in area.criteria for kind in (fields.ANSWER, fields.COMMENT)]


def view(
    rubric: Rubric,
    area: Area,
    inspection: Inspection,
    heads: Mapping[str, Said],
    clashes: Sequence[Clash],
    left: Sequence[Owed],
) -> AreaView:
    def box(key: str) -> Box:
        return Box(key, heads.get(key), [clash for clash in clashes if clash.spot.key == key])

    review = inspection.review(area.id)
    suggestion = suggest(rubric, area, review.assessed)
    rail = [(part.title, [_line(rubric, each, inspection) for each in part.areas]) for part in rubric.parts]
    lines = [line for _, part in rail for line in part]
    at = next(i for i, line in enumerate(lines) if line.id == area.id)
    return AreaView(
        area=area,
        narrative=box(fields.NARRATIVE.key(area=area.id)),
        grade=box(fields.GRADE.key(area=area.id)),
        grade_reason=box(fields.GRADE_REASON.key(area=area.id)),
        groups=[_group(rubric, area, i, box, inspection) for i in range(len(area.groups))],
        suggestion=suggestion,
        best=badge(rubric, suggestion.at_best),
        worst=badge(rubric, suggestion.at_worst),
        why=[
            ([(id, short(area, id)) for id in cause.criteria], cause.told)
            for cause in causes(rubric, area, suggestion, review.assessed)
        ],
        offered=[(badge(rubric, each.grade), each.text) for each in area.grades],
        badges=badges(rubric),
        facts=json.dumps(facts(rubric, area, changed(inspection)), ensure_ascii=False, separators=(",", ":")),
        rail=rail,
        number=at + 1,
        before=lines[at - 1] if at else None,
        after=lines[at + 1] if at + 1 < len(lines) else None,
        left=[each for each in left if each.area == area.id],
        answered=len(review.assessed),
    )


def _group(rubric: Rubric, area: Area, i: int, box: Callable[[str], Box], inspection: Inspection) -> GroupView:
    group = area.groups[i]
    kind: Kind = rubric.kinds[group.kind]
    criteria = [
        CriterionView(
            each,
            short(area, each.id),
            box(fields.ANSWER.key(criterion=each.id)),
            box(fields.COMMENT.key(criterion=each.id)),
            [(other, _answered(rubric, inspection, other)) for other in each.depends_on],
        )
        for each in group.criteria
    ]
    weight = min(list(rubric.kinds).index(group.kind), 2)
    return GroupView(
        group.kind, weight, kind.heading or group.kind, _MEANINGS.get(group.kind, ""), group.intro, criteria
    )


def _answered(rubric: Rubric, inspection: Inspection, criterion: str) -> str:
    """What was answered to a criterion, in the rubric's word; "" = nothing yet."""
    answer = inspection.review(rubric.area_of.get(criterion, "")).assessed.get(criterion, "")
    return rubric.answers[answer].label or answer if answer in rubric.answers else ""


def _line(rubric: Rubric, area: Area, inspection: Inspection) -> RailLine:
    review = inspection.review(area.id)
    return RailLine(
        area.id, area.code, area.title, len(review.assessed), len(area.criteria), badge(rubric, review.standing)
    )
