"""A document as PDF: PDF/A-2a (for the archive) and PDF/UA-1 (for every reader) at once.

Typst draws it; here lives what makes the file the same on every machine and at every time: own
fonts only, and a date from the content. The looks are `house/report.typ`.
"""

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import typst

from reports.blocks import Document
from reports.fonts import FONTS
from reports.pdf_data import data_of

_HOUSE = Path(__file__).parent / "house"
_NO_DAY = date(2000, 1, 1)  # a form is older than any visit; the file must have a date


def write(document: Document) -> bytes:
    made: bytes = typst.compile(
        _HOUSE / "report.typ",
        root=_HOUSE,
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(data_of(document), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.combine(document.day or _NO_DAY, datetime.min.time(), UTC),
    )
    return made


@cache
def _fonts() -> typst.Fonts:
    """Our own faces and no other: the same glyphs, and so the same lines and pages, on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
