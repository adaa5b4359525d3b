"""What the PDF's own fonts can show of a text, and where its long runs may break.

Here lives the fonts' knowledge: which characters they hold, how their letters are drawn. PDF/UA and
PDF/A refuse a file with a missing glyph, a byte order mark or a private character, so nothing of
that may reach Typst. How the page looks is `house/`; what is said comes from `blocks`.
"""

import re
import unicodedata
from functools import cache

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from reports.fonts import BOLD, drawable
from reports.shown import number

ZERO_WIDTH_SPACE = "\u200b"
_FORBIDDEN = {"\ufeff"}  # the fonts have it, PDF/UA does not
# The form that `number` gives is one atom: a code cut in two could not be looked up.
_ATOM = re.compile(r"□U\+[0-9A-F]{4,6}|.", re.DOTALL)
_TWO_NUMBERS = re.compile(r"(□U\+[0-9A-F]{4,6})(?=□)")
_LONGEST_WORD = 40  # no Swedish word in use is longer; shorter ones hyphenate
_PIECE = 24
# Typst breaks down over thousands of blanks or of combining marks on end, and over marks without a letter.
# Nothing is lost to a reader: blanks beyond a line say no more, no script puts more than thirty marks on a
# letter (Unicode, UAX 15), and a mark on a blank is better seen as a number.
_MOST_BLANKS, _MOST_MARKS = 100, 30
_BLANKS = re.compile(rf"(?:[^\S\n]|[\u00ad\u200b]){{{_MOST_BLANKS},}}")
_MARK = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_WILD_MARKS = re.compile(rf"(?:(?<={_MARK}{{{_MOST_MARKS}}})|(?<![^\s\u00ad\u200b])){_MARK}+")
_TRACKING = 80  # thousandths of the size, between the letters of a drawn word
_LONG_RUN = re.compile(rf"[^\s{ZERO_WIDTH_SPACE}]{{{_LONGEST_WORD + 1},}}")
# Words tied together by no-break spaces: beyond a line (and Typst's 65,535 bytes) they must part after all.
_NO_BREAK = re.compile("([\u00a0\u2007\u202f])")
_TIED_RUN = re.compile(rf"[^ \n\u2009\u200a{ZERO_WIDTH_SPACE}]{{{_LONGEST_WORD + 1},}}")


@cache
def _printed(character: str) -> str:
    if character == "\n" or (character in drawable() and character not in _FORBIDDEN):
        return character
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "  # a tab and a space of another width are spaces
    return number(character)


def printable(text: str) -> str:
    """The text with everything that the PDF cannot hold shown as its number."""
    held = "".join(map(_printed, text))
    shortened = _BLANKS.sub(lambda run: run[0][:_MOST_BLANKS], held)
    return _WILD_MARKS.sub(lambda marks: "".join(map(number, marks[0])), shortened)


def breakable(text: str) -> str:
    """The text with a zero width space here and there in every run too long for a line, and between shown
    numbers: a few of them are no word, and wider than many a column."""
    text = _TWO_NUMBERS.sub(rf"\1{ZERO_WIDTH_SPACE}", text)
    text = _TIED_RUN.sub(lambda run: _NO_BREAK.sub(rf"\1{ZERO_WIDTH_SPACE}", run[0]), text)
    return _LONG_RUN.sub(lambda run: _in_pieces(run[0]), text)


def _in_pieces(run: str) -> str:
    pieces: list[str] = [""]
    for atom in _atoms(run):
        if pieces[-1] and len(pieces[-1]) + len(atom) > _PIECE:
            pieces.append("")
        pieces[-1] += atom
    return ZERO_WIDTH_SPACE.join(pieces)


def _atoms(run: str) -> list[str]:
    """What must not be parted: a character with its combining marks, a shown number."""
    atoms: list[str] = []
    for found in _ATOM.findall(run):
        if atoms and unicodedata.category(found[0]).startswith("M"):
            atoms[-1] += found
        else:
            atoms.append(found)
    return atoms


def clipped(text: str, most: int) -> str:
    """The text on one line and no longer than that: for window titles, bookmarks and page headers."""
    line = " ".join(text.replace(ZERO_WIDTH_SPACE, "").split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@cache
def outline(word: str) -> dict[str, str]:
    """The word drawn in bold as an SVG path, and the box around it: seen, but never found or copied as text."""
    with TTFont(BOLD, lazy=True) as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        pen, bounds, x = SVGPathPen(glyphs), BoundsPen(glyphs), 0.0
        for character in printable(word):
            glyph = glyphs[names.get(ord(character), ".notdef")]
            for each in (pen, bounds):
                glyph.draw(TransformPen(each, (1, 0, 0, -1, x, 0)))  # a font's y goes up
            x += glyph.width + _TRACKING
    left, top, right, bottom = bounds.bounds or (0, 0, 1, 1)
    return {"path": pen.getCommands(), "box": f"{left} {top} {right - left} {bottom - top}"}
