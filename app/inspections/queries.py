"""What is read of one inspection: itself and its people, and what is written in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.roles import Permission, Whose
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.ids import is_id
from app.inspections.fields import KINDS
from app.inspections.models import Assignment, InspectionRow, Signature, Version
from app.writing.fields import Spot, Value, decoded, spot
from app.writing.models import AGREED, Branch, Head, Revision

CHANGES = 500  # operations in one answer to "what is new"


# ── One ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Found:
    """An inspection that may be seen, and whose it is."""

    row: InspectionRow
    whose: Whose
    former: frozenset[str]  # inspectors that have handed over

    def has_inspected(self, person: str) -> bool:
        """Is one of its inspectors, or was."""
        return person in self.former | self.whose.inspectors

    @property
    def has_version(self) -> bool:
        return self.row.state == "signed" or self.row.version > 1

    @property
    def last_version(self) -> int:
        return self.row.version if self.row.state == "signed" else self.row.version - 1


_PEOPLE = rows_of(col(Assignment.person), col(Assignment.ended)).where(
    col(Assignment.inspection) == bindparam("inspection")
)


def find(session: Session, id: str) -> Found:
    """An inspection with its people. Raises NotFound."""
    row = session.get(InspectionRow, id) if is_id(id) else None  # PostgreSQL refuses to look for a NUL
    if not row:
        raise NotFound
    people = session.connection().execute(_PEOPLE, {"inspection": id}).all()
    present = frozenset(each.person for each in people if not each.ended)
    former = frozenset(each.person for each in people) - present
    return Found(row, Whose(row.speciality, row.region, row.clinic, present), former)


def found(session: Session, id: str, viewer: Viewer, permission: Permission, *, former: bool = False) -> Found:
    """An inspection, where the viewer has this permission on it, or (`former`) was one of its inspectors.
    Raises NotFound, whichever is lacking."""
    one = find(session, id)
    if not (former and one.has_inspected(viewer.id)):
        viewer.check(permission, one.whose)
    if permission is Permission.READ_REPORT and not one.has_version:
        raise NotFound
    return one


@dataclass(frozen=True)
class Inspector:
    id: str
    name: str
    signed: bool  # has signed the content as it is now


def inspectors(session: Session, found: Found, content_hash: str = "") -> list[Inspector]:
    """The inspectors of the draft (or of what was last signed), in the order of their names in the report."""
    row = found.row
    at = (Assignment.inspection == row.id, col(Assignment.ended).is_(None))
    people = session.exec(
        select(Person.id, Person.name)
        .join(Assignment, col(Assignment.person) == Person.id)
        .where(*at)
        .order_by(col(Assignment.place))
    ).all()
    signed = {each.person for each in signatures(session, row) if not content_hash or each.content == content_hash}
    return [Inspector(id, name, id in signed) for id, name in people]


def signatures(session: Session, row: InspectionRow) -> Sequence[Signature]:
    """The signatures that stand for the version being drafted."""
    at = (Signature.inspection == row.id, Signature.version == row.version, col(Signature.withdrawn).is_(None))
    return session.exec(select(Signature).where(*at)).all()


def versions(session: Session, id: str) -> Sequence[Version]:
    """The signed versions, the last one first."""
    return session.exec(select(Version).where(Version.inspection == id).order_by(col(Version.number).desc())).all()


# ── What is written in it ─────────────────────────────────────────────────────────────────


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


@dataclass(frozen=True)
class Clash:
    """Two texts in one field, both kept: what was there, what stands, and what stands beside it."""

    spot: Spot
    before: Value
    stands: Said | None
    beside: Said


def heads(session: Session, id: str) -> dict[str, Said]:
    """What stands in each field that anybody has written in."""
    at = (col(Head.subject) == id, col(Head.voice) == AGREED)
    query = _said().join(Head, col(Head.revision) == Revision.id).where(*at)
    return {said.field: said for said in _each(session, query)}


def history(session: Session, id: str, field: str) -> list[Said]:
    """Everything that was ever written in a field, the latest first."""
    query = _said().where(col(Revision.subject) == id, col(Revision.field) == field).order_by(col(Revision.seq).desc())
    return list(_each(session, query))


def changes(session: Session, id: str, since: int, limit: int = CHANGES) -> list[Said]:
    """What is new since operation number `since`, oldest first."""
    query = (
        _said().where(col(Revision.subject) == id, col(Revision.seq) > since).order_by(col(Revision.seq)).limit(limit)
    )
    return list(_each(session, query))


def late(session: Session, id: str) -> list[Said]:
    """What came after signing, or from somebody who had left: kept, without effect."""
    query = (
        _said().where(col(Revision.subject) == id, col(Revision.outcome) == "late").order_by(col(Revision.seq).desc())
    )
    return list(_each(session, query))


def clashes(session: Session, id: str) -> list[Clash]:
    """The fields where people have written differently and nobody has chosen yet. Where each answers alone first,
    nobody has to."""
    at = (Branch.subject == id, Branch.voice == AGREED, col(Branch.settled_by).is_(None))
    branches = session.exec(select(Branch).where(*at).order_by(Branch.field, Branch.id)).all()
    if not branches:
        return []
    standing = heads(session, id)
    ids = {each for branch in branches for each in (branch.tip, branch.base) if each}
    said = {each.revision: each for each in _each(session, _said().where(col(Revision.id).in_(ids)))}
    return [
        Clash(found, said[b.base].value if b.base in said else None, standing.get(b.field), said[b.tip])
        for b in branches
        if (found := spot(KINDS, b.field))
    ]


def _said() -> Select[Revision, str]:
    return rows_of(Revision, col(Person.name)).join(Person, col(Person.id) == Revision.by)


def _each(session: Session, query: Select[Revision, str]) -> Iterator[Said]:
    for r, name in session.execute(query):
        yield Said(r.id, decoded(r.value), name, r.by, r.received, r.outcome, r.field, r.seq)
