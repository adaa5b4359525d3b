"""Whether what is sealed is still what it was. Reads a seal at a time: many need no more memory than few.

What is found is told as it is found, in sentences: which events, and between which times. The times are those of the
nearest events beside that are what they were, or of the seal.
"""

import json
import struct
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from babel.dates import format_datetime
from sqlmodel import Session, col, select

from app import audit
from app.db import Database
from app.events.chain import Leaf, chained, leaf, rows, unpacked
from app.events.models import Seal
from app.events.sealing import BATCH, LOWEST
from app.prepared import listed as of_list
from app.web.swedish import LOCALE, local
from app.writing.models import Revision

MOST_TEXTS = 500  # that are read at once


class Kind(Enum):
    """What can be wrong with an event. The value is said of one, and of several."""

    GONE = ("saknas", "saknas")
    CHANGED = ("är ändrad", "är ändrade")
    MOVED = ("står på en annan händelses plats", "står på andra händelsers platser")
    ADDED = ("har lagts till bland förseglade", "har lagts till bland förseglade")


@dataclass
class Checked:
    """How far one came, and with what: counted along the way."""

    seals: int = 0
    events: int = 0
    texts: int = 0
    erased: int = 0  # texts of which only the hash is left
    findings: int = 0
    last: int = LOWEST  # the highest event that a seal speaks of
    since: bytes = b""  # when the last event that is what it was happened, as it is stored
    noted: set[str] = field(default_factory=set)  # earlier seals that have not been met


def verify(database: Database, checked: Checked) -> Iterator[str]:
    """Everything that is wrong, as sentences. `checked.noted` = hashes of seals that were noted elsewhere."""
    for told in _all(database, checked):
        checked.findings += 1
        yield told


def _all(database: Database, checked: Checked) -> Iterator[str]:
    before: Seal | None = None
    joined = True  # what the last seal says of itself can be relied on
    while True:
        with database.reading() as session:
            try:
                seal = _after(session, before)
            except (TypeError, ValueError):  # SQLite takes anything for a moment
                yield "Förseglingarna går inte att läsa: någon av dem är ändrad."
                return
            if not seal:
                break
            listed = _listed(seal)
            yield from _chain(seal, before, checked)
            if listed is None:
                yield f"Försegling {seal.number} är ändrad. {_span(seal)} går inte att lita på."
            else:
                follows = joined and seal.number == (before.number + 1 if before else 1)
                yield from _events(session, seal, listed, checked.last if follows else seal.first - 1, checked)
        checked.noted.discard(seal.hash)
        checked.seals, checked.last = checked.seals + 1, seal.last
        before, joined = seal, listed is not None
    for hash in sorted(checked.noted):
        yield f"Förseglingen {hash}, som är antecknad, finns inte: kedjan är avkortad eller gjord på nytt."


def _after(session: Session, before: Seal | None) -> Seal | None:
    asked = select(Seal).order_by(col(Seal.number)).limit(1)
    return session.exec(asked.where(col(Seal.number) > before.number) if before else asked).first()


# ── The seals ─────────────────────────────────────────────────────────────────────────────


def _chain(seal: Seal, before: Seal | None, checked: Checked) -> Iterator[str]:
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        lacking = _named(expected, seal.number - 1, "Försegling", "Förseglingarna")
        since = _time(before.at) if before else "början"
        gap = _named(checked.last + 1, seal.first - 1) if before else f"Händelserna före {seal.first}"
        yield f"{lacking} saknas. {gap} (från {since} till {_time(seal.at)}) är inte längre förseglade."
    elif seal.previous != (before.hash if before else ""):
        yield f"Försegling {seal.number} hör inte ihop med den före. Någon av dem är utbytt. {_span(seal)}."


def _span(seal: Seal) -> str:
    return f"{_named(seal.first, seal.last)} (till och med {_time(seal.at)})"


def _listed(seal: Seal) -> list[Leaf] | None:
    """The events that a seal lists; None where it is not what it was."""
    with suppress(struct.error):
        leaves = unpacked(seal.leaves)
        ns = [each.n for each in leaves]
        said = (len(ns), ns[:1], ns[-1:]) == (seal.count, [seal.first], [seal.last])
        return leaves if said and ns == sorted(set(ns)) and chained(seal) == seal.hash else None
    return None


