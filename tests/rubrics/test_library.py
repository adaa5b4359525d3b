"""Rubrics on disk: what is wrong is told with its line, and what is published is never changed."""

import json
from pathlib import Path

import pytest

from rubrics.library import OWN_FOLDER, Library
from rubrics.problems import DataError
from tests.paths import CASES

ST = OWN_FOLDER / "st-spur" / "2015-8.yaml"


def _copy(folder: Path, *changes: tuple[str, str], name: str = "2015-8.yaml") -> Path:
    text = ST.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "st-spur" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _told(path: Path, library: Library | None = None) -> list[str]:
    with pytest.raises(DataError) as caught:
        (library or Library()).read(path)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")


WRONG = [
    ("title: ST-SPUR", "titel: ST-SPUR", "titel: nyckeln titel finns inte. Menas title?"),
    ("edition: 1", "edition: '1'", "edition: 1 passar inte. Skriv ett heltal utan citattecken."),
    ("edition: 1", "edition: 0", "edition: 0 är för litet. Skriv 1 eller större."),
    ("status: published", "status: klar", "status: klar går inte att välja. Välj 'draft', 'published' eller 'retired'."),
    ("language: sv", "language: svenska", "language: svenska passar inte. Skriv en språkkod, som sv eller en-GB."),
    ("programme: ST", "programme: 2015", 'programme: 2015 läses inte som text. Sätt citattecken om det: "2015".'),
    ("programme: ST", "programme: true", 'programme: true läses inte som text. Sätt citattecken om det: "true".'),
    ("id: A-F2", "id: A-F1", "parts[0].areas[0].groups[0].criteria[1].id: kriteriet A-F1 står två gånger. Varje id används en gång."),
    ("kind: AR, when: any", "kind: XX, when: any", "ladder[1].kind: XX finns inte i kinds. Där finns: F, AR, KI."),
    ("of: [partly, unmet]", "of: [partly]", "ladder[0].of: ett bättre svar skulle kunna ge en sämre gradering. Ta med varje svar som är sämre än partly."),
    ("of: [partly, unmet]", "of: [met, partly, unmet]", "ladder[0].of: met är det bästa svaret och kan inte sänka en gradering."),
    ("of: [partly, unmet]", "of: [unmet, na]", "ladder[0].of: na finns inte i answers som räknas. Där finns: met, partly, unmet."),
    ("{shortfall}", "{brist}", "regraded.plan: {brist} betyder inget här. Det som byts ut är {shortfall} och {grade}."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), WRONG, ids=[case[2][:60] for case in WRONG])
def test_what_is_wrong_in_a_rubric_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = _copy(tmp_path, (old, new))
    changed = [i for i, pair in enumerate(zip(_lines(ST), _lines(path), strict=True), 1) if pair[0] != pair[1]]
    assert f"{changed[0]}: {told}" in _told(path)


def test_a_grade_that_the_ladder_can_reach_must_be_offered(tmp_path: Path) -> None:
    b = "          - grade: B\n            text: Socialstyrelsens föreskrifter och allmänna råd följs.\n"
    path = _copy(tmp_path, (b, ""))
    assert [told.partition(": ")[2] for told in _told(path)] == [
        "parts[0].areas[1].grades: trappan kan ge B i området B, som inte erbjuder den. Lägg till dess text."
    ]


def test_an_offered_grade_beyond_the_ladder_is_a_warning(tmp_path: Path) -> None:
    path = _copy(tmp_path, ("  - {grade: B, kind: KI", "  - {grade: A, kind: KI"))
    assert [str(warning).partition(": ")[2] for warning in Library().read(path).warnings] == [
        f"parts[{p}].areas[{a}].grades[1]: trappan kan aldrig ge B i området {id}; den kan bara väljas av en människa."
        for p, a, id in ((0, 1, "B"), (0, 2, "C"), (1, 0, "D"), (1, 1, "E"), (1, 3, "G"))
    ]


def test_every_slip_in_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = _copy(tmp_path, ("title: ST-SPUR", "titel: ST-SPUR"), ("language: sv", "language: 1"))
    assert [told.partition(": ")[2].split(":")[0] for told in _told(path)] == ["title", "titel", "language"]


