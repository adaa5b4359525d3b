"""What is done with a person's way in: a link to make a key or choose a password with, the choice, an end to it all.

A link is 256 random bits, shown or sent once and kept as a hash. It works once. An invitation's works for a week, and a
newer one ends it. Whoever has forgotten a password gets one for an hour, which ends none: anybody can ask for it.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select, update

from app import audit
from app.accounts import calendars, codes, passkeys, sessions, tokens
from app.accounts.models import Invitation, Passkey, Person
from app.accounts.pending import Half
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.accounts.ways import can_sign_in, has_come
from app.errors import NotFound, Unacceptable
from app.mail import queue

LASTS = timedelta(days=7)
RECOVERY_LASTS = timedelta(hours=1)
# Letters; `letters.py` writes them.
INVITATION, RECOVERY, CHANGED, LINK_MADE = "invitation", "recovery", "password_changed", "link_made"
ADDRESS_CHANGED = "address_changed"


@dataclass(frozen=True)
class Link:
    """Whom a link is for, and whether it was asked for by who forgot a password."""

    person: Person
    recovers: bool


def invite(session: Session, *, by: Viewer, person: str) -> str:
    """A new one-time link for a person. Returns its token, which nothing remembers. Whoever is in already is told by
    mail: it could let in somebody else as them."""
    _to_be_invited(session, by, person)
    token = new_link(session, person=person, by=by.id)
    if can_sign_in(session, person):
        queue.put(session, kind=LINK_MADE, by=by.id, person=person)
    audit.record(session, by=by.id, action="person:invited", subject=person, way="link")
    return token


def invite_by_mail(session: Session, *, by: Viewer, person: str) -> None:
    """Such a link in a letter, which is made when that is sent."""
    _to_be_invited(session, by, person)
    queue.put(session, kind=INVITATION, by=by.id, person=person)
    audit.record(session, by=by.id, action="person:invited", subject=person, way="mail")


def withdraw(session: Session, *, by: Viewer, person: str) -> None:
    """Takes back what was made for a person to come in by: the link works no longer, a letter that waits is not sent,
    and who has not come in yet is not invited. Where there is nothing to take back nothing happens."""
    by.check(Permission.ADMINISTER)
    if waits(session, person):
        found = _ended(session, person)
        found.invited = None
        session.flush()
        audit.record(session, by=by.id, action="person:invitation_withdrawn", subject=person)


def waits(session: Session, person: str) -> bool:
    """Whether there is something to take back: an administrator's link that works, a letter, or no more than that the
    person is invited, and so may ask for a link."""
    link = (Invitation.person == person, col(Invitation.recovers).is_(False), col(Invitation.used).is_(None))
    if session.exec(select(Invitation.token).where(*link, col(Invitation.ends) > audit.now())).first():
        return True
    found = session.get(Person, person)
    may_ask = found is not None and found.invited is not None and not has_come(session, person)
    return may_ask or queue.latest(session, person, INVITATION) is not None


def _to_be_invited(session: Session, by: Viewer, person: str) -> None:
    by.check(Permission.ADMINISTER)
    found = _ended(session, person)
    if found.closed:
        raise Unacceptable("Kontot är stängt. Öppna det först, gör sedan en länk.")
    found.invited = audit.now()
    session.flush()


def _ended(session: Session, person: str) -> Person:
    """The person, held, with neither letter nor link to come in by. In this order, as a letter's sender: one who is
    just making its link is waited for, and finds no letter afterwards."""
    queue.take_back(session, person=person, kind=INVITATION)
    found = session.get(Person, person, with_for_update=True)
    if not found:
        raise NotFound
    end_links(session, person)
    return found


def new_link(session: Session, *, person: str, by: str, recovers: bool = False) -> str:
    """Returns its token. For who may make one: the actions above, and the letters that they cause."""
    token, now = secrets.token_urlsafe(32), audit.now()
    ends, hash = now + (RECOVERY_LASTS if recovers else LASTS), sessions.hashed(token)
    session.add(Invitation(token=hash, person=person, made_by=by, made=now, ends=ends, recovers=recovers))
    session.flush()
    return token


def invited(session: Session, token: str, *, here: bool) -> Link | None:
    """Whom a link is for, while it works. A demonstration account is for this machine alone (`here`)."""
    return _for(session, session.get(Invitation, sessions.hashed(token)), here)


def _for(session: Session, link: Invitation | None, here: bool) -> Link | None:
    if not link or link.used or link.ends < audit.now():
        return None
    person = session.get_one(Person, link.person)
    return None if person.closed or (person.demo and not here) else Link(person, link.recovers)


def accept(session: Session, *, token: str, password: str, here: bool, device: str = "") -> str | Half | None:
    """Uses up the link, sets the password (a hash), ends what lets programs in and signs in, unless a code is wanted
    too: a link is no way past it. Returns the sign-in's token, or its half; "" = a link for who had forgotten: whoever
    reads a person's mail chooses the password, and is asked for all that the person signs in with. None = used
    before."""
    link = _used_up(session, sessions.hashed(token), here)
    if not link:
        return None
    person = link.person
    set_password(session, person=person, password=password, by=person.id)
    end_programs(session, by=person.id, person=person.id)
    if link.recovers:
        return ""
    if codes.of(session, person.id):
        return Half(person.id, password)
    return sessions.start(session, person.id, device=device)


def accept_with_key(session: Session, *, token: str, key: Passkey, here: bool, device: str = "") -> str | None:
    """As `accept`, with a key in the password's place: the one before, if any, is good no longer."""
    person = begin_without_password(session, sessions.hashed(token), here=here)
    if not person:
        return None
    passkeys.keep(session, person=person.id, key=key)
    return sessions.start(session, person.id, way=sessions.Way.PASSKEY, device=device)


