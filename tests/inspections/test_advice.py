"""What is worth a look before signing: each rule by itself, from the rubric's own data, and silent when unsure."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.inspections.advice import Draft, advice
from app.inspections.file import AreaReview, Finding, Inspection, Unit
from rubrics.model import Rubric
from tests.factories import RUBRIC

TOLD = "Så här ser det ut."
WHOLE = dict.fromkeys(RUBRIC.rubric.area_of, "met")


def told(
    answers: dict[str, str] | None = None,
    *findings: Finding,
    narratives: dict[str, str] | None = None,
    earlier: dict[str, str] | None = None,
    rubric: Rubric = RUBRIC.rubric,
) -> list[tuple[str, int, str]]:
    """What is said of a draft in which all is met and written, but for this."""
    given = WHOLE | (answers or {})
    areas: dict[str, Any] = {}
    for area in rubric.areas:
        own = {id: given[id] for id in area.kinds if id in given}
        areas[area.id] = AreaReview(narrative=(narratives or {}).get(area.id, TOLD), answers=own)
    unit = Unit(region="Region Exempel", clinic="Exempelkliniken")
    about = {"format": "inspection/1", "rubric": rubric.reference, "unit": unit, "specialty": "Exempel"}
    inspection = Inspection(**about, areas=areas, findings=findings)
    ids = [f"{i}" for i in range(len(findings))]
    found = list(advice(Draft(inspection, rubric, ids, earlier or {})))
    assert not any(each.stops for each in found)
    return [(each.place, each.count, each.text) for each in found]


def finding(kind: Any, *criteria: str, area: str = "") -> Finding:
    return Finding(kind=kind, text="En text", area=area, criteria=criteria)


def test_of_what_is_met_and_written_nothing_is_said() -> None:
    assert told() == []


def test_what_nobody_has_answered_is_told_at_the_first() -> None:
    assert told({"E-F2": "", "E-F1": ""}) == [("criterion/E-F1/answer", 2, "kriterier utan svar i område E")]


def test_an_area_without_words_is_told() -> None:
    assert told(narratives={"B": " \n"}) == [("area/B/narrative", 1, "beskrivning saknas i område B")]


def test_an_area_that_nobody_has_begun_is_told_once() -> None:
    nothing = dict.fromkeys((each.id for each in RUBRIC.rubric.areas[1].criteria), "")
    area = RUBRIC.rubric.areas[1].id
    assert told(nothing, narratives={area: ""}) == [
        (f"area/{area}/narrative", 1, f"område som inte är påbörjat: {area}")
    ]
    assert (f"area/{area}/narrative", 1, f"beskrivning saknas i område {area}") not in told(nothing)


# ── From a no to a weakness, and from there to a way forward ──────────────────────────────

NO = {"E-F1": "unmet", "E-F2": "unmet"}
WITHOUT = ("criterion/E-F1/answer", 2, "kriterier med svaret ”Ej uppfyllt” utan svaghet i område E")
NO_WAY = "svaghet i område E som ingen förbättringspotential svarar mot"
WEAK, BETTER = finding("weakness", "E-F1", "E-F2"), finding("improvement", "E-F2")
TIES: list[tuple[str, dict[str, str], Sequence[Finding], list[tuple[str, int, str]]]] = [
    ("nothing is written", NO, (), [WITHOUT]),
    ("a strength is no weakness", NO, (finding("strength", "E-F1", "E-F2"),), [WITHOUT]),
    ("one of two has its weakness", NO, (finding("weakness", "E-F2"), BETTER), [("criterion/E-F1/answer", 1, "kriterium med svaret ”Ej uppfyllt” utan svaghet i område E")]),
    ("a weakness that nothing answers", NO, (WEAK,), [("finding/0/text", 1, NO_WAY)]),
    ("answered by way of one criterion", NO, (BETTER, WEAK), []),
    ("answered elsewhere", NO, (WEAK, finding("improvement", "A-F1")), [("finding/0/text", 1, NO_WAY)]),
    ("linked to nothing: nobody can tell", {}, (finding("weakness", area="E"),), []),
    ("partly met is offered no weakness", {"E-F1": "partly"}, (), []),
    ("of no interest here", {"E-F1": "na"}, (), []),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "findings", "said"), [each[1:] for each in TIES], ids=[each[0] for each in TIES])
def test_a_no_wants_a_weakness_and_that_a_way_forward(
    answers: dict[str, str], findings: Sequence[Finding], said: list[tuple[str, int, str]]
) -> None:
    assert told(answers, *findings) == said


# ── Against what it depends on ────────────────────────────────────────────────────────────

DEPENDS = next(each for area in RUBRIC.rubric.areas for each in area.criteria if each.depends_on)
ON = DEPENDS.depends_on[0]


@pytest.mark.parametrize(
    ("own", "other", "contradicts"),
    [("met", "unmet", True), ("met", "partly", False), ("met", "", False), ("partly", "unmet", False), ("unmet", "unmet", False)],
)  # fmt: skip
def test_what_is_met_though_what_it_depends_on_is_not(own: str, other: str, contradicts: bool) -> None:
    said = [text for place, _, text in told({DEPENDS.id: own, ON: other}) if place == f"criterion/{DEPENDS.id}/answer"]
    against = f"svar att se över: {DEPENDS.id} har svaret ”Uppfyllt”, men hänger på {ON} med svaret ”Ej uppfyllt”"
    assert (against in said) is contradicts


# ── The words against the answers ─────────────────────────────────────────────────────────

CLAIMS = [
    ("Alla föreskrifter är uppfyllda.", "föreskrifter"),
    ("Gott klimat. Samtliga föreskrifter följs här!", "föreskrifter"),
    ("Kliniken är stor.\nSamtliga SPUR-relaterade föreskrifter uppfylls", None),  # more than one word between
    ("Alla formella föreskrifterna uppfylls.", "föreskrifterna"),
    ("Alla kriterier uppfylls.", "kriterier"),
    ("Samtliga krav är uppfyllda.", "krav"),
    ("Alla allmänna råd följs.", None),  # another kind than the one that is not met
    ("Alla kvalitetsindikatorer är uppfyllda.", None),
    ("Alla föreskrifter utom en är uppfyllda.", None),
    ("Inte alla föreskrifter är uppfyllda.", None),
    ("Alla föreskrifter bör vara uppfyllda till våren.", None),
    ("Alla föreskrifter är uppfyllda, men handledningen brister.", None),
    ("Tidigare var alla föreskrifter uppfyllda.", None),
    ("Är alla föreskrifter uppfyllda?", None),
    ("Alla ST-läkare har handledare, och kraven uppfylls.", None),
    ("Alla föreskrifter gås igenom med nya ST-läkare.", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "what"), CLAIMS, ids=[text[:40] for text, _ in CLAIMS])
def test_a_text_that_says_all_is_met_where_it_is_not(text: str, what: str | None) -> None:
    answers = {"E-F1": "unmet"}
    written = (finding("weakness", "E-F1"), finding("improvement", "E-F1"))
    said = [each for each in told(answers, *written, narratives={"E": text or TOLD}) if "narrative" in each[0]]
    against = f"beskrivning i område E som säger att alla {what} är uppfyllda, men E-F1 har svaret ”Ej uppfyllt”"
    assert said == ([("area/E/narrative", 1, against)] if what else [])
    assert told(narratives={"E": text or TOLD}) == []  # where all is met it is true


def test_what_is_taken_over_from_the_report_before_is_told_until_it_is_touched() -> None:
    earlier = {"E": "Som förra gången.", "F": "Också det."}
    assert told(narratives={"E": "Som förra gången."}, earlier=earlier) == [
        ("area/E/narrative", 1, "beskrivning i område E som är den förra rapportens, ej omprövad")
    ]
    assert told(narratives={"E": "Som förra gången, sett på nytt."}, earlier=earlier) == []


# ── Other rubrics ─────────────────────────────────────────────────────────────────────────


def test_where_only_one_answer_counts_nothing_is_unmet() -> None:
    written = RUBRIC.rubric.model_dump(exclude_defaults=True)
    rubric = Rubric.model_validate(written | {"answers": {"met": {}, "na": {"ignored": True}}})
    assert rubric.unmet is None
    assert told({"E-F1": "met", DEPENDS.id: "met"}, rubric=rubric) == []


def test_lines_follow_the_areas_of_the_rubric() -> None:
    places = [place for place, _, _ in told({"A-F1": "unmet", "E-F1": ""}, narratives={"C": ""})]
    assert places == ["criterion/A-F1/answer", "area/C/narrative", "criterion/E-F1/answer"]
