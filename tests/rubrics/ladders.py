"""Rubrics, areas and answers to try a ladder on: the cases that people wrote, and made ones."""

from typing import Any

import pytest
from hypothesis import strategies as st

from rubrics.checks import check
from rubrics.disk import read_file
from rubrics.library import Library
from rubrics.model import Area, Criterion, GradeText, Group, Kind, Part, Rubric, Rule, Step
from tests.paths import CASES

LIBRARY = Library([CASES / "rubrics"])


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        content = read_file(path).value
        found += [pytest.param(content["rubric"], c, id=f"{path.stem}: {c['case']}") for c in content["cases"]]
    return found


# ── Made ones, that the checks let through ──────────────────────────────────────────────────

ANSWERS = ("bra", "sådär", "dåligt", "uselt")
GRADES = ("A", "B", "C", "D")


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Rule, ...]:
    """Rungs that count the bottom of the answers, or only what earlier `any` rungs have not stopped."""
    rungs: list[Rule] = []
    for grade in sorted(draw(st.lists(st.sampled_from(GRADES), max_size=4)), reverse=True):
        n = draw(st.none() | st.integers(0, 3))
        kind = draw(st.sampled_from(("F", "K")))
        bottom = ANSWERS[draw(st.integers(1, 3)) :]
        stopped = {answer for rung in rungs if rung.kind == kind and rung.when == "any" for answer in rung.of}
        left = tuple(answer for answer in bottom if answer not in stopped)
        of = left if left and draw(st.booleans()) else bottom
        rungs.append(Rule(grade=grade, kind=kind, when="any" if n is None else "more_than", n=n, of=of))
    return (*rungs, Rule(grade="A"))


def rubric_with(ladder: tuple[Rule, ...], sizes: tuple[int, int], grades: tuple[str, ...] = GRADES) -> Rubric:
    groups = tuple(
        Group(kind=kind, criteria=tuple(Criterion(id=f"X-{kind}{i + 1}", text="x") for i in range(size)))
        for kind, size in zip(("F", "K"), sizes, strict=True)
        if size
    )
    area = Area(id="X", title="X", groups=groups, grades=tuple(GradeText(grade=g, text=g) for g in grades))
    return Rubric(
        id="t/t",
        edition=1,
        status="draft",
        title="t",
        programme="t",
        regulations=(),
        language="sv",
        report_title="t",
        kinds={"F": Kind(), "K": Kind()},
        answers={**{a: {} for a in ANSWERS}, "ej": {"ignored": True}},
        scale=tuple(Step(grade=grade) for grade in GRADES),
        ladder=ladder,
        parts=(Part(areas=(area,)),),
    )


@st.composite
def graded(draw: st.DrawFn) -> tuple[Rubric, Area, dict[str, str]]:
    rubric = rubric_with(draw(ladders()), draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
    assert [fault for fault in check(rubric) if not fault.warning] == []
    area = rubric.areas[0]
    answers = {c.id: draw(st.none() | st.sampled_from((*ANSWERS, "ej"))) for c in area.criteria}
    return rubric, area, {id: answer for id, answer in answers.items() if answer}
