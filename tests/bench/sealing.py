"""What has happened, sealed and verified: ten thousand new events, and a hundred thousand sealed ones, each an autosave
with the text that it names.

The floor reads the same rows by plain sqlite3 and hashes their bytes, with nothing said of any of them.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import connect

from sqlalchemy import insert, text

from app import audit
from app.audit import Event
from app.db import Database
from app.events.sealing import seal
from app.events.verifying import Checked, verify
from app.ids import new_id
from app.migrations import upgrade
from app.writing.models import Revision
from tests.bench.rows import Row, timed
from tests.factories import Drafted, drafted

NEW, ALL = 10_000, 100_000
SAID = '"Handledningen fungerar väl och sker enligt schema, men tiden för den är inte alltid skyddad."'


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="sporra-bench-") as name:
        few, many = (_written(Path(name) / f"{count}.db", count) for count in (NEW, ALL))
        yield timed("seal 10000", lambda _: _sealed_anew(few), lambda _: _hashed(Path(name) / f"{NEW}.db"), rounds=10)
        seal(many)
        yield timed("verify 100000", lambda _: _verified(many), lambda _: _hashed(Path(name) / f"{ALL}.db"), rounds=3)


def _written(path: Path, count: int) -> Database:
    url = f"sqlite:///{path}"
    upgrade(url)
    draft = drafted(Database(url))
    with draft.database.writing() as session:
        session.connection().execute(text("DELETE FROM event"))
        made = [_an_operation(draft, i) for i in range(count)]
        session.execute(insert(Revision), made)
        event = {"at": audit.now(), "by": draft.a.id, "action": "inspection:written", "subject": draft.id}
        session.execute(
            insert(Event), [event | {"details": {"revisions": {each["id"]: each["hash"]}}} for each in made]
        )
    return draft.database


def _an_operation(draft: Drafted, i: int) -> dict[str, object]:
    salt, hash = audit.salted(SAID)
    always = {"voice": "agreed", "parent": None, "settles": [], "by": draft.a.id, "at": None, "received": audit.now()}
    always |= {"format": 1, "outcome": "head", "salt": salt, "hash": hash, "value": SAID}
    return always | {"id": new_id(), "subject": draft.id, "seq": 100 + i, "field": "area/E/narrative"}


def _sealed_anew(database: Database) -> None:
    with database.writing() as session:
        session.connection().execute(text("DELETE FROM seal"))
    assert seal(database) == NEW


def _verified(database: Database) -> None:
    checked = Checked()
    assert (list(verify(database, checked)), checked.events, checked.texts) == ([], ALL, ALL)


def _hashed(path: Path) -> str:
    made = hashlib.sha256()
    db = connect(path)
    for row in db.execute('SELECT n, at, "by", action, subject, details FROM event ORDER BY n'):
        made.update(repr(row).encode())
    if "100000" in path.name:
        for row in db.execute("SELECT id, value, salt, hash FROM revision ORDER BY n"):
            made.update(repr(row).encode())
    db.close()
    return made.hexdigest()
