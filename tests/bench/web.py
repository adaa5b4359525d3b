"""The web: lists with few and with many inspections, the page of an area, a report signed.

Every call goes through the whole application, signed in, without a network. The floor of a list of ten thousand is a
list of ten. Saving has files of its own.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import event

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.config import Settings
from app.ids import new_id
from app.inspections import actions, queries, signing
from app.inspections.owed import Owed
from app.inspections.reading import Reading
from app.inspections.rubric_copy import rubric_of
from app.main import create_app
from app.writing.desk import Operation
from app.writing.said import heads
from tests.bench.asgi import Caller, Got
from tests.bench.rows import Row, size, timed
from tests.bench.worlds import a_world, filled, signed_in
from tests.factories import Drafted, a_person


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="sporra-bench-") as name:
        folder = Path(name)
        few, many = a_world(folder / "few.db", 10), a_world(folder / "many.db", 10_000)
        small, large = _caller(few, few.office), _caller(many, many.office)
        yield timed("list page 10", lambda _: _ok(small("GET", "/inspektioner")))
        yield timed(
            "list page 10000",
            lambda _: _ok(large("GET", "/inspektioner")),
            lambda _: _ok(small("GET", "/inspektioner")),
        )
        yield from _statements("list", few, many, few.office, many.office)
        yield from _permissions(few, many)
        yield from _area(few)
        yield timed("remains list", _remaining(few))
        yield timed("sign", _signing(filled(few)), rounds=20)


def _area(world: Drafted) -> Iterator[Row]:
    world = filled(world)
    page = f"/inspektioner/{world.id}/omraden/E"
    caller = _caller(world, world.a)
    yield timed("area page server", lambda _: _ok(caller("GET", page)))
    got = caller("GET", page)
    assert got.headers[b"content-encoding"] == b"br"
    yield size("area page bytes", len(got.body))
    shown = caller("GET", f"/inspektioner/{world.id}/slutsamtal")
    assert shown.headers[b"content-encoding"] == b"br"
    yield size("visit page bytes", len(_ok(shown)))


def _remaining(world: Drafted) -> Callable[[int], object]:
    """All that is left in a full inspection, of a unit that was inspected before."""
    before, now = filled(world), filled(world)
    for by in (before.a, before.b):
        signing.sign(world.database, by=by, inspection=before.id, seen=before.hash())
    first_day = Operation(new_id(), "front/first_day", "2026-11-20", _head(now, "front/first_day"))
    last_day = Operation(new_id(), "front/last_day", "2026-11-20", _head(now, "front/last_day"))
    now.write(now.a, last_day, first_day)

    def remaining(_: int) -> list[Owed]:
        with world.database.reading() as session:
            row = queries.find(session, now.id).row
            reading, rubric = Reading(session, row), rubric_of(session, row.rubric_sha256)
            lines = signing.left(reading, reading.content(), rubric, works=True)
        assert any("omprövad" in each.text for each in lines)
        return lines

    return remaining


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


def _statements(name: str, few: Drafted, many: Drafted, *people: Viewer) -> Iterator[Row]:
    """How many statements a list takes: the same, however many inspections there are."""
    for count, world, person in zip((10, 10_000), (few, many), people, strict=True):
        app_caller = _caller(world, person)
        engine = app_caller.app.state.database._reader
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *a, seen=seen: seen.append(a[2]))
        _ok(app_caller("GET", "/inspektioner"))
        yield Row(f"{name} statements {count}", "", len(seen))


def _permissions(few: Drafted, many: Drafted) -> Iterator[Row]:
    """The list of somebody with every role that sees but a part. All inspections are drafts: one of the roles reaches
    them all, and the others, which read what is signed, look for what is not there."""
    people = [_with_every_filter(world) for world in (few, many)]
    small, large = (_caller(world, person) for world, person in zip((few, many), people, strict=True))
    yield timed(
        "permissions 10000",
        lambda _: _ok(large("GET", "/inspektioner")),
        lambda _: _ok(small("GET", "/inspektioner")),
    )
    yield from _statements("permissions", few, many, *people)


def _with_every_filter(world: Drafted) -> Viewer:
    at = world.place
    with world.database.writing() as session:
        return a_person(
            session,
            "Alla Filter",
            Held(Role.COORDINATOR, speciality=at.speciality),
            Held(Role.REGION_OFFICE, region=at.region),
            Held(Role.DIRECTOR_OF_STUDIES, clinic=at.clinic),
            Held(Role.INSPECTOR, speciality=at.speciality),
        )


def _caller(world: Drafted, person: Viewer) -> Caller:
    return Caller(create_app(Settings(world.database.url)), f"__Host-sporra={signed_in(world, person)}")


def _ok(got: Got) -> bytes:
    assert got.status == 200, got
    return got.body


def _head(world: Drafted, field: str) -> str:
    with world.database.reading() as session:
        return heads(session, world.id)[field].revision
