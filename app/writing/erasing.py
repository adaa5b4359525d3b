"""Erasing texts: the one exception to "for ever". That somebody wrote something, when and where stays, and so do the
hashes: what was recorded still holds together."""

from collections.abc import Callable, Collection

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.writing.desk import Locked
from app.writing.models import AGREED, Branch, Head, Revision, Subject
from app.writing.room import IN_ALL

_AT_ONCE = 500  # ids in one statement


def let_go(session: Session, subject: Locked, ids: Collection[str], clear: Callable[[str], None]) -> None:
    """Erases the texts of these operations of a subject that is held. `clear` is told each field whose agreed text is
    among them, to take it from the tables that pages read; what waits for a choice and is gone waits no longer."""
    connection, gone = session.connection(), sorted(ids)
    for start in range(0, len(gone), _AT_ONCE):
        some = col(Revision.id).in_(gone[start : start + _AT_ONCE])
        connection.execute(
            update(Revision).where(col(Revision.subject) == subject.id, some).values(value=None, salt=None)
        )
    heads = session.exec(
        select(Head.field, Head.revision).where(Head.subject == subject.id, Head.voice == AGREED)
    ).all()
    for field, revision in heads:
        if revision in ids:
            clear(field)
    for branch in session.exec(select(Branch).where(Branch.subject == subject.id, col(Branch.settled_by).is_(None))):
        if branch.tip in ids:
            branch.settled_by = branch.tip
    session.flush()
    # Whoever has followed no further than this reads all anew, and keeps nothing of what was there.
    seq, held = subject.seq + 1, IN_ALL.scalar_subquery()
    changed = update(Subject).where(col(Subject.id) == subject.id)
    connection.execute(changed.values(seq=seq, erased=seq, held=held), {"subject": subject.id})
