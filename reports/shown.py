"""How a character that cannot be shown is shown: as □ and its number (`□U+0007`).

Control characters, lone surrogates and the two noncharacters would break a file format or
vanish in silence; here they become visible. What a single format lacks besides (a font's
missing glyph) is that writer's own knowledge.
"""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_Part = TypeVar("_Part")
_LINE_END = re.compile("\r\n?")


def number(character: str) -> str:
    """The shown form of one character: `□U+0007`."""
    return f"□U+{ord(character):04X}"


def shown(text: str) -> str:
    """The text with LF as its only line end and with what cannot be shown made visible. Idempotent."""
    return _UNSHOWABLE.sub(lambda match: number(match[0]), _LINE_END.sub("\n", text))


def each_text(part: _Part, change: Callable[[str], str]) -> _Part:
    """A part of a document (dataclass, tuple, text …) with `change` applied to every text in it."""
    made: Any = part
    if isinstance(part, str):
        made = change(part)
    elif isinstance(part, tuple):
        made = tuple(each_text(each, change) for each in part)
    elif is_dataclass(part) and not isinstance(part, type):
        made = replace(part, **{f.name: each_text(getattr(part, f.name), change) for f in fields(part)})
    return cast(_Part, made)
