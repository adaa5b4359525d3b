"""How a grade is seen and said: its mark, and what it asks of the clinic. Pure.

Outline follows what the grade asks and its place on the scale, never the letter: in another rubric
C may be the worst.
"""

from app.inspections.words import Words
from reports.blocks import Mark, Outline
from rubrics.model import Rubric, Step


def mark_of(rubric: Rubric, grade: str, said: Words) -> Mark:
    step = _step(rubric, grade)
    if step.follow_up == "required":
        shape = Outline.HEXAGON
    elif step.follow_up == "recommended":
        shape = Outline.DIAMOND
    else:
        shape = Outline.CIRCLE if step == rubric.scale[0] else Outline.SQUARE
    return Mark(shape, grade, said.grade.format(grade))


def no_mark(said: Words) -> Mark:
    return Mark(Outline.OPEN, "–", said.no_grade)


def meaning_of(rubric: Rubric, grade: str, said: Words) -> str:
    """The scale's own label, else what the grade asks of the clinic."""
    step = _step(rubric, grade)
    return step.label or said.follow_up[step.follow_up]


def _step(rubric: Rubric, grade: str) -> Step:
    return next(step for step in rubric.scale if step.grade == grade)
