"""Erasing what was only ever material for the report, when its time has come: notes, and whom one met in which room.

How a text goes is `writing/erasing.py`'s. Attachments are erased by `attaching.py`, in the same round.
"""

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlmodel import Session, col, select

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.inspections import placing
from app.inspections.attaching import ERASABLE
from app.inspections.fields import KINDS, WORKING
from app.inspections.models import Attachment, InspectionRow, Version
from app.inspections.queries import find
from app.inspections.rubric_copy import rubric_of
from app.writing import desk
from app.writing.erasing import let_go
from app.writing.fields import spot
from app.writing.models import Revision

IS_WORKING = or_(*(col(Revision.field).like(re.sub(r"\{\w+\}", "%", kind.pattern)) for kind in WORKING))


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
    let_go(session, subject, {id for id, _ in found}, clearing(session, row))
    fields = len({field for _, field in found})
    audit.record(session, by=by.id, action="inspection:erased", subject=inspection, texts=len(found), fields=fields)
    return len(found)


def _erasable(before: datetime) -> ColumnElement[bool]:
    return and_(IS_WORKING, col(Revision.value).is_not(None), col(Revision.received) < before)


def clearing(session: Session, row: InspectionRow) -> Callable[[str], None]:
    """Takes a field's text from the typed tables: of a text that is gone there is none."""
    rubric = rubric_of(session, row.rubric_sha256)

    def clear(field: str) -> None:
        if found := spot(KINDS, field):
            placing.place(session, row.id, row.version, rubric, found, None)

    return clear
