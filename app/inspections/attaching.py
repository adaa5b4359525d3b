"""What is done to an inspection's attachments: added, taken away and brought back, kept with the case, erased.

The bytes are looked at, drawn anew and stored outside the database's writer, and before the row: a row's file is there.
Attachments are working material: they are in no report, no export and no inspection file.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlmodel import Session, col, func, or_, select

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.errors import NotFound, Unacceptable
from app.ids import is_id
from app.inspections.models import Attachment
from app.inspections.queries import Found, attachment_of, found
from app.inspections.rubric_copy import rubric_of
from app.papers.kinds import JPEG, Paper, paper
from app.papers.storage import Storage
from app.papers.titles import titled
from app.writing import desk
from rubrics.model import Rubric

MOST = 200  # of one inspection, those that were taken away too

FULL = "Inspektionen har 200 underlag, och fler får inte plats."
ANOTHER = "Det finns redan ett annat underlag under samma nummer. Lägg till filen på nytt."
NOWHERE = "Stället som filen hör till finns inte i granskningsmodellen. Välj ett annat."
# what goes with the working material: all that is not kept with the case, or was taken away
ERASABLE = (col(Attachment.erased) == "", or_(col(Attachment.kept).is_(False), col(Attachment.gone).is_(True)))
TIME = "time"  # why it was erased: with the rest of the working material, when its time had come


@dataclass(frozen=True)
class Sent:
    """A file as it was sent. `name` is what its sender calls it."""

    id: str
    about: str
    name: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def attach(database: Database, *, by: Viewer, inspection: str, sent: Sent, storage: Storage) -> Attachment:
    """Keeps a file with an inspection. Sent once more it is answered as the first time. Raises a Refusal.

    From an inspector who has handed over it is kept too: they took it while they were there.
    """
    with database.reading() as session:
        one = found(session, inspection, by, Permission.NOTES, former=True)
        if known := _known(session, by, one, sent):
            return known
        _check(session, one, sent.about)
    made = paper(sent.content)
    names = _stored(storage, made)
    kept = ""
    try:
        with database.writing() as session:
            row = _added(session, by, inspection, sent, made, names)
        kept = row.file
    finally:
        if kept != names[0]:  # it could not be noted, or the same was kept meanwhile
            _remove(storage, *names)
    return row


def _added(
    session: Session, by: Viewer, inspection: str, sent: Sent, made: Paper, names: tuple[str, str]
) -> Attachment:
    desk.locked(session, inspection)
    one = found(session, inspection, by, Permission.NOTES, former=True)
    if known := _known(session, by, one, sent):
        return known
    _check(session, one, sent.about)
    row = Attachment(
        id=sent.id,
        inspection=inspection,
        about=sent.about,
        title=titled(sent.name, "Bild" if made.type == JPEG else "Dokument"),
        type=made.type,
        size=len(made.content),
        sha256=sent.sha256,
        file=names[0],
        preview=names[1],
        by=by.id,
        received=audit.now(),
    )
    session.add(row)
    session.flush()
    _record(session, by.id, "added", row, type=row.type, size=row.size)
    return row


def _known(session: Session, by: Viewer, one: Found, sent: Sent) -> Attachment | None:
    if not is_id(sent.id):
        raise NotFound
    row = session.get(Attachment, sent.id)
    if row and (row.inspection, row.by, row.sha256) != (one.row.id, by.id, sent.sha256):
        raise Unacceptable(ANOTHER)
    return row


def _check(session: Session, one: Found, about: str) -> None:
    if not names_a_place(rubric_of(session, one.row.rubric_sha256), about):
        raise Unacceptable(NOWHERE)
    at = (Attachment.inspection == one.row.id, Attachment.erased == "")
    if session.exec(select(func.count()).select_from(Attachment).where(*at)).one() >= MOST:
        raise Unacceptable(FULL)


def names_a_place(rubric: Rubric, about: str) -> bool:
    """A criterion, an area, or the whole visit."""
    return not about or about in rubric.area_of or about in {f"area/{area.id}" for area in rubric.areas}


def _stored(storage: Storage, made: Paper) -> tuple[str, str]:
    file = storage.put(made.content)
    try:
        return file, storage.put(made.preview) if made.preview else ""
    except Exception:
        storage.remove(file)
        raise


def _remove(storage: Storage, *names: str) -> None:
    for name in names:
        if name:
            storage.remove(name)


# ── Afterwards ────────────────────────────────────────────────────────────────────────────


def put_away(session: Session, *, by: Viewer, inspection: str, attachment: str, gone: bool) -> None:
    """Takes it away, or brings it back."""
    row = _own(session, by, inspection, attachment)
    if row.gone != gone:
        row.gone = gone
        _record(session, by.id, "taken_away" if gone else "brought_back", row)


def keep(session: Session, *, by: Viewer, inspection: str, attachment: str, kept: bool) -> None:
    """With the case, when the working material is erased; or no longer."""
    row = _own(session, by, inspection, attachment)
    if row.kept != kept:
        row.kept = kept
        _record(session, by.id, "kept" if kept else "not_kept", row)


def _own(session: Session, by: Viewer, inspection: str, attachment: str) -> Attachment:
    desk.locked(session, inspection)
    one = found(session, inspection, by, Permission.NOTES)
    return attachment_of(session, one, attachment)


def erase_papers(database: Database, storage: Storage, *, inspection: str, why: str = TIME) -> int:
    """Erases what is not kept with the case, and tells how many. The files first, and outside the writer: where it
    breaks off between the two it is done again, and whoever looks meanwhile is told that the file is gone."""
    query = select(Attachment).where(Attachment.inspection == inspection, *ERASABLE)
    with database.reading() as session:
        rows = session.exec(query).all()
    for row in rows:
        _remove(storage, row.file, row.preview)
    with database.writing() as session:
        for row in session.exec(query.where(col(Attachment.id).in_([each.id for each in rows]))).all():
            row.about = row.title = row.type = row.file = row.preview = ""
            row.size, row.erased = 0, why
            _record(session, audit.SYSTEM, "erased", row, sha256=row.sha256, why=why)
    return len(rows)


def strays(database: Database, storage: Storage, *, now: datetime) -> list[str]:
    """What lies in storage and no row names: the server died between the two. What is younger than a day may be on its
    way to its row."""
    old = storage.older(now - timedelta(days=1))
    with database.reading() as session:
        for names in session.exec(select(Attachment.file, Attachment.preview)):
            old.difference_update(names)
    return sorted(old)


def sweep_strays(database: Database, storage: Storage, names: Sequence[str]) -> None:
    _remove(storage, *names)
    with database.writing() as session:
        audit.record(session, by=audit.SYSTEM, action="attachment:swept", subject="storage", files=len(names))


def _record(session: Session, by: str, verb: str, row: Attachment, **details: str | int) -> None:
    audit.record(session, by=by, action=f"attachment:{verb}", subject=row.inspection, attachment=row.id, **details)