def test_the_same_edition_twice_is_an_error(tmp_path: Path) -> None:
    path = _copy(tmp_path)
    with pytest.raises(DataError, match="samma utgåva finns två gånger"):
        Library([tmp_path]).rubric("st-spur/2015-8@1")
    older = _copy(tmp_path, name="2015-8@1.yaml")
    assert [told.partition(": ")[2] for told in _told(older)] == [
        "edition: utgåva 1 finns redan i 2015-8.yaml. Höj edition."
    ]
    assert [told.partition(": ")[2] for told in _told(path)] == [
        "edition: utgåva 1 finns redan i 2015-8@1.yaml. Höj edition."
    ]


def test_the_newest_edition_is_found_by_its_id_and_older_ones_by_number(tmp_path: Path) -> None:
    newer = _copy(tmp_path, ("id: st-spur/2015-8", "id: st-spur/egen"), ("edition: 1", "edition: 3"), name="egen.yaml")
    _copy(tmp_path, ("id: st-spur/2015-8", "id: st-spur/egen"), ("edition: 1", "edition: 2"), name="egen@2.yaml")
    library = Library([tmp_path])
    assert library.rubric("st-spur/egen") == library.read(newer).rubric
    assert library.rubric("st-spur/egen@2").edition == 2
    with pytest.raises(DataError, match=r"den utgåvan finns inte\. Det som finns: st-spur/egen@3, st-spur/egen@2"):
        library.rubric("st-spur/egen@9")


@pytest.mark.parametrize(
    "reference", ["../../etc/passwd", "st-spur/../at-spur/utkast", "saknas/saknas@1", "", "@", "a/b/c"]
)
def test_what_is_not_there_is_told_with_what_is(reference: str) -> None:
    with pytest.raises(DataError, match=r"granskningsmodellen finns inte\. De som finns: .*st-spur/2015-8"):
        Library().rubric(reference)


def test_an_id_must_be_its_path(tmp_path: Path) -> None:
    path = _copy(tmp_path, name="annat.yaml")
    assert [told.partition(": ")[2] for told in _told(path)] == [
        "id: filen ska ligga på en sökväg som slutar på st-spur/2015-8.yaml, som dess id."
    ]


# ── Freezing ──────────────────────────────────────────────────────────────────────────────


def test_a_published_edition_is_frozen(tmp_path: Path) -> None:
    path = _copy(tmp_path)
    library = Library()
    assert library.publish([path]) == ["st-spur/2015-8@1"]
    assert library.publish([path]) == ["st-spur/2015-8@1"]  # again, and nothing changes
    path.write_bytes(path.read_bytes() + b"# en ny rad\n")
    assert _told(path) == [
        "7: st-spur/2015-8@1 är publicerad och har ändrats sedan dess. "
        "Återställ filen, och gör ändringen som en ny utgåva."
    ]
    with pytest.raises(DataError, match="har ändrats sedan dess"):
        library.publish([path])


def test_what_is_published_beside_a_lock_must_be_in_it(tmp_path: Path) -> None:
    path = _copy(tmp_path)
    (tmp_path / "published.lock").write_text("")
    assert [told.partition(": ")[2] for told in _told(path)] == [
        "status: utgåvan är publicerad men inte låst i published.lock. Kör: sporra rubric publish FIL."
    ]


@pytest.mark.parametrize(
    "line", ["skräp", f"{'0' * 64} st-spur/2015-8@1", f"{'0' * 64}  a/b@1\n{'1' * 64}  a/b@1", "\xff"]
)
def test_a_lock_that_is_not_understood_is_never_passed_over(tmp_path: Path, line: str) -> None:
    path = _copy(tmp_path)
    (tmp_path / "published.lock").write_bytes(f"{line}\n".encode("latin-1"))
    for attempt in (Library().read, lambda path: Library().publish([path])):
        with pytest.raises(DataError, match="raden är inte en sha256 och en utgåva"):
            attempt(path)


def test_all_or_none_are_published(tmp_path: Path) -> None:
    good = _copy(tmp_path)
    bad = _copy(tmp_path, ("id: st-spur/2015-8", "id: st-spur/egen"), ("language: sv", "language: 1"), name="egen.yaml")
    with pytest.raises(DataError):
        Library().publish([good, bad])
    assert not (tmp_path / "published.lock").exists()


def test_only_a_whole_rubric_is_published(tmp_path: Path) -> None:
    path = _copy(tmp_path, ("kind: AR, when: any", "kind: XX, when: any"))
    with pytest.raises(DataError, match="XX finns inte"):
        Library().publish([path])
    assert not (tmp_path / "published.lock").exists()


