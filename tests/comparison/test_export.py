"""Files of the comparison: the same figures as the pages, typed, and never a formula whatever somebody is called."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.lists.sheets import CALCULATED, Column, Sheet, harmless, unguarded, xlsx
from app.places.models import Clinic
from reports.shown import shown
from tests.comparison.conftest import Land
from tests.comparison.recomputed import by_answer, by_grade
from tests.comparison.test_pages import Opened, opened, signed  # noqa: F401 - fixtures

Cell = str | float | date | None
NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "=cmd|' /C calc'!A0", " =1", "＝1")


def read(data: bytes) -> dict[str, list[list[Cell]]]:
    """A workbook as any program would read it, by the format alone. Fails where there is a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}
        assert not any("externalLink" in name or "hyperlink" in name.lower() for name in package.namelist())
    shared = ["".join(each.itertext()) for each in part["xl/sharedStrings.xml"].findall("s:si", NS)]
    styles = part["xl/styles.xml"]
    formats = {each.get("numFmtId"): each.get("formatCode") for each in styles.iterfind(".//s:numFmt", NS)}
    kinds = [formats.get(each.get("numFmtId"), "") for each in styles.iterfind("s:cellXfs/s:xf", NS)]
    names = [each.get("name") for each in part["xl/workbook.xml"].iterfind("s:sheets/s:sheet", NS)]
    sheets = [part[f"xl/worksheets/sheet{i}.xml"] for i in range(1, len(names) + 1)]
    assert not any(sheet.findall(".//s:f", NS) for sheet in sheets)
    return {name: list(_rows(sheet, shared, kinds)) for name, sheet in zip(names, sheets, strict=True)}


def _rows(sheet: Any, shared: list[str], kinds: list[str]) -> Iterator[list[Cell]]:
    for row in sheet.iterfind("s:sheetData/s:row", NS):
        cells: dict[int, Cell] = {}
        for cell in row.iterfind("s:c", NS):
            letters = re.match("[A-Z]+", cell.get("r"))[0]  # type: ignore[index]
            place = sum((ord(each) - 64) * 26**i for i, each in enumerate(reversed(letters))) - 1
            value = cell.findtext("s:v", namespaces=NS)
            if cell.get("t") == "s":
                cells[place] = shared[int(value)]
            elif kinds[int(cell.get("s", 0))]:
                cells[place] = date(1899, 12, 30) + timedelta(days=int(float(value)))
            else:
                cells[place] = float(value)
        yield [cells.get(i) for i in range(max(cells, default=-1) + 1)]


def as_rows(sheet: list[list[Cell]]) -> list[dict[str, Cell]]:
    head, *rows = sheet
    return [{str(name): (row[i] if i < len(row) else None) for i, name in enumerate(head)} for row in rows]


def fetched(land: Land, viewer: str = "office", asked: str = "") -> dict[str, list[dict[str, Cell]]]:
    answer = land.browser(getattr(land, viewer)).ask("GET", f"/jamfor/hamta/xlsx{asked}")
    assert answer.headers["content-disposition"] == 'attachment; filename="sporra-jamforelse.xlsx"'
    return {name: as_rows(sheet) for name, sheet in read(answer.content).items()}


# ── The same figures ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("viewer", ["office", "region"])
def test_every_unit_with_its_grades_as_typed_cells(land: Land, viewer: str) -> None:
    regions = land.regions if viewer == "office" else land.regions[:1]
    own = {each.id: each for each in land.reports if each.latest and each.region in regions}
    rows = fetched(land, viewer)["Enheter"]
    assert len(rows) == len(own)
    for row in rows:
        one = own.pop(str(row["Rapport"]).split("/")[2])
        assert row["Granskad"] == one.first
        assert row["Utgåva"] == one.edition
        assert row["Klinik"] == one.names["clinic"]
        assert row["Plan senast"] == (one.plan.due if one.plan else None)
        for area in one.rubric.areas:
            *before, now = one.grades[area.id]
            assert row[area.name] == (now or None)
            assert row[f"{area.code}, före"] == (" → ".join(before) or None)


def test_the_distributions_are_the_page_s(land: Land) -> None:
    latest = [each for each in land.reports if each.latest]
    rows = [row for row in fetched(land)["Områden"] if row["Uppdelning"] == "Alla"]
    assert len(rows) == 8
    for row in rows:
        counts = by_grade(latest, str(row["Område"])[0], -1)
        assert {name[-1]: count for name, count in row.items() if name.startswith("Gradering") and count} == counts


