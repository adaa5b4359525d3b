"""Sealing what has happened, in batches, outside the writers' way.

What has been sealed must be all that there will ever be up to its last event: an event that came afterwards among
sealed ones would look like one that somebody has put in. On SQLite there is one writer, so numbers are given in the
order of the commits. On PostgreSQL a transaction takes its number first and may commit long after those with higher
ones. It has held its lock on the table since before it took the number, though (and not always a transaction id: so
`pg_snapshot_xmin` would not know it). So the highest number that can be seen is taken first, then those who write just
then are waited for, and nobody who comes later, nor does anybody wait for the sealer. Where one of them takes too long,
nothing is sealed this time.

The work is done while reading. The writer is held for one row, and whose row with that number is not the first has not
sealed: so two sealers may run at once.
"""

from time import monotonic, sleep

from sqlalchemy import Connection, func, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app import audit
from app.audit import Event
from app.db import Database
from app.events.chain import LEAF, chained, leaf, packed, rows
from app.events.models import Seal

BATCH = 1000  # events, at most
PATIENCE = 2.0  # seconds, for those who write
LOWEST = -(2**63)  # before any event
_WRITING = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = 'event'::regclass"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND mode = 'RowExclusiveLock'"
)


def seal(database: Database, *, patience: float = PATIENCE) -> int:
    """Seals what is not sealed yet. Returns how many events that were."""
    sealed = 0
    if (last := _settled(database, patience)) is None:
        return sealed
    while made := _next(database, last):
        if not _kept(database, made):  # another sealer was first, and goes on
            break
        sealed += made.count
    return sealed


def newest(session: Session) -> Seal | None:
    return session.exec(select(Seal).order_by(col(Seal.number).desc()).limit(1)).first()


def waiting(session: Session) -> int:
    """How many events are not sealed."""
    last, asked = newest(session), select(func.count()).select_from(Event)
    return session.exec(asked.where(col(Event.n) > last.last) if last else asked).one()


def _settled(database: Database, patience: float) -> int | None:
    """A number up to which no event can come any more; None where there is none that one can know of."""
    with database.glancing() as connection:
        last: int | None = connection.execute(select(func.max(Event.n))).scalar()
        if database.is_sqlite:
            return last
        until, awaited = monotonic() + patience, _writers(connection)
        while awaited and monotonic() < until:
            sleep(0.005)
            awaited &= _writers(connection)
    return None if awaited else last


def _writers(connection: Connection) -> set[str]:
    return set(connection.execute(_WRITING).scalars())


def _next(database: Database, last: int) -> Seal | None:
    with database.reading() as session:
        before = newest(session)
        found = rows(session.connection(), after=before.last if before else LOWEST, last=last, most=BATCH)
    leaves = [leaf(row) for row in found]
    if not leaves:
        return None
    number, previous = (before.number + 1, before.hash) if before else (1, "")
    span = {"first": leaves[0].n, "last": leaves[-1].n, "count": len(leaves)}
    made = Seal(number=number, at=audit.now(), **span, leaves=packed(leaves), previous=previous, hash="")
    made.hash = chained(made)
    return made


_KEEP = {
    "sqlite": sqlite.insert(Seal).on_conflict_do_nothing(index_elements=["number"]).returning(col(Seal.number)),
    "postgresql": postgresql.insert(Seal).on_conflict_do_nothing(index_elements=["number"]).returning(col(Seal.number)),
}


def _kept(database: Database, made: Seal) -> bool:
    with database.writing() as session:
        connection, before = session.connection(), newest(session)
        stands = [leaf(row) for row in rows(connection, after=made.last - 1, last=made.last)]
        if (before.hash if before else "") != made.previous or packed(stands) != made.leaves[-LEAF.size :]:
            return False  # or a backup was put back just now
        return connection.execute(_KEEP[connection.dialect.name], made.model_dump()).first() is not None
