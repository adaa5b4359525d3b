"""Erasing what was only ever material for the report, when its time has come: notes, and whom one met in which room.

The texts go, with their salts; that somebody wrote something, when and where stays, and so do the hashes: what was
recorded still holds together. Attachments are erased by `attaching.py`, in the same round.
"""

import re
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, update
from sqlmodel import Session, col, select

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.inspections import placing
from app.inspections.attaching import ERASABLE
from app.inspections.fields import WORKING
from app.inspections.models import Attachment, InspectionRow, Version
from app.inspections.queries import find
from app.inspections.rubric_copy import rubric_of
from app.writing import desk
from app.writing.fields import spot
from app.writing.models import AGREED, Branch, Head, Revision, Subject
from app.writing.room import IN_ALL

_WORKING = or_(*(col(Revision.field).like(re.sub(r"\{\w+\}", "%", kind.pattern)) for kind in WORKING))


def due(session: Session, before: datetime) -> list[str]:
    """The inspections whose last signature is older than this, and which still have something to erase. One that is
    being corrected waits: its notes may be needed."""
    signed = select(Version.inspection).group_by(col(Version.inspection)).having(func.max(col(Version.signed)) < before)
    texts = exists().where(col(Revision.subject) == col(InspectionRow.id), _erasable(before))
    papers = exists().where(col(Attachment.inspection) == col(InspectionRow.id), *ERASABLE)
    old = (InspectionRow.state == "signed", col(InspectionRow.id).in_(signed))
    return list(session.exec(select(InspectionRow.id).where(*old, or_(texts, papers))))


def erase(session: Session, *, by: Viewer, inspection: str, before: datetime) -> int:
    """Erases the working texts of an inspection that came before this. Returns how many; once more finds none."""
    by.check(Permission.ADMINISTER)
    subject = desk.locked(session, inspection)
    row = find(session, inspection).row
    erasable = (col(Revision.subject) == inspection, _erasable(before))
    found = session.exec(select(Revision.id, Revision.field).where(*erasable)).all()
    if not found:
        return 0
    session.connection().execute(update(Revision).where(*erasable).values(value=None, salt=None))
    _clear(session, row, {id for id, _ in found})
    # Whoever has followed no further than this reads all anew, and keeps nothing of what was there.
    seq = subject.seq + 1
    changed = update(Subject).where(col(Subject.id) == inspection)
    held = IN_ALL.scalar_subquery()
    session.connection().execute(changed.values(seq=seq, erased=seq, held=held), {"subject": inspection})
    fields = len({field for _, field in found})
    audit.record(session, by=by.id, action="inspection:erased", subject=inspection, texts=len(found), fields=fields)
    return len(found)


def _erasable(before: datetime) -> ColumnElement[bool]:
    return and_(_WORKING, col(Revision.value).is_not(None), col(Revision.received) < before)


def _clear(session: Session, row: InspectionRow, erased: set[str]) -> None:
    """From the typed tables, and from what waits for a choice: of a text that is gone there is none."""
    rubric = rubric_of(session, row.rubric_sha256)
    heads = session.exec(select(Head.field, Head.revision).where(Head.subject == row.id, Head.voice == AGREED)).all()
    for field, revision in heads:
        if revision in erased and (found := spot(WORKING, field)):
            placing.place(session, row.id, row.version, rubric, found, None)
    for branch in session.exec(select(Branch).where(Branch.subject == row.id, col(Branch.settled_by).is_(None))):
        if branch.tip in erased:
            branch.settled_by = branch.tip
    session.flush()
