"""How events are read and hashed, and hashes chained.

An event is hashed over every column as it is stored, to the byte: nothing is read as a number, a date or JSON first, so
that there is no second way of writing the same thing. What differs between the databases is how a moment is stored, and
that the database itself puts into one form (`rows`): UTC, with microseconds, as SQLite has it. Each part goes in with
its length before it, so that nothing can be moved from one column into the next.

A seal lists `n` and hash of each of its events, so that one can tell which of them is not what it was, and is hashed
over that list, over what it says of it, and over the hash of the seal before.
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, text

from app.events.models import Seal

LEAF = struct.Struct(">q32s")
_COLUMNS = ("at", "by", "action", "subject", "details")
_SELECT = "SELECT n, {} FROM event WHERE n > :after AND n <= :last ORDER BY n LIMIT :most"


def _asked(column: str, moment: str) -> TextClause:
    """`column` = how a database gives the bytes of a text, `moment` = and those of a time."""
    parts = [column.format(moment), *(column.format(f'"{name}"') for name in _COLUMNS[1:])]
    return text(_SELECT.format(", ".join(parts)))


_ROWS = {
    "sqlite": _asked("CAST({} AS BLOB)", "at"),
    "postgresql": _asked(
        "convert_to(({})::text, 'UTF8')", "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    ),
}


class Leaf(NamedTuple):
    n: int
    hash: bytes


def rows(connection: Connection, *, after: int, last: int, most: int = 1) -> Sequence[Sequence[Any]]:
    """The next events as they are stored: `n`, and the bytes of each column."""
    found: Sequence[Sequence[Any]] = connection.execute(
        _ROWS[connection.dialect.name], {"after": after, "last": last, "most": most}
    ).all()
    return found


def leaf(row: Sequence[Any]) -> Leaf:
    """Of one of `rows`."""
    n, *parts = row
    return Leaf(n, sha256(_framed([part or b"" for part in parts])).digest())


def packed(leaves: Sequence[Leaf]) -> bytes:
    return b"".join([LEAF.pack(*each) for each in leaves])


def unpacked(leaves: bytes) -> list[Leaf]:
    """Raises struct.error where they are not whole."""
    return [Leaf._make(each) for each in LEAF.iter_unpack(leaves)]


def chained(seal: Seal) -> str:
    """The hash of a seal: over all of it but the hash itself."""
    at = seal.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = (seal.number, at, seal.first, seal.last, seal.count, seal.previous)
    return sha256(_framed((*(str(each).encode() for each in told), seal.leaves))).hexdigest()


def _framed(parts: Iterable[bytes]) -> bytes:
    return b"".join([b"%d:%b" % (len(part), part) for part in parts])
