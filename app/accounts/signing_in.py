"""Signing in with e-mail and password: read, compare outside the writer, write. Then, for those who want it, a code.

Whatever is wrong, the answer is the same and takes as long: nobody learns which addresses have an account, nor, before
the password was right, who is asked for a code.
"""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, select

from app import audit
from app.accounts import codes, passwords, sessions
from app.accounts.models import Person
from app.accounts.pending import Half
from app.accounts.sessions import Way
from app.db import Database
from app.locked import Locker

Reason = Literal["unknown", "password", "closed", "elsewhere", "changed", "code"]
NOBODY = "nobody"  # the subject of an event about an address that nobody has


@dataclass(frozen=True)
class Attempt:
    """`here` = from this very machine; `old` = the token of a sign-in that the browser already has."""

    email: str
    password: str
    here: bool
    old: str = ""
    device: str = ""


def sign_in(database: Database, attempt: Attempt) -> str | Half | None:
    """The token of a new sign-in, the half of one that waits for a code, or None. The old one of the browser ends."""
    with database.reading() as session:
        person = _person(session, attempt.email)
    right, renewed = passwords.verify(attempt.password, person.password if person else None)
    reason = why_not(person, right, attempt.here)
    with database.writing() as session:
        if person and not reason:
            reason = _changed_since(session, person)
        if not person or reason:
            subject = person.id if person else NOBODY
            audit.record(session, by=audit.SYSTEM, action="person:sign_in_failed", subject=subject, reason=reason)
            return None
        if renewed:
            session.get_one(Person, person.id).password = renewed
        if codes.of(session, person.id):
            return Half(person.id, renewed or person.password)
        if attempt.old:
            sessions.end(session, attempt.old)
        return sessions.start(session, person.id, device=attempt.device)


def with_code(
    database: Database, locker: Locker, half: Half, typed: str, *, old: str, device: str
) -> tuple[str | None, str]:
    """The token of a new sign-in, or why the code does not do, as a sentence."""
    with database.reading() as session:
        recovery = codes.recovery(session, half.person, typed)
    with database.writing() as session:
        person = session.get_one(Person, half.person, with_for_update=True)
        told = codes.use(session, person=person.id, locker=locker, typed=typed, hash=recovery)
        if told or person.closed or person.password != half.password:
            reason: Reason = "code" if told else "changed"
            audit.record(session, by=audit.SYSTEM, action="person:sign_in_failed", subject=person.id, reason=reason)
            return None, told or codes.WRONG
        if old:
            sessions.end(session, old)
        way = Way.RECOVERY if recovery else Way.CODE
        return sessions.start(session, person.id, way=way, device=device), ""


def _person(session: Session, email: str) -> Person | None:
    if not email.isprintable():  # a NUL is nobody's, and PostgreSQL refuses to look for it
        return None
    return session.exec(select(Person).where(Person.email == email)).first()


def why_not(person: Person | None, right: bool, here: bool) -> Reason | None:
    """`right` = they have shown who they are."""
    if not person:
        return "unknown"
    if not right:
        return "password"
    if person.closed:
        return "closed"
    return "elsewhere" if person.demo and not here else None


def _changed_since(session: Session, seen: Person) -> Reason | None:
    """While the password was being compared, it may have been changed, or the account closed."""
    now = session.get_one(Person, seen.id, with_for_update=True)
    return "changed" if now.closed or now.password != seen.password else None
