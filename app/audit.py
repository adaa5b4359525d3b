"""Who did what to what, when. Never what anybody wrote: of texts there is the revision's id and a salted hash.

Every action records its event in the same transaction as its change. Later work seals the events in a chain;
so a row here is never changed and never removed.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, insert
from sqlmodel import Field, Session, select

from app.db import Table
from app.prepared import Prepared

SYSTEM = "system"  # the doer where no person is: the command line, migrations


class Event(Table, table=True):
    """`action` is `subject:verb`, as in `inspection:signed`. `details` holds ids, words from closed sets and
    hashes, never free text and never a name."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_at", "at", "n"),
        *(Index(f"ix_event_{name}", name, "at", "n") for name in ("by", "subject", "action")),
    )

    n: int | None = Field(default=None, primary_key=True)
    at: datetime
    by: str  # person's id, or SYSTEM
    action: str
    subject: str  # the id of what it was done to
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def now() -> datetime:
    return datetime.now(UTC)


_RECORD = Prepared(insert(Event), "at", "by", "action", "subject", "details")


def record(session: Session, *, by: str, action: str, subject: str, **details: Any) -> None:
    event = {"at": now(), "by": by, "action": action, "subject": subject, "details": details}
    _RECORD.change(session.connection(), event)


def history(session: Session, subject: str) -> Iterable[Event]:
    """Everything that was done to a subject, oldest first."""
    return session.exec(select(Event).where(Event.subject == subject).order_by("n"))


def salted(value: str) -> tuple[str, str]:
    """A new salt, and the hash of salt and value: tells later whether a value was this one, and nothing else."""
    salt = secrets.token_hex(16)
    return salt, hashed(salt, value)


def hashed(salt: str, value: str) -> str:
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()
