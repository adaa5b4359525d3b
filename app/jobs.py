"""Later work: what is done again and again beside the requests, by the server itself or by `sporra worker`.

    Work("skicka e-post", timedelta(seconds=10), send)        send(database) is called about every ten seconds

Any number of processes may have the same list. They take turns in the database, so that a piece is not done by two of
them in the same interval; one that takes longer than its interval may meet itself, and must bear that. What is lost
with a process is done in the next interval. An error in one piece is logged, told of, and harms no other.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy import bindparam, text
from sqlmodel import Field, Session, col, select, update
from sqlmodel.sql.sqltypes import UTCDateTime

from app import audit
from app.db import Database, Table

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds between looks at what is due


@dataclass(frozen=True)
class Work:
    """`name` is what an administrator reads, and the row that tells when it was done: of another name nothing is
    known."""

    name: str
    every: timedelta
    do: Callable[[Database], object]


class Turn(Table, table=True):
    """When a piece of work is due, and how it last went."""

    __tablename__ = "turn"

    name: str = Field(primary_key=True)
    due: datetime
    done: datetime | None = None  # last time that it came to its end
    broken: datetime | None = None  # since when it has not


class Loop:
    """Turns a list of work in a thread of its own, until it is stopped."""

    def __init__(self, database: Database, works: Sequence[Work]) -> None:
        self._database, self._works = database, works
        self._stop, self._ended = Event(), Event()

    def start(self) -> None:
        Thread(target=self._run, name="later work", daemon=True).start()

    def wait(self) -> None:
        """Until somebody interrupts."""
        self._ended.wait()  # not Thread.join: once interrupted, Python 3.11 holds that the thread has ended

    def stop(self, patience: float | None = None) -> None:
        """Of one that was started: waits for the piece that is being done. What is left goes on in the next start."""
        self._stop.set()
        self._ended.wait(patience)

    def _run(self) -> None:
        try:
            self._go_on()
        finally:
            self._ended.set()

    def _go_on(self) -> None:
        lost = False
        while not self._stop.is_set():
            try:
                turn(self._database, self._works)
                lost = False
            except Exception:  # the database is away, say; once is enough in the log
                if not lost:
                    log.exception("later work waits")
                lost = True
            self._stop.wait(LOOK_EVERY)


def turn(database: Database, works: Sequence[Work]) -> None:
    """Does what is due, if nobody else does."""
    with database.reading() as session:
        due = {each.name: each.due for each in session.exec(select(Turn))}
    for work in works:
        now = audit.now()
        if due.get(work.name, now) <= now and _taken(database, work, now):
            _do(database, work)


def _taken(database: Database, work: Work, now: datetime) -> bool:
    with database.writing() as session:
        if not session.get(Turn, work.name):
            session.connection().execute(_ADD, {"name": work.name, "due": now})  # another process may be adding it too
        mine = update(Turn).where(col(Turn.name) == work.name, col(Turn.due) <= now).values(due=now + work.every)
        return session.exec(mine).rowcount == 1


_ADD = text("INSERT INTO turn (name, due) VALUES (:name, :due) ON CONFLICT DO NOTHING").bindparams(
    bindparam("due", type_=UTCDateTime())
)


def _do(database: Database, work: Work) -> None:
    try:
        work.do(database)
        went_well = True
    except Exception:
        log.exception("later work: %s", work.name)
        went_well = False
    with database.writing() as session:
        row = session.get_one(Turn, work.name)
        if went_well:
            row.done, row.broken = audit.now(), None
        else:
            row.broken = row.broken or audit.now()


def turns(session: Session) -> dict[str, Turn]:
    return {each.name: each for each in session.exec(select(Turn))}
