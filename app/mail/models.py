"""What waits to be sent. A row says what sort of letter and to whom, and holds no text.

The letter is written when it is sent: so no link that lets somebody in is ever kept, in the database or in its
backups; it goes to the address that the person has then; and what is no longer true is not sent.
"""

from datetime import datetime

from sqlmodel import Field

from app.db import Table


class Mail(Table, table=True):
    """Gone when it has been sent. One that has been given up is kept for a while, to be told of."""

    __tablename__ = "mail"

    id: str = Field(primary_key=True)
    kind: str
    person: str | None = Field(default=None, foreign_key="person.id", index=True)
    # As somebody typed it, instead of a person: whose it is, if anybody's, is looked up when sent. With a person: one
    # that was theirs.
    address: str = ""
    by: str  # who caused it: a person's id, or SYSTEM
    made: datetime
    due: datetime = Field(index=True)  # when it is tried; while somebody tries, when somebody else may
    tries: int = 0
    trouble: str | None = None  # how the last try went: one of `post.TROUBLES`
    given_up: datetime | None = None
