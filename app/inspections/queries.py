"""What is read of one inspection: itself, its people, its signatures and versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.roles import Permission, Whose
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.ids import is_id
from app.inspections.models import Assignment, Attachment, InspectionRow, InterviewRow, Signature, State, Version
from app.prepared import Prepared


@dataclass(frozen=True)
class Known:
    """Whose an inspection is."""

    whose: Whose
    former: frozenset[str]  # inspectors that have handed over
    is_signed_by_some: bool  # of the version being drafted

    def has_inspected(self, person: str) -> bool:
        """Is one of its inspectors, or was."""
        return person in self.former | self.whose.inspectors


@dataclass(frozen=True)
class Found(Known):
    """An inspection that may be seen, and whose it is."""

    row: InspectionRow

    @property
    def last_version(self) -> int:
        return self.row.version if self.row.state == "signed" else self.row.version - 1


_SIGNATURE = exists().where(
    col(Signature.inspection) == col(InspectionRow.id),
    col(Signature.version) == col(InspectionRow.version),
    col(Signature.withdrawn).is_(None),
)
_PEOPLE = (col(Assignment.person), col(Assignment.ended), _SIGNATURE)
_ASSIGNED = col(Assignment.inspection) == col(InspectionRow.id)
_ASKED = col(InspectionRow.id) == bindparam("inspection")
_FOUND = rows_of(InspectionRow, *_PEOPLE).join(Assignment, _ASSIGNED, isouter=True).where(_ASKED)  # put together once


def find(session: Session, id: str) -> Found:
    """An inspection with its people. Raises NotFound."""
    rows = session.execute(_FOUND, {"inspection": id}).all() if is_id(id) else []  # PostgreSQL refuses a NUL
    if not rows:
        raise NotFound
    row = rows[0][0]
    return Found(*_known((row.speciality, row.region, row.clinic), [each[1:] for each in rows]), row)


def _known(place: tuple[str, str, str], people: Sequence[Sequence[Any]]) -> tuple[Whose, frozenset[str], bool]:
    """From rows of `_PEOPLE`."""
    present = frozenset(person for person, ended, _ in people if person and not ended)
    former = frozenset(person for person, *_ in people if person) - present
    return Whose(*place, present), former, bool(people[0][2])


@dataclass(frozen=True)
class Draft(Known):
    """What each save must know of the inspection that it is about."""

    id: str
    rubric_sha256: str
    state: State
    version: int
    apart: bool


_DRAFT_COLUMNS = [
    col(getattr(InspectionRow, name))
    for name in ("id", "rubric_sha256", "state", "version", "apart", "speciality", "region", "clinic")
]
_DRAFT = Prepared(rows_of(*_DRAFT_COLUMNS, *_PEOPLE).join(Assignment, _ASSIGNED, isouter=True).where(_ASKED))


def find_draft(session: Session, id: str) -> Draft:
    """As `find`, for what is done most often of all: without a row of the ORM's. Raises NotFound."""
    session.flush()  # what was changed in the same transaction, and not told yet
    rows = _DRAFT.rows(session.connection(), {"inspection": id}) if is_id(id) else []
    if not rows:
        raise NotFound
    known = _known(tuple(rows[0][5:8]), [each[8:] for each in rows])
    return Draft(*known, *rows[0][:5])


def found(session: Session, id: str, viewer: Viewer, permission: Permission, *, former: bool = False) -> Found:
    """An inspection, where the viewer has this permission on it, or (`former`) was one of its inspectors.
    Raises NotFound, whichever is lacking."""
    one = find(session, id)
    if not (former and one.has_inspected(viewer.id)):
        viewer.check(permission, one.whose)
    if permission is Permission.READ_REPORT and not one.row.has_version:
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


def attachments(session: Session, id: str) -> Sequence[tuple[Attachment, str]]:
    """What has been added and is not erased, with the name of who did, the oldest first."""
    query = (
        select(Attachment, Person.name)
        .join(Person, col(Person.id) == Attachment.by)
        .where(Attachment.inspection == id, Attachment.erased == "")
        .order_by(col(Attachment.received), col(Attachment.id))
    )
    return session.exec(query).all()


def attachment_of(session: Session, found: Found, id: str) -> Attachment:
    """One of an inspection's own that is not erased. Raises NotFound."""
    row = session.get(Attachment, id) if is_id(id) else None
    if not row or row.inspection != found.row.id or row.erased:
        raise NotFound
    return row


def attached(session: Session, id: str) -> dict[str, int]:
    """How many there are about each criterion or area."""
    at = (Attachment.inspection == id, Attachment.erased == "", col(Attachment.gone).is_(False))
    query = select(Attachment.about, func.count()).where(*at).group_by(col(Attachment.about))
    return dict(session.exec(query).all())


def interviews(session: Session, inspection: str) -> Sequence[InterviewRow]:
    """The talks of the programme, those that were taken away too, in no order."""
    return session.exec(select(InterviewRow).where(InterviewRow.inspection == inspection)).all()


def interview(session: Session, inspection: str, id: str) -> InterviewRow | None:
    return session.get(InterviewRow, (inspection, id)) if is_id(id) else None
