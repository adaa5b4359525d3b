"""Header, footer and watermark of a Word file: what stands on every page.

Word has a header and a footer of its own for the first page. A document without header, status
and watermark needs neither, and one footer is enough.
"""

from collections.abc import Iterable

from reports.blocks import Document
from reports.docx_file import HOUSE, WordFile, parsed
from reports.docx_xml import Element, field, paragraph, run
from reports.words import words

_V = "{urn:schemas-microsoft-com:vml}"


def put_edges(document: Document, file: WordFile) -> None:
    section = file.word.sections[0]
    _fill(section.footer.part.element, _footer(document))
    if not (document.header or document.status or document.watermark):
        return
    section.different_first_page_header_footer = True
    _fill(section.first_page_footer.part.element, _footer(document))
    _fill(section.header.part.element, [_header(document)])
    _fill(section.first_page_header.part.element, [_first_header(document)])


def _fill(part: Element, paragraphs: Iterable[Element]) -> None:
    part[:] = list(paragraphs)


def _header(document: Document) -> Element:
    return paragraph("Header", *_watermark(document), run(document.header), *_status(document))


def _first_header(document: Document) -> Element:
    """The title stands on the page itself; that it is a draft is said in every header."""
    style = "Header" if document.status else "UtanSidhuvud"
    return paragraph(style, *_watermark(document), *_status(document))


def _status(document: Document) -> list[Element]:
    return [run(f"\t{document.status}", "Fet")] if document.status else []


def _footer(document: Document) -> Iterable[Element]:
    said = words(document.language)
    first, *others = document.footer or ("",)
    page = (run(f"\t{said.page} "), field("PAGE", "1"), run(f" {said.of} "), field("NUMPAGES", "1"))
    yield paragraph("Footer", run(first), *page)
    yield from (paragraph("Footer", run(line)) for line in others)


def _watermark(document: Document) -> list[Element]:
    """Each header needs its own: a header is drawn on its pages alone."""
    if not document.watermark:
        return []
    made = parsed(HOUSE / "watermark.xml")
    next(made.iter(f"{_V}shape"))[0].set("string", document.watermark)
    return [made]
