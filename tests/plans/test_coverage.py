"""Whether a plan answers what was found: criteria without a measure, measures that lack something, and a D."""

from typing import Any

import pytest

from app.inspections import disk
from app.inspections.file import Inspection, Plan
from app.plans.coverage import LACKS, Coverage, coverage
from rubrics.disk import read_file
from rubrics.library import Library
from rubrics.model import Rubric
from tests.paths import CASES, GOLDEN, KALMAR

LIBRARY = Library([CASES / "rubrics"])
RUBRIC = LIBRARY.rubric("st-spur/2015-8")
WHOLE = {"criteria": ["E-F4"], "owner": "Studierektorn", "due": "2026-06-30", "proof": "Antal."}


def covered(
    areas: dict[str, Any], *measures: dict[str, Any], findings: tuple[Any, ...] = (), rubric: Rubric = RUBRIC
) -> Coverage:
    inspection = Inspection.model_validate(
        {
            "format": "inspection/1",
            "rubric": rubric.reference,
            "unit": {"region": "R", "clinic": "K"},
            "specialty": "Internmedicin",
            "areas": areas,
            "findings": findings,
        }
    )
    plan = Plan.model_validate({"measures": [{"what": "Åtgärd", **measure} for measure in measures]})
    return coverage(rubric, inspection, plan)


D: dict[str, Any] = {
    "grade": "D",
    "answers": {"E-F1": "met", "E-F4": "unmet", "E-F6": "partly", "E-AR5": "unmet", "E-KI1": "na"},
}


# ── Criteria ──────────────────────────────────────────────────────────────────────────────

UNMET: list[tuple[dict[str, str], list[str]]] = [
    ({}, []),
    ({"E-F1": "met", "E-F2": "na"}, []),
    ({"E-F1": "unmet", "E-AR1": "partly", "E-KI2": "unmet", "E-F3": "na"}, ["E-F1", "E-AR1", "E-KI2"]),
]


@pytest.mark.parametrize(("answers", "unmet"), UNMET)
def test_a_criterion_is_unmet_when_its_answer_counts_and_is_not_the_best(
    answers: dict[str, str], unmet: list[str]
) -> None:
    assert [each.id for each in covered({"E": {"answers": answers}}).unmet] == unmet


def test_each_criterion_has_the_measures_that_answer_it() -> None:
    told = covered(
        {"E": D}, {"criteria": ["E-F4", "E-AR5"]}, {"criteria": ["E-F4"]}, {"criteria": ["E-F6"], "status": "stopped"}
    )
    assert {each.id: (each.kind, each.answer, each.binds, each.measures) for each in told.unmet} == {
        "E-F4": ("F", "unmet", True, (0, 1)),
        "E-F6": ("F", "partly", True, ()),  # what is stopped answers nothing
        "E-AR5": ("AR", "unmet", False, (0,)),
    }
    assert told.sentence == "2 av 3 kriterier har en åtgärd."
    assert [each.id for each in told.found[0].open] == ["E-F6"]
    assert covered({}).sentence == "Rapporten anger inga kriterier som inte är uppfyllda."


def test_areas_that_must_be_remedied_come_first_and_then_those_that_should() -> None:
    told = covered({"A": {"grade": "A"}, "C": {"grade": "B"}, "E": D, "F": {"grade": "C"}, "H": {"grade": "D"}})
    assert [each.area.id for each in told.found if each.area] == ["E", "H", "F", "A", "B", "C", "D", "G"]
    assert [each.follow_up for each in told.found[:4]] == ["required", "required", "recommended", "none"]


def test_what_was_found_is_told_with_the_grades_own_words() -> None:
    regrade = {"grade": "C", "because": "revisit"}
    findings = (
        {"kind": "weakness", "text": "I området", "area": "E"},
        {"kind": "weakness", "text": "Av kriterierna", "criteria": ["E-F1", "D-F3"]},
        {"kind": "strength", "text": "En styrka", "area": "E"},
        {"kind": "improvement", "text": "Ett sätt", "criteria": ["E-AR5"]},
        {"kind": "improvement", "text": "Överallt"},
        {"kind": "weakness", "text": "", "area": "E"},
    )
    told = covered({"E": {**D, "regrades": [regrade]}}, findings=findings)
    e, *_, without = told.found
    assert (e.grade, e.follow_up) == ("C", "recommended")
    assert e.words.startswith("Socialstyrelsens föreskrifter följs. Allmänna råd följs i väsentliga delar")
    assert (e.weaknesses, e.improvements) == (("I området", "Av kriterierna"), ("Ett sätt",))
    assert next(each.weaknesses for each in told.found if each.area and each.area.id == "D") == ("Av kriterierna",)
    assert (without.area, without.weaknesses, without.improvements) == (None, (), ("Överallt",))
    assert [each.binds for each in e.unmet] == [False, False, True]  # what binds now is what gives a C


# ── Measures ──────────────────────────────────────────────────────────────────────────────

LACKING: list[tuple[dict[str, Any], tuple[str, ...], str]] = [
    ({}, ("criteria", "owner", "when", "proof"), "Fyra saker saknas."),
    ({"criteria": ["E-F4"]}, ("owner", "when", "proof"), "Tre saker saknas."),
    ({"criteria": ["E-F4"], "owner": "x"}, ("when", "proof"), "Två saker saknas."),
    ({**WHOLE, "proof": ""}, ("proof",), "En sak saknas."),
    ({**WHOLE, "due": None}, ("when",), "En sak saknas."),
    ({**WHOLE, "due": None, "start": "2026-01-01"}, ("when",), "En sak saknas."),
]


