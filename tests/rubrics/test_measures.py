"""The åtgärdsbank: the bank that comes along, and what is wrong in one is told with its line."""

from pathlib import Path
from typing import Any

import pytest

from rubrics.library import OWN_FOLDER, Library
from rubrics.measures import KINDS, NO_MEASURES, Bank, Recurs
from rubrics.problems import DataError
from tests.paths import CASES

FILE = OWN_FOLDER / "st-spur" / "measures.yaml"
RUBRIC = Library().rubric("st-spur/2015-8")
BANK = Library().bank("st-spur/2015-8@1")


def _written(folder: Path, text: str, family: str = "st-spur") -> Path:
    path = folder / family / "measures.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _told(path: Path, *folders: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        Library(folders).read_bank(path)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


# ── The bank of ST-SPUR ───────────────────────────────────────────────────────────────────


def test_it_holds_the_measures_of_the_domain_in_order() -> None:
    assert [measure.id for measure in BANK.measures] == [f"M{number:02}" for number in range(1, 38)]
    assert Library().read_bank(FILE) == BANK
    assert {measure.kind for measure in BANK.measures} == set(KINDS)


def test_each_measure_says_what_it_answers_how_it_is_shown_and_who_says_so() -> None:
    lacking = [each.id for each in BANK.measures if not (each.how and each.proof and each.sources)]
    assert lacking == []
    assert [each.id for each in BANK.measures if each.all_criteria] == ["M37"]


PROGRAMMES = {
    "Strukturerad handledning": ["M07", "M08", "M09"],
    "Kompetensbedömning": ["M10", "M11", "M12", "M13", "M14", "M15", "M16", "M17", "M18", "M19", "M20"],
    "Återkoppling och coachning": ["M25", "M26"],
    "Balintgrupp": ["M34"],
    "Individuell läkarhandledning": ["M35"],
    "Kamratstöd": ["M36"],
}


def test_the_programmes_are_there_with_steps() -> None:
    programmes: dict[str, list[str]] = {}
    for measure in BANK.measures:
        if measure.programme:
            programmes.setdefault(measure.programme, []).append(measure.id)
    assert programmes == PROGRAMMES
    assert [
        each for each in ("M07", "M08", "M09", "M10", "M25", "M26", "M34", "M35", "M36") if not BANK.by_id[each].steps
    ] == []


TARGETS = {
    "M07": (2, 1, "month", "trainee"),
    "M10": (4, 1, "year", "trainee"),
    "M14": (6, 1, "year", "trainee"),
    "M15": (1, 1, "year", "clinic"),
    "M23": (2, 1, "year", "clinic"),
    "M24": (1, 1, "year", "clinic"),
    "M27": (1, 1, "year", "trainee"),
    "M34": (1, 2, "week", "clinic"),
    "M37": (1, 1, "year", "clinic"),
}


def test_a_number_stands_only_where_a_source_gives_one() -> None:
    found = {m.id: (m.recurs.times, m.recurs.every, m.recurs.per, m.recurs.each) for m in BANK.measures if m.recurs}
    assert found == TARGETS


def test_what_is_uncertain_is_said() -> None:
    balint, peers = BANK.by_id["M34"].caution, BANK.by_id["M36"].caution
    assert [
        each in balint for each in ("inga entydiga svar", "ett och ett halvt år", "frivilliga", "kompetent ledare")
    ] == [True] * 4
    assert [each in peers for each in ("inte terapi", "inte stå ensamt")] == [True] * 2


FOR = {
    "D-F3": ["M01", "M02", "M03", "M37"],
    "B-KI2": ["M23", "M37"],
    "E-AR6": ["M26", "M37"],
    "H-AR3": ["M34", "M37"],
    "A-F3": ["M37"],
}


@pytest.mark.parametrize("criterion", FOR)
def test_measures_are_found_from_the_criterion_that_they_answer(criterion: str) -> None:
    assert [measure.id for measure in BANK.measures_for(criterion)] == FOR[criterion]


def test_what_answers_anything_comes_last() -> None:
    mixed = BANK.model_copy(update={"measures": BANK.measures[::-1]})
    assert mixed.measures_for("E-AR6")[-1].id == "M37"


# ── What is wrong ─────────────────────────────────────────────────────────────────────────

