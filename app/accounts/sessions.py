"""Being signed in: a row that can be taken back, and a cookie that names it.

The cookie holds 256 random bits; the database holds their SHA-256, so a stolen database signs nobody in.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col, delete

from app import audit
from app.accounts.models import Appointment, Person, SignIn
from app.accounts.roles import Held
from app.accounts.viewer import Viewer

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
_WHO = (
    select(col(SignIn.seen), col(SignIn.ends), *ABOUT)
    .join(Person, col(Person.id) == col(SignIn.person))
    .join(Appointment, (col(Appointment.person) == col(Person.id)) & col(Appointment.ended).is_(None), isouter=True)
    .where(col(SignIn.token) == bindparam("token"), col(Person.closed).is_(False))
)


def viewer(session: Session, token: str) -> tuple[Viewer, bool] | None:
    """Who the cookie stands for, and whether it is time to note that they were seen. None = signed out.

    One statement without the ORM: every request asks this."""
    rows, now = session.connection().execute(_WHO, {"token": hashed(token)}).all(), audit.now()
    if not rows or rows[0].ends < now or rows[0].seen + IDLE < now:
        return None
    return as_viewer(rows), rows[0].seen + SEEN_EVERY < now


def as_viewer(rows: Sequence[Any]) -> Viewer:
    held = tuple(Held(each.role, each.speciality, each.region, each.clinic) for each in rows if each.role)
    return Viewer(rows[0].id, rows[0].name, held)


def seen(session: Session, token: str) -> None:
    if row := session.get(SignIn, hashed(token)):
        row.seen = audit.now()
