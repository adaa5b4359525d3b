"""Events that happen, what is done to them by hand, and what verifying says of it."""

import re
from datetime import UTC, datetime

from sqlalchemy import text

from app import audit
from app.db import Database
from app.events.verifying import Checked, verify
from app.ids import new_id

AT = datetime(2026, 3, 1, 9, 0, 0, 7, UTC)


def happen(database: Database, count: int, **details: object) -> None:
    with database.writing() as session:
        for i in range(count):
            audit.record(session, by=audit.SYSTEM, action="person:changed", subject=new_id(), i=i, **details)


def wrong(database: Database, *noted: str) -> list[str]:
    return list(verify(database, Checked(noted=set(noted))))


def kinds(told: list[str]) -> list[str]:
    """The sentences without their times."""
    return [re.sub(r" \(.*?\)", "", each) for each in told]


def do(database: Database, *statements: str) -> None:
    with database.writing() as session:
        for each in statements:
            session.connection().execute(text(each))
