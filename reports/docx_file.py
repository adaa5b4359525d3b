"""A Word file being written: its template, what its parts share, and how it becomes bytes.

Here lives what is unique in a file (ids, lists, pictures, bookmarks), what a file says of itself
(title, authors, language), and why the same document always gives the same bytes. Not here: what
stands on a page.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache
from itertools import count
from pathlib import Path

import docx
from lxml import etree

from reports.blocks import Document, Heading, Mark, Sheet
from reports.docx_marks import drawn, picture
from reports.docx_xml import Element, W, w
from reports.words import country

HOUSE = Path(__file__).parent / "house" / "word"
_LONGEST_PROPERTY = 255  # python-docx refuses a longer title or subject
_EMU = 635  # python-docx's unit, to a twip
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_UNIX, _READABLE = 3, 0o644 << 16


class WordFile:
    """The open file. Builders ask it for what must be unique or stored; all else they do is pure."""

    def __init__(self, document: Document) -> None:
        self.sheet, self.language = document.sheet, document.language
        self.word = docx.Document(io.BytesIO(_template(document.sheet)))
        self.body: Element = self.word.element.body
        section = self.word.sections[0]
        margins = (section.left_margin or 0) + (section.right_margin or 0)
        self.text_width = ((section.page_width or 0) - margins) // _EMU  # twips
        self.new_id = count(1).__next__
        self._pictures: dict[bytes, str] = {}  # PNG → the name that the document knows it by
        self._numbering: Element = self.word.part.numbering_part.element
        headings = [block for block in document.blocks if isinstance(block, Heading)]
        # `_Toc…` is what Word calls its own, so that it takes them over when the contents are updated.
        self.outline = [(f"_Toc{place:08d}", heading) for place, heading in enumerate(headings, 1)]
        self._anchors = {heading.anchor: name for name, heading in reversed(self.outline) if heading.anchor}
        self._bookmarks = iter(self.outline)
        _describe(self.word, document)

    def bookmark(self, *content: Element) -> list[Element]:
        """The content of the next heading, so marked that its row in the contents leads to it."""
        name, _ = next(self._bookmarks)
        id = self.new_id()
        return [w("bookmarkStart", id=id, name=name), *content, w("bookmarkEnd", id=id)]

    def target(self, anchor: str) -> str:
        """The bookmark of the first heading with that anchor, or nothing."""
        return self._anchors.get(anchor, "")

    def picture(self, mark: Mark, size: float = 7.0) -> Element:
        png = drawn(mark)
        if png not in self._pictures:
            self._pictures[png] = self.word.part.get_or_add_image(io.BytesIO(png))[0]
        return picture(mark, self._pictures[png], self.new_id(), size)

    def new_list(self) -> Element:
        """Numbering from 1, for the paragraphs of one list: Word goes on counting unless each list has its own."""
        number = 1 + len(self._numbering.findall(W + "num"))
        again = w("lvlOverride", w("startOverride", val=1), ilvl=0)
        self._numbering.append(w("num", w("abstractNumId", val=1), again, numId=number))
        return w("numPr", w("ilvl", val=0), w("numId", val=number))

    def bytes(self) -> bytes:
        made = io.BytesIO()
        self.word.save(made)
        return _zipped(_members(made.getvalue()))


def _describe(word: docx.document.Document, document: Document) -> None:
    about = word.core_properties
    about.title = document.title[:_LONGEST_PROPERTY]
    about.author = "; ".join(document.authors)[:_LONGEST_PROPERTY]
    about.subject = document.subject[:_LONGEST_PROPERTY]
    about.last_modified_by = "Sporra"
    about.language = _region(document.language)
    if document.day:
        about.created = about.modified = datetime.combine(document.day, time())
    language = word.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    for place in (language, word.settings.element.find(W + "themeFontLang")):
        place.set(W + "val", _region(document.language))


def _region(language: str) -> str:
    """`sv` → `sv-SE`: Word wants a language with its country."""
    return "-".join(filter(None, (language.partition("-")[0], country(language))))


# ── Zip ───────────────────────────────────────────────────────────────────────────────────


@cache
def _template(sheet: Sheet) -> bytes:
    """The parts in `house/word` as a file that python-docx can open."""
    package = HOUSE / "package"
    parts = {
        path.relative_to(package).as_posix(): parsed(path) for path in sorted(package.rglob("*")) if path.is_file()
    }
    for name in ("document.xml", "styles.xml", "numbering.xml", "settings.xml"):
        parts[f"word/{name}"] = _part(name, sheet)
    return _zipped((name, _xml(part)) for name, part in parts.items())


def _part(name: str, sheet: Sheet) -> Element:
    """A part; in a form what `house/word/form` holds of it instead: single styles, else the whole."""
    part, form = parsed(HOUSE / name), HOUSE / "form" / name
    if sheet is not Sheet.FORM or not form.exists():
        return part
    if name != "styles.xml":
        return parsed(form)
    styles = {style.get(f"{W}styleId"): style for style in part.iter(W + "style")}
    for style in parsed(form):
        part.replace(styles[style.get(f"{W}styleId")], style)
    return part


def _xml(part: Element) -> bytes:
    return etree.tostring(part, xml_declaration=True, encoding="UTF-8", standalone=True)


def parsed(path: Path) -> Element:
    """Without the indents and comments that are for who edits the part."""
    parser = etree.XMLParser(remove_blank_text=True, remove_comments=True, resolve_entities=False)
    return etree.fromstring(path.read_bytes(), parser)


def _members(raw: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as made:
        yield from ((name, made.read(name)) for name in made.namelist())


def _zipped(members: Iterator[tuple[str, bytes]]) -> bytes:
    """One fixed time and system for all: python-docx writes the clock into the zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in members:
            about = zipfile.ZipInfo(name, _FIRST_DAY)
            about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
            package.writestr(about, content)
    return made.getvalue()