def test_a_region_s_file_tells_of_the_rest_what_its_page_tells_and_nothing_more(land: Land) -> None:
    found = fetched(land, "region")["Områden"]
    rest = {(row["Område"], row["Uppdelning"], row["Värde"]): row for row in found if row["Enheter"] == "Övriga landet"}
    assert rest
    told = [count for row in rest.values() for name, count in row.items() if name.startswith("Gradering") and count]
    assert min(told) >= 3  # type: ignore[type-var]
    page = land.browser(land.region).open("/jamfor/omraden?omrade=E")
    shown = {
        " ".join(cell.split())
        for cell in page.tree.xpath(
            "//tr[th[@scope='rowgroup' and contains(., 'Övriga')]]/following-sibling::tr/th/text()"
        )
    }
    values = {where for area, by, where in rest if str(area).startswith("E ") and by != "Alla"}
    assert values == shown
    assert not [row for row in fetched(land, "region", "?ar=2024")["Områden"] if row["Enheter"] == "Övriga landet"]


def test_criteria_with_their_answers(land: Land) -> None:
    latest = [each for each in land.reports if each.latest]
    for row in fetched(land)["Kriterier"]:
        counts = by_answer(latest, str(row["Kriterium"]))
        assert row["Tillfrågade"] == sum(counts.values())
        assert (row["Ej uppfyllt"], row["Delvis uppfyllt"]) == (counts.get("unmet", 0), counts.get("partly", 0))


def test_every_column_is_explained_and_the_choices_are_told(land: Land) -> None:
    some = next(each for each in land.reports if each.latest)
    sheets = fetched(land, "office", f"?specialitet={some.speciality}&ar={some.year}")
    told = {(row["Blad"], row["Kolumn"]) for row in sheets["Förklaring"]}
    for name in ("Enheter", "Områden", "Kriterier"):
        assert {(name, column) for row in sheets[name][:1] for column in row} <= told
    chosen = {row["Kolumn"]: row["Betydelse"] for row in sheets["Förklaring"] if row["Blad"] == "Urval"}
    assert chosen["Specialitet"] == some.names["speciality"]
    assert chosen["År"] == str(some.year)
    assert any("inga medelvärden" in str(row["Betydelse"]) for row in sheets["Förklaring"])


@pytest.mark.parametrize(
    ("sheet", "name"), [("enheter", "Enheter"), ("omraden", "Områden"), ("kriterier", "Kriterier")]
)
def test_the_csv_has_the_same_rows_as_the_workbook(land: Land, sheet: str, name: str) -> None:
    answer = land.browser(land.region).ask("GET", f"/jamfor/hamta/csv?blad={sheet}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    want = fetched(land, "region")[name]
    assert len(rows) == len(want)
    for row, cells in zip(rows, want, strict=True):
        said = [
            "" if cell is None else str(int(cell)) if isinstance(cell, float) else str(cell) for cell in cells.values()
        ]
        assert [text.removeprefix("'") for text in row[: len(said)]] == said
    assert head[: len(want[0])] == list(want[0])


# ── Never a formula ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", HOSTILE)
def test_a_clinic_may_be_called_anything(opened: Opened, name: str) -> None:  # noqa: F811
    with opened.draft.database.writing() as session:
        clinic = session.get_one(Clinic, opened.draft.place.clinic)
        clinic.name = name  # whatever a form would have made of it
    book = opened.browser.ask("GET", "/jamfor/hamta/xlsx").content
    [row] = as_rows(read(book)["Enheter"])
    assert row["Klinik"] == name
    text = opened.browser.ask("GET", "/jamfor/hamta/csv").content.decode("utf-8-sig")
    _, row_ = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert f"'{name}" in row_


@given(st.text(max_size=20))
def test_no_text_is_a_formula(text: str) -> None:
    told = harmless(text)
    assert not told.lstrip(" \u00a0\u3000").startswith(CALCULATED)
    assert unguarded(told) == shown(text)
    [_, *rows] = read(xlsx([Sheet("A", [Column("B", "")], [[text]])], "A"))["A"]
    assert rows == [[shown(text)]]


def test_the_same_figures_give_the_same_bytes(land: Land) -> None:
    browser = land.browser(land.office)
    assert len({browser.ask("GET", "/jamfor/hamta/xlsx").content for _ in range(2)}) == 1
