"""The seals: what has been chained of the events, in batches."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field

from app.db import Table


class Seal(Table, table=True):
    """A batch of events, and the seal before it, under one hash (`chain.py` says how). Append-only."""

    __tablename__ = "seal"

    number: int = Field(primary_key=True)  # 1, 2, 3 …: whoever is second to seal after the same one has not sealed
    at: datetime
    first: int  # the events' `n`
    last: int
    count: int
    leaves: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # of each event its `n` and hash, 40 bytes
    previous: str  # the hash of the seal before; "" of the first
    hash: str
