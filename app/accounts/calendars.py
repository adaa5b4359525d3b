"""A person's secret address for calendar programs, which cannot sign in: whoever has the address reads there.

It is 256 random bits, shown once and kept as a hash. A new one ends the one before; it ends with the account, and with
the API keys (`actions.end_programs`). Signing out does not end it: it lies in telephones that never signed in.
"""

import secrets
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app import audit
from app.accounts.models import Appointment, CalendarAddress, Person
from app.accounts.sessions import ABOUT, as_viewer, hashed
from app.accounts.viewer import Viewer


def make(session: Session, *, by: Viewer) -> str:
    """A new address for oneself, whoever one is: it tells what one may see. Returns its token, which nothing
    remembers."""
    session.get_one(Person, by.id, with_for_update=True)  # of two at once the second goes over the first
    token = secrets.token_urlsafe(32)
    session.merge(CalendarAddress(person=by.id, token=hashed(token), made=audit.now()))
    session.flush()
    audit.record(session, by=by.id, action="person:calendar_address_made", subject=by.id)
    return token


def end(session: Session, *, by: str, person: str) -> None:
    if row := session.get(CalendarAddress, person):
        session.delete(row)
        session.flush()
        audit.record(session, by=by, action="person:calendar_address_ended", subject=person)


def made(session: Session, person: str) -> datetime | None:
    """Since when a person has an address; None = there is none."""
    row = session.get(CalendarAddress, person)
    return row.made if row else None


_WHOSE = (
    select(col(Person.demo), *ABOUT)
    .join(CalendarAddress, col(CalendarAddress.person) == col(Person.id))
    .join(Appointment, (col(Appointment.person) == col(Person.id)) & col(Appointment.ended).is_(None), isouter=True)
    .where(col(CalendarAddress.token) == bindparam("token"), col(Person.closed).is_(False))
)


def whose(session: Session, token: str, *, here: bool) -> Viewer | None:
    """Whose address it is. A demonstration account is for this machine alone (`here`)."""
    rows = session.connection().execute(_WHOSE, {"token": hashed(token)}).all()
    return as_viewer([about for _, *about in rows]) if rows and (here or not rows[0].demo) else None
