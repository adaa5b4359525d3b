"""What is written in a subject's fields: what stands, what was there before, and where two texts stand."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, case
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.viewer import initials
from app.writing.fields import FieldKind, Spot, Value, decoded, spot
from app.writing.models import AGREED, Branch, Head, Revision
from app.writing.words import Run, differences

CHANGES = 500  # operations in one answer to "what is new"


@dataclass(frozen=True)
class Said:
    """A value that somebody wrote in a field."""

    revision: str
    value: Value
    by: str  # name
    person: str
    at: datetime
    outcome: str
    field: str
    seq: int
    voice: str


@dataclass(frozen=True)
class Clash:
    """Two texts in one field, both kept: what was there, what stands, and what stands beside it."""

    spot: Spot
    before: Value
    stands: Said | None
    beside: Said


def heads(session: Session, id: str, voice: str = AGREED, among: Collection[str] | None = None) -> dict[str, Said]:
    """What stands in each field that anybody has written in, or in each of some; where nothing is agreed, what does in
    one's own voice."""
    query = _SAID.join(Head, col(Head.revision) == Revision.id)
    query = query.where(col(Head.subject) == id, col(Head.voice).in_({AGREED, voice}))
    found = list(_each(session, query if among is None else query.where(col(Head.field).in_(among))))
    return {said.field: said for said in sorted(found, key=lambda said: said.voice == AGREED)}


def voices(session: Session, id: str) -> list[Said]:
    """What each has said alone where nothing is agreed yet, in the order of writing: what stands in each voice, and
    what stands beside that."""
    said = (each for query in _ALONE for each in _each(session, query, {"subject": id}) if each.value)
    return sorted(said, key=lambda each: each.seq)


def history(session: Session, id: str, field: str, voice: str = "") -> list[Said]:
    """Everything that was ever written in a field, the latest first; `voice` = only in that one and together."""
    query = _SAID.where(col(Revision.subject) == id, col(Revision.field) == field).order_by(col(Revision.seq).desc())
    return list(_heard(session, query, voice))


def changes(session: Session, id: str, since: int, limit: int = CHANGES) -> list[Said]:
    """What is new since operation number `since`, oldest first."""
    query = _SAID.where(col(Revision.subject) == id, col(Revision.seq) > since).order_by(col(Revision.seq)).limit(limit)
    return list(_each(session, query))


def operation_at(session: Session, id: str, seq: int) -> str | None:
    """The operation with a number. Where a device knows another one, a backup has been put back since."""
    at = (col(Revision.subject) == id, col(Revision.seq) == seq)
    return session.execute(rows_of(col(Revision.id)).where(*at)).scalar()


def late(session: Session, id: str, kinds: Sequence[FieldKind], voice: str = "") -> list[Said]:
    """What came to such fields after signing, or from somebody who had left: kept, without effect. `voice` as in
    `history`."""
    query = _SAID.where(col(Revision.subject) == id, col(Revision.outcome) == "late").order_by(col(Revision.seq).desc())
    return [each for each in _heard(session, query, voice) if spot(kinds, each.field)]


def clashes(session: Session, id: str, kinds: Sequence[FieldKind], voice: str = AGREED) -> list[Clash]:
    """The fields where people have written differently and nobody has chosen yet. Where each answers alone first,
    nobody has to; `voice` = one's own, in which one may have written differently on two devices."""
    at = (Branch.subject == id, col(Branch.voice).in_({AGREED, voice}), col(Branch.settled_by).is_(None))
    branches = session.exec(select(Branch).where(*at).order_by(Branch.field, Branch.id)).all()
    if not branches:
        return []
    standing = heads(session, id, voice)
    ids = {each for branch in branches for each in (branch.tip, branch.base) if each}
    said = {each.revision: each for each in _each(session, _SAID.where(col(Revision.id).in_(ids)))}
    return [
        Clash(found, said[b.base].value if b.base in said else None, standing.get(b.field), said[b.tip])
        for b in branches
        if (found := spot(kinds, b.field))
    ]


# When it was written, by the clock of the one who wrote, as the device says it too; unless that clock is ahead of ours.
_WRITTEN = case((col(Revision.at) <= col(Revision.received), col(Revision.at)), else_=col(Revision.received))

# Columns and not whole revisions: a page shows hundreds of them.
_SAID = rows_of(
    col(Revision.id), col(Revision.value), col(Person.name), col(Revision.by), _WRITTEN,
    col(Revision.outcome), col(Revision.field), col(Revision.seq), col(Revision.voice),
).join(Person, col(Person.id) == col(Revision.by))  # fmt: skip


_OF: BindParameter[str] = bindparam("subject")
_AGREED = rows_of(col(Head.field)).where(col(Head.subject) == _OF, col(Head.voice) == AGREED)
_ALONE = (
    _SAID.join(Head, col(Head.revision) == col(Revision.id)).where(
        col(Head.subject) == _OF, col(Head.voice) != AGREED, col(Head.field).not_in(_AGREED)
    ),
    _SAID.join(Branch, col(Branch.tip) == col(Revision.id)).where(
        *(col(Branch.subject) == _OF, col(Branch.voice) != AGREED, col(Branch.settled_by).is_(None)),
        col(Branch.field).not_in(_AGREED),
    ),
)


def _each(session: Session, query: Select[*tuple[Any, ...]], given: Mapping[str, str] | None = None) -> Iterator[Said]:
    for id, value, *rest in session.execute(query, given):
        yield Said(id, decoded(value), *rest)


def _heard(session: Session, query: Select[*tuple[Any, ...]], voice: str) -> Iterator[Said]:
    return (each for each in _each(session, query) if not voice or each.voice in (AGREED, voice))


@dataclass(frozen=True)
class Version:
    """One of the texts to choose between: whose it is, by the first name where that tells them apart, and how it
    differs from what was there."""

    said: Said
    whose: str
    number: int  # among the same person's; 0 = the only one
    runs: Sequence[Run]

    @property
    def initials(self) -> str:
        return initials(self.said.by)


def as_text(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(value or ())


@dataclass(frozen=True)
class Box:
    """A field on a page: its key, what stands in it, which operation that is, and what stands beside it."""

    key: str
    said: Said | None
    clashes: Sequence[Clash]

    @property
    def value(self) -> Value:
        return self.said.value if self.said else None

    @property
    def revision(self) -> str:
        return self.said.revision if self.said else ""

    @property
    def tips(self) -> str:
        return " ".join(clash.beside.revision for clash in self.clashes)

    @property
    def versions(self) -> list[Version]:
        """What stands, and what stands beside it; none where nothing does."""
        if not self.clashes:
            return []
        before = self.clashes[0].before
        texts = [(self.said, before)] if self.said else []
        texts += [(clash.beside, clash.before) for clash in self.clashes]
        by = Counter(said.person for said, _ in texts)
        first = Counter(name.partition(" ")[0] for name in {said.person: said.by for said, _ in texts}.values())
        made: list[Version] = []
        for said, was in texts:
            short = said.by.partition(" ")[0]
            number = sum(each.said.person == said.person for each in made) + 1
            whose = short if first[short] == 1 else said.by
            made.append(Version(said, whose, number if by[said.person] > 1 else 0, _marked(was, said.value)))
        return made


def _marked(before: Value, after: Value) -> list[Run]:
    """Where nothing was there before, a text is not marked as new from end to end."""
    return differences(as_text(before or after), as_text(after))
