"""Counts as bars: where each stands in its drawing, and what is said of it to those who do not see it. Pure.

Widths are attributes and colours are classes: the policy allows no style in a page. Shape and colour follow what a
grade asks for, never its letter. Each count is written at its bar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.comparison.counting import Counts
from app.inspections.pages.badges import badge
from rubrics.model import Area, Rubric

WIDE, LEFT, STEP, TALL = 190, 18, 30, 22  # of a bar in a small multiple
STACK, YEAR, ROW, STACKED = 300, 48, 44, 32  # of a year's bar
LEAST_LABELLED = 34  # a narrower piece has its count in the table alone


@dataclass(frozen=True)
class Bar:
    """`width` None = the area has no such grade."""

    grade: str
    shape: str
    y: int
    width: float | None
    count: int
    label: str = ""
    x: float = 0


@dataclass(frozen=True)
class Chart:
    name: str
    height: int
    bars: Sequence[Bar]
    said: str


@dataclass(frozen=True)
class Stack:
    """The bars of one row, side by side."""

    name: str
    y: int
    bars: Sequence[Bar]
    total: int


def grades_of(rubric: Rubric) -> list[str]:
    return [step.grade for step in rubric.scale]


def shapes(rubric: Rubric) -> dict[str, str]:
    return {grade: badge(rubric, grade).shape for grade in grades_of(rubric)}


def single(rubric: Rubric, area: Area, counts: Counts, most: int) -> Chart:
    """A bar for each grade of the scale. `most` = the largest count of all charts that stand beside each other."""
    look, bars = shapes(rubric), []
    for i, grade in enumerate(grades_of(rubric)):
        count = counts.get(grade, 0)
        width = round(WIDE * count / max(most, 1), 1) if grade in area.offered or count else None
        bars.append(Bar(grade, look[grade], 4 + STEP * i, width, count, x=LEFT))
    told = ", ".join(f"{bar.grade} {bar.count}" for bar in bars if bar.width is not None)
    return Chart(area.name, 4 + STEP * len(bars), bars, f"{area.name}: {told} enheter")


def stacked(rubric: Rubric, rows: Mapping[str, Counts]) -> list[Stack]:
    """A row for each, all on one scale."""
    look, most = shapes(rubric), max((sum(counts.values()) for counts in rows.values()), default=1)
    found = []
    for i, (name, counts) in enumerate(rows.items()):
        x, bars = float(YEAR), []
        for grade in grades_of(rubric):
            if count := counts.get(grade, 0):
                width = round(STACK * count / most, 1)
                label = f"{grade} {count}" if width >= LEAST_LABELLED + 7 * (len(str(count)) - 1) else ""
                bars.append(Bar(grade, look[grade], 8 + ROW * i, max(width - 2, 1), count, label, round(x, 1)))
                x += width
        found.append(Stack(name, 8 + ROW * i, bars, sum(counts.values())))
    return found
