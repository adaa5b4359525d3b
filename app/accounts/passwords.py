"""Passwords: how long they are, how they are kept, how one is told from another.

argon2id with the parameters that OWASP advises for a server. It is slow on purpose (16 ms), so nothing here is
called while a writing session is open. Length alone makes a password good; rules of composition make people
write them on notes.
"""

import secrets
import unicodedata
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LEAST, MOST = 12, 200
TOO_SHORT = f"Välj ett lösenord med minst {LEAST} tecken. Tre ord efter varandra duger bra."
TOO_LONG = f"Välj ett lösenord med högst {MOST} tecken."

_hasher = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
_turns = BoundedSemaphore(4)  # each takes 19 MiB: forty at once, one for every thread, would be 760


def unfit(password: str) -> str | None:
    """Why it cannot be chosen, as a sentence."""
    length = len(_same(password))
    return TOO_SHORT if length < LEAST else TOO_LONG if length > MOST else None


def hashed(password: str) -> str:
    with _turns:
        return _hasher.hash(_same(password))


def verify(password: str, hash: str | None) -> tuple[bool, str | None]:
    """Whether it is the one, and a new hash where the parameters have changed since the old was made.

    No hash (nobody has that address, or no password is chosen yet) takes as long as a wrong password.
    """
    with _turns:
        right, renewed = _hasher.verify_and_update(_same(password)[: MOST + 1], hash or _NOBODYS)
    return (right, renewed) if hash else (False, None)


def _same(password: str) -> str:
    """One keyboard sends å as one character, another as two: the same password all the same."""
    return unicodedata.normalize("NFKC", password)


_NOBODYS = hashed(secrets.token_urlsafe())
