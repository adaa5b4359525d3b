"""Saving and putting back a SQLite database, by SQLite's own online copying.

A copy is taken in one step from one moment; nobody who reads or writes waits for it. Putting back is one
transaction in the live file: readers go on with what they saw, a writer waits, and the next to begin sees the
restored content, on the connections that the server already has.
"""

import errno
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from app.errors import Busy, Refusal
from app.keep.readiness import OURS, Shape, shape_from

BEGINS = b"SQLite format 3\0"
WAIT = 15  # seconds for others to let go


def save(live: Path, out: Path) -> None:
    with closing(_opened(live, "rw")) as source, closing(sqlite3.connect(out)) as copy:
        try:
            _copy(source, copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, which needs nothing beside it
        except sqlite3.OperationalError as error:  # where the copy goes
            full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
            raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from None
        if not _sound(copy):
            raise Refusal(f"Databasen {live} är skadad. Ingen kopia är gjord; ta fram en tidigare säkerhetskopia.")


def shape_in(file: Path) -> Shape:
    """What a file holds; STRANGE where it is not whole."""
    try:
        with closing(_opened(file, "ro")) as kept:
            tables = {name for (name,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not (tables >= OURS and _sound(kept)):
                return Shape.STRANGE
            revision = kept.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return Shape.STRANGE
    return shape_from(revision[0]) if revision else Shape.STRANGE


def put_back(file: Path, live: Path, bring_up: Callable[[str], None]) -> None:
    """Everything is prepared in a copy first, so that the live file changes once, and wholly."""
    live.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=live.absolute().parent, prefix=".sporra-") as folder:
        copy = Path(folder) / "copy.db"
        with closing(_opened(file, "ro")) as kept, closing(sqlite3.connect(copy)) as made:
            _copy(kept, made)
        bring_up(f"sqlite:///{copy}")
        with closing(_opened(live, "rwc")) as target, closing(sqlite3.connect(copy)) as made:
            target.execute("PRAGMA journal_mode=WAL")
            target.execute("PRAGMA synchronous=FULL")
            target.execute("PRAGMA secure_delete=ON")
            _same_page_size(made, target)
            _copy(made, target)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was there before is gone from the file too


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    name = f"file:{quote(str(file.absolute()))}?mode={mode}"
    return sqlite3.connect(name, uri=True, timeout=1, isolation_level=None)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    deadline = time.monotonic() + WAIT

    def waits(status: int, _left: int, _pages: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise Busy("Databasen används just nu. Inget är ändrat; vänta en stund och försök igen.")

    source.backup(target, pages=-1, progress=waits, sleep=0.05)


def _same_page_size(copy: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """A file in WAL mode cannot change its page size, so the copy takes the live one's."""
    wanted, has = (each.execute("PRAGMA page_size").fetchone()[0] for each in (target, copy))
    if wanted != has:
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute(f"PRAGMA page_size={wanted}")
        copy.execute("VACUUM")


def _sound(database: sqlite3.Connection) -> bool:
    return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
