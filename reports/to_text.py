"""A document as plain UTF-8 text for a terminal, a mail or a diff: 78 columns, LF.

Here lives how structure shows without a page: underlines, hanging indents, `[x]`. Layout is
made of white space alone and never splits a word, so whoever folds white space gets every text
of the document back, whole and in reading order. The running header, the contents and the page
breaks are left out: a text is one page, and nothing in it can be leafed to.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import assert_never

from reports.blocks import (
    Blanks,
    Block,
    Checklist,
    Choice,
    Contents,
    Document,
    Facts,
    Front,
    Group,
    Heading,
    Numbered,
    Overview,
    PageBreak,
    Paragraph,
    Rank,
    Ruled,
    Voice,
)

WIDTH = 78  # columns, two short of a terminal's 80: room for a mail's "> "
_UNDERLINES = {1: "=", 2: "-", 3: ""}

# A notice is pointed at, a guest stands indented throughout: both are seen without colour or type.
_OPENINGS = {Voice.BODY: "", Voice.ASIDE: "", Voice.NOTICE: ">>", Voice.GUEST: ""}
_INDENTS = {Voice.BODY: 0, Voice.ASIDE: 0, Voice.NOTICE: 3, Voice.GUEST: 4}

# Only these may become a line break. Any other space (no-break, line separator …) is part of a word:
# whoever typed it meant something by it.
_GAP = re.compile("[ \t]+")


def write(document: Document) -> bytes:
    """The whole document; blocks apart by one empty line, sections by two."""
    parts = [_opening(document), *(_block(block) for block in document.blocks), _closing(document)]
    text = "\n\n".join("\n".join(lines) for lines in parts if lines)
    return f"{text}\n".encode()


def width(text: str) -> int:
    """How many columns a terminal gives the text: marks and format characters none, wide letters two."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, room: int) -> list[str]:
    """The text in lines of at most `room` columns, or of one longer word. At least one line."""
    return [line for given in text.split("\n") for line in _filled(given, room)]


def _filled(text: str, room: int) -> list[str]:
    lines, taken = [""], 0
    for word in _GAP.split(text.strip(" \t")):
        wide = width(word)
        if taken and taken + 1 + wide > room:
            lines, taken = [*lines, word], wide
        else:
            lines[-1], taken = (f"{lines[-1]} {word}", taken + 1 + wide) if taken else (word, wide)
    return lines


def row(*cells: tuple[int, str]) -> list[str]:
    """Cells beside each other, each from its column. Every hanging indent here is such a row.

    A cell begins on the line where the one before it ended, never higher: so the order of the
    words is the order of the cells, also when several of them wrap. Where a cell has no space
    left, or holds a word that its column would push over the edge, it takes a line of its own.
    """
    lines: list[str] = []
    ends = [*(at - 1 for at, _ in cells[1:]), WIDTH]
    for (at, text), end in zip(cells, ends, strict=True):
        if text:
            start = max(0, min(at, WIDTH - max(map(width, re.split("[ \t\n]+", text)))))
            first, *more = wrapped(text, end - start)
            if not lines or start < at or width(lines[-1]) >= start:
                lines.append("")
            lines[-1] += " " * (start - width(lines[-1])) + first
            lines += [" " * start + line for line in more]
    return [line.rstrip(" ") for line in lines]


def _rows(rows: Iterable[list[str]]) -> list[str]:
    return [line for lines in rows for line in lines]


def _opening(document: Document) -> list[str]:
    title = row((0, document.title))
    if document.front:
        title = _rows([row((0, document.front.title)), row((0, document.front.subtitle))])
    rule = "=" * _longest(title)
    status = ["", *row((0, document.status))] if document.status else []
    return [rule, *title, rule, *status, *_front(document.front)]


def _front(front: Front | None) -> list[str]:
    if front is None:
        return []
    note = ["", *row((0, front.note))] if front.note else []
    return ["", *_facts(front.facts), *note]


def _facts(facts: Facts) -> list[str]:
    names = [facts.head[0], *(fact.name for fact in facts.rows)]
    at = min(24, max(map(width, names)) + 3)
    told = [facts.head, *((fact.name, "\n".join(fact.lines)) for fact in facts.rows)]
    return [*row((0, facts.caption)), "", *_rows(row((0, name), (at, value)) for name, value in told)]


def _closing(document: Document) -> list[str]:
    return ["", "-" * WIDTH, *_rows(row((0, line)) for line in document.footer)] if document.footer else []


