"""What must be read again and yet not lie open in the database or its backups: locked with a key that is in neither.

AES-256-GCM, with a key derived (HKDF) from a secret that the surroundings give. The first secret locks, all of them
open: so one is changed by putting the new one first.
"""

import base64
import secrets as random
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"sporra: locked texts"
_NONCE = 12  # bytes
LEAST, DIFFERENT = 32, 12  # characters of a secret, and how many of them are not the same


def strong(secret: str) -> bool:
    """As far as one can see from outside: `openssl rand -hex 32` is, a word in many copies is not."""
    return len(secret) >= LEAST and len(set(secret)) >= DIFFERENT


class Unopened(Exception):
    """Locked with another secret, or for something else, or changed since."""


class Locker:
    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [AESGCM(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(each.encode())) for each in secrets]

    def lock(self, text: str, about: str) -> str:
        """`about` says what it is and whose: what is moved to another row does not open there."""
        nonce = random.token_bytes(_NONCE)
        return base64.urlsafe_b64encode(nonce + self._keys[0].encrypt(nonce, text.encode(), about.encode())).decode()

    def open(self, locked: str, about: str) -> str:
        """Raises Unopened."""
        for key in self._keys:
            try:
                raw = base64.urlsafe_b64decode(locked)
                return key.decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
            except (InvalidTag, ValueError):  # ValueError: not even the shape of something locked
                continue
        raise Unopened
