"""The formats that a document can be written in: the one list of them.

The command line, the menus, the API and the tests follow from FORMATS.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reports import to_docx, to_html, to_pdf, to_text
from reports.blocks import Document
from reports.shown import each_text, shown


@dataclass(frozen=True)
class Format:
    name: str  # as a person calls it
    media_type: str
    writer: Callable[[Document], bytes]


FORMATS = {
    "docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        to_docx.write,
    ),
    "pdf": Format("PDF", "application/pdf", to_pdf.write),
    "html": Format("Webbsida", "text/html; charset=utf-8", to_html.write),
    "txt": Format("Text", "text/plain; charset=utf-8", to_text.write),
}


def write(document: Document, format: str) -> bytes:
    """The document in one of FORMATS. The same document gives the same bytes, always and everywhere."""
    return FORMATS[format].writer(each_text(document, shown))