def _block(block: Block) -> list[str]:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph(text, voice):
            return row((0, _OPENINGS[voice]), (_INDENTS[voice], text))
        case Numbered(items):
            return _numbered(items)
        case Group(heading, intro, points):
            return [
                *row((0, heading)),
                *_rows(row((0, text)) for text in intro),
                *_rows(row((0, "-"), (2, point)) for point in points),
            ]
        case Choice():
            return _choice(block)
        case Overview():
            return _overview(block)
        case Contents() | PageBreak():
            return []
        case Blanks() | Ruled() | Checklist():
            return _form(block)
        case _:
            assert_never(block)


def _form(block: Blanks | Ruled | Checklist) -> list[str]:
    """What is filled in with a pen, or here with a keyboard."""
    match block:
        case Blanks():
            return _abreast(0, list(_blanks(block)))
        case Ruled():
            return _ruled(block)
        case Checklist():
            return _checklist(block)


def _heading(heading: Heading) -> list[str]:
    title = row((0, heading.code), (width(heading.code) + 1 if heading.code else 0, heading.text))
    line = _UNDERLINES[heading.level] * _longest(title)
    apart = ["", "=" * WIDTH, ""] if heading.rank is Rank.APPENDIX else [""] * (heading.level == 1)
    return [*apart, *title, *([line] if line else [])]


def _longest(lines: list[str]) -> int:
    """The width of the widest line: how long a rule is that belongs to them."""
    return min(WIDTH, max(map(width, lines), default=0))


def _numbered(items: tuple[str, ...]) -> list[str]:
    at = len(f"{len(items)}. ")  # the texts stand below each other, whatever their numbers' length
    numbered = (row((0, f"{n}."), (at, item)) for n, item in enumerate(items, 1))
    return _rows(numbered) if items else ["–"]


def _choice(choice: Choice) -> list[str]:
    boxes = (("[x]" if option.ticked else "[ ]", option) for option in choice.options)
    options = _rows(row((0, box), (4, f"{option.label}. {option.text}")) for box, option in boxes)
    return [*row((0, choice.heading)), *options]


def _overview(overview: Overview) -> list[str]:
    """Three columns. Letter and word say it here; the marks' shapes and spoken names do not appear."""
    hang = max((width(each.code) + 2 for each in overview.rows if each.code), default=0)
    judged, mark, meaning = overview.head
    last = min(60, 38 + max(width(mark), 3) + 2)
    rows = (
        row((0, each.code), (hang, each.title), (38, each.mark.letter), (last, _meaning(each.word, each.note)))
        for each in overview.rows
    )
    key = _rows(row((0, mark.letter), (4, word)) for mark, word in overview.key)
    return [
        *_heading(Heading(overview.heading)),
        *["", *row((0, overview.caption)), ""],
        *[*row((0, judged), (38, mark), (last, meaning)), "-" * WIDTH, *_rows(rows), "-" * WIDTH],
        *key,
    ]


def _meaning(word: str, note: str) -> str:
    return f"{word}\n{note}" if note else word


def _blanks(blanks: Blanks) -> Iterable[str]:
    """Each name with a line to write on, as long as its share of the row allows, never too short to use."""
    free = WIDTH - 3 * (len(blanks.names) - 1)
    for name, share in zip(blanks.names, blanks.shares, strict=True):
        room = free * share // sum(blanks.shares) - width(name) - 1
        yield f"{name} {'_' * max(8, room)}"


def _ruled(ruled: Ruled) -> list[str]:
    """One column after the other, each line with an empty one above it to write in."""
    columns = ([*row((0, heading)), *["", "_" * WIDTH] * ruled.lines, ""] for heading in ruled.headings)
    lines = _rows(columns)[:-1]
    return lines if ruled.headings[0] else lines[1:]


def _checklist(checklist: Checklist) -> list[str]:
    labels = (each.label for group in checklist.groups for each in group.rows)
    at = max(map(width, labels), default=0) + 2
    answers = _abreast(at, [f"[ ] {answer}" for answer in checklist.answers])
    head = [*row((0, checklist.head[0]), (at, checklist.head[1])), *answers]
    lines = [*row((0, checklist.caption)), "", *head, "-" * WIDTH]
    for group in checklist.groups:
        rows = (["", *row((0, each.label), (at, each.text)), *answers] for each in group.rows)
        intro = _rows(row((0, text)) for text in group.intro)
        lines += ["", *row((0, group.heading)), *intro, *_rows(rows)]
    return lines


def _abreast(at: int, parts: list[str]) -> list[str]:
    """The parts on one line from a column, or a line each where they do not fit."""
    line = "   ".join(parts)
    return [" " * at + line] if at + width(line) <= WIDTH else _rows(row((at, part)) for part in parts)
