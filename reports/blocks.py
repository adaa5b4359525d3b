"""The one document model: what a document says and how its parts belong together.

Here lives structure that means something to a reader: headings, lists, choices, marks.
Not here: SPUR (the rooms in `app` turn their facts into blocks), looks (`house/`), and
formats (each `to_*.py` turns the same blocks into bytes). Every text is plain text in
which a line feed is a line break: no writer ever reads markup out of it.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Outline(Enum):
    """The outline of a mark. What asks for nothing is quiet, what must be remedied is solid."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    HEXAGON = "hexagon"
    OPEN = "open"  # dashed: nothing decided


class Voice(Enum):
    """Who speaks in a paragraph."""

    BODY = "body"
    NOTICE = "notice"  # something has changed what stands around it
    GUEST = "guest"  # another party's own words, never set like the authors'
    ASIDE = "aside"  # about the document rather than of it; small and soft


class Rank(Enum):
    """What a heading of level 1 opens."""

    SECTION = "section"
    PART = "part"  # gathers the headings of level 2 below it; set quietly
    APPENDIX = "appendix"  # starts a new page


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1  # 1–3, without gaps
    code: str = ""  # "E": hangs in front of the text; read aloud as "E Handledning"
    rank: Rank = Rank.SECTION
    anchor: str = ""  # what an `OverviewRow` may lead to


@dataclass(frozen=True)
class Paragraph:
    text: str
    voice: Voice = Voice.BODY


@dataclass(frozen=True)
class Numbered:
    """A list whose items can be cited by number. An empty one shows a dash."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Points of one kind under a heading of level 3. `weight` 0 binds most: its bar is solid."""

    heading: str
    intro: tuple[str, ...]
    points: tuple[str, ...]
    weight: int  # 0 solid, 1 double, 2 and more dotted


@dataclass(frozen=True)
class Mark:
    """A grade as it is seen (`letter` in `shape`) and as it is read aloud (`name`)."""

    shape: Outline
    letter: str
    name: str


@dataclass(frozen=True)
class Option:
    label: str  # "C"; shown as "C. text"
    text: str
    ticked: bool
    name: str  # the box's spoken name: "E: gradering C"


@dataclass(frozen=True)
class Choice:
    """One of several, each with a box, under a heading of level 3."""

    heading: str
    options: tuple[Option, ...]
    mark: Mark | None = None  # the ticked one again, large, for the eye alone


@dataclass(frozen=True)
class Fact:
    name: str
    lines: tuple[str, ...]  # the first is the important one


@dataclass(frozen=True)
class Facts:
    """What a front page tells, as a table of two columns with a header row."""

    caption: str
    head: tuple[str, str]
    rows: tuple[Fact, ...]


@dataclass(frozen=True)
class OverviewRow:
    title: str
    code: str
    anchor: str  # of the heading that it leads to
    mark: Mark
    word: str
    note: str = ""


@dataclass(frozen=True)
class Overview:
    """The answer on one page: a new page with a heading of level 1 (not in the contents),
    one table in which every row leads to its heading, and a key to the marks."""

    heading: str
    caption: str
    head: tuple[str, str, str]  # what is judged, its mark, what the mark means
    rows: tuple[OverviewRow, ...]
    key: tuple[tuple[Mark, str], ...]


@dataclass(frozen=True)
class Contents:
    """Where the headings are, in the way that the format can show it."""


@dataclass(frozen=True)
class PageBreak:
    to_left_page: bool = False  # go on at the next page with an even number


@dataclass(frozen=True)
class Blanks:
    """Things to fill in by hand on one row, each with a line to write on. `shares` are relative widths."""

    names: tuple[str, ...]
    shares: tuple[int, ...]


@dataclass(frozen=True)
class Ruled:
    """Columns of empty lines to write on by hand, each under a heading of level 3 (or none)."""

    headings: tuple[str, ...]
    lines: int


@dataclass(frozen=True)
class CheckRow:
    label: str  # "F4"
    text: str


@dataclass(frozen=True)
class CheckGroup:
    heading: str
    rows: tuple[CheckRow, ...]
    intro: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checklist:
    """A table to tick in by hand: one box per row and answer."""

    caption: str
    head: tuple[str, str]  # over the labels and over the texts
    answers: tuple[str, ...]
    groups: tuple[CheckGroup, ...]


Block = Heading | Paragraph | Numbered | Group | Choice | Overview | Contents | PageBreak | Blanks | Ruled | Checklist


@dataclass(frozen=True)
class Front:
    """A front page of its own."""

    title: str
    subtitle: str
    facts: Facts
    note: str


class Sheet(Enum):
    """What the document is for: to be read, or to be written in with a pen."""

    READ = "read"
    FORM = "form"  # two-sided, punched, no colour


@dataclass(frozen=True)
class Document:
    title: str  # the file's own title, for window, library and screen reader
    language: str  # BCP 47: "sv", "en-GB"
    authors: tuple[str, ...]
    subject: str
    day: date | None  # of its content, never of its making: the same input gives the same bytes
    header: str  # on every page but the first
    footer: tuple[str, ...]  # lines; "page X of Y" stands beside the first
    blocks: tuple[Block, ...]
    front: Front | None = None
    status: str = ""  # "Utkast, inte fastställt": on the front page and in every header
    watermark: str = ""  # one word behind every page; never the only sign
    sheet: Sheet = Sheet.READ
