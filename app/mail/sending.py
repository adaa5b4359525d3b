"""One round of the sender: every letter that is due, one after the other.

Nothing slow happens while the writer is held: a letter is taken in one transaction, gets its link in another, is drawn
and handed in with none open, and leaves the queue in a third.
"""

import logging

from sqlmodel import Session

from app import audit
from app.db import Database
from app.mail import queue
from app.mail.letter import Kinds, Letter, NoAddress, message
from app.mail.models import Mail
from app.mail.post import Away, Post, Refused, Send

log = logging.getLogger(__name__)


def send_due(database: Database, post: Post, kinds: Kinds) -> None:
    with database.reading() as session:
        if not queue.anything_due(session, audit.now()):
            return
    try:
        with post.open() as send:
            while mail := _taken(database):
                _send(database, post, kinds, mail, send)
    except Away as error:
        _put_off(database, kinds, str(error))


def _taken(database: Database) -> Mail | None:
    with database.writing() as session:
        return queue.take(session, audit.now())


def _send(database: Database, post: Post, kinds: Kinds, mail: Mail, send: Send) -> None:
    try:
        with database.writing() as session:
            letter = _written(session, kinds, mail)
            if not letter:
                queue.unwanted(session, mail)
                return
        send(message(letter, sender=post.sender, id=f"{mail.id}.{mail.tries}", at=audit.now()))
    except NoAddress:
        _failed(database, kinds, mail, "address", for_good=True)
    except Refused as error:
        _failed(database, kinds, mail, str(error), for_good=error.for_good)
    except Away as error:
        _failed(database, kinds, mail, str(error))
        raise
    except Exception:  # one that cannot be written must not stand in the others' way
        log.exception("mail of the kind %s", mail.kind)
        _failed(database, kinds, mail, "broken")
    else:
        with database.writing() as session:
            queue.sent(session, mail)


def _written(session: Session, kinds: Kinds, mail: Mail) -> Letter | None:
    row = session.get(Mail, mail.id, with_for_update=True)  # who takes it back waits. None: they were first
    return kinds[row.kind].write(session, row) if row else None


def _failed(database: Database, kinds: Kinds, mail: Mail, trouble: str, *, for_good: bool = False) -> None:
    now = audit.now()
    kind = kinds.get(mail.kind)
    too_late = kind is None or mail.made + kind.patience < now
    with database.writing() as session:
        if for_good or too_late:
            queue.give_up(session, mail, trouble, now)
        else:
            queue.later(session, mail, trouble, now)


def _put_off(database: Database, kinds: Kinds, trouble: str) -> None:
    """The others that are due: each waits for its own pause, and is not asked for before."""
    while mail := _taken(database):
        _failed(database, kinds, mail, trouble)
