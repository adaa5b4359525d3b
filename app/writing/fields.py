"""Fields: what can be written, declared as rows. Pure.

A field's key is a path such as `criterion/E-F1/answer`. The room that owns the subject lists its fields in
one table; a new kind of field is a row there.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from app.accounts.roles import Permission
from reports.shown import shown
from rubrics.shape import MAX_ITEMS, MAX_TEXT, length

Value = str | list[str] | None  # what a field can hold; nothing written is None, never ""


class Type(Enum):
    """What a value may be. TEXT has line breaks, LINE none; DAY is `2021-10-18`; LINES is a list."""

    TEXT = "text"
    LINE = "rad"
    DAY = "dag"
    LINES = "rader"


@dataclass(frozen=True)
class FieldKind:
    """A row of the table. `pattern` has its changing parts in braces: `criterion/{criterion}/answer`."""

    pattern: str
    type: Type
    reads: Permission
    writes: Permission
    label: str  # as a heading in history
    last_stands: bool = False  # of two edits the later one stands, and nobody has to choose
    voices: bool = False  # inspectors may answer each alone first
    working: bool = False  # working material: never printed, erased in time
    needed: bool = False  # can be changed, not emptied

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]{1,60})", self.pattern))

    def match(self, key: str) -> "Spot | None":
        found = self._expression.fullmatch(key)
        return Spot(key, self, found.groupdict()) if found else None

    def key(self, **parts: str) -> str:
        return self.pattern.format(**parts)


@dataclass(frozen=True)
class Spot:
    """One field of one subject: its key, its kind, and the changing parts of its key."""

    key: str
    kind: FieldKind
    parts: Mapping[str, str]


@dataclass(frozen=True)
class Limit:
    """How many things of a sort there may be, and what to say to one more."""

    most: int
    told: str


def spot(kinds: Iterable[FieldKind], key: str) -> Spot | None:
    """The field with this key; None where there is none, as for a key that could not be stored."""
    return next((found for kind in kinds if (found := kind.match(key))), None) if shown(key) == key else None


def stored(value: object, kind: FieldKind) -> Value:
    """The value in its one storable form: line ends, unshowable characters and emptiness settled.
    Raises ValueError with a sentence where it is not of the field's type."""
    if kind.type is Type.LINES:
        made: Value = _lines(value)
    elif value is None or isinstance(value, str):
        made = _text(value or "", one_line=kind.type is not Type.TEXT)
        if made and kind.type is Type.DAY:
            _day(made)
    else:
        raise ValueError("Värdet är av fel slag: en text väntades.")
    if kind.needed and not made:
        raise ValueError(f"{kind.label} kan ändras men inte lämnas tom.")
    return made


def encoded(value: Value) -> str:
    """The value as it is kept and compared."""
    return json.dumps(value, ensure_ascii=False)


def decoded(text: str | None) -> Value:
    value: Value = None if text is None else json.loads(text)
    return value


def _text(value: str, *, one_line: bool) -> str | None:
    text = shown(value)
    if one_line:
        text = " ".join(text.split())
    if (count := length(text)) > MAX_TEXT:
        told = f"{count:,}".replace(",", " ")
        raise ValueError(f"Texten har {told} tecken. Den får ha högst 20 000; dela den.")
    return text if text.strip() else None


def _lines(value: object) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("Värdet är av fel slag: en lista med texter väntades.")
    if len(value) > MAX_ITEMS:
        raise ValueError("Listan har fler än 2 000 rader. Korta den.")
    return [text for each in value if (text := _text(each, one_line=True))] or None


def _day(text: str) -> None:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text) and date.fromisoformat(text).year >= 1900:
            return
    except ValueError:
        pass
    raise ValueError(f"{text[:40]} är ingen dag. Skriv den som 2026-10-20.")
