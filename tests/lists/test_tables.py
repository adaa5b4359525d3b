"""What a list may look like when it is sent in: CSV as programs save it, xlsx as it lies, and both as attackers would."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from app.errors import Refusal
from app.lists import preview
from app.lists.alike import Names
from app.lists.sheets import Column, Sheet, csv, xlsx
from app.lists.tables import MOST_ROWS, NO_CSV, NO_ROWS, TOO_LARGE, TOO_MANY, Table, read
from app.papers.kinds import BROKEN, OLD_OFFICE, SWELLS

COLUMNS = {"Namn": ("Heter",), "E-post": ()}


def table(content: bytes) -> Table:
    return read(content, COLUMNS, ("Namn",))


def cells(content: bytes) -> list[dict[str, str]]:
    return [dict(each.cells) for each in table(content).lines]


def told(content: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        table(content)
    return refused.value.told


def a_book(fill: Callable[[Any, Any], None]) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Blad")
    sheet.write_row(0, 0, ["Namn", "E-post"])
    fill(book, sheet)
    book.close()
    return out.getvalue()


# ── CSV ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_as_programs_save_it(encoding: str, delimiter: str) -> None:
    text = f'e-POST{delimiter} heter {delimiter}Annat\r\nå@b.se{delimiter}"Åsa{delimiter} Öst"{delimiter}x\r\n'
    assert cells(text.encode(encoding)) == [{"E-post": "å@b.se", "Namn": f"Åsa{delimiter} Öst".strip()}]
    assert table(text.encode(encoding)).notes == ["Kolumnen ”Annat” är inte läst."]


def test_rows_are_numbered_as_the_program_shows_them() -> None:
    found = table(b'Namn\r\n\r\n"Al\r\nva"\r\n\r\nBo\r\n')
    assert [(each.number, each["Namn"]) for each in found.lines] == [(3, "Al\r\nva"), (5, "Bo")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Filen är tom."),
        (b"\0\0\0", "varken xlsx eller CSV"),
        (b"\x81\x8d", "varken xlsx eller CSV"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, OLD_OFFICE),
        (b"%PDF-1.7\n", "Filen saknar kolumnen ”Namn”."),
        (b"Namn;Namn\nA;B", "Kolumnen ”Namn” finns två gånger."),
        (b"Namn\n\n", NO_ROWS),
        (b'Namn\n"A" b"', NO_CSV),
        (b'Namn\n"' + b"a" * 200_000, NO_CSV),
        (b"Namn\n" + b"A\n" * (MOST_ROWS + 1), TOO_MANY),
        (b"Namn\n" + b"A" * 2_000_000, TOO_LARGE),
    ],
    ids=lambda each: str(each)[:20],
)
def test_what_is_no_list_is_told(content: bytes, why: str) -> None:
    assert why in told(content)


# ── xlsx ──────────────────────────────────────────────────────────────────────────────────


def test_cells_are_texts_and_what_is_none_says_so() -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "d mmm yyyy"})
        sheet.write_number(1, 0, 1177)
        sheet.write_number(1, 1, 2.5)
        sheet.write_formula(2, 0, '="Al"&"va"', None, "Alva")
        sheet.write_datetime(3, 0, datetime(2026, 1, 2), day)  # noqa: DTZ001
        sheet.write_boolean(4, 0, True)
        sheet.write_formula(5, 0, "=1/0", None, "#DIV/0!")
        sheet.write_rich_string(6, 0, "Al", book.add_format({"bold": True}), "va")
        book.add_worksheet("Hemligt").hide()

    found = table(a_book(fill))
    assert [dict(each.cells) for each in found.lines[:2]] == [{"Namn": "1177", "E-post": "2,5"}, {"Namn": "Alva"}]
    wrong = [(each.number, each.wrong[0].split(".")[0]) for each in found.lines if each.wrong]
    assert wrong == [
        (4, "Namn är ett datum"),
        (5, "Namn är ett SANT eller FALSKT"),
        (6, "Namn innehåller ett fel ur kalkylarket"),
    ]
    assert found.lines[-1]["Namn"] == "Alva"
    assert found.notes == ["Bara bladet ”Blad” är läst, inte ”Hemligt”."]


def test_the_first_sheet_that_is_shown_is_read() -> None:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    hidden, shown = book.add_worksheet("Dolt"), book.add_worksheet("Synligt")
    hidden.write_column(0, 0, ["Namn", "Fel"])
    shown.write_column(0, 0, ["Namn", "Rätt"])
    shown.activate()
    shown.set_first_sheet()
    hidden.hide()
    book.close()
    assert cells(out.getvalue()) == [{"Namn": "Rätt"}]


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The same package with a part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            text = old.read(each).decode()
            new.writestr(each, change(text) if each == part else text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ONE = a_book(lambda _, sheet: sheet.write(1, 0, "Alva"))


def test_a_cell_far_away_takes_no_memory() -> None:
    """Nothing is laid out: a library that does so takes the whole process with it for this file of 5 kB."""
    far = a_book(lambda _, sheet: (sheet.write(1, 0, "Alva"), sheet.write(1_048_575, 16_383, "y")))
    assert cells(far) == [{"Namn": "Alva"}]


@pytest.mark.parametrize(
    ("part", "change", "why"),
    [
        (SHEET, lambda text: text.replace('t="s"><v>0', 't="s"><v>99'), BROKEN),
        (SHEET, lambda text: text[:-40], BROKEN),
        ("xl/workbook.xml", lambda _: "<workbook/>", BROKEN),
        ("xl/_rels/workbook.xml.rels", lambda text: text.replace("sheet1", "../../etc/passwd"), BROKEN),
        (SHEET, lambda text: text.replace("<sheetData>", f"<sheetData>{'<row/>' * 4_000_000}"), SWELLS),
        ("xl/workbook.xml", lambda text: text.replace("<sheet ", '<sheet state="hidden" '), BROKEN),
    ],
)
def test_a_workbook_that_lies_is_told(part: str, change: Callable[[str], str], why: str) -> None:
    assert told(changed(ONE, part, change)) == why


def test_entities_are_not_followed() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    book = changed(
        ONE,
        "xl/sharedStrings.xml",
        lambda text: text.replace("<sst", f"{bomb}<sst").replace("Alva", "Al&b;va"),
    )
    try:
        assert cells(book)[0]["Namn"] in ("Al", "Alva")
    except Refusal as refused:
        assert refused.told == BROKEN  # noqa: PT017


# ── Out and in ────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.text("=+-@'＝ \tA;,\"\nå\u00a0", max_size=8), min_size=1, max_size=5))
def test_what_is_taken_out_comes_back_as_it_was(names: list[str]) -> None:
    names = [each.strip() for each in names]
    sheet = Sheet("A", [Column("Namn", ""), Column("E-post", "")], [[each, "x"] for each in names])
    for content in (csv(sheet), xlsx([sheet], "A")):
        assert [each["Namn"].replace("\r\n", "\n") for each in table(content).lines] == names


@given(st.binary(max_size=500))
def test_what_goes_along_with_the_preview_comes_back(content: bytes) -> None:
    assert preview.unpacked(preview.packed(content)) == content


@pytest.mark.parametrize("text", ["", "x", "å", preview.packed(b"A" * 2_000_001), preview.packed(b"abc")[:-6]])
def test_what_no_preview_has_made_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="kom inte fram hel"):
        preview.unpacked(text)


# ── Alike ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("there", "new", "alike"),
    [
        ("Länssjukhuset i Kalmar", "Kalmar lasarett", True),
        ("Region Kalmar län", "Region Kalmar", True),
        ("Medicinkliniken", "Medicinklinken", True),
        ("Medicinkliniken", "medicinkliniken", True),
        ("Vårdcentralen Ängen", "Vardcentralen Angen", True),
        ("Medicinkliniken", "Kirurgkliniken", False),
        ("Medicin 1", "Medicin 2", False),
        ("Vårdcentralen Norr", "Vårdcentralen Söder", False),
        ("Sahlgrenska Östra", "Sahlgrenska Mölndal", False),
        ("Radiologi", "Neuroradiologi", False),
    ],
)
def test_names_that_look_the_same_are_told(there: str, new: str, alike: bool) -> None:
    assert Names([there]).like(new) == (there if alike else None)
