"""Being signed in: a row that can be taken back, and a cookie that names it.

The cookie holds 256 random bits; the database holds their SHA-256, so a stolen database signs nobody in.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlmodel import Session, col, delete
from sqlmodel import select as select_rows

from app import audit
from app.accounts.models import Appointment, Person, SignIn
from app.accounts.roles import Held
from app.accounts.viewer import Viewer
from app.config import MOST_DAYS, Settings
from app.prepared import Prepared

FRESH = timedelta(minutes=15)  # since it was shown who sits there: long enough for what must not be done by another
SEEN_EVERY = timedelta(minutes=5)  # `seen` is written at most this often, after the work


@dataclass(frozen=True)
class Limits:
    """How long one stays signed in: from signing in, whatever is done; and without a sign of life."""

    lasts: timedelta
    idle: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        return cls(timedelta(days=settings.sign_in_days), timedelta(days=settings.idle_days))

    def hold(self, since: datetime, seen: datetime) -> bool:
        now = audit.now()
        return now <= since + self.lasts and now <= seen + self.idle


class Way(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"  # noqa: S105
    CODE = "password_and_code"
    RECOVERY = "password_and_recovery_code"
    PASSKEY = "passkey"
    EMPLOYER = "employer"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Way.PASSWORD: "med lösenord",
    Way.CODE: "med lösenord och kod",
    Way.RECOVERY: "med lösenord och återställningskod",
    Way.PASSKEY: "med nyckel",
    Way.EMPLOYER: "genom arbetsgivaren",
}


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def start(
    session: Session,
    person: str,
    *,
    way: Way = Way.PASSWORD,
    device: str = "",
    ago: timedelta | None = timedelta(),
) -> str:
    """A new sign-in; the person's that have run out for certain are cleared away. `ago`: since they showed who they
    are; None = it is not known. Returns the token for the cookie."""
    token, now = secrets.token_urlsafe(32), audit.now()
    session.exec(delete(SignIn).where(col(SignIn.person) == person, col(SignIn.since) < now - timedelta(MOST_DAYS)))
    about: dict[str, Any] = {"way": way, "device": device, "confirmed": None if ago is None else now - ago}
    session.add(SignIn(token=hashed(token), person=person, since=now, seen=now, **about))
    audit.record(session, by=person, action="person:signed_in", subject=person, way=way)
    return token


def confirm(session: Session, token: str, *, way: Way) -> None:
    """It has been shown once more who sits there."""
    if row := session.get(SignIn, hashed(token)):
        row.confirmed = audit.now()
        audit.record(session, by=row.person, action="person:confirmed", subject=row.person, way=way)


def of(session: Session, person: str, limits: Limits) -> list[SignIn]:
    """Where a person is signed in, the one last seen first."""
    rows = session.exec(select_rows(SignIn).where(SignIn.person == person).order_by(col(SignIn.seen).desc()))
    return [row for row in rows if limits.hold(row.since, row.seen)]


class Last(NamedTuple):
    """A person's last sign-in. What it was from is told while it is there: no device is kept beyond that."""

    at: datetime
    way: str
    device: str


def last(session: Session, person: str) -> Last | None:
    events = select_rows(audit.Event).where(audit.Event.subject == person, audit.Event.action == "person:signed_in")
    found = session.exec(events.order_by(col(audit.Event.at).desc(), col(audit.Event.n).desc()).limit(2)).all()
    if not found:
        return None
    newest = session.exec(select_rows(SignIn).where(SignIn.person == person).order_by(col(SignIn.since).desc())).first()
    same = newest and (len(found) == 1 or newest.since > found[1].at)  # else the last one has been signed out
    way = found[0].details.get("way", "")
    return Last(found[0].at, Way(way).label if way in set(Way) else "", newest.device if newest and same else "")


def end_one(session: Session, *, by: str, which: str) -> None:
    """One of a person's own, named by its token's hash. One that is not there, or is another's, stays as it is."""
    row = session.get(SignIn, which) if which.isprintable() else None
    if row and row.person == by:
        session.delete(row)
        audit.record(session, by=by, action="person:signed_out", subject=by)


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
    select(col(SignIn.since), col(SignIn.seen), col(SignIn.confirmed), *ABOUT)
    .join(Person, col(Person.id) == col(SignIn.person))
    .join(Appointment, (col(Appointment.person) == col(Person.id)) & col(Appointment.ended).is_(None), isouter=True)
    .where(col(SignIn.token) == bindparam("token"), col(Person.closed).is_(False))
)


class Found(NamedTuple):
    """Who the cookie stands for, if they have shown it lately, and if it is time to note that they were seen."""

    viewer: Viewer
    fresh: bool
    due: bool


def viewer(connection: Connection, token: str, limits: Limits) -> Found | None:
    """None = signed out. One statement: every request asks this."""
    rows, now = _WHO.rows(connection, {"token": hashed(token)}), audit.now()
    if not rows:
        return None
    since, seen, confirmed, *_ = rows[0]
    if not limits.hold(since, seen):
        return None
    fresh = confirmed is not None and now < confirmed + FRESH
    return Found(as_viewer([about for _, _, _, *about in rows]), fresh, seen + SEEN_EVERY < now)


def as_viewer(rows: Sequence[Sequence[Any]]) -> Viewer:
    """From rows of `ABOUT`."""
    id, name, *_ = rows[0]
    return Viewer(id, name, tuple(Held(*post) for _, _, *post in rows if post[0]))


def seen(session: Session, token: str) -> None:
    if row := session.get(SignIn, hashed(token)):
        row.seen = audit.now()