def test_every_frozen_edition_is_still_there() -> None:
    for line in (OWN_FOLDER / "published.lock").read_text("utf-8").split("\n")[:-1]:
        assert Library().rubric(line.split()[1]).status in ("published", "retired")


# ── Overlays ──────────────────────────────────────────────────────────────────────────────


def _overlay(folder: Path, **changes: object) -> Path:
    content = {
        "id": "egna/tillagg",
        "edition": 1,
        "status": "draft",
        "title": "Tillägg",
        "extends": "st-spur/2015-8@1",
        "criteria_added": [{"area": "G", "kind": "KI", "criteria": [{"id": "G-KI5", "text": "Ny."}]}],
    }
    path = folder / "egna" / "tillagg.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**content, **changes}, ensure_ascii=False, indent=1), "utf-8")
    return path


def test_an_overlay_is_the_base_with_what_it_adds(tmp_path: Path) -> None:
    base = Library().rubric("st-spur/2015-8@1")
    rubric = Library().read(_overlay(tmp_path)).rubric
    assert (rubric.reference, rubric.title, rubric.report_title) == ("egna/tillagg@1", "Tillägg", base.report_title)
    assert [*rubric.area_of] == [*list(base.area_of)[:56], "G-KI5", *list(base.area_of)[56:]]


def test_added_criteria_of_a_new_kind_come_last_in_their_area() -> None:
    area = Library([CASES / "rubrics"]).rubric("tillagg/med-text").area("A")
    assert area is not None
    assert [group.kind for group in area.groups] == ["F", "KI"]
    assert area.offered == ("A", "B", "D")


ADDED = {"area": "A", "kind": "KI", "criteria": [{"id": "A-KI1", "text": "x"}, {"id": "A-KI2", "text": "y"}]}
WRONG_OVERLAYS = [
    ({"extends": "st-spur/2015-8@7"}, "extends: st-spur/2015-8@7: den utgåvan finns inte. Det som finns: st-spur/2015-8@1."),
    ({"extends": "egna/tillagg@1"}, "extends: tillägget bygger i sista hand på sig självt."),
    ({"extends": "st-spur/2015-8"}, "extends: st-spur/2015-8 passar inte. Skriv familj/namn@utgåva, som st-spur/2015-8@1."),
    ({"criteria_added": [{**ADDED, "area": "Q"}]}, "criteria_added[0].area: området Q finns inte i st-spur/2015-8@1. Där finns: A, B, C, D, E, F, G, H."),
    ({"criteria_added": [{**ADDED, "kind": "Q"}]}, "criteria_added[0].kind: Q finns inte i st-spur/2015-8@1. Där finns: F, AR, KI."),
    ({"criteria_added": [{**ADDED, "criteria": [{"id": "A-F1", "text": "x"}]}]}, "criteria_added[0].criteria[0].id: A-F1 finns redan i st-spur/2015-8@1. Numrera vidare i området."),
    ({"criteria_added": [ADDED]}, "criteria_added[0]: trappan kan ge B i området A, som inte erbjuder den. Lägg till dess text."),
    ({"grades_added": [{"area": "G", "grade": "A", "text": "x"}]}, "grades_added[0].grade: området G erbjuder redan A. Dess text ändras inte av ett tillägg."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), WRONG_OVERLAYS, ids=[case[1][:60] for case in WRONG_OVERLAYS])
def test_what_is_wrong_in_an_overlay(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    assert [each.partition(": ")[2] for each in _told(_overlay(tmp_path, **changes))] == [told]


def test_an_overlay_on_an_edition_that_lies_in_two_places_is_refused(tmp_path: Path) -> None:
    _copy(tmp_path)
    told = _told(_overlay(tmp_path), Library([tmp_path]))
    assert "samma utgåva finns två gånger" in told[0]


def test_overlays_on_overlays_end_somewhere(tmp_path: Path) -> None:
    before = "st-spur/2015-8@1"
    for i in range(11):
        path = _overlay(tmp_path, id=f"egna/t{i}", extends=before, criteria_added=[])
        path = path.rename(path.with_name(f"t{i}.yaml"))
        before = f"egna/t{i}@1"
        if i == 9:
            assert Library([tmp_path]).read(path).rubric.reference == before
    assert [each.partition(": ")[2] for each in _told(path, Library([tmp_path]))] == [
        "extends: mer än 10 tillägg på varandra. Slå ihop några."
    ]