@pytest.mark.parametrize(("measure", "lacks", "sentence"), LACKING)
def test_a_measure_that_lacks_something_says_what(
    measure: dict[str, Any], lacks: tuple[str, ...], sentence: str
) -> None:
    (told,) = covered({}, measure).unfinished
    assert (told.measure, told.lacks, told.sentence) == (0, lacks, sentence)
    assert set(lacks) <= set(LACKS)


@pytest.mark.parametrize("more", [{}, {"due": None, "recurs": {"times": 6, "per": "year"}}])
def test_a_whole_measure_lacks_nothing(more: dict[str, Any]) -> None:
    assert covered({}, {**WHOLE, **more}, {"status": "stopped"}).unfinished == ()


TOO_LITTLE: list[tuple[list[str], list[tuple[str, str]]]] = [
    (["E-F4"], []),
    (["E-F4", "E-AR5"], []),
    (["E-AR5"], [("E", "Rör bara allmänna råd eller kvalitetsindikatorer: kan inte häva ett D.")]),
    (["E-KI1", "E-AR5"], [("E", "Rör bara allmänna råd eller kvalitetsindikatorer: kan inte häva ett D.")]),
    (["G-KI1"], [("G", "Rör bara kvalitetsindikatorer: kan inte häva ett D.")]),
    (["B-KI2"], []),  # B has no D
    ([], []),
    (["E-F4", "G-KI1"], [("G", "Rör bara kvalitetsindikatorer: kan inte häva ett D.")]),
]


@pytest.mark.parametrize(("criteria", "told"), TOO_LITTLE)
def test_a_measure_that_cannot_lift_a_grade_says_so(criteria: list[str], told: list[tuple[str, str]]) -> None:
    found = covered({"E": D, "G": {"grade": "D"}, "B": {"grade": "C"}}, {"criteria": criteria}).too_little
    assert [(each.area, each.sentence) for each in found] == told


# ── What stands between a plan and a changed grade ────────────────────────────────────────

RULE = "För att ett D ska kunna ändras behöver planen svara mot varje sådan."
GAPS: list[tuple[dict[str, Any], list[list[str]], list[tuple[tuple[str, ...], str]]]] = [
    ({"E": D}, [["E-F4", "E-F6"]], []),
    ({"E": D}, [["E-F4"], ["E-F6"]], []),
    ({"E": D}, [], [(("E-F4", "E-F6"), f"E-F4, E-F6 saknar åtgärd. {RULE}")]),
    ({"E": D}, [["E-F4", "E-AR5"]], [(("E-F6",), f"E-F6 saknar åtgärd. {RULE}")]),
    ({"E": {**D, "regrades": [{"grade": "C", "because": "revisit"}]}}, [], []),  # no longer required
    ({"E": {"grade": "D"}}, [], [((), "Rapporten säger inte vilka föreskrifter det gäller i E. För att ett D ska kunna ändras behöver minst en åtgärd svara mot dem.")]),
    ({"E": {"grade": "D"}}, [["E-F2"]], []),
    ({"E": {"grade": "D"}}, [["E-AR5"], ["D-F3"]], [((), "Rapporten säger inte vilka föreskrifter det gäller i E. För att ett D ska kunna ändras behöver minst en åtgärd svara mot dem.")]),
    ({"E": {"grade": "C", "answers": {"E-AR5": "unmet"}}}, [], []),
    ({}, [], []),
]  # fmt: skip


@pytest.mark.parametrize(("areas", "criteria", "gaps"), GAPS)
def test_what_the_plan_must_answer_for_a_grade_to_change(
    areas: dict[str, Any], criteria: list[list[str]], gaps: list[tuple[tuple[str, ...], str]]
) -> None:
    told = covered(areas, *({"criteria": each} for each in criteria))
    assert [(gap.criteria, gap.sentence) for gap in told.gaps] == gaps


def test_a_grade_is_judged_by_what_it_asks_and_never_by_its_letter() -> None:
    rubric = LIBRARY.rubric("at-exempel/tre-steg@1")
    area = {"grade": "C", "answers": {"utbildningsklimat-F1": "unmet", "utbildningsklimat-K1": "unmet"}}
    told = covered({"utbildningsklimat": area}, {"criteria": ["utbildningsklimat-K1"]}, rubric=rubric)
    assert [gap.criteria for gap in told.gaps] == [("utbildningsklimat-F1",)]
    assert [each.sentence for each in told.too_little] == ["Rör bara övriga kvalitetskriterier: kan inte häva ett C."]


def test_a_rubric_without_a_ladder_binds_nothing() -> None:
    rubric = LIBRARY.rubric("poang/noll-till-tre@1")
    told = covered({area.id: {"grade": area.offered[-1]} for area in rubric.areas}, {}, rubric=rubric)
    assert (told.gaps, told.too_little) == ((), ())


def test_the_real_plan_answers_the_real_report() -> None:
    kalmar = disk.read(KALMAR)[1]
    before = {id: review.model_copy(update={"regrades": ()}) for id, review in kalmar.areas.items()}
    plan = Plan.model_validate({"measures": read_file(GOLDEN / "kalmar-2021.measures.yaml").value["measures"]})
    told = coverage(RUBRIC, kalmar.model_copy(update={"areas": before}), plan)
    assert [each.area.id for each in told.found[:2] if each.area] == ["D", "E"]
    assert told.gaps == ()
    assert {each.measure: each.area for each in told.too_little} == {1: "D", 5: "E", 6: "D", 13: "E"}
    assert len(told.unfinished) == len(plan.measures)  # "almost no dates or owners"
    assert (len(told.found[-1].weaknesses), len(told.found[-1].improvements)) == (7, 8)
    bare = coverage(RUBRIC, kalmar.model_copy(update={"areas": before}), Plan())
    assert [gap.area for gap in bare.gaps] == ["D", "E"]
