"""A document as a Word file that Word owns: real styles, headings, lists, fields and boxes to click.

Here lives the order of a file and what holds between its blocks: where a page begins, and what a
grade must not be parted from. Each kind of block is built in `docx_text`, `docx_tables` or
`docx_forms`; looks are `house/word`.
"""

from copy import deepcopy
from typing import assert_never

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
    Rank,
    Ruled,
)
from reports.docx_edges import put_edges
from reports.docx_file import WordFile
from reports.docx_forms import blanks, checklist, ruled
from reports.docx_tables import overview
from reports.docx_text import choice, contents, front, group, heading, numbered, text
from reports.docx_xml import Element, W, give, keep, paragraph, w

_KEPT = 2  # paragraphs that go with a choice to its page: a grade alone says nothing of what it grades


def write(document: Document) -> bytes:
    file = WordFile(document)
    put_edges(document, file)
    body = _Body(file)
    if document.front:
        body.add(front(document.front, document, file))
        body.turn(PageBreak())
    for block in document.blocks:
        body.write(block)
    return file.bytes()


class _Body:
    """The body as far as it is written. A page break waits for what stands after it: at the end it would be
    a blank page, and before a heading that begins a page in any case it would be one too many."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._end: Element = file.body[-1]  # the properties of the last section; all else comes before it
        self._waiting: PageBreak | None = None
        self._under = ""  # the last heading, by its code if it has one
        self._gathered = False  # the last block was the heading of a part, and what it gathers follows

    def write(self, block: Block) -> None:
        if isinstance(block, PageBreak):
            self.turn(block)
            return
        if isinstance(block, Heading):
            self._under = block.code or block.text
            if _begins_page(block) and not self._gathered:
                self.turn(PageBreak())
        if isinstance(block, Choice):
            self._keep_last()
        self.add(_built(block, self._under, self._file))
        self._gathered = isinstance(block, Heading) and block.rank is Rank.PART

    def turn(self, to: PageBreak) -> None:
        self._waiting = to if to.to_left_page else self._waiting or to

    def add(self, elements: list[Element]) -> None:
        if elements and self._waiting:
            self._begin_page(elements[0], self._waiting)
            self._waiting = None
        for each in elements:
            self._end.addprevious(each)

    def _begin_page(self, first: Element, page: PageBreak) -> None:
        if self._end.getprevious() is None:
            return
        opening = next(first.iter(f"{W}p"))  # in a table its first cell's: a table itself can begin no page
        give(opening, w("spacing", before=0))
        if page.to_left_page:
            self._end_section()
        else:
            give(opening, w("pageBreakBefore"))

    def _end_section(self) -> None:
        """Only a section can begin at an even page. It takes header and footer from the one before."""
        last = self._end.getprevious()
        if last is None or last.tag != f"{W}p":  # the properties of a section must hang on a paragraph
            last = paragraph("Avsnittsslut")
            self._end.addprevious(last)
        give(last, deepcopy(self._end))
        for name in ("headerReference", "footerReference", "type", "titlePg"):
            for each in self._end.findall(W + name):
                self._end.remove(each)
        self._end.insert(0, w("type", val="evenPage"))

    def _keep_last(self) -> None:
        """A choice goes with what it is about: grades alone on a page say nothing of what they grade."""
        for each in list(self._end.itersiblings(preceding=True))[:_KEPT]:
            if each.tag == f"{W}p":
                keep(each)


def _begins_page(heading: Heading) -> bool:
    """What an overview leads to begins a page, together with the part that it opens. So each can be read and
    handed out by itself, and LibreOffice (7.4) keeps its word: in a longer run it deals out 21 paragraphs to a
    page before it measures any, and forgets at every such seam what was to be kept together."""
    return bool(heading.anchor) or heading.rank is Rank.PART


def _built(block: Block, under: str, file: WordFile) -> list[Element]:
    match block:
        case Heading():
            return heading(block, file)
        case Paragraph():
            return text(block)
        case Numbered():
            return numbered(block, file)
        case Group():
            return group(block)
        case Choice():
            return choice(block, file)
        case Overview():
            return overview(block, file)
        case Contents():
            return contents(file)
        case Blanks():
            return [blanks(block, file)]
        case Ruled():
            return [ruled(block, file)]
        case Checklist():
            return [checklist(block, under, file)]
        case PageBreak():
            return []
        case _:
            assert_never(block)
