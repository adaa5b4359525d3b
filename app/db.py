"""The database's two doors: one for reading, one for writing.

SQLite has one writer at a time whatever one does. So there is one writer connection, taken in turn (a queue,
where SQLite's own waiting is a race that starves), and readers beside it that never wait for it. On
PostgreSQL both doors are the same pool. Nothing slow belongs behind the writing door: no hashing of
passwords, no rendering, no file or network.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
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


_GLANCE = "glance"  # of a connection that begins no transaction
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
            self._glancer = self._reader.execution_options(**{_GLANCE: True})
        else:
            self._writer = create_engine(url, hide_parameters=True, pool_size=10, pool_timeout=wait)
            _ping_after_a_rest(self._writer)
            view = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            self._reader = self._writer.execution_options(**view)  # one view of the data, as SQLite's readers have
            self._glancer = self._writer.execution_options(isolation_level="AUTOCOMMIT")

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

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """For one statement that reads: without a transaction around it, which is most of what it would cost."""
        with self._glancer.connect() as connection:
            yield connection

    def sweep(self) -> None:
        """What has been erased leaves the files too: SQLite's log, and the dead rows of PostgreSQL."""
        if self.is_sqlite:
            with closing(self._writer.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with self._glancer.connect() as connection:
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
    def _begin(connection: Connection) -> None:
        if _GLANCE not in connection.get_execution_options():
            connection.exec_driver_sql(begin)

    return engine


REST = 1.0  # seconds


def _ping_after_a_rest(engine: Engine) -> None:
    """A connection that has not been used for a while may be gone (the database was restarted), and is asked first. To
    ask each time, as a pool can, is a way to the database and back with every save."""

    @event.listens_for(engine, "checkin")
    def _rests(_: object, record: Any) -> None:
        record.info["rests"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _wakes(connection: Any, record: Any, _: object) -> None:
        if monotonic() - record.info.get("rests", monotonic()) > REST:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error  # the pool takes another
