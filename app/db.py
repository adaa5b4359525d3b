"""The database's two doors: one for reading, one for writing.

SQLite has one writer at a time whatever one does. So there is one writer connection, taken in turn (a queue,
where SQLite's own waiting is a race that starves), and readers beside it that never wait for it. On
PostgreSQL both doors are the same pool. Nothing slow belongs behind the writing door: no hashing of
passwords, no rendering, no file or network.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, ClassVar

from sqlalchemy import Engine, MetaData, create_engine, event, make_url
from sqlmodel import Session, SQLModel


class Table(SQLModel):
    """What every table is made from. Constraints get names that are the same in both databases, so that a
    later migration can change them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


_PRAGMAS = (
    "busy_timeout={wait}",  # first: the next ones may already have to wait
    "journal_mode=WAL",
    "synchronous=FULL",  # what was answered as saved survives a power cut
    "foreign_keys=ON",
    "secure_delete=ON",  # what is erased is erased in the file too
    "temp_store=MEMORY",
)


class Database:
    """`wait` is in seconds: how long a writer waits for its turn before it gives up (Busy)."""

    def __init__(self, url: str, *, wait: float = 5) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite(url, wait, "BEGIN IMMEDIATE", pool_size=1, pool_timeout=wait)
            self._reader = _sqlite(url, wait, "BEGIN", pool_size=8)
        else:
            pool = {"pool_size": 10, "pool_timeout": wait, "pool_pre_ping": True}
            self._writer = create_engine(url, hide_parameters=True, **pool)
            view = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            self._reader = self._writer.execution_options(**view)  # one view of the data, as SQLite's readers have

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed as a whole at the end, or not at all."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one view of the data. What it changes is never kept."""
        with Session(self._reader, autoflush=False) as session:
            yield session

    def sweep(self) -> None:
        """What has been erased leaves the files too: SQLite's log, and the dead rows of PostgreSQL."""
        if self.is_sqlite:
            with closing(self._writer.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with self._writer.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.exec_driver_sql("VACUUM")

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


def _sqlite(url: str, wait: float, begin: str, **pool: Any) -> Engine:
    engine = create_engine(url, max_overflow=0, hide_parameters=True, **pool)  # what people typed is in no log

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver begins no transaction by itself; we do, below
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma.format(wait=int(wait * 1000))}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
