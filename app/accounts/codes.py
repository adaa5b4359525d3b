"""The second step after a password: codes from an authenticator (TOTP), and recovery codes for when it is lost.

A code is good once, for the half minute it is made in and the one on each side. Recovery codes are kept as passwords
are, and hashed outside the writer.
"""

import hmac
import re
import secrets
from collections.abc import Sequence

import pyotp
import segno
from sqlmodel import Session, col, delete, select

from app import audit
from app.accounts import passwords
from app.accounts.models import Person, RecoveryCode, SecondFactor
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound, Unacceptable
from app.locked import Locker, Unopened
from app.mail import queue

SIDE = 1  # half minutes that a clock may go wrong
HOW_MANY = 10
OFF = "codes_off"  # a letter; `letters.py` writes it
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another; 12 of them are 59 bits
WRONG = "Skriv koden som appen visar just nu, eller en återställningskod som du inte har använt."
WRONG_NOW = "Skriv den kod som appen visar just nu. Kontrollera att telefonens klocka går rätt."
CHANGED = "Koderna går inte att kontrollera längre. Använd en återställningskod, eller be administratören om hjälp."


def of(session: Session, person: str) -> SecondFactor | None:
    """The one in force."""
    row = session.get(SecondFactor, person)
    return row if row and row.since else None


def left(session: Session, person: str) -> int:
    """How many recovery codes have not been used."""
    return len(_unused(session, person))


def _unused(session: Session, person: str) -> Sequence[RecoveryCode]:
    return session.exec(
        select(RecoveryCode).where(RecoveryCode.person == person, col(RecoveryCode.used).is_(None))
    ).all()


# ── Setting up ────────────────────────────────────────────────────────────────────────────


def begin(session: Session, *, by: Viewer, locker: Locker) -> str:
    """A new secret for an authenticator, in force when a code of it has been right. One in force stays until then
    removed: it is not changed under somebody's hands."""
    session.get_one(Person, by.id, with_for_update=True)
    if of(session, by.id):
        raise Unacceptable("Koder är redan på. Stäng av dem först, om du ska byta app.")
    secret = pyotp.random_base32()
    session.merge(SecondFactor(person=by.id, secret=locker.lock(secret, _about(by.id))))
    return secret


def begun(session: Session, *, by: Viewer, locker: Locker) -> str:
    """The secret that waits for its first code. Raises NotFound where none does."""
    row = session.get(SecondFactor, by.id)
    if not row or row.since:
        raise NotFound
    return locker.open(row.secret, _about(by.id))


def confirm(session: Session, *, by: Viewer, locker: Locker, code: str, hashes: Sequence[str]) -> None:
    """In force from now on, with these recovery codes. Raises Unacceptable where the code is wrong."""
    row = session.get(SecondFactor, by.id, with_for_update=True)
    if not row or row.since:
        raise NotFound
    if not _right(row, locker, code):
        raise Unacceptable(WRONG_NOW)
    row.since = audit.now()
    _replace(session, by.id, hashes)
    audit.record(session, by=by.id, action="person:codes_on", subject=by.id)


def renew(session: Session, *, by: Viewer, hashes: Sequence[str]) -> None:
    """New recovery codes; those before are good no longer."""
    session.get_one(Person, by.id, with_for_update=True)
    if not of(session, by.id):
        raise NotFound
    _replace(session, by.id, hashes)
    audit.record(session, by=by.id, action="person:recovery_codes_renewed", subject=by.id)


def remove(session: Session, *, by: Viewer, person: str) -> None:
    """One's own, or by an administrator for somebody who has lost it. The person is told by mail."""
    if person != by.id:
        by.check(Permission.ADMINISTER)
    if not session.get(Person, person, with_for_update=True):
        raise NotFound
    if row := session.get(SecondFactor, person):
        session.delete(row)
        _replace(session, person, ())
        if row.since:
            queue.put(session, kind=OFF, by=by.id, person=person)
        audit.record(session, by=by.id, action="person:codes_off", subject=person)


def _replace(session: Session, person: str, hashes: Sequence[str]) -> None:
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person) == person))
    session.add_all([RecoveryCode(hash=each, person=person) for each in hashes])
    session.flush()


def new_recovery_codes() -> tuple[list[str], list[str]]:
    """To be shown once, and to be kept. Slow: outside the writer."""
    codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(HOW_MANY)]
    return codes, [passwords.hashed(_bare(each)) for each in codes]


def drawn(secret: str, email: str) -> tuple[int, str]:
    """The QR code that an app reads it from: how many squares wide, and its dark ones as an SVG path."""
    rows = segno.make(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Sporra"), error="m").matrix
    path = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return len(rows), "".join(path)


# ── The second step ───────────────────────────────────────────────────────────────────────


def guessable(typed: str) -> bool:
    """Whether it is too short for a recovery code, or too long."""
    return len(_bare(typed)) != 12


def recovery(session: Session, person: str, typed: str) -> str | None:
    """Which recovery code it is, by its hash. Slow, and in a session that only reads."""
    code = _bare(typed)
    if guessable(typed):
        return None
    return next((row.hash for row in _unused(session, person) if passwords.verify(code, row.hash)[0]), None)


def use(session: Session, *, person: str, locker: Locker, typed: str, hash: str | None) -> str:
    """Uses up the code, or the recovery code with this hash. Why not, as a sentence; "" = it was right.

    Whoever calls holds the person, so that of two who send the same code one is too late."""
    if hash:
        row = session.get(RecoveryCode, hash)
        if not row or row.used or row.person != person:
            return WRONG
        row.used = audit.now()
        session.flush()
        audit.record(session, by=person, action="person:recovery_code_used", subject=person)
        return ""
    found = of(session, person)
    try:
        return "" if found and _right(found, locker, typed) else WRONG
    except Unopened:
        return CHANGED


def _right(row: SecondFactor, locker: Locker, typed: str) -> bool:
    """Whether it is a code of now that has not been used. It is then; and what an old secret locked is locked anew."""
    secret, code = locker.open(row.secret, _about(row.person)), re.sub(r"\s", "", typed)
    totp = pyotp.TOTP(secret)
    present = totp.timecode(audit.now())
    fits = [step for step in range(present - SIDE, present + SIDE + 1) if _same(totp.generate_otp(step), code)]
    if not fits or fits[-1] <= row.last_step:
        return False
    row.last_step, row.secret = fits[-1], locker.lock(secret, _about(row.person))
    return True


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _bare(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).lower()


def _about(person: str) -> str:
    return f"second factor of {person}"
