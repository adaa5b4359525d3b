"""Which of a region's own sign-ins is whose, and what a browser has been sent there for.

Linked by issuer and subject, never by an e-mail address, and only by somebody who is already let in: signed in, or with
a link of their own. Nobody gets an account, a role or a name from what a provider says.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from app import audit
from app.accounts import sessions
from app.accounts.actions import begin_without_password
from app.accounts.models import Errand, Identity, Person
from app.accounts.providers import Shown
from app.accounts.sessions import Way, hashed
from app.accounts.signing_in import NOBODY, why_not
from app.accounts.viewer import Viewer
from app.accounts.ways import can_sign_in
from app.db import Database
from app.errors import Unacceptable
from app.ids import new_id

LASTS = timedelta(minutes=10)  # long enough to find one's card and its code
CLOCKS = timedelta(seconds=10)  # that a provider's clock may be behind ours
TAKEN = "Den inloggningen hör redan till ett konto i Sporra."
ANOTHER = "Ditt konto har redan en annan inloggning därifrån. Ta bort den först."
NOT_LINKED = "Den inloggningen är inte kopplad till ditt konto. Bekräfta på ett annat sätt."
NOT_ANEW = (
    "Det går inte att se att du loggade in på nytt där. Bekräfta en gång till och logga in när du blir ombedd, eller "
    "bekräfta på ett annat sätt."
)
LAST = "Det är ditt enda sätt att logga in. Gör en nyckel, eller välj ett lösenord, innan du tar bort det."


# ── What a browser is sent away for ───────────────────────────────────────────────────────


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    LINK = "link"
    ACCEPT = "accept"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Sent:
    """`about`: whose account is linked, who confirms that it is them, or the invitation (a hash) that is accepted.
    `at`: when, once it is back."""

    provider: str
    purpose: Purpose
    about: str = ""
    till: str = ""
    at: datetime | None = None


def send(session: Session, sent: Sent) -> tuple[str, str]:
    """Returns the state that the browser must come back with, and the secret that it keeps. Neither is remembered."""
    now, state, secret = audit.now(), secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.exec(delete(Errand).where(col(Errand.ends) < now))
    about = {"provider": sent.provider, "purpose": sent.purpose.value, "about": sent.about, "till": sent.till}
    session.add(Errand(state=hashed(state), browser=hashed(secret), ends=now + LASTS, **about))
    return state, secret


def back(database: Database, *, provider: str, state: str, secret: str) -> Sent | None:
    """What this very browser was sent to this provider for: told once. None = nothing, or not in time."""
    mine = (
        col(Errand.state) == hashed(state),
        col(Errand.browser) == hashed(secret),
        col(Errand.provider) == provider,
        col(Errand.ends) > audit.now(),
    )
    with database.reading() as session:
        row = session.exec(select(Errand).where(*mine)).first()
    if not row:  # made up: then nobody who has work to save waits for this
        return None
    with database.writing() as session:
        if not session.exec(delete(Errand).where(*mine)).rowcount:
            return None
    return Sent(provider, Purpose(row.purpose), row.about, row.till, row.ends - LASTS)


# ── Whose it is ───────────────────────────────────────────────────────────────────────────


def enter(session: Session, *, issuer: str, shown: Shown, here: bool, old: str = "", device: str = "") -> str | None:
    """Signs in whoever the identity belongs to. Returns the sign-in's token; None = nobody who may."""
    here_is = select(Person).join(Identity, col(Identity.person) == Person.id)
    of_this = (Identity.issuer == issuer, Identity.subject == shown.subject)
    person = session.exec(here_is.where(*of_this).with_for_update(of=Person)).first()
    if reason := why_not(person, True, here):
        audit.record(
            session,
            by=audit.SYSTEM,
            action="person:sign_in_failed",
            subject=person.id if person else NOBODY,
            reason="unlinked" if reason == "unknown" else reason,
        )
    if not person or reason:
        return None
    if old:
        sessions.end(session, old)
    return _start(session, person, shown, device)


def accept(session: Session, *, link: str, issuer: str, shown: Shown, here: bool, device: str = "") -> str | None:
    """Uses up an invitation (its hash) by linking an identity. Returns the sign-in's token; None = used before."""
    person = begin_without_password(session, link, here=here)
    if not person:
        return None
    _link(session, person.id, issuer, shown.subject)
    return _start(session, person, shown, device)


def _start(session: Session, person: Person, shown: Shown, device: str) -> str:
    """Whoever is led through by a sign-in that was open there has shown who they are when that began, and not now."""
    ago = max(timedelta(), audit.now() - shown.at) if shown.at else None
    return sessions.start(session, person.id, way=Way.EMPLOYER, device=device, ago=ago)


def confirm(session: Session, *, by: Viewer, issuer: str, shown: Shown, sent: Sent, token: str) -> None:
    """It has been shown once more who sits at the sign-in that has the token: by one over there that is newer than our
    question. One that was open before shows nothing of who sits here now."""
    of_this = (Identity.person == by.id, Identity.issuer == issuer, Identity.subject == shown.subject)
    if not session.exec(select(Identity).where(*of_this)).first():
        raise Unacceptable(NOT_LINKED)
    if not (shown.at and sent.at and shown.at >= sent.at - CLOCKS):
        raise Unacceptable(NOT_ANEW)
    sessions.confirm(session, token, way=Way.EMPLOYER)


def link(session: Session, *, by: Viewer, issuer: str, subject: str) -> None:
    """To one's own account, whoever one is."""
    _link(session, by.id, issuer, subject)


def _link(session: Session, person: str, issuer: str, subject: str) -> None:
    session.get_one(Person, person, with_for_update=True)  # of two at once the second sees the first
    of_this = (Identity.issuer == issuer, Identity.subject == subject)
    if found := session.exec(select(Identity).where(*of_this)).first():
        if found.person != person:
            raise Unacceptable(TAKEN)
        return
    if session.exec(select(Identity).where(Identity.person == person, Identity.issuer == issuer)).first():
        raise Unacceptable(ANOTHER)
    made = Identity(id=new_id(), person=person, issuer=issuer, subject=subject, made=audit.now())
    session.add(made)
    try:
        session.flush()
    except IntegrityError:  # somebody else's, linked at this very moment
        raise Unacceptable(TAKEN) from None
    audit.record(session, by=person, action="person:identity_linked", subject=person, identity=made.id)


def unlink(session: Session, *, by: Viewer, identity: str) -> None:
    """From one's own account, unless there would be no way in left. One that is not there is gone already."""
    session.get_one(Person, by.id, with_for_update=True)  # as above
    row = next((each for each in of(session, by.id) if each.id == identity), None)
    if not row:
        return
    session.delete(row)
    session.flush()
    if not can_sign_in(session, by.id):
        raise Unacceptable(LAST)
    audit.record(session, by=by.id, action="person:identity_unlinked", subject=by.id, identity=identity)


def of(session: Session, person: str) -> list[Identity]:
    return list(session.exec(select(Identity).where(Identity.person == person).order_by(col(Identity.made))))
