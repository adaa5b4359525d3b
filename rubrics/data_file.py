"""Reading a data file strictly: bytes → plain values, and where each of them stands.

Both of Sporra's formats are written by people, so a slip must be told in a sentence with its line,
never guessed away. YAML 1.2, or JSON; UTF-8; at most 5 MB. What the values should be is the models'
business, and finding files the disk's.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rubrics.problems import DataError, KeyPath, Problem
from rubrics.strict_yaml import HALF, MAX_DEPTH, TOO_DEEP, from_yaml

MAX_BYTES = 5_000_000
_QUICK = 300_000  # characters of JSON that are worth reading again for the line of an error


@dataclass
class Source:
    """What a file says: its value (dict, list, str, int, float, bool, date, None) and its lines."""

    file: str
    data: bytes
    text: str  # of the data, as it was parsed
    value: Any
    _lines: dict[KeyPath, int] | None = field(default=None, repr=False)

    def problem(self, path: KeyPath, message: str, *, warning: bool = False) -> Problem:
        """A problem at the key path, or at the nearest thing above it that stands in the file."""
        return Problem(self.file, message, path, self._line(path), warning)

    def _line(self, path: KeyPath) -> int | None:
        if self._lines is None:  # JSON: its reader gives no lines, and they are wanted only now
            self._lines = _lines_of_json(self.text)
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path)


def read(data: bytes, name: str, made_showable: Callable[[str], str] = str) -> Source:
    """The content of a file called `name` in what is told of it. Raises DataError.

    Neither YAML nor JSON takes control characters as they are: `made_showable` may replace them first.
    """
    if len(data) > MAX_BYTES:
        raise DataError([Problem(name, "filen är större än 5 MB. Dela upp den eller ta bort det som inte hör dit.")])
    text = made_showable(_decoded(data, name))
    lines: dict[KeyPath, int] | None = None
    try:
        value = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_such_number)
    except (ValueError, RecursionError):
        value, lines = from_yaml(text, name)
    if _too_deep(value):
        raise DataError([Problem(name, TOO_DEEP)])
    return Source(name, data, text, value, lines)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "filen är inte UTF-8 (kanske Latin-1 eller UTF-16). Spara om den som UTF-8."
        raise DataError([Problem(name, message, line=line)]) from None


# ── JSON ──────────────────────────────────────────────────────────────────────────────────


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs) or any(map(HALF.search, made)):
        raise ValueError("a key twice, or half a character")  # the YAML reader tells which, and where
    return made


def _no_such_number(name: str) -> float:
    raise ValueError(name)


def _too_deep(value: Any) -> bool:
    waiting = [(0, value)]
    while waiting:
        depth, value = waiting.pop()
        if isinstance(value, dict | list):
            if depth >= MAX_DEPTH:
                return True
            children = value.values() if isinstance(value, dict) else value
            waiting.extend((depth + 1, child) for child in children)
    return False


def _lines_of_json(text: str) -> dict[KeyPath, int]:
    if len(text) > _QUICK:
        return {}
    try:
        return from_yaml(text, "")[1]
    except DataError:  # not every JSON is YAML (tabs): then there are no lines
        return {}
