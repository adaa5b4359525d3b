"""The web: lists with few and with many inspections, the page of an area, a field saved, a report signed.

Every call goes through the whole application, signed in, without a network. The floors: a list of ten for a list
of ten thousand; a plain answer, and the bare statements of a save, for a save.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from sqlite3 import connect

from sqlalchemy import event, insert
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.accounts import sessions
from app.config import Settings
from app.db import Database
from app.ids import new_id
from app.inspections import actions, disk, signing
from app.inspections.actions import Setup
from app.inspections.models import InspectionRow
from app.inspections.rubric_copy import taken
from app.main import create_app
from app.migrations import upgrade
from app.writing.desk import Operation
from app.writing.models import Subject
from app.writing.said import heads
from rubrics.library import Library
from tests.bench.asgi import Caller, Got
from tests.bench.rows import Row, size, timed
from tests.factories import Drafted, drafted
from tests.paths import DEMO


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="sporra-bench-") as name:
        folder = Path(name)
        few, many = _world(folder / "few.db", 10), _world(folder / "many.db", 10_000)
        small, large = _caller(few, few.office.id), _caller(many, many.office.id)
        yield timed("list page 10", lambda _: _ok(small("GET", "/inspektioner")))
        yield timed(
            "list page 10000",
            lambda _: _ok(large("GET", "/inspektioner")),
            lambda _: _ok(small("GET", "/inspektioner")),
        )
        yield from _statements(few, many)
        yield from _area(few)
        yield from _saving(few, folder)
        yield timed("sign", _signing(few), rounds=20)


def _area(world: Drafted) -> Iterator[Row]:
    _filled(world)
    page = f"/inspektioner/{world.id}/omraden/E"
    caller = _caller(world, world.a.id)
    yield timed("area page", lambda _: _ok(caller("GET", page)))
    got = caller("GET", page)
    assert got.headers[b"content-encoding"] == b"gzip"
    yield size("area page bytes", len(got.body))


def _saving(world: Drafted, folder: Path) -> Iterator[Row]:
    caller, address = _caller(world, world.a.id), f"/api/inspections/{world.id}/operations"
    parent = [""]

    def save(i: int) -> None:
        """An answer changed, as a device sends it: signed in, checked, kept, placed, recorded, committed."""
        operation = {"id": new_id(), "field": "criterion/E-F2/answer", "value": ("met", "unmet")[i % 2]}
        body = {"operations": [operation | ({"parent": parent[0]} if parent[0] else {})]}
        answer = json.loads(_ok(caller("POST", address, json.dumps(body).encode())))[0]
        assert answer["outcome"] == "head", answer
        parent[0] = answer["id"]

    yield timed("floor starlette", _plain_answer())
    yield timed("floor sql", _bare_statements(folder / "floor.db"))
    parent[0] = _head(world, "criterion/E-F2/answer")
    yield timed("save field", save, _bare_statements(folder / "floor2.db"), rounds=300)


def _plain_answer() -> Callable[[int], object]:
    """Floor: Starlette answers a POST with two letters."""
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("ok"), methods=["POST"])])
    caller = Caller(app)
    return lambda _: _ok(caller("POST", "/", b"{}"))


def _bare_statements(path: Path) -> Callable[[int], object]:
    """Floor: what a save changes in the database, and its commit, straight to SQLite."""
    db = connect(path, isolation_level=None)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE revision (id PRIMARY KEY, field, value);"
        "CREATE TABLE event (n INTEGER PRIMARY KEY, revision); CREATE TABLE head (field PRIMARY KEY, id);"
        "CREATE TABLE answer (id PRIMARY KEY, value); CREATE TABLE subject (id PRIMARY KEY, seq);"
        "INSERT INTO head VALUES ('f', ''); INSERT INTO answer VALUES ('f', ''); INSERT INTO subject VALUES ('s', 0)"
    )

    def save(_: int) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO revision VALUES (?, 'f', 'met')", (id := new_id(),))
        db.execute("UPDATE head SET id = ? WHERE field = 'f'", (id,))
        db.execute("UPDATE answer SET value = 'met' WHERE id = 'f'")
        db.execute("UPDATE subject SET seq = seq + 1")
        db.execute("INSERT INTO event (revision) VALUES (?)", (id,))
        db.execute("COMMIT")

    return save


def _signing(world: Drafted) -> Callable[[int], object]:
    """Both inspectors sign: every format is made and stored. A correction opens the next round."""

    def sign(i: int) -> None:
        with world.database.writing() as session:
            if i > -3:
                actions.correct(session, by=world.office, inspection=world.id, cause="Mätning.")
        world.write(world.a, Operation(new_id(), "area/A/narrative", f"Mätning {i}.", _head(world, "area/A/narrative")))
        hash = world.hash()
        assert signing.sign(world.database, by=world.a, inspection=world.id, seen=hash) == "waits"
        assert signing.sign(world.database, by=world.b, inspection=world.id, seen=hash) == "signed"

    return sign


# ── What is measured on ───────────────────────────────────────────────────────────────────


def _world(path: Path, count: int) -> Drafted:
    """A database with `count` inspections, one of them to write in."""
    url = f"sqlite:///{path}"
    upgrade(url)
    world = drafted(Database(url))
    rubric = taken(Library(), "st-spur/2015-8@1")
    ids = [new_id() for _ in range(count - 1)]
    with world.database.writing() as session:
        row = session.get_one(InspectionRow, world.id).model_dump()
        session.execute(insert(Subject), [{"id": id, "kind": "inspection", "seq": 0} for id in ids])
        days = [date(2020, 1, 1) + timedelta(days=i % 2000) for i in range(count - 1)]
        made = [
            row | {"id": id, "first_day": day, "last_day": day, "listed": day}
            for id, day in zip(ids, days, strict=True)
        ]
        session.execute(insert(InspectionRow), made)
        assert rubric.sha256 == row["rubric_sha256"]
    return world


def _filled(world: Drafted) -> None:
    """The demonstration's texts and answers, in the world's own inspection."""
    file = disk.read(DEMO)[1]
    with world.database.writing() as session:
        setup = Setup(world.place.clinic, world.place.speciality, [world.a.id, world.b.id])
        draft = file.model_copy(
            update={
                "state": "draft",
                "plan": None,
                "areas": {id: review.model_copy(update={"regrades": ()}) for id, review in file.areas.items()},
            }
        )
        rubric = taken(Library(), file.rubric)
        object.__setattr__(
            world, "id", actions.take_in(session, by=world.office, rubric=rubric, setup=setup, file=draft)
        )


def _caller(world: Drafted, person: str) -> Caller:
    with world.database.writing() as session:
        token = sessions.start(session, person)
    return Caller(create_app(Settings(world.database.url)), f"__Host-sporra={token}")


def _ok(got: Got) -> bytes:
    assert got.status == 200, got
    return got.body


def _head(world: Drafted, field: str) -> str:
    with world.database.reading() as session:
        return heads(session, world.id)[field].revision


def _statements(few: Drafted, many: Drafted) -> Iterator[Row]:
    """How many statements a list takes: the same, however many inspections there are."""
    for name, world in (("list statements 10", few), ("list statements 10000", many)):
        app_caller = _caller(world, world.office.id)
        engine = app_caller.app.state.database._reader
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *a, seen=seen: seen.append(a[2]))
        _ok(app_caller("GET", "/inspektioner"))
        yield Row(name, "", len(seen))
