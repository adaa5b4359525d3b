"""What is read of one inspection: itself, its people, its signatures and versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.roles import Permission, Whose
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.ids import is_id
from app.inspections.models import Assignment, Attachment, InspectionRow, InterviewRow, Signature, Version


@dataclass(frozen=True)
class Found:
    """An inspection that may be seen, and whose it is."""

    row: InspectionRow
    whose: Whose
    former: frozenset[str]  # inspectors that have handed over
    is_signed_by_some: bool  # of the version being drafted

    def has_inspected(self, person: str) -> bool:
        """Is one of its inspectors, or was."""
        return person in self.former | self.whose.inspectors

    @property
    def has_version(self) -> bool:
        return self.row.state == "signed" or self.row.version > 1

    @property
    def last_version(self) -> int:
        return self.row.version if self.row.state == "signed" else self.row.version - 1


_SIGNATURE = exists().where(
    col(Signature.inspection) == col(InspectionRow.id),
    col(Signature.version) == col(InspectionRow.version),
    col(Signature.withdrawn).is_(None),
)
_FOUND = (
    rows_of(InspectionRow, col(Assignment.person), col(Assignment.ended), _SIGNATURE)
    .join(Assignment, col(Assignment.inspection) == col(InspectionRow.id), isouter=True)
    .where(col(InspectionRow.id) == bindparam("inspection"))
)  # put together once: every page and every save begins with it


def find(session: Session, id: str) -> Found:
    """An inspection with its people. Raises NotFound."""
    rows = session.execute(_FOUND, {"inspection": id}).all() if is_id(id) else []  # PostgreSQL refuses a NUL
    if not rows:
        raise NotFound
    row, *_, is_signed_by_some = rows[0]
    present = frozenset(person for _, person, ended, _ in rows if person and not ended)
    former = frozenset(person for _, person, *_ in rows if person) - present
    return Found(row, Whose(row.speciality, row.region, row.clinic, present), former, is_signed_by_some)


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