# ── The events of one seal ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Run:
    """Events one after the other with which the same is wrong."""

    kind: Kind
    first: int
    last: int
    count: int = 1

    def with_one_more(self, n: int) -> "_Run":
        return replace(self, last=n, count=self.count + 1)

    def told(self, since: bytes, until: str) -> str:
        between = f"mellan {_stored(since)} och {until}" if since else f"före {until}"
        return f"{_named(self.first, self.last)} ({between}) {self.kind.value[self.count > 1]}."


def _events(session: Session, seal: Seal, listed: Sequence[Leaf], after: int, checked: Checked) -> Iterator[str]:
    run: _Run | None = None
    revisions: dict[str, tuple[str, int]] = {}
    for n, wrong, parts in _met(session, listed, after):
        checked.events += wrong is not Kind.ADDED
        if run and run.kind is wrong:
            run = run.with_one_more(n)
            continue
        if run:
            yield run.told(checked.since, _time(seal.at) if wrong else _stored(parts[0]))
        run = _Run(wrong, n, n) if wrong else None
        if not wrong:
            checked.since = parts[0]
            revisions |= {id: (hash, n) for id, hash in _revisions(parts[-1])}
        if len(revisions) > MOST_TEXTS:
            yield from _texts(session, revisions, checked)
            revisions = {}
    if run:
        yield run.told(checked.since, _time(seal.at))
    yield from _texts(session, revisions, checked)


def _met(session: Session, listed: Sequence[Leaf], after: int) -> Iterator[tuple[int, Kind | None, Sequence[bytes]]]:
    """Every event that a seal lists or that stands among them, in order, and what is wrong with it."""
    known, lists = {each.hash for each in listed}, deque(listed)
    for row in _stands(session, after, listed[-1].n):
        n = row[0]
        while lists and lists[0].n < n:
            yield lists.popleft().n, Kind.GONE, ()
        if not lists or lists[0].n != n:
            yield n, Kind.ADDED, ()
            continue
        hash = leaf(row).hash
        wrong = None if hash == lists.popleft().hash else Kind.MOVED if hash in known else Kind.CHANGED
        yield n, wrong, row[1:]
    for each in lists:
        yield each.n, Kind.GONE, ()


def _stands(session: Session, after: int, last: int) -> Iterator[Sequence[Any]]:
    while found := rows(session.connection(), after=after, last=last, most=BATCH):
        yield from found
        after = found[-1][0]


# ── The texts that an event speaks of ─────────────────────────────────────────────────────


def _revisions(details: bytes) -> Iterable[tuple[str, str]]:
    if b'"revisions"' not in details:
        return ()
    found: dict[str, str] = json.loads(details)["revisions"]
    return found.items()


def _texts(session: Session, revisions: Mapping[str, tuple[str, int]], checked: Checked) -> Iterator[str]:
    """Whether each text still gives the hash that its event names. One that is erased has its hash alone."""
    asked = select(Revision.id, Revision.value, Revision.salt, Revision.hash)
    found = session.execute(asked.where(col(Revision.id).in_(of_list("ids"))), {"ids": list(revisions)}).all()
    checked.texts += len(revisions)
    for id, value, salt, hash in found:
        known, n = revisions[id]
        checked.erased += value is None
        stands = audit.hashed(salt or "", value) if value is not None else hash if salt is None else ""
        if (stands, hash) != (known, known):
            yield f"Texten i ändringen {id}, som händelse {n} talar om, är ändrad."
    for id in sorted(revisions.keys() - {each.id for each in found}):
        yield f"Texten i ändringen {id}, som händelse {revisions[id][1]} talar om, saknas."


# ── In words ──────────────────────────────────────────────────────────────────────────────


def _named(first: int, last: int, one: str = "Händelse", more: str = "Händelserna") -> str:
    return f"{one} {first}" if first >= last else f"{more} {first}–{last}"


def _stored(at: bytes) -> str:
    return _time(datetime.fromisoformat(at.decode()).replace(tzinfo=UTC))


def _time(at: datetime) -> str:
    """To the second: several things happen in a minute."""
    return format_datetime(local(at), "d MMMM y 'kl.' H.mm.ss", locale=LOCALE)
