"""The formats that a document can be written in: the one list of them, which all else follows from."""

from collections.abc import Callable

from reports import to_docx, to_html, to_pdf, to_text
from reports.blocks import Document
from reports.shown import each_text, shown

FORMATS: dict[str, Callable[[Document], bytes]] = {
    "docx": to_docx.write,
    "pdf": to_pdf.write,
    "html": to_html.write,
    "txt": to_text.write,
}


def write(document: Document, format: str) -> bytes:
    """The document in one of FORMATS. The same document gives the same bytes, always and everywhere."""
    return FORMATS[format](each_text(document, shown))
