"""What has begun in a browser and waits for its second half: a challenge to a key, a password that wants a code too.

In memory: a restart makes one begin again, which costs nothing. It holds so many and no more, since anybody can begin.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from app import audit

What = TypeVar("What")
MOST = 10_000


class Pending(Generic[What]):
    def __init__(self, lasts: timedelta) -> None:
        self._lasts, self._lock = lasts, Lock()
        self._waiting: OrderedDict[str, tuple[datetime, What]] = OrderedDict()

    def begin(self, what: What) -> str:
        """A secret that names it, 256 random bits. When there is no room the oldest goes."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._waiting[token] = (audit.now() + self._lasts, what)
            while len(self._waiting) > MOST:
                self._waiting.popitem(last=False)
        return token

    def look(self, token: str) -> What | None:
        """What waits; it goes on waiting."""
        ends, what = self._waiting.get(token, (None, None))
        return what if ends and audit.now() < ends else None

    def take(self, token: str) -> What | None:
        """What waits, for one alone."""
        with self._lock:
            ends, what = self._waiting.pop(token, (None, None))
        return what if ends and audit.now() < ends else None


@dataclass(frozen=True)
class Challenge:
    """Asked of a key: by whose browser (a cookie), what for, and for whom (a person, or a link), if that is known."""

    browser: str
    purpose: str
    whom: str = ""


@dataclass(frozen=True)
class Half:
    """A first step that was right. `password` is the hash that was seen: chosen anew since, it is no step any more."""

    person: str
    password: str | None


CHALLENGE_LASTS = timedelta(minutes=5)
HALF_LASTS = timedelta(minutes=10)
