"""A list that somebody sends in: from xlsx or CSV to rows by the names of their columns.

Columns stand in any order and are found by their names, whatever the case. What cannot be used is told cell by cell;
what nobody asked for is told and left alone. Limits are held while it is read.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from pydantic import TypeAdapter, ValidationError

from app.errors import TooLarge, Unacceptable
from app.lists.sheets import unguarded
from app.lists.workbook import Cell, Row, opened
from app.papers.kinds import EMPTY, OLD_OFFICE, XLSX, office

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000

TOO_LARGE = "Filen är större än 2 MB. Dela upp den i flera."
TOO_MANY = "Filen har fler än 5 000 rader. Dela upp den i flera."
NO_TABLE = "Filen är varken xlsx eller CSV. Spara den som Excel-arbetsbok (.xlsx) eller CSV."
NO_CSV = "Filen går inte att läsa som CSV. Spara den som Excel-arbetsbok (.xlsx) i stället."
NO_ROWS = "Filen har inga rader under rubrikerna."


class NotUnderstood(Exception):
    """A row that cannot be used, with a sentence about why."""


@dataclass(frozen=True)
class Line:
    """A row with its number in the file, its texts by column, and why some of them are not to be used."""

    number: int
    cells: Mapping[str, str]
    wrong: Sequence[str] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fit(self, column: str, kind: TypeAdapter[str]) -> str:
        """What stands there, made ready to be kept; "" where nothing does. Raises NotUnderstood."""
        try:
            return kind.validate_python(self[column]) if self[column] else ""
        except ValidationError as error:
            raise NotUnderstood(f"{column}: {error.errors()[0]['msg']}") from None


@dataclass(frozen=True)
class Table:
    lines: Sequence[Line]
    notes: Sequence[str] = ()  # what of the file was not read


def read(content: bytes, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Table:
    """`columns` by their names, with what else they are called. Raises a Refusal with a sentence where the file is none
    that can be read, or lacks a column that is `needed`."""
    known = {_key(each): name for name, others in columns.items() for each in (name, *others)}
    if len(content) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    if not content:
        raise Unacceptable(EMPTY)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unacceptable(OLD_OFFICE)
    if not content.startswith(b"PK\x03\x04"):
        return _table(_from_csv(content, known), known, needed, [])
    if office(content) != XLSX:
        raise Unacceptable(NO_TABLE)
    book = opened(content)
    unread = [f"Bara bladet ”{book.sheet}” är läst, inte {_listed(book.others)}."] if book.others else []
    return _table(book.rows, known, needed, unread)


def _table(rows: Iterator[Row], known: Mapping[str, str], needed: Sequence[str], notes: list[str]) -> Table:
    _, head = next(rows, (0, {}))
    names = {at: known.get(_key(cell.text), "") for at, cell in head.items()}
    found = [name for name in names.values() if name]
    if missing := [name for name in needed if name not in found]:
        raise Unacceptable(f"Filen saknar kolumnen {_listed(missing)}. Rubrikerna ska stå på den första raden.")
    if twice := {name for name in found if found.count(name) > 1}:
        raise Unacceptable(f"Kolumnen {_listed(sorted(twice))} finns två gånger. Ta bort den ena.")
    if unknown := [cell.text for at, cell in head.items() if not names[at]]:
        notes.append(f"Kolumnen {_listed(unknown)} är inte läst.")
    lines = []
    for number, cells in rows:
        if line := _line(number, {name: cells[at] for at, name in names.items() if name and at in cells}):
            lines.append(line)
        if len(lines) > MOST_ROWS:
            raise Unacceptable(TOO_MANY)
    if not lines:
        raise Unacceptable(NO_ROWS)
    return Table(lines, notes)


def _line(number: int, cells: Mapping[str, Cell]) -> Line | None:
    texts = {name: text for name, cell in cells.items() if (text := cell.text.strip())}
    wrong = [f"{name} {cell.told}" for name, cell in cells.items() if cell.told]
    return Line(number, texts, wrong) if texts or wrong else None


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _listed(names: Sequence[str]) -> str:
    """At most some of them, each as it stands: a heading may be anything."""
    some = [f"”{name[:60]}”" for name in names[:5]] + (["…"] if len(names) > 5 else [])
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} och {some[-1]}"


# ── CSV ───────────────────────────────────────────────────────────────────────────────────


def _from_csv(content: bytes, known: Mapping[str, str]) -> Iterator[Row]:
    text = re.sub(r"\Asep=.\r?\n", "", _decoded(content))

    def fit(delimiter: str) -> int:
        _, head = next(_records(text, delimiter), (0, {}))
        return sum(_key(cell.text) in known for cell in head.values())

    return _records(text, max(";\t,", key=fit))


def _decoded(content: bytes) -> str:
    """UTF-8, with its mark or without; UTF-16 with its mark; else as a Swedish Excel has saved CSV for thirty years."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unacceptable(NO_TABLE)


def _records(text: str, delimiter: str) -> Iterator[Row]:
    records, number = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), count(1)
    try:
        for record in records:
            at = next(number)
            if any(each.strip() for each in record):
                yield at, {i: Cell(unguarded(each)) for i, each in enumerate(record) if each}
    except csv.Error:
        raise Unacceptable(NO_CSV) from None
