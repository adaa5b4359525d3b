"""What a list that was sent in would change, before it does: the shape of the preview, and what it was made from.

The file itself goes along with the preview, packed, in its form, and is read once more when it is done: nothing is
stored on the server for a preview that nobody goes on with, and there is one reading. A fingerprint of the file and of
what it was compared with tells whether anything has changed since.
"""

import base64
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import TooLarge, Unacceptable, Unreadable
from app.lists.tables import MOST_BYTES, TOO_LARGE

MOST_PACKED = 1_000_000  # characters: what fits into one field of a form
CHANGED = "Något har ändrats sedan du såg förhandsvisningen, och inget är gjort. Så här blir det nu."
NO_FILE = "Välj filen som ska läsas in."
NOT_WHOLE = "Förhandsvisningen kom inte fram hel. Välj filen en gång till."


@dataclass(frozen=True)
class Change:
    """A line of the preview: the first row in the file that asks for it, what it is, where, and a doubt."""

    row: int
    name: str
    about: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Preview:
    new: Sequence[Change]
    changed: Sequence[Change]
    same: int  # rows that ask for nothing that is not so already
    not_understood: Sequence[Change]
    notes: Sequence[str] = ()

    @property
    def count(self) -> int:
        return len(self.new) + len(self.changed)


def also(twice: Sequence[int]) -> list[str]:
    """A note on rows that stand in the file before."""
    return [f"Står redan tidigare i filen, och räknas en gång: rad {some(twice)}."] if twice else []


def some(rows: Sequence[int]) -> str:
    """Their numbers, not too many."""
    return ", ".join(map(str, rows[:20])) + (" med flera" if len(rows) > 20 else "")


def alike(other: str | None) -> str:
    return f"Liknar {other}. Är det samma, så skriv namnet likadant och läs in filen igen." if other else ""


def packed(content: bytes) -> str:
    text = base64.urlsafe_b64encode(zlib.compress(content)).decode()
    if len(text) > MOST_PACKED:
        raise TooLarge(TOO_LARGE)
    return text


def unpacked(text: str) -> bytes:
    """Raises Unreadable for what `packed` has not made."""
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(base64.urlsafe_b64decode(text), MOST_BYTES)
    except (ValueError, zlib.error):
        raise Unreadable(NOT_WHOLE) from None
    if not unpacking.eof:
        raise Unreadable(NOT_WHOLE)
    return content


def fingerprint(content: bytes, compared: object) -> str:
    """`compared` is what the file was compared with, in an order of its own: the same gives the same text."""
    return hashlib.sha256(content + repr(compared).encode()).hexdigest()


def chosen(content: bytes | None) -> bytes:
    if not content:
        raise Unacceptable(NO_FILE)
    return content
