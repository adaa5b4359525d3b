"""What a batch of operations needs of its subject, fetched at once, and kept true while the batch is taken.

Here are the statements of the write path, and no rule. They are prepared once and run by the driver
alone (`app.prepared`): saving is what is done most often of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BindParameter, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app import audit
from app.errors import NotFound
from app.ids import is_id
from app.prepared import Prepared, listed
from app.writing.fields import Value, encoded
from app.writing.models import AGREED, Branch, Head, Outcome, Revision, Subject


@dataclass(frozen=True)
class Operation:
    """One field set to one value. `id` was made where it was typed."""

    id: str
    field: str
    value: object = None
    parent: str | None = None
    settles: Sequence[str] = ()
    voice: str = AGREED
    at: datetime | None = None
    format: int = 1
    unfit: str = ""  # which parts of it could not be read where it came in


@dataclass
class Kept:
    """A revision, as far as the rules look at it. `value` is encoded."""

    id: str
    subject: str
    seq: int
    voice: str
    field: str
    value: str | None
    parent: str | None
    by: str
    outcome: Outcome
    at: datetime | None = None
    format: int = 1
    settles: Sequence[str] = ()


@dataclass
class Open:
    """A branch that waits for a person to choose."""

    id: str
    voice: str
    field: str
    tip: str


_STORED = ("id", "subject", "seq", "voice", "field", "value", "parent", "by", "outcome", "at", "format")  # as in Kept
_COLUMNS = [col(getattr(Revision, name)) for name in _STORED]
_SUBJECT: BindParameter[str] = bindparam("subject")

_LOCK = Prepared(
    select(col(Subject.kind), col(Subject.seq), col(Subject.held)).where(col(Subject.id) == _SUBJECT).with_for_update()
)
_STANDS = and_(
    *(col(getattr(Head, name)) == col(getattr(Revision, name)) for name in ("subject", "voice", "field")),
    col(Head.revision) == col(Revision.id),
)
_WAITS = and_(col(Branch.tip) == col(Revision.id), col(Branch.settled_by).is_(None))
_HEADS = select(col(Head.revision)).where(col(Head.subject) == _SUBJECT, col(Head.field).in_(listed("fields")))
_TIPS = select(col(Branch.tip)).where(
    col(Branch.subject) == _SUBJECT, col(Branch.field).in_(listed("fields")), col(Branch.settled_by).is_(None)
)
_NAMED = col(Revision.id).in_(listed("ids"))
_SEEN = Prepared(
    select(*_COLUMNS, col(Head.revision).label("stands"), col(Branch.id).label("branch"), col(Branch.voice).label("of"))
    .join(Head, _STANDS, isouter=True)
    .join(Branch, _WAITS, isouter=True)
    .where(or_(_NAMED, col(Revision.id).in_(_HEADS), col(Revision.id).in_(_TIPS)))
)
_ALSO = Prepared(select(*_COLUMNS).where(_NAMED))
_OPEN_IN_ALL = Prepared(select(func.count()).where(col(Branch.subject) == _SUBJECT, col(Branch.settled_by).is_(None)))
_KEPT = (*_STORED, "settles", "received", "salt", "hash")
# The same id may come to two subjects at once; then one of them is not kept.
_KEEP = {
    "sqlite": Prepared(sqlite.insert(Revision).on_conflict_do_nothing(index_elements=["id"]), *_KEPT),
    "postgresql": Prepared(postgresql.insert(Revision).on_conflict_do_nothing(index_elements=["id"]), *_KEPT),
}
_STAND = Prepared(insert(Head), "subject", "voice", "field", "revision")
_STAND_INSTEAD = Prepared(
    update(Head)
    .where(
        col(Head.subject) == bindparam("at_subject"),
        col(Head.voice) == bindparam("at_voice"),
        col(Head.field) == bindparam("at_field"),
    )
    .values(revision=bindparam("now"))
)
_OPEN = Prepared(insert(Branch), "id", "subject", "field", "voice", "base", "tip", "settled_by")
_GROW = Prepared(
    update(Branch)
    .where(col(Branch.id) == bindparam("branch"))
    .values(tip=bindparam("now"), voice=bindparam("in_voice"))
)
_SETTLE = Prepared(update(Branch).where(col(Branch.id) == bindparam("branch")).values(settled_by=bindparam("now")))
_COUNT = Prepared(
    update(Subject).where(col(Subject.id) == _SUBJECT).values(seq=bindparam("now"), held=bindparam("in_all"))
)


@dataclass(frozen=True)
class Locked:
    """A subject whose row is held until the transaction ends: nobody else writes in it meanwhile."""

    id: str
    kind: str
    seq: int
    held: int  # as in Subject


class AlreadyKept(Exception):
    """Another subject has an operation with this id."""


def begin(session: Session, *, subject: str, kind: str) -> Locked:
    """A new subject, with nothing written in it yet."""
    session.add(Subject(id=subject, kind=kind))
    session.flush()
    return Locked(subject, kind, 0, 0)


def locked(session: Session, subject: str) -> Locked:
    """Raises NotFound."""
    rows = _LOCK.rows(session.connection(), {"subject": subject}) if is_id(subject) else []
    if not rows:
        raise NotFound
    return Locked(subject, *rows[0])


class Desk:
    """`kept` holds every revision that the rules may look at, by id."""

    def __init__(self, session: Session, subject: Locked, operations: Sequence[Operation]) -> None:
        self.session, self.subject, self.seq, self.held = session, subject, subject.seq, subject.held
        self._connection = session.connection()
        self._new: dict[str, str] = {}  # revision → hash of its value, for the audit event
        self._heads: dict[tuple[str, str], Kept] = {}
        self._open: list[Open] = []
        self.kept: dict[str, Kept] = {}
        fields = list({operation.field for operation in operations})
        named = list({id for each in operations for id in (each.id, _id(each.parent)) if id})
        asked = {"subject": subject.id, "fields": fields, "ids": named}
        for *row, stands, branch, voice in _SEEN.rows(self._connection, asked):
            seen = Kept(*row)
            self.kept[seen.id] = seen
            if stands and seen.subject == subject.id:
                self._heads[seen.voice, seen.field] = seen
            if branch and seen.subject == subject.id:
                self._open.append(Open(branch, voice, seen.field, seen.id))

    def _do(self, statement: Prepared, **values: object) -> int:
        return statement.change(self._connection, values)

    def head(self, voice: str, field: str) -> Kept | None:
        return self._heads.get((voice, field))

    def parent(self, new: Kept) -> Kept | None:
        """The operation that its writer saw, where it is one on this very field. One that came too late has changed
        nothing: what its own writer saw stands in its place."""
        parent = self.kept.get(new.parent or "")
        while parent and parent.outcome == "late":
            parent = self._beneath(parent)
        return parent if parent and (parent.subject, parent.field) == (new.subject, new.field) else None

    def _beneath(self, late: Kept) -> Kept | None:
        if late.parent and late.parent not in self.kept:
            self.kept |= {row[0]: Kept(*row) for row in _ALSO.rows(self._connection, {"ids": [late.parent]})}
        found = self.kept.get(late.parent or "")
        return found if found and found.seq < late.seq else None  # what names a later one goes round in a circle

    def open_in(self, field: str) -> list[Open]:
        """The branches that wait in a field, in any voice."""
        return [branch for branch in self._open if branch.field == field]

    def open_in_all(self) -> int:
        """How many branches wait in the whole subject."""
        [[count]] = _OPEN_IN_ALL.rows(self._connection, {"subject": self.subject.id})
        return int(count)

    def new(self, by: str, operation: Operation, value: Value) -> Kept:
        """The operation as it would be kept, not yet stored."""
        return Kept(
            id=operation.id,
            subject=self.subject.id,
            seq=self.seq + 1,
            voice=operation.voice,
            field=operation.field,
            value=encoded(value),
            parent=_id(operation.parent),
            by=by,
            outcome="late",
            settles=[each for each in operation.settles if is_id(each)],
            at=_clock(operation.at),
            format=operation.format,
        )

    def keep(self, new: Kept, outcome: Outcome) -> None:
        """Raises AlreadyKept, with nothing done."""
        new.outcome = outcome
        salt, hash = audit.salted(new.value or "")
        row = {name: getattr(new, name) for name in _STORED}
        row |= {"settles": list(new.settles), "salt": salt, "hash": hash, "received": audit.now()}
        if not self._do(_KEEP[self._connection.dialect.name], **row):
            raise AlreadyKept
        self.seq, self.kept[new.id], self._new[new.id] = new.seq, new, hash

    def stand(self, new: Kept) -> None:
        """The operation is the head from now on."""
        before = self._heads.get((new.voice, new.field))
        self.held += len(new.value or "") - len((before and before.value) or "")
        if before:
            self._do(_STAND_INSTEAD, at_subject=new.subject, at_voice=new.voice, at_field=new.field, now=new.id)
        else:
            self._do(_STAND, subject=new.subject, voice=new.voice, field=new.field, revision=new.id)
        self._heads[new.voice, new.field] = new

    def branch(self, new: Kept) -> Open | None:
        """The branch that a sibling continues: whose tip its writer saw, and which is not another's alone."""
        voices = {AGREED, new.voice}
        together = self.head(AGREED, new.field) or new.voice == AGREED
        beside = self.open_in(new.field)
        return next((each for each in beside if each.tip == new.parent and (together or each.voice in voices)), None)

    def grow(self, new: Kept) -> None:
        """A sibling continues a branch, or opens one. Beside what is agreed it waits for all together, in whichever
        voice it began."""
        voice = AGREED if self.head(AGREED, new.field) else new.voice
        if branch := self.branch(new):
            branch.tip, branch.voice = new.id, AGREED if branch.voice == AGREED else voice
            self._do(_GROW, branch=branch.id, now=new.id, in_voice=branch.voice)
            return
        base = new.parent if self.parent(new) else None
        row = {"id": new.id, "subject": new.subject, "field": new.field, "voice": voice, "base": base}
        self._do(_OPEN, **row, tip=new.id, settled_by=None)
        self._open.append(Open(new.id, voice, new.field, new.id))

    def settle(self, new: Kept, tips: Sequence[str | None]) -> None:
        """Closes exactly the tips that are named; what has grown on them since stays open."""
        for branch in self.open_in(new.field):
            if branch.tip in tips:
                self._do(_SETTLE, branch=branch.id, now=new.id)
                self._open.remove(branch)

    def close(self, by: str) -> None:
        """Counts the operations and records them, when all are taken."""
        if self._new:
            self._do(_COUNT, subject=self.subject.id, now=self.seq, in_all=self.held)
            action = f"{self.subject.kind}:written"
            audit.record(self.session, by=by, action=action, subject=self.subject.id, revisions=self._new)


def _id(text: str | None) -> str | None:
    """What is no id names nothing that is kept here, and is not kept itself."""
    return text if text and is_id(text) else None


def _clock(at: datetime | None) -> datetime | None:
    """A device's clock, as far as it tells a time at all."""
    try:
        return at.astimezone(UTC) if at and at.tzinfo else None
    except OverflowError:
        return None
