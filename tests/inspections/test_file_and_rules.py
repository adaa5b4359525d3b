"""The inspection file: what is wrong is told with its line, what is owed stops only what says it is signed."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.inspections import disk, file
from app.inspections.rules import remarks
from rubrics.library import Library
from rubrics.problems import DataError, dotted
from tests.paths import DEMO, KALMAR

MINIMAL: dict[str, Any] = {
    "format": "inspection/1",
    "rubric": "st-spur/2015-8@1",
    "unit": {"region": "Region Exempel", "clinic": "Kliniken"},
    "specialty": "Internmedicin",
}
SIGNED = {
    **MINIMAL,
    "place": "Exempelstad",
    "visit": {"first_day": "2025-02-11", "last_day": "2025-02-12"},
    "inspectors": ["Alva Exempel", "Nils Påhitt"],
}


def _write(folder: Path, content: object) -> Path:
    path = folder / "i.inspection.yaml"
    path.write_text(json.dumps(content, ensure_ascii=True, indent=1), "utf-8")
    return path


def _told(folder: Path, content: object) -> list[str]:
    """What is told of a file with this content: errors of shape, or remarks (owed ones marked)."""
    try:
        _, inspection = disk.read(_write(folder, content))
    except DataError as error:
        return [str(problem).partition(": ")[2] for problem in error.problems]
    found = remarks(inspection, Library().rubric("st-spur/2015-8@1"))
    return [f"{'(owed) ' if each.owed else ''}{dotted(each.path)}: {each.message}" for each in found]


@pytest.mark.parametrize("path", [KALMAR, DEMO], ids=["Kalmar", "the demonstration"])
def test_the_real_and_the_invented_inspection_are_in_order(path: Path) -> None:
    _, inspection = disk.read(path)
    assert list(remarks(inspection, Library().rubric(inspection.rubric))) == []


def test_the_least_that_an_inspection_is(tmp_path: Path) -> None:
    assert [told.partition(":")[0] for told in _told(tmp_path, MINIMAL)] == [
        "(owed) place",
        "(owed) visit",
        "(owed) inspectors",
    ]
    assert _told(tmp_path, SIGNED) == []


def areas(**of: object) -> dict[str, object]:
    return {**SIGNED, "areas": of}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({**SIGNED, "unit": {"region": "R"}}, "unit.clinic: saknas. Lägg till clinic."),
    ({**SIGNED, "unit": {"region": "R", "clinic": " "}}, "unit.clinic: texten är tom. Skriv något här."),
    ({**SIGNED, "speciality": "x"}, "speciality: nyckeln speciality finns inte. Menas specialty?"),
    ({**SIGNED, "specialty": 2015}, 'specialty: 2015 läses inte som text. Sätt citattecken om det: "2015".'),
    ({**SIGNED, "format": "inspection/2"}, "format: inspection/2 passar inte. Skriv inspection/1."),
    ({**SIGNED, "rubric": "st-spur/2015-8"}, "rubric: st-spur/2015-8 passar inte. Skriv familj/namn@utgåva, som st-spur/2015-8@1."),
    ({**SIGNED, "visit": {"first_day": "igår"}}, "visit.first_day: igår är ingen dag. Skriv den som 2021-10-18."),
    ({**SIGNED, "visit": {"first_day": "0001-01-01"}}, "visit.first_day: 0001-01-01 är ingen dag. Skriv den som 2021-10-18."),
    ({**SIGNED, "visit": {"first_day": 1634515200}}, "visit.first_day: 1634515200 är ingen dag. Skriv den som 2021-10-18."),
    ({**SIGNED, "visit": {"first_day": "2025-02-12", "last_day": "2025-02-11"}}, "visit.last_day: besöket slutar 2025-02-11, före den första dagen 2025-02-12. Byt plats på dem."),
    ({**SIGNED, "inspectors": "Alva Exempel"}, "inspectors: här ska stå en lista. Skriv varje del på en rad med - före."),
    ({**SIGNED, "findings": [{"kind": "praise", "text": "x"}]}, "findings[0].kind: praise går inte att välja. Välj 'strength', 'weakness' eller 'improvement'."),
    ({**SIGNED, "findings": [{"kind": "weakness", "text": "x", "area": "Q"}]}, "findings[0].area: området Q finns inte i st-spur/2015-8@1. Där finns: A, B, C, D, E, F, G, H."),
    ({**SIGNED, "findings": [{"kind": "weakness", "text": "x", "criteria": ["E-F9"]}]}, "findings[0].criteria[0]: kriteriet E-F9 finns inte i st-spur/2015-8@1."),
    ({**SIGNED, "findings": [{"kind": "weakness", "text": "x", "area": "E", "criteria": ["D-F3"]}]}, "findings[0].criteria[0]: D-F3 hör till område D, inte E. Rätta, eller ta bort area."),
    (areas(Q={}), "areas.Q: området Q finns inte i st-spur/2015-8@1. Där finns: A, B, C, D, E, F, G, H."),
    (areas(E={"answers": {"E-F9": "met"}}), "areas.E.answers.E-F9: kriteriet E-F9 finns inte i st-spur/2015-8@1."),
    (areas(E={"answers": {"D-F3": "met"}}), "areas.E.answers.D-F3: D-F3 hör till område D, inte E. Flytta det dit."),
    (areas(E={"answers": {"E-F1": "maybe"}}), "areas.E.answers.E-F1: svaret maybe finns inte. Välj met, partly, unmet, na."),
    (areas(Q=None), "areas.Q: området Q finns inte i st-spur/2015-8@1. Där finns: A, B, C, D, E, F, G, H."),
    (areas(E={"answers": {"E-F9": None}}), "areas.E.answers.E-F9: kriteriet E-F9 finns inte i st-spur/2015-8@1."),
    ({**SIGNED, "visit": {"first_day": "2021-W42-1"}}, "visit.first_day: 2021-W42-1 är ingen dag. Skriv den som 2021-10-18."),
    ({**SIGNED, "[key]": 1}, "[key]: nyckeln [key] finns inte här. Det som kan stå: format, rubric, unit, specialty, state, place, visit, inspectors, findings, areas, plan."),
    ({**SIGNED, "rubric": "\ud800/x@1"}, "rubric: □/x@1 passar inte. Skriv familj/namn@utgåva, som st-spur/2015-8@1."),
    ({**SIGNED, "rubric": "../../x@1"}, "rubric: ../../x@1 passar inte. Skriv familj/namn@utgåva, som st-spur/2015-8@1."),
    ({**SIGNED, "findings": [{"kind": "a\nb", "text": "x"}]}, "findings[0].kind: a b går inte att välja. Välj 'strength', 'weakness' eller 'improvement'."),
    ({**SIGNED, "findings": [{"kind": "weakness", "text": "x"}] * 2_001}, "findings: för många: högst 2000 kan stå här."),
    (areas(E={"comments": {"E-F9": "x"}}), "areas.E.comments.E-F9: kriteriet E-F9 finns inte i st-spur/2015-8@1."),
    (areas(A={"grade": "B"}), "areas.A.grade: B går inte att välja i området A. Välj A, D."),
    (areas(E={"answers": {"E-F1": "unmet"}, "grade": "C"}), "(owed) areas.E.grade: beslutet C skiljer sig från förslaget D. Skriv varför i grade_reason."),
    (areas(E={"answers": {"E-AR1": "unmet"}, "grade": "B"}), "(owed) areas.E.grade: beslutet B ligger utanför spannet C–D. Skriv varför i grade_reason."),
    (areas(E={"regrades": [{"grade": "C", "because": "revisit"}]}), "areas.E.regrades: en ändrad gradering kräver den som gällde före. Lägg till grade."),
    (areas(E={"grade": "D", "regrades": [{"grade": "Q", "because": "revisit"}]}), "areas.E.regrades[0].grade: Q går inte att välja i området E. Välj A, B, C, D."),
    (areas(E={"grade": "D", "regrades": [{"grade": "C", "because": "plan"}]}), "areas.E.regrades[0].because: ändringen bygger på en handlingsplan som saknas. Lägg till plan."),
    (areas(E={"grade": "D", "regrades": [{"grade": "C", "because": "revisit", "date": "2025-01-01"}]}), "areas.E.regrades[0].date: 2025-01-01 är före 2025-02-12. Ändringar kommer efter besöket, den äldsta först."),
    (areas(E={"narrative": "x" * 20_001}), "areas.E.narrative: texten har 20 001 tecken. Den får ha högst 20 000; dela den."),
    ({**SIGNED, "plan": {"areas": {"Q": "x"}}}, "plan.areas.Q: området Q finns inte i st-spur/2015-8@1. Där finns: A, B, C, D, E, F, G, H."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "told"), WRONG, ids=[told[:70] for _, told in WRONG])
def test_what_is_wrong_or_owed(tmp_path: Path, content: dict[str, Any], told: str) -> None:
    assert _told(tmp_path, content) == [told]


def test_what_is_empty_is_as_left_out(tmp_path: Path) -> None:
    content = areas(E={"grade": None, "narrative": None, "answers": {"E-F1": None}, "regrades": None})
    content |= {"plan": None, "unit": {**SIGNED["unit"], "hospital": None}}
    _, inspection = disk.read(_write(tmp_path, content))
    assert inspection.review("E").assessed == {}
    assert _told(tmp_path, content) == []


def test_a_thousand_slips_are_told_as_a_hundred(tmp_path: Path) -> None:
    told = _told(tmp_path, {**SIGNED, "findings": [1] * 1_000})
    assert len(told) == 101
    assert told[-1] == "… och 900 fel till. Rätta de första och försök igen."


def test_what_nobody_can_see_is_as_left_out(tmp_path: Path) -> None:
    content = {**SIGNED, "unit": {**SIGNED["unit"], "hospital": " \n\t"}, "place": " "}
    assert _told(tmp_path, content) == ["(owed) place: orten saknas. Lägg till place innan rapporten fastställs."]
    assert disk.read(_write(tmp_path, content))[1].unit.line == "Kliniken"


def test_a_text_of_20_000_characters_is_kept_to_the_last(tmp_path: Path) -> None:
    text = "🙂" * 20_000
    _, inspection = disk.read(_write(tmp_path, areas(E={"narrative": text + "\n"})))
    assert inspection.review("E").narrative == text


def test_a_shown_number_counts_as_the_character_that_it_stands_for(tmp_path: Path) -> None:
    written = "\x07" * 20_000
    _, once = disk.read(_write(tmp_path, areas(E={"narrative": written})))
    _, twice = disk.read(_write(tmp_path, areas(E={"narrative": once.review("E").narrative})))
    assert once == twice
    assert "20 001 tecken" in _told(tmp_path, areas(E={"narrative": written + "x"}))[0]


def test_texts_are_made_storable_at_the_door(tmp_path: Path) -> None:
    written = "a\r\nb\rc\td\x00e\x85f\ud800g\uffff"
    _, inspection = disk.read(_write(tmp_path, areas(E={"narrative": written})))
    assert inspection.review("E").narrative == "a\nb\nc\td□U+0000e□U+0085f□U+D800g□U+FFFF"


def test_raw_control_characters_in_yaml_are_shown_too(tmp_path: Path) -> None:
    path = tmp_path / "i.inspection.yaml"
    path.write_bytes(KALMAR.read_bytes().replace(b"specialty: Internmedicin", b"specialty: Intern\x0bmedicin\x07"))
    assert disk.read(path)[1].specialty == "Intern□U+000Bmedicin□U+0007"


def test_the_fingerprint_is_of_what_the_report_prints() -> None:
    _, inspection = disk.read(DEMO)
    e = inspection.areas["E"]
    assert e.comments
    quiet = inspection.model_copy(update={"areas": {**inspection.areas, "E": e.model_copy(update={"comments": {}})}})
    other = inspection.model_copy(update={"areas": {**inspection.areas, "E": e.model_copy(update={"narrative": "x"})}})
    assert quiet.fingerprint == inspection.fingerprint
    assert other.fingerprint != inspection.fingerprint


def test_paragraphs_are_separated_by_empty_lines() -> None:
    assert file.paragraphs("\n\nett\ntvå\n \t\n\ntre\n") == ("ett\ntvå", "tre")
    assert file.paragraphs(" \n ") == ()
