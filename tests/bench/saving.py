"""One operation saved, as a device sends it: over HTTP to `sporra serve` in a process of its own, on a connection that
stays open; signed in, read, checked, kept, placed, recorded, committed. The text is a paragraph, in an inspection as
full as the demonstration's. PostgreSQL runs as in production, with fsync.

The floors: for a database of ten thousand inspections, one that has a single one; Starlette answers the same request
with two letters, in a process of its own; SQLite takes the bare statements of a save.

Each saves a number of times before it is the next one's turn: five programs that change places at every request would
measure what it costs a processor to change programs (half as much again, of all of them), and not a save.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from sqlite3 import connect
from typing import Any

from app.db import Database
from app.ids import new_id
from app.migrations import upgrade
from tests.bench.http import Connection, served
from tests.bench.rows import Row, interleaved, row
from tests.bench.worlds import a_world, filled, signed_in
from tests.chaos.victims import Cluster
from tests.factories import Drafted, drafted
from tests.paths import ROOT
from tests.serving import answer, environment, free_port

ROUNDS, EACH = 12, 25
PARAGRAPH = "Handledningen fungerar väl och sker enligt schema, men tiden för den är inte alltid skyddad. " * 6

Save = Callable[[int], object]


def rows() -> Iterator[Row]:
    with ExitStack() as stack:
        folder, data = (Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sporra-bench-"))) for _ in "12")
        one, many, postgres = (
            stack.enter_context(_saving(folder, world))
            for world in (a_world(folder / "one.db", 1), a_world(folder / "many.db", 9_999), _on_postgres(stack, data))
        )
        works = [one, many, postgres, stack.enter_context(_plain_answer()), _bare_statements(folder / "floor.db")]
        of_one, of_many, of_postgres, starlette, sql = interleaved(works, ROUNDS, EACH)
    yield row("floor starlette", starlette)
    yield row("floor sql", sql)
    yield row("autosave 1", of_one, starlette)
    yield row("autosave 10000", of_many, of_one)
    yield row("autosave postgres", of_postgres, starlette)


@contextmanager
def _saving(folder: Path, world: Drafted) -> Iterator[Save]:
    """A device that types on in a text: its `parent` is what it has last seen saved."""
    draft = filled(world)
    path, field, parent = f"/api/inspections/{draft.id}/operations", "criterion/E-F2/comment", None
    with served(folder, draft.database.url) as port:
        device = Connection(port, f"sporra={signed_in(draft, draft.a)}")

        def save(i: int) -> None:
            nonlocal parent
            operation = {"id": new_id(), "field": field, "value": f"{PARAGRAPH}{i}", "parent": parent, "format": 1}
            [answered] = device.post(path, {"operations": [operation]})
            assert answered["outcome"] == "head", answered
            parent = answered["id"]

        yield save


def _on_postgres(stack: ExitStack, folder: Path) -> Drafted:
    cluster = Cluster(folder)
    cluster.start()
    stack.callback(cluster.kill)
    upgrade(cluster.url)
    return drafted(Database(cluster.url))


@contextmanager
def _plain_answer() -> Iterator[Save]:
    port = free_port()
    call: list[Any] = [sys.executable, "-m", "tests.bench.plain", str(port)]
    process = subprocess.Popen(call, cwd=ROOT, env=environment())
    try:
        answer(f"http://127.0.0.1:{port}/")
        device = Connection(port)
        yield lambda i: device.post("/", {"operations": [{"id": new_id(), "value": f"{PARAGRAPH}{i}"}]})
    finally:
        process.kill()
        process.wait()


def _bare_statements(path: Path) -> Save:
    """What a save changes in the database, and its commit, straight to SQLite."""
    db = connect(path, isolation_level=None)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE revision (id PRIMARY KEY, field, value);"
        "CREATE TABLE event (n INTEGER PRIMARY KEY, revision); CREATE TABLE head (field PRIMARY KEY, id);"
        "CREATE TABLE answer (id PRIMARY KEY, value); CREATE TABLE subject (id PRIMARY KEY, seq);"
        "INSERT INTO head VALUES ('f', ''); INSERT INTO answer VALUES ('f', ''); INSERT INTO subject VALUES ('s', 0)"
    )

    def save(i: int) -> None:
        text = f"{PARAGRAPH}{i}"
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO revision VALUES (?, 'f', ?)", (id := new_id(), text))
        db.execute("UPDATE head SET id = ? WHERE field = 'f'", (id,))
        db.execute("UPDATE answer SET value = ? WHERE id = 'f'", (text,))
        db.execute("UPDATE subject SET seq = seq + 1")
        db.execute("INSERT INTO event (revision) VALUES (?)", (id,))
        db.execute("COMMIT")

    return save
