"""Reading a document back: what its blocks say, and what each format shows, in order.

What the blocks say is written out here once more, on purpose: a writer that drops or swaps something
must not share the mistake with its test.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator

import pypdfium2
from lxml import etree, html

from reports.blocks import (
    Blanks,
    Block,
    Checklist,
    Choice,
    Contents,
    Document,
    Group,
    Heading,
    Numbered,
    Overview,
    PageBreak,
    Paragraph,
    Ruled,
)
from reports.pdf_text import printable


def said(document: Document) -> list[str]:
    """Every text that a reader must meet, in order."""
    front = document.front
    found = [front.title, front.subtitle] if front else []
    if front:
        found += [document.status, *front.facts.head]
        found += [text for fact in front.facts.rows for text in (fact.name, *fact.lines)]
        found.append(front.note)
    for block in document.blocks:
        found += _said(block)
    return [text for text in found if text]


def _said(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield from (block.code, block.text)
        case Paragraph():
            yield block.text
        case Numbered():
            yield from block.items or ("–",)
        case Group():
            yield from (block.heading, *block.intro, *block.points)
        case Choice():
            yield block.heading
            yield from (f"{option.label}. {option.text}" for option in block.options)
        case Overview():
            yield from (block.heading, *block.head)
            for row in block.rows:
                yield from (row.code, row.title, row.mark.letter.strip("–"), row.word, row.note)
            yield from (text for mark, word in block.key for text in (mark.letter, word))
        case Checklist():
            yield from (*block.head, *block.answers, *_checks(block))
        case Blanks():
            yield from block.names
        case Ruled():
            yield from block.headings
        case Contents() | PageBreak():
            pass


def _checks(block: Checklist) -> Iterator[str]:
    for group in block.groups:
        yield from (group.heading, *group.intro)
        yield from (text for row in group.rows for text in (row.label, row.text))


def shown(made: bytes, format: str, document: Document) -> str:
    """What the format shows of the document, folded for comparison."""
    match format:
        case "docx":
            text = _docx(made)
        case "pdf":
            return "".join(_page(page, document, first=i == 0) for i, page in enumerate(_pdf_pages(made)))
        case "html":
            text = html.document_fromstring(made.decode()).find("body").text_content()
        case _:
            text = made.decode()
    return folded(text)


def _docx(made: bytes) -> str:
    """The text of the body in order, pictures by what they are called aloud."""
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    pieces = (each.get("descr") if each.tag.endswith("}docPr") else each.text for each in body.iter("{*}t", "{*}docPr"))
    return "".join(piece or "" for piece in pieces)


def folded(text: str) -> str:
    """Without white space, hyphens and what breaks lines: layout adds and drops them."""
    return re.sub(r"[\s\u00ad\u200b\u2010\ufffe\x02-]", "", unicodedata.normalize("NFC", text))


def _pdf_pages(made: bytes) -> Iterator[str]:
    pdf = pypdfium2.PdfDocument(made)
    for page in pdf:
        yield page.get_textpage().get_text_bounded()
    pdf.close()


def _page(text: str, document: Document, *, first: bool) -> str:
    """A page without what runs on every page: header (the first has none), repeated table head, footer."""
    text = folded(text)
    for line in document.footer:
        text = text.replace(folded(printable(line)), "", 1)
    text = re.sub(r"(Sida|Page)\d+(av|of)\d+", "", text)
    return text if first else _without_header(text, document)


def _without_header(text: str, document: Document) -> str:
    head = folded(document.status or document.header)
    if not document.header or not text.startswith(head):
        return text
    names = [folded(block.code + block.text) for block in document.blocks if isinstance(block, Heading)]
    names += [folded(block.heading) for block in document.blocks if isinstance(block, Overview)]
    rest = text.removeprefix(head)
    rest = rest.removeprefix(max((name for name in names if rest.startswith(name)), key=len, default=""))
    return rest.removeprefix(folded("".join(document.front.facts.head))) if document.front else rest


def missing_in_order(document: Document, text: str) -> str | None:
    """The first text of the document that the folded text does not hold after the ones before it."""
    at = 0
    for each in said(document):
        found = text.find(folded(each), at)
        if found < 0:
            return each
        at = found + len(folded(each))
    return None
