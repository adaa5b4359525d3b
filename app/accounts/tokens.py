"""Keys that let a person's own programs in at /api/: as much as their scope says, and never more than the person may.

A key is 256 random bits, shown once and kept as a hash. It ends by itself, when it is taken back, and with the account.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, select
from sqlmodel import Session, col, delete

from app import audit
from app.accounts.models import ApiToken, Appointment, Person
from app.accounts.scopes import Scope
from app.accounts.sessions import ABOUT, SEEN_EVERY, as_viewer, hashed
from app.accounts.viewer import Viewer
from app.errors import Unacceptable
from app.ids import new_id
from app.prepared import Prepared

BEGINS = "sporra_"  # so that a key can be told for what it is where it has been left lying
MOST = 20
TOO_MANY = "Du har redan {most} nycklar. Ta bort en som inte används."


@dataclass(frozen=True)
class Shown:
    """A key that somebody came with, and who they are by it."""

    viewer: Viewer
    scope: Scope
    due: bool  # it is time to note that it was used


def make(session: Session, *, by: Viewer, name: str, scope: Scope, days: int) -> str:
    """A new key for oneself. Returns it, and nothing remembers it."""
    session.get_one(Person, by.id, with_for_update=True)  # of two at once the second counts the first
    if len(of(session, by.id)) >= MOST:
        raise Unacceptable(TOO_MANY.format(most=MOST))
    token, id, now = BEGINS + secrets.token_urlsafe(32), new_id(), audit.now()
    ends = now + timedelta(days=days)
    session.add(ApiToken(id=id, token=hashed(token), person=by.id, name=name, scope=scope, made=now, ends=ends))
    session.flush()
    audit.record(
        session, by=by.id, action="person:token_made", subject=by.id, token=id, scope=scope.value, ends=ends.isoformat()
    )
    return token


def end(session: Session, *, by: Viewer, id: str) -> None:
    """One of one's own. One that is not there has ended already."""
    row = next((each for each in of(session, by.id) if each.id == id), None)
    if row:
        session.delete(row)
        session.flush()
        audit.record(session, by=by.id, action="person:token_ended", subject=by.id, token=id)


def end_all(session: Session, *, by: str, person: str) -> None:
    if session.exec(delete(ApiToken).where(col(ApiToken.person) == person)).rowcount:
        audit.record(session, by=by, action="person:tokens_ended", subject=person)


def of(session: Session, person: str) -> list[ApiToken]:
    """The newest first, those that have ended among them: their names tell what has stopped working."""
    query = select(ApiToken).where(col(ApiToken.person) == person)
    return list(session.scalars(query.order_by(col(ApiToken.made).desc(), col(ApiToken.id))))


_WHOSE = Prepared(
    select(col(ApiToken.seen), col(ApiToken.ends), col(ApiToken.scope), col(Person.demo), *ABOUT)
    .join(Person, col(Person.id) == col(ApiToken.person))
    .join(Appointment, (col(Appointment.person) == col(Person.id)) & col(Appointment.ended).is_(None), isouter=True)
    .where(col(ApiToken.token) == bindparam("token"), col(Person.closed).is_(False))
)


def whose(connection: Connection, token: str, *, here: bool) -> Shown | None:
    """Whose key it is, while it lasts. A demonstration account's is for this machine alone (`here`)."""
    rows = _WHOSE.rows(connection, {"token": hashed(token)})
    if not rows:
        return None
    seen, ends, scope, demo, *_ = rows[0]
    now = audit.now()
    if ends < now or (demo and not here):
        return None
    return Shown(as_viewer([about for _, _, _, _, *about in rows]), scope, not seen or seen + SEEN_EVERY < now)


def used(session: Session, token: str) -> None:
    if row := session.scalars(select(ApiToken).where(col(ApiToken.token) == hashed(token))).first():
        row.seen = audit.now()
