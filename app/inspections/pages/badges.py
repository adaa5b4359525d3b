"""A grade as the web shows it: letter, shape, word. The shapes are the report's."""

from dataclasses import dataclass

from app.inspections.marks import mark_of, meaning_of
from app.inspections.words import words
from reports.blocks import Outline
from rubrics.model import Rubric

_SHAPES = {Outline.CIRCLE: "a", Outline.SQUARE: "b", Outline.DIAMOND: "c", Outline.HEXAGON: "d", Outline.OPEN: "none"}


@dataclass(frozen=True)
class Badge:
    letter: str
    shape: str
    word: str


UNGRADED = Badge("", "none", "Inte graderat")


def badge(rubric: Rubric, grade: str | None) -> Badge:
    if not grade or grade not in (step.grade for step in rubric.scale):
        return UNGRADED
    said = words(rubric.language)
    return Badge(grade, _SHAPES[mark_of(rubric, grade, said).shape], meaning_of(rubric, grade, said))


def badges(rubric: Rubric) -> list[Badge]:
    """Every one that a device may come to show."""
    return [UNGRADED, *(badge(rubric, step.grade) for step in rubric.scale)]


@dataclass(frozen=True)
class Look:
    """How an answer is seen: its class and its icon, beside its word."""

    css: str
    icon: str


def looks(rubric: Rubric) -> dict[str, Look]:
    """By place among the answers: the best one, the worst one, those between, those that count for nothing."""
    best, worst = rubric.counted[0], rubric.counted[-1]
    found = {}
    for key, answer in rubric.answers.items():
        if answer.ignored:
            found[key] = Look("a-na", "minus")
        elif key == best:
            found[key] = Look("a-met", "check")
        else:
            found[key] = Look("a-unmet", "x") if key == worst else Look("a-partly", "contrast")
    return found
