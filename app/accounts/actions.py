"""What is done with a person's way in: a link to make a key or choose a password with, the choice, an end to it all.

A link is 256 random bits, shown once and kept as a hash. It works once, for a week, and a newer one ends it.
"""

import secrets
from datetime import timedelta

from sqlmodel import Session, col, update

from app import audit
from app.accounts import codes, passkeys, sessions
from app.accounts.models import Invitation, Passkey, Person
from app.accounts.pending import Half
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound, Unacceptable

LASTS = timedelta(days=7)


def invite(session: Session, *, by: Viewer, person: str) -> str:
    """A new one-time link for a person. Returns its token, which nothing remembers."""
    by.check(Permission.ADMINISTER)
    found = session.get(Person, person, with_for_update=True)
    if not found:
        raise NotFound
    if found.closed:
        raise Unacceptable("Kontot är stängt. Öppna det först, gör sedan en länk.")
    end_links(session, person)
    token, now = secrets.token_urlsafe(32), audit.now()
    session.add(
        Invitation(token=sessions.hashed(token), person=person, made_by=by.id, made=now, ends=now + LASTS),
    )
    session.flush()
    audit.record(session, by=by.id, action="person:invited", subject=person)
    return token


def invited(session: Session, token: str, *, here: bool) -> Person | None:
    """Whom a link is for, while it works. A demonstration account is for this machine alone (`here`)."""
    link = session.get(Invitation, sessions.hashed(token))
    if not link or link.used or link.ends < audit.now():
        return None
    person = session.get_one(Person, link.person)
    return None if person.closed or (person.demo and not here) else person


def accept(session: Session, *, token: str, password: str, here: bool, device: str = "") -> str | Half | None:
    """Uses up the link, sets the password (a hash) and signs in, unless a code is wanted too: a link is no way past it.
    Returns the sign-in's token, or its half; None = used before."""
    person = _used_up(session, token, here)
    if not person:
        return None
    set_password(session, person=person, password=password, by=person.id)
    if codes.of(session, person.id):
        return Half(person.id, password)
    return sessions.start(session, person.id, device=device)


def accept_with_key(session: Session, *, token: str, key: Passkey, here: bool, device: str = "") -> str | None:
    """As `accept`, with a key in the password's place: the one before, if any, is good no longer."""
    asked = invited(session, token, here=here)
    if asked and codes.of(session, asked.id):  # only a password leads to the page that asks for one
        return None
    person = _used_up(session, token, here)
    if not person:
        return None
    person.password = None
    end_links(session, person.id)
    sessions.end_all(session, by=person.id, person=person.id)
    passkeys.keep(session, person=person.id, key=key)
    return sessions.start(session, person.id, way=sessions.Way.PASSKEY, device=device)


def _used_up(session: Session, token: str, here: bool) -> Person | None:
    link = session.get(Invitation, sessions.hashed(token), with_for_update=True)  # the second of two waits, and is late
    person = invited(session, token, here=here)
    if not link or not person:
        return None
    link.used = audit.now()
    session.flush()
    return person


def set_password(session: Session, *, person: Person, password: str, by: str) -> None:
    """A new password (a hash). Whoever is signed in with the old one no longer is, and no link is left open."""
    person.password = password
    session.flush()
    end_links(session, person.id)
    sessions.end_all(session, by=by, person=person.id)
    audit.record(session, by=by, action="person:password_chosen", subject=person.id)


def end_links(session: Session, person: str) -> None:
    now = audit.now()
    still_open = (col(Invitation.person) == person, col(Invitation.used).is_(None), col(Invitation.ends) > now)
    session.exec(update(Invitation).where(*still_open).values(ends=now))
