"""What is removed by itself when its time has come, as the list says (`Stored.goes`): run-out sign-ins, spent links.

Events hold no names, so there is nothing in them to remove. Working material goes with `sporra erase`, which waits for
the report and calls this too.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete

from app import audit
from app.db import Database
from app.privacy.stored import TABLES
from app.tables import metadata


def keep_no_longer(database: Database, now: datetime | None = None) -> dict[str, int]:
    """How many rows went, by table. Each table in a transaction of its own, so that nobody waits long; where there was
    something, an event says how much."""
    gone: dict[str, int] = {}
    for stored in TABLES:
        if stored.goes:
            table = metadata.tables[stored.table]
            before = (now or audit.now()) - timedelta(days=stored.goes.days)
            with database.writing() as session:
                run_out = delete(table).where(table.c[stored.goes.column] < before)
                if count := session.connection().execute(run_out).rowcount:
                    gone[stored.table] = count
                    audit.record(
                        session, by=audit.SYSTEM, action="privacy:kept_no_longer", subject=stored.table, rows=count
                    )
    if gone:
        database.sweep()
    return gone
