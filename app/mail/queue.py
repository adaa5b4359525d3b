"""The letters that wait: put in by whatever causes them, taken by one sender at a time.

A row is taken for a while (`HELD`) and then sent, with no transaction open, and removed. Whoever dies in between leaves
it to be taken again: so a letter is sent once, and only once more where the sender died, or lost the mail server's
answer, after the server had taken it.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from app import audit
from app.db import Database
from app.ids import new_id
from app.mail.models import Mail

HELD = timedelta(minutes=15)  # longer than a try can take
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)
TOLD_FOR = timedelta(days=30)  # how long one that was given up is told of


def put(session: Session, *, kind: str, by: str, person: str | None = None, address: str = "") -> None:
    """To be sent once this transaction is kept. To a person one of a kind waits: the newer, in the older's place. With
    an address it goes there, about that person, and takes nobody's place."""
    if person and not address:
        take_back(session, person=person, kind=kind)
    now = audit.now()
    session.add(Mail(id=new_id(), kind=kind, person=person, address=address, by=by, made=now, due=now))
    session.flush()


def take_back(session: Session, *, person: str, kind: str) -> None:
    """It is not sent, unless it just leaves."""
    session.exec(delete(Mail).where(col(Mail.kind) == kind, col(Mail.person) == person))


def _due(now: datetime) -> tuple[object, ...]:
    return col(Mail.given_up).is_(None), col(Mail.due) <= now


def anything_due(session: Session, now: datetime) -> bool:
    return session.exec(select(Mail.id).where(*_due(now)).limit(1)).first() is not None  # type: ignore[arg-type]


def take(session: Session, now: datetime) -> Mail | None:
    """The one that has waited longest, held."""
    query = select(Mail).where(*_due(now)).order_by(col(Mail.due), Mail.id).limit(1)  # type: ignore[arg-type]
    mail = session.exec(query.with_for_update(skip_locked=True)).first()
    if mail:
        mail.tries += 1
        mail.due = now + HELD
    return mail


def later(session: Session, mail: Mail, trouble: str, now: datetime) -> None:
    if row := session.get(Mail, mail.id):
        row.trouble, row.due = trouble, now + pause(row.tries)


def pause(tries: int) -> timedelta:
    """30 seconds, a minute, two … half an hour."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def give_up(session: Session, mail: Mail, trouble: str, now: datetime) -> None:
    if row := session.get(Mail, mail.id):
        row.trouble, row.given_up, row.address = trouble, now, ""
        if row.person:
            about = {"subject": row.person, "kind": row.kind, "reason": trouble}
            audit.record(session, by=audit.SYSTEM, action="person:mail_given_up", **about)


def sent(session: Session, mail: Mail) -> None:
    if row := session.get(Mail, mail.id):
        session.delete(row)
        if row.person:
            audit.record(session, by=audit.SYSTEM, action="person:mail_sent", subject=row.person, kind=row.kind)


def unwanted(session: Session, mail: Mail) -> None:
    session.exec(delete(Mail).where(col(Mail.id) == mail.id))


def forget_old(database: Database) -> None:
    """Those that were given up long ago."""
    with database.writing() as session:
        session.exec(delete(Mail).where(col(Mail.given_up) < audit.now() - TOLD_FOR))


def waiting(session: Session) -> list[Mail]:
    """All there are, those that were given up first, newest first."""
    return list(session.exec(select(Mail).order_by(col(Mail.given_up).is_(None), col(Mail.made).desc())))


def latest(session: Session, person: str, kind: str) -> Mail | None:
    """What waits for a person, or was given up."""
    return session.exec(select(Mail).where(Mail.person == person, Mail.kind == kind)).first()
