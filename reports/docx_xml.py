"""How text is spelled in WordprocessingML: runs, paragraphs, boxes, and the order that the schema demands.

Text becomes XML here, as the content or an attribute of an element and never as markup. What the
parts of a document look like is `house/word/styles.xml`; which style a part takes is its builder's choice.
"""

import re

from lxml import etree

Element = etree._Element  # lxml gives the type no public name

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
BOX_FONT = "Segoe UI Symbol"  # on every Windows with Word; the style Ruta says the same
_BREAKS = re.compile("([\n\t])")
_LONGEST_NAME = 64  # of a content control; Word calls a file with a longer one damaged
# What is ever set on a paragraph beside its style, in the schema's order: Word may refuse a file with another.
_ORDER = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "tabs", "spacing", "ind", "sectPr"]
_PLACE = {W + name: place for place, name in enumerate(_ORDER)}


def w(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """An element of WordprocessingML, where attributes too have the namespace."""
    made = etree.Element(W + name, {W + key: str(value) for key, value in attributes.items()})
    made.extend(children)
    return made


# ── Text ──────────────────────────────────────────────────────────────────────────────────


def run(text: str, style: str = "") -> Element:
    """Text in one character style. A line feed becomes a line break, a tab a tab."""
    made = w("r")
    if style:
        made.append(w("rPr", w("rStyle", val=style)))
    for piece in _BREAKS.split(text):
        if piece == "\n":
            made.append(w("br"))
        elif piece == "\t":
            made.append(w("tab"))
        elif piece:
            made.append(_t(piece))
    return made


def _t(text: str) -> Element:
    made = w("t")
    made.text = text
    if text[0] == " " or text[-1] == " " or "  " in text:
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def coded(code: str, text: str, style: str = "") -> list[Element]:
    """`E⇥Handledning`, with a real space before the tab: who joins the text of a file drops the tab."""
    return [run(f"{code} \t", style), run(text)] if code else [run(text)]


def field(instruction: str, shown: str) -> Element:
    """A field that the program reckons out itself, such as PAGE. `shown` stands there until then."""
    return w("fldSimple", run(shown), instr=f" {instruction} ")


def field_mark(type: str) -> Element:
    """A bound (begin, separate, end) of a field that reaches over several paragraphs."""
    return w("r", w("fldChar", fldCharType=type))


def field_code(instruction: str) -> Element:
    made = w("instrText")
    made.text = f" {instruction} "
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return w("r", made)


def link(bookmark: str, *runs: Element) -> Element:
    return w("hyperlink", *runs, anchor=bookmark)


# ── Paragraphs ────────────────────────────────────────────────────────────────────────────


def paragraph(style: str, *content: Element) -> Element:
    return w("p", w("pPr", w("pStyle", val=style)), *content)


def give(paragraph: Element, property: Element) -> Element:
    """The paragraph with one property beside its style, in the schema's order. A second of the same kind replaces."""
    properties = paragraph[0]
    place = _PLACE[property.tag]
    for index, other in enumerate(properties):
        if other.tag == property.tag:
            properties[index] = property
            return paragraph
        if _PLACE[other.tag] > place:
            properties.insert(index, property)
            return paragraph
    properties.append(property)
    return paragraph


def keep(paragraph: Element) -> Element:
    """On the same page as what follows."""
    return give(paragraph, w("keepNext"))


# ── Boxes ─────────────────────────────────────────────────────────────────────────────────


def box(name: str, ticked: bool, id: int) -> Element:
    """A box to click, known by its spoken name. It can be ticked but not deleted."""
    name = " ".join(name.split())
    if len(name) > _LONGEST_NAME:  # the end tells boxes apart: "…: gradering C"
        name = "…" + name[1 - _LONGEST_NAME :]
    look = w("rPr", w("rStyle", val="Ruta"))
    properties = w("sdtPr", look, w("alias", val=name), w("tag", val=name), w("id", val=id), w("lock", val="sdtLocked"))
    properties.append(_checkbox(ticked))
    return w("sdt", properties, w("sdtContent", run("☒" if ticked else "☐", "Ruta")))


def _checkbox(ticked: bool) -> Element:
    made = etree.Element(W14 + "checkbox")
    etree.SubElement(made, W14 + "checked", {W14 + "val": str(int(ticked))})
    for state, character in (("checkedState", "☒"), ("uncheckedState", "☐")):
        etree.SubElement(made, W14 + state, {W14 + "val": f"{ord(character):04X}", W14 + "font": BOX_FONT})
    return made