LEAST: dict[str, Any] = {"id": "M01", "title": "T", "how": "H", "kind": "once", "proof": "P", "sources": ["S"]}
WRONG = [
    ("criteria: [D-F3, D-F4, D-AR1, D-KI1]", "criteria: [D-F3, D-F99]", "measures[0].criteria[1]: kriteriet D-F99 finns inte i st-spur/2015-8@1."),
    ("criteria: [D-F3, D-F4, D-AR1, D-KI1]", "criteria: [D-F3, D-F3]", "measures[0].criteria[1]: kriteriet D-F3 står två gånger. Ta bort det ena."),
    ("criteria: [D-F3, D-F4, D-AR1, D-KI1]", "criteria: []", "measures[0]: ange antingen criteria eller all_criteria: true, så att åtgärden svarar mot något."),
    ("id: M02", "id: M01", "measures[1].id: åtgärden M01 står två gånger. Varje id används en gång."),
    ("id: M02", "id: två", "measures[1].id: två passar inte. Skriv versaler och siffror, som M01."),
    ("kind: once", "kind: ibland", "measures[1].kind: ibland går inte att välja. Välj 'once', 'each_trainee' eller 'recurring'."),
    ("recurs: {times: 2, per: month", "recurs: {times: 0, per: month", "measures[6].recurs.times: 0 är för litet. Skriv 1 eller större."),
    ("recurs: {times: 2, per: month", "recurs: {times: 1001, per: month", "measures[6].recurs.times: 1001 är för stort. Skriv 1000 eller mindre."),
    ("recurs: {times: 2, per: month", "recurs: {times: 2, per: dag", "measures[6].recurs.per: dag går inte att välja. Välj 'week', 'month' eller 'year'."),
    ("rubrics: [st-spur/2015-8]", "rubrics: []", "rubrics: listan är tom. Ange minst en granskningsmodell, som st-spur/2015-8."),
    ("rubrics: [st-spur/2015-8]", "rubrics: [../x]", "rubrics[0]: ../x passar inte. Skriv familj/namn, som st-spur/2015-8."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), WRONG, ids=[case[2][:60] for case in WRONG])
def test_what_is_wrong_in_a_bank_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    said = _told(_written(tmp_path, text.replace(old, new, 1)))
    assert told in [each.partition(": ")[2] for each in said]
    assert all(each.partition(":")[0].isdigit() for each in said)


def test_what_is_done_once_does_not_recur(tmp_path: Path) -> None:
    text = FILE.read_text("utf-8").replace("kind: recurring", "kind: once", 1)
    assert [each.partition(": ")[2] for each in _told(_written(tmp_path, text))] == [
        "measures[6].recurs: bara det som återkommer har recurs. Sätt kind: recurring, eller ta bort det."
    ]


def test_a_bank_names_rubrics_that_are_there(tmp_path: Path) -> None:
    path = _written(tmp_path, "rubrics: [st-spur/2099]\nmeasures: []\n")
    assert [each.partition(": ")[2] for each in _told(path)] == [
        "rubrics[0]: st-spur/2099: granskningsmodellen finns inte. De som finns: at-spur/utkast, st-spur/2015-8."
    ]


# ── Among the rubrics ─────────────────────────────────────────────────────────────────────


def test_a_family_without_a_bank_has_no_measures() -> None:
    library = Library([CASES / "rubrics"])
    assert library.bank("at-spur/utkast") == library.bank("tema/dansk@2") == library.bank("../st-spur/x") == NO_MEASURES
    assert NO_MEASURES.measures_for("E-F1") == ()


def test_a_bank_is_no_rubric(tmp_path: Path) -> None:
    library = Library()
    assert [rubric.reference for rubric in library.published] == ["st-spur/2015-8@1"]
    with pytest.raises(
        DataError, match=r"granskningsmodellen finns inte. De som finns: at-spur/utkast, st-spur/2015-8\."
    ):
        library.rubric("st-spur/measures")
    with pytest.raises(DataError, match="en åtgärdsbank låses inte"):
        library.publish([FILE])
    _written(tmp_path, "rubrics: [", "trasig")
    assert Library([tmp_path]).published == library.published


def test_a_region_adds_its_own_measures_and_puts_its_own_words_to_others(tmp_path: Path) -> None:
    own = Bank.model_validate(
        {
            "rubrics": ["st-spur/2015-8"],
            "measures": [
                {**LEAST, "title": "Vårt uppstartsmöte", "criteria": ["D-F3"]},
                {**LEAST, "id": "R01", "criteria": ["E-F1"]},
            ],
        }
    )
    _written(tmp_path, own.model_dump_json(exclude_defaults=True))
    joined = Library([tmp_path]).bank("st-spur/2015-8")
    assert [measure.id for measure in joined.measures] == [*(f"M{number:02}" for number in range(1, 38)), "R01"]
    assert joined.by_id["M01"].title == "Vårt uppstartsmöte"
    assert joined.rubrics == ("st-spur/2015-8",)


def test_a_bank_is_read_once(tmp_path: Path) -> None:
    path = _written(tmp_path, "rubrics: [tema/dansk]\nmeasures: []\n", "tema")
    library = Library([CASES / "rubrics", tmp_path])
    first = library.bank("tema/dansk")
    path.unlink()
    assert library.bank("tema/dansk@2") is first


def test_the_promise_of_a_measure_is_the_shape_that_a_plan_takes_over() -> None:
    assert BANK.by_id["M34"].recurs == Recurs(times=1, every=2, per="week", term="Balintgrupp")
