"""Tables as files: xlsx with typed cells, and CSV as a Swedish Excel opens it (UTF-8 with its mark, semicolons).

What people typed is never a formula. In xlsx a text is stored as a text, whatever it begins with. CSV has no types, so
a text that a spreadsheet would calculate gets an apostrophe first; `unguarded` takes it away again.
"""

import csv as writer
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook

from reports.shown import shown

Value = str | int | date | None


@dataclass(frozen=True)
class Column:
    name: str
    meaning: str
    width: int = 14


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]


CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n")
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the format's own date: the same figures give the same bytes


def csv(sheet: Sheet) -> bytes:
    out = io.StringIO()
    to = writer.writer(out, delimiter=";", lineterminator="\r\n", quoting=writer.QUOTE_MINIMAL)
    to.writerow([harmless(column.name) for column in sheet.columns])
    to.writerows([harmless(value) for value in row] for row in sheet.rows)
    return ("\ufeff" + out.getvalue()).encode()


def harmless(value: Value) -> str:
    if isinstance(value, str):
        return guarded(shown(value))
    return "" if value is None else str(value)


def guarded(text: str) -> str:
    """With an apostrophe first where a spreadsheet would calculate; and where there is one already, so that each text
    can be had back."""
    return f"'{text}" if _calculated(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _calculated(text) else text


def _calculated(text: str) -> bool:
    # Excel looks past blanks, and at full-width signs too
    begins = text.lstrip("'").lstrip(" \u00a0\u3000").translate(_WIDE)[:1]
    return begins in CALCULATED


_WIDE = {0xFF1D: "=", 0xFF0B: "+", 0xFF0D: "-", 0xFF20: "@"}


def xlsx(sheets: Sequence[Sheet], title: str) -> bytes:
    """Row by row, so that many rows take little memory."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": MADE, "title": title})
    bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        to = book.add_worksheet(sheet.name)
        to.freeze_panes(1, 0)
        to.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        for i, column in enumerate(sheet.columns):
            to.set_column(i, i, column.width)
            to.write_string(0, i, shown(column.name), bold)
        for number, row in enumerate(sheet.rows, 1):
            for i, value in enumerate(row):
                _write(to, number, i, value, day)
    book.close()
    return out.getvalue()


def _write(to: Any, row: int, column: int, value: Value, day: Any) -> None:
    if isinstance(value, str):
        to.write_string(row, column, shown(value)[:32_767])  # as long as a cell can be
    elif isinstance(value, date):
        to.write_datetime(row, column, value, day)
    elif value is not None:
        to.write_number(row, column, value)
