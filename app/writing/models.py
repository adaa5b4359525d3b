"""The write path's tables: every operation, kept; which one stands; which ones wait for a person to choose."""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, String
from sqlmodel import Field

from app.db import Table

AGREED = "agreed"  # the voice of all together; another voice is one inspector's id, where they first work apart

Outcome = Literal["head", "sibling", "late"]


class Subject(Table, table=True):
    """What is written in (an inspection, a plan). Its row is the lock; `seq` counts its operations, and each time that
    something in it was erased. `erased` is the last such number: who has followed no further reads all anew. `held` is
    how many characters its heads take as they are kept, in all voices."""

    __tablename__ = "subject"

    id: str = Field(primary_key=True)
    kind: str
    seq: int = 0
    erased: int = 0
    held: int = 0


class Revision(Table, table=True):
    """One operation as it came. Append-only; erasing sets `value` and `salt` to null and leaves the hash."""

    __tablename__ = "revision"
    __table_args__ = (
        Index("ix_revision_subject_seq", "subject", "seq", unique=True),
        Index("ix_revision_subject_field", "subject", "field"),
    )

    n: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    subject: str = Field(foreign_key="subject.id")
    seq: int
    voice: str = AGREED
    field: str
    value: str | None  # JSON; null = erased
    parent: str | None = None  # the operation that the person was looking at
    settles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    by: str = Field(foreign_key="person.id")
    at: datetime | None = None  # the device's clock: shown, never trusted
    received: datetime
    format: int = 1
    outcome: Outcome = Field(sa_type=String)
    salt: str | None
    hash: str


class Head(Table, table=True):
    """The operation that stands for a field, in a voice."""

    __tablename__ = "head"

    subject: str = Field(foreign_key="subject.id", primary_key=True)
    voice: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    revision: str = Field(foreign_key="revision.id")


class Branch(Table, table=True):
    """Another text than the one that stands, open until an operation settles it. `base` is what both grew from."""

    __tablename__ = "branch"
    __table_args__ = (
        Index("ix_branch_subject_open", "subject", "settled_by"),
        ForeignKeyConstraint(["tip"], ["revision.id"]),
    )

    id: str = Field(primary_key=True)  # its first operation
    subject: str = Field(foreign_key="subject.id")
    voice: str = AGREED
    field: str
    base: str | None = None
    tip: str = Field(index=True)
    settled_by: str | None = None
