"""Passwords: how long they are, how they are kept, how one is told from another.

argon2id with the parameters that OWASP advises for a server. It is slow on purpose (16 ms), so nothing here is
called while a writing session is open. Length makes a password good, and that it is not guessed first: it is not one of
the most common, and long enough without what everybody knows of the person. Rules of composition make people write
them on notes.
"""

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LEAST, MOST = 12, 200
TOO_SHORT = f"Välj ett lösenord med minst {LEAST} tecken. Tre ord efter varandra duger bra."
TOO_LONG = f"Välj ett lösenord med högst {MOST} tecken."
TOO_COMMON = (
    "Det lösenordet är ett av de vanligaste, och gissas först. Välj ett annat: tre ord efter varandra duger bra."
)
TOO_KNOWN = f"Ditt namn, din e-postadress och Sporra är lätta att gissa. Utan dem behövs minst {LEAST} tecken till."
KNOWN_OF_ALL = "sporra"

_hasher = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
_turns = BoundedSemaphore(4)  # each takes 19 MiB: forty at once, one for every thread, would be 760


def unfit(password: str, *known: str) -> str | None:
    """Why it cannot be chosen, as a sentence. `known`: what others know of the person, name and address."""
    length = len(_same(password))
    if not LEAST <= length <= MOST:
        return TOO_SHORT if length < LEAST else TOO_LONG
    folded = _folded(password)
    if folded in _common():
        return TOO_COMMON
    return TOO_KNOWN if len(_without(folded, *known)) < LEAST else None


def _without(folded: str, *known: str) -> str:
    """What is left when each word that others know is taken away, the longest first."""
    words = {word for each in (*known, KNOWN_OF_ALL) for word in re.split(r"[\W_]+", _folded(each)) if len(word) > 2}
    for word in sorted(words, key=len, reverse=True):
        folded = folded.replace(word, "")
    return folded


@cache
def _common() -> frozenset[str]:
    """The 10,000 most common of at least LEAST characters among ten million that were stolen."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines())


def _folded(text: str) -> str:
    return _same(text).casefold()


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
