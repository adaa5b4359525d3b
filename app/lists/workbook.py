"""The cells of an xlsx as texts, a row at a time.

Read by the format alone, and counted while it is read. A library that lays a sheet out in memory (calamine) takes the
whole server with it for a file of 5 kB that has a cell at XFD1048576, and the one that reads by the row (openpyxl) has
had no release since June 2024. What we need of the format is this page.

A formula is read as the value that was stored with it: that is what whoever sent the file saw. A cell that is a date, a
yes or no, or an error says so instead of becoming a text that nobody wrote.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from app.errors import Unacceptable
from app.papers.kinds import BROKEN, SWELLS

MOST_UNPACKED = 20_000_000  # bytes of one part; 5,000 rows are a tenth of it

DATE = "är ett datum. Skriv det som text, med ’ först i cellen."
YES_NO = "är ett SANT eller FALSKT. Skriv det som text."
ERROR = "innehåller ett fel ur kalkylarket. Skriv det som ska stå där."
FORMULA = "är en formel som inte är uträknad. Skriv det som ska stå där."

# Excel's own formats for days and times, and what one of somebody's own is made of.
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_WORDS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_REF = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Cell:
    """`told` says why the text is not to be used."""

    text: str
    told: str = ""


Row = tuple[int, Mapping[int, Cell]]  # its number as the program shows it, and its cells by their column


@dataclass(frozen=True)
class Workbook:
    rows: Iterator[Row]  # of the first sheet that is shown
    sheet: str
    others: Sequence[str]  # the names of the sheets that are not read


def opened(content: bytes) -> Workbook:
    """Raises a Refusal where it cannot be read, also while its rows are."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _opened(package)
    except _NOT_READABLE:
        raise Unacceptable(BROKEN) from None


_NOT_READABLE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, etree.LxmlError, KeyError,
    ValueError, IndexError, TypeError, AttributeError,
)  # fmt: skip


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """What the list of contents says of a part's size is as much as is read of it, whatever is in it."""
    if package.getinfo(name).file_size > MOST_UNPACKED:
        raise Unacceptable(SWELLS)
    return package.read(name)


def _opened(package: zipfile.ZipFile) -> Workbook:
    there = set(package.namelist())
    links = _each(_part(package, "xl/_rels/workbook.xml.rels"), "Relationship")
    targets = {each.get("Id"): each.get("Target", "").removeprefix("/") for each in links}
    sheets = [dict(each.attrib) for each in _each(_part(package, "xl/workbook.xml"), "sheet")]
    shown, *_ = (each for each in sheets if each.get("state", "visible") == "visible")
    [id] = (value for key, value in shown.items() if etree.QName(key).localname == "id")
    path = targets[id] if targets[id].startswith("xl/") else f"xl/{targets[id]}"
    texts, styles = (name in there and _part(package, name) for name in ("xl/sharedStrings.xml", "xl/styles.xml"))
    shared = [_text(each) for each in _each(texts, "si")] if texts else []
    rows = _rows(_part(package, path), shared, _dates(styles) if styles else frozenset())
    return Workbook(rows, shown["name"], [each["name"] for each in sheets if each is not shown])


def _each(part: bytes, tag: str) -> Iterator[Any]:
    safe: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    safe |= {"remove_comments": True, "remove_pis": True}
    for _, element in etree.iterparse(BytesIO(part), tag=f"{{*}}{tag}", **safe):
        yield element
        element.clear()
        while element.getprevious() is not None:  # what is done with takes no memory
            del element.getparent()[0]


def _text(element: Any) -> str:
    """Of a text that may be in pieces; not how it is pronounced. Loops are several times as quick as lxml's paths."""
    pieces = [each for child in element for each in (child, *child) if child.tag.endswith(("}t", "}r"))]
    return "".join(each.text or "" for each in pieces if each.tag.endswith("}t"))


def _dates(styles: bytes) -> frozenset[int]:
    """Which styles show a number as a day or a time."""
    tree = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    own = {int(each.get("numFmtId") or 0): each.get("formatCode", "") for each in tree.iterfind("{*}numFmts/{*}numFmt")}
    kinds = [int(each.get("numFmtId") or 0) for each in tree.iterfind("{*}cellXfs/{*}xf")]
    return frozenset(i for i, kind in enumerate(kinds) if kind in _DATES or _is_date(own.get(kind, "")))


def _is_date(code: str) -> bool:
    return any(letter in _WORDS.sub("", code).lower() for letter in "ymdhs") and "general" not in code.lower()


def _rows(sheet: bytes, shared: Sequence[str], dates: frozenset[int]) -> Iterator[Row]:
    number = 0
    try:
        for row in _each(sheet, "row"):
            number = _number(row.get("r"), number + 1)
            if cells := _cells(row, shared, dates):
                yield number, cells
    except _NOT_READABLE:
        raise Unacceptable(BROKEN) from None


def _number(told: str | None, next: int) -> int:
    return int(told) if told and re.fullmatch(r"\d{1,7}", told) and int(told) >= next else next


def _cells(row: Any, shared: Sequence[str], dates: frozenset[int]) -> dict[int, Cell]:
    cells, at = {}, -1
    for each in row:
        if each.tag.endswith("}c"):
            placed = _REF.fullmatch(each.get("r") or "")
            at = _column(placed[1]) if placed else at + 1
            cell = _cell(each, shared, dates)
            if cell.text or cell.told:
                cells[at] = cell
    return cells


def _column(letters: str) -> int:
    at = 0
    for each in letters:
        at = at * 26 + ord(each) - 64
    return at - 1


def _cell(cell: Any, shared: Sequence[str], dates: frozenset[int]) -> Cell:
    kind, inside = cell.get("t", "n"), {each.tag.rpartition("}")[2]: each for each in cell}
    if kind == "inlineStr":
        return Cell(_text(inside["is"]) if "is" in inside else "")
    if not (value := inside["v"].text if "v" in inside else ""):
        return Cell("", FORMULA if "f" in inside and kind != "str" else "")
    match kind:
        case "s":
            return Cell(shared[int(value)])
        case "str":
            return Cell(value)
        case "b":
            return Cell(value, YES_NO)
        case "e":
            return Cell(value, ERROR)
        case "d":
            return Cell(value, DATE)
        case _:
            return Cell(value, DATE) if int(cell.get("s", 0)) in dates else Cell(_digits(value))


def _digits(value: str) -> str:
    """A number as it was typed: 1177 and not 1177.0."""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else value.replace(".", ",")
