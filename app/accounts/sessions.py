"""Being signed in: a row that can be taken back, and a cookie that names it.

The cookie holds 256 random bits; the database holds their SHA-256, so a stolen database signs nobody in.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlmodel import Session, col, delete

from app import audit
from app.accounts.models import Appointment, Person, SignIn
from app.accounts.roles import Held
from app.accounts.viewer import Viewer
from app.prepared import Prepared

LASTS = timedelta(days=14)  # from signing in, whatever is done
IDLE = timedelta(days=3)  # without a sign of life
SEEN_EVERY = timedelta(minutes=5)  # `seen` is written at most this often, after the work


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def start(session: Session, person: str) -> str:
    """A new sign-in; the person's run-out ones are cleared away. Returns the token for the cookie."""
    token, now = secrets.token_urlsafe(32), audit.now()
    session.exec(delete(SignIn).where(col(SignIn.person) == person, col(SignIn.ends) < now))
    session.add(SignIn(token=hashed(token), person=person, since=now, seen=now, ends=now + LASTS))
    audit.record(session, by=person, action="person:signed_in", subject=person)
    return token


def end(session: Session, token: str) -> None:
    if row := session.get(SignIn, hashed(token)):
        audit.record(session, by=row.person, action="person:signed_out", subject=row.person)
        session.delete(row)


def end_all(session: Session, *, by: str, person: str) -> None:
    """Signs a person out everywhere."""
    session.exec(delete(SignIn).where(col(SignIn.person) == person))
    audit.record(session, by=by, action="person:signed_out_everywhere", subject=person)


# A person with each appointment, for `as_viewer`.
ABOUT = (
    col(Person.id), col(Person.name), col(Appointment.role),
    col(Appointment.speciality), col(Appointment.region), col(Appointment.clinic),
)  # fmt: skip
_WHO = Prepared(
    select(col(SignIn.seen), col(SignIn.ends), *ABOUT)
    .join(Person, col(Person.id) == col(SignIn.person))
    .join(Appointment, (col(Appointment.person) == col(Person.id)) & col(Appointment.ended).is_(None), isouter=True)
    .where(col(SignIn.token) == bindparam("token"), col(Person.closed).is_(False))
)


def viewer(connection: Connection, token: str) -> tuple[Viewer, bool] | None:
    """Who the cookie stands for, and whether it is time to note that they were seen. None = signed out.

    One statement: every request asks this."""
    rows, now = _WHO.rows(connection, {"token": hashed(token)}), audit.now()
    if not rows:
        return None
    seen, ends, *_ = rows[0]
    if ends < now or seen + IDLE < now:
        return None
    return as_viewer([about for _, _, *about in rows]), seen + SEEN_EVERY < now


def as_viewer(rows: Sequence[Sequence[Any]]) -> Viewer:
    """From rows of `ABOUT`."""
    id, name, *_ = rows[0]
    return Viewer(id, name, tuple(Held(*post) for _, _, *post in rows if post[0]))


def seen(session: Session, token: str) -> None:
    if row := session.get(SignIn, hashed(token)):
        row.seen = audit.now()
