"""Marks as pictures in a Word file: drawn by Typst, so that any letter that the house's fonts have will do.

The outlines and colours are `house/word/mark.typ`. Whether a letter can be drawn is decided here;
where it cannot, the mark's outline stands alone and the letter is text beside it.
"""

from functools import lru_cache
from pathlib import Path

import typst
from lxml import etree

from reports.blocks import Mark
from reports.docx_xml import Element, w
from reports.fonts import FONTS, drawable

_HOUSE = Path(__file__).parent / "house"
_LONGEST = 3  # letters; a fourth would be too small to read
_EMU = 36_000  # to a millimetre
_XMLNS = {
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def fits(letter: str) -> bool:
    """Whether the letter is short enough to be drawn, and all of it in the font."""
    return len(letter) <= _LONGEST and drawable().issuperset(letter)


def drawn(mark: Mark) -> bytes:
    """The mark as PNG, without its letter where that does not fit."""
    return _drawn(mark.shape.value, mark.letter if fits(mark.letter) else "")


@lru_cache(maxsize=256)
def _drawn(shape: str, letter: str) -> bytes:
    """The letter goes in as data, so nothing in it is ever read as Typst."""
    return typst.compile(
        _HOUSE / "word" / "mark.typ",
        format="png",
        ppi=270,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"shape": shape, "letter": letter},
    )


def picture(mark: Mark, relation: str, id: int, size: float) -> Element:
    """The mark in the line, `size` millimetres wide, read aloud by its name. `relation` leads to what is drawn."""
    side = {"cx": str(int(size * _EMU)), "cy": str(int(size * _EMU))}
    named = {"id": str(id), "name": mark.name}
    graphic = _x(
        "a:graphicData",
        _x(
            "pic:pic",
            _x("pic:nvPicPr", _x("pic:cNvPr", **named), _x("pic:cNvPicPr")),
            _x("pic:blipFill", _embedded(relation), _x("a:stretch", _x("a:fillRect"))),
            _x(
                "pic:spPr",
                _x("a:xfrm", _x("a:off", x="0", y="0"), _x("a:ext", **side)),
                _x("a:prstGeom", _x("a:avLst"), prst="rect"),
            ),
        ),
        uri=_XMLNS["pic"],
    )
    shown = (_x("wp:extent", **side), _x("wp:docPr", **named, descr=mark.name), _x("a:graphic", graphic))
    inline = _x("wp:inline", *shown, distT="0", distB="0", distL="0", distR="0")  # without: 3 mm on each side
    # A picture stands on the base line; lowered by a third (in half points) it is level with the text beside it.
    return w("r", w("rPr", w("position", val=-round(size * 1.5))), w("drawing", inline))


def _embedded(relation: str) -> Element:
    made = _x("a:blip")
    made.set(f"{{{_XMLNS['r']}}}embed", relation)
    return made


def _x(name: str, /, *children: Element, **attributes: str) -> Element:
    prefix, local = name.split(":")
    made = etree.Element(f"{{{_XMLNS[prefix]}}}{local}", attributes)
    made.extend(children)
    return made
