"""What answers give: the cases that people wrote, and what must hold for every rubric."""

from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rubrics.checks import check
from rubrics.grading import Suggestion, owes_reason, suggest
from rubrics.model import AddedCriteria, Area, Criterion, Overlay, Rubric, Rule
from rubrics.overlay import merged
from tests.rubrics.ladders import ANSWERS, GRADES, LIBRARY, cases, graded, ladders, rubric_with


@pytest.mark.parametrize(("reference", "case"), cases())
def test_case(reference: str, case: dict[str, Any]) -> None:
    rubric = LIBRARY.rubric(reference)
    area = rubric.area(case["area"])
    assert area is not None
    rest = {c.id: case["rest"] for c in area.criteria} if "rest" in case else {}
    answers = {id: answer for id, answer in {**rest, **case.get("answers", {})}.items() if answer}
    suggestion = suggest(rubric, area, answers)
    span = case.get("span") or [case.get("suggested")] * 2
    assert suggestion == Suggestion(
        grade=case.get("suggested"),
        at_best=span[0],
        at_worst=span[1],
        reasons=tuple(case.get("reasons", ())),
        missing=tuple(c.id for c in area.criteria if c.id not in answers),
    )
    assert {g: owes_reason(rubric, suggestion, g) for g in case.get("owes", {})} == case.get("owes", {})


# ── Properties, over rubrics that the checks let through ──────────────────────────────────


def rank(grade: str | None) -> int:
    assert grade
    return GRADES.index(grade)


@given(graded(), st.data())
def test_a_better_answer_never_worsens_the_grade(
    made: tuple[Rubric, Area, dict[str, str]], data: st.DataObject
) -> None:
    rubric, area, answers = made
    worse = [id for id, answer in answers.items() if answer in ANSWERS[1:]]
    assume(worse)
    id = data.draw(st.sampled_from(worse))
    better = {**answers, id: data.draw(st.sampled_from(ANSWERS[: ANSWERS.index(answers[id])]))}
    before, after = suggest(rubric, area, answers), suggest(rubric, area, better)
    assert rank(after.at_best) <= rank(before.at_best)
    assert rank(after.at_worst) <= rank(before.at_worst)


@given(graded())
def test_the_suggestion_lies_within_the_span_and_names_only_answers(
    made: tuple[Rubric, Area, dict[str, str]],
) -> None:
    rubric, area, answers = made
    got = suggest(rubric, area, answers)
    if got.at_best is None:
        assert got == Suggestion(None, None, None, (), ())
        assert all(answer == "ej" for answer in answers.values())
        return
    assert rank(got.at_best) <= rank(got.at_worst)
    assert got.grade == (got.at_best if got.at_best == got.at_worst else None)
    assert set(got.reasons) <= set(answers)
    assert got.missing == tuple(c.id for c in area.criteria if c.id not in answers)


@given(graded(), st.data())
def test_the_span_closes_as_answers_come_in(made: tuple[Rubric, Area, dict[str, str]], data: st.DataObject) -> None:
    rubric, area, answers = made
    before = suggest(rubric, area, answers)
    while before.missing:
        id = data.draw(st.sampled_from(before.missing))
        answers = {**answers, id: data.draw(st.sampled_from((*ANSWERS, "ej")))}
        after = suggest(rubric, area, answers)
        if after.at_best is None:  # nothing left that counts
            assert set(answers.values()) == {"ej"}
            return
        assert rank(before.at_best) <= rank(after.at_best) <= rank(after.at_worst) <= rank(before.at_worst)
        before = after
    assert before.at_best is None or before.grade is not None


@given(ladders(), st.tuples(st.integers(0, 3), st.integers(0, 2)))
def test_the_checks_reach_the_same_grades_as_trying_every_answer(
    ladder: tuple[Rule, ...], sizes: tuple[int, int]
) -> None:
    """The checks' shortcut against brute force: which offered grades no answers can give."""
    rubric = rubric_with(ladder, sizes)
    found = list(check(rubric))
    assert [fault for fault in found if not fault.warning] == []
    area = rubric.areas[0]
    ids = [c.id for c in area.criteria]
    tried = (
        suggest(rubric, area, dict(zip(ids, each, strict=True))).grade for each in product(ANSWERS, repeat=len(ids))
    )
    reached = set(tried) if ids else set(GRADES)  # without criteria nothing is suggested, and nothing warned of
    warned = {area.offered[fault.path[-1]] for fault in found if isinstance(fault.path[-1], int)}
    assert warned == set(GRADES) - reached


def test_a_ladder_that_would_reward_a_worse_answer_is_refused() -> None:
    """`more_than` lets some pass, so a rung below it may not leave them out."""
    ladder = (
        Rule(grade="D", kind="F", when="more_than", n=1, of=("uselt", "dåligt")),
        Rule(grade="C", kind="F", when="any", of=("sådär",)),
        Rule(grade="A"),
    )
    messages = [fault.message for fault in check(rubric_with(ladder, (3, 0)))]
    assert messages == ["ett bättre svar skulle kunna ge en sämre gradering. Ta med varje svar som är sämre än sådär."]


def test_an_area_closed_to_new_grades_may_not_reward_a_worse_answer() -> None:
    """Without the rung for D, an `uselt` would count for less than a `dåligt`: the overlay is refused."""
    ladder = (
        Rule(grade="D", kind="K", when="any", of=("uselt",)),
        Rule(grade="C", kind="F", when="any", of=("sådär", "dåligt", "uselt")),
        Rule(grade="C", kind="K", when="any", of=("sådär", "dåligt")),
        Rule(grade="A"),
    )
    base = rubric_with(ladder, (1, 0), grades=("A", "C"))
    assert list(check(base)) == []
    added = AddedCriteria(area="X", kind="K", criteria=(Criterion(id="X-K1", text="x"),))
    overlay = Overlay(
        id="t/o",
        edition=1,
        status="draft",
        title="t",
        extends="t/t@1",
        criteria_added=(added,),
        offers_no_new_grade=True,
    )
    messages = [fault.message for fault in check(merged(base, overlay))]
    assert messages == ["ett bättre svar skulle kunna ge en sämre gradering. Ta med varje svar som är sämre än sådär."]