def begin_without_password(session: Session, link: str, *, here: bool) -> Person | None:
    """Uses up a link (its hash) for another way in than a password: that of before is good no longer, nor what was
    signed in with it, nor what lets programs in. None = used before, or not for that."""
    asked = _for(session, session.get(Invitation, link), here)
    if not asked or not may_skip_password(session, asked) or not _used_up(session, link, here):
        return None
    person = asked.person
    person.password = None
    end_links(session, person.id)
    sessions.end_all(session, by=person.id, person=person.id)
    end_programs(session, by=person.id, person=person.id)
    return person


def may_skip_password(session: Session, link: Link) -> bool:
    """A key signs in by itself, and so does what one has at work: so an invitation alone leads to one, and only a
    password to the page that asks for a code."""
    return not link.recovers and not codes.of(session, link.person.id)


def _used_up(session: Session, link: str, here: bool) -> Link | None:
    row = session.get(Invitation, link, with_for_update=True)  # the second of two waits, and is late
    found = _for(session, row, here)
    if not row or not found:
        return None
    row.used = audit.now()
    session.flush()
    return found


def set_password(session: Session, *, person: Person, password: str, by: str) -> None:
    """A new password (a hash). Whoever is signed in with the old one no longer is, and no link is left open. Of a
    changed one the person is told by mail: they may not be the one who changed it."""
    if person.password:
        queue.put(session, kind=CHANGED, by=by, person=person.id)
    person.password = password
    session.flush()
    end_links(session, person.id)
    queue.take_back(session, person=person.id, kind=INVITATION)
    sessions.end_all(session, by=by, person=person.id)
    audit.record(session, by=by, action="person:password_chosen", subject=person.id)


def end_programs(session: Session, *, by: str, person: str) -> None:
    """What lets in programs, which do not sign in: API keys, and the calendar's address. Somebody else may have made
    them."""
    tokens.end_all(session, by=by, person=person)
    calendars.end(session, by=by, person=person)


def end_links(session: Session, person: str) -> None:
    now = audit.now()
    still_open = (col(Invitation.person) == person, col(Invitation.used).is_(None), col(Invitation.ends) > now)
    session.exec(update(Invitation).where(*still_open).values(ends=now))
