"""YAML 1.2 read strictly: text → plain values, and the line of each.

Without anchors, aliases and tags, no key twice, at most 50 levels. Values are built from the parser's
events on a stack of our own, so no nesting can exhaust Python's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

from rubrics.problems import DataError, KeyPath, Problem

MAX_DEPTH = 50
TOO_DEEP = f"mer än {MAX_DEPTH} nivåer. Så djupt går inget av formaten; kontrollera parenteser och indrag."
HALF = re.compile("[\ud800-\udfff]")  # a surrogate alone: half a character


@dataclass
class _Open:
    """A collection that is being read."""

    value: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None


class _Builder:
    """Events → value and lines, refusing what the formats do not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.value: Any = None
        self.documents = 0
        self.lines: dict[KeyPath, int] = {}
        self.open: list[_Open] = []

    def take(self, event: Any) -> None:
        if isinstance(event, DocumentStartEvent):
            self._count_document(event)
        elif isinstance(event, NodeEvent):
            self._refuse_what_is_not_plain(event)
            self._take_node(event)
        elif isinstance(event, CollectionEndEvent):
            self.open.pop()

    def _take_node(self, event: Any) -> None:
        top = self.open[-1] if self.open else None
        if top and isinstance(top.value, dict) and top.key is None:
            self._take_key(top, event)
            return
        path = self._next_path(top)
        self.lines.setdefault(path, event.start_mark.line + 1)
        self._place(top, self._node_value(event, path))

    def _node_value(self, event: Any, path: KeyPath) -> Any:
        if isinstance(event, CollectionStartEvent):
            if len(self.open) >= MAX_DEPTH:
                raise self._error(event, TOO_DEEP, ())
            value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
            self.open.append(_Open(value, path))
            return value
        try:
            return _scalar(event)
        except ValueError:
            raise self._error(
                event, f"{event.value} finns inte i kalendern. Skriv en dag som finns, som 2021-10-18."
            ) from None

    def _take_key(self, top: _Open, event: Any) -> None:
        try:
            key = _scalar(event) if isinstance(event, ScalarEvent) else None
        except ValueError:
            key = None
        if not isinstance(key, str) or HALF.search(key):
            raise self._error(event, f"nyckeln {_cited(event)} ska vara text. Sätt citattecken om den.")
        if key in top.value:
            raise self._error(event, f"nyckeln {key} står två gånger. Behåll en av dem.", (*top.path, key))
        top.key = key
        self.lines[(*top.path, key)] = event.start_mark.line + 1

    def _next_path(self, top: _Open | None) -> KeyPath:
        if top is None:
            return ()
        return (*top.path, len(top.value) if isinstance(top.value, list) else top.key or "")

    def _place(self, top: _Open | None, value: Any) -> None:
        if top is None:
            self.value = value
        elif isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value[top.key or ""] = value
            top.key = None

    def _count_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._error(event, "filen har mer än ett dokument (---). Lägg dem i var sin fil.")

    def _refuse_what_is_not_plain(self, event: Any) -> None:
        if isinstance(event, AliasEvent) or event.anchor:
            raise self._error(
                event, "ankare och alias (& och *) används inte här. Skriv ut värdet, eller sätt citattecken."
            )
        if getattr(event, "tag", None):
            raise self._error(event, "taggar (!) används inte här. Skriv värdet utan tagg, eller sätt citattecken.")

    def _error(self, event: Any, message: str, path: KeyPath | None = None) -> DataError:
        if path is None:
            path = self._next_path(self.open[-1]) if self.open else ()
        return DataError([Problem(self.name, message, path, event.start_mark.line + 1)])


def from_yaml(text: str, name: str) -> tuple[Any, dict[KeyPath, int]]:
    builder = _Builder(name)
    for event in _events(text, name):
        builder.take(event)
    return builder.value, builder.lines


def _events(text: str, name: str) -> Iterator[Any]:
    if (place := text.find("\x85")) >= 0:  # the parser takes it for a line break, as YAML 1.1 did
        raise DataError([_unwanted(text, name, place)])
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "end of stream" in (error.problem or ""):  # told where the text begins, not where the file ends
            mark = error.context_mark or mark
        line = mark.line + 1 if mark else None
        raise DataError([Problem(name, _in_swedish(error.problem or ""), line=line)]) from None
    except ReaderError as error:
        raise DataError([_unwanted(text, name, error.position)]) from None
    except (ValueError, OverflowError):  # "\UFFFFFFFF" and the like
        message = "ett teckennummer efter \\U finns inte. Skriv tecknet självt."
        raise DataError([Problem(name, message)]) from None


def _unwanted(text: str, name: str, place: int) -> Problem:
    code = f"U+{ord(text[place]):04X}"
    message = f'tecknet {code} får inte stå som det är. Ta bort det, eller skriv det som "\\u{code[2:]}".'
    return Problem(name, message, line=text.count("\n", 0, place) + 1)


_COLON = "ett kolon för mycket. Sätt citattecken om en text som innehåller kolon."
_PLACE = "raden passar inte där den står. Kontrollera indrag, kommatecken och parenteser."
_SYNTAX = {  # what the parser says → what to do
    "could not find expected ':'": "här väntades ett kolon. Skriv nyckel: värde.",
    "mapping values are not allowed": _COLON,
    "that cannot start any token": "tecknet kan inte inleda ett värde. Sätt citattecken; dra in med blanksteg.",
    "but found": _PLACE,
    "but got": _PLACE,
    "did not find expected": _PLACE,
    "found unexpected end of stream": "filen tar slut mitt i en text. Sätt dit citattecknet som saknas.",
    "unknown escape character": "okänt tecken efter \\. Använd enkla citattecken, eller skriv \\\\.",
}


def _in_swedish(problem: str) -> str:
    for words, sentence in _SYNTAX.items():
        if words in problem:
            return sentence
    return "det här går inte att läsa som YAML. Kontrollera indrag, kolon följt av blanksteg, och citattecken."


# What a plain scalar means (YAML 1.2, core schema), and dates, which the formats know as such.
_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_BOOL = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _scalar(event: Any) -> Any:
    """The value of a scalar. Raises ValueError for a date that no calendar has."""
    text: str = event.value
    if not event.implicit[0]:  # quoted, or a block
        return _joined_surrogates(text)
    if _NULL.fullmatch(text):
        return None
    if match := _BOOL.fullmatch(text):
        return match[1] is not None
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    if _NUMBER.fullmatch(text):
        return int(text) if re.fullmatch("[-+]?[0-9]{1,15}", text) else float(re.sub("^0[ox].*", "nan", text.lower()))
    return text


def _joined_surrogates(text: str) -> str:
    """`"\\ud83d\\ude00"` is one character written as two, as JSON does; a lone half stays."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _cited(event: Any) -> str:
    return str(event.value or "(tom)") if isinstance(event, ScalarEvent) else "(en lista eller tabell)"
