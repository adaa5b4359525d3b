"""Comparison, with the invented country: the map of units and areas with a thousand inspections and with ten, the
criteria, a workbook of everything, and how much memory a server needs for all of it; and where a clinic comes in.

The country of a thousand inspections is the floor of that of ten thousand: what a page shows is as much.
"""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.request import Request, urlopen

from sqlmodel import select

from app.accounts import sessions
from app.accounts.models import Person
from app.accounts.roles import Held, Role
from app.config import Settings
from app.db import Database
from app.demo.country import Size, fill
from app.main import create_app
from app.migrations import upgrade
from app.plans.models import PlanRow
from rubrics.library import Library
from tests.bench.asgi import Caller, Got
from tests.bench.rows import Row, size, timed
from tests.factories import a_person
from tests.serving import answer, free_port, running

TODAY = date(2026, 11, 22)
PAGES = ("/jamfor", "/jamfor/omraden", "/jamfor/kriterier", "/jamfor/hamta/xlsx", "/jamfor/hamta/csv")


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="sporra-bench-") as name:
        few, many = _country(Path(name) / "few.db", 0.1), _country(Path(name) / "many.db", 1)
        small, large = _caller(few), _caller(many)
        yield timed("comparison 1000", lambda _: _ok(small("GET", "/jamfor")))
        yield timed("comparison 10000", lambda _: _ok(large("GET", "/jamfor")), lambda _: _ok(small("GET", "/jamfor")))
        yield timed(
            "criteria 10000",
            lambda _: _ok(large("GET", "/jamfor/kriterier")),
            lambda _: _ok(small("GET", "/jamfor/kriterier")),
        )
        yield timed("export xlsx 10000", lambda _: _ok(large("GET", "/jamfor/hamta/xlsx")), rounds=5)
        director = Caller(large.app, f"__Host-sporra={_a_director(many)}")
        yield timed("clinic start page", lambda _: _ok(director("GET", "/min-klinik")))
        yield size("comparison memory", _memory(Path(name), many))


def _country(path: Path, scale: float) -> Database:
    url = f"sqlite:///{path}"
    upgrade(url)
    database = Database(url)
    assert fill(database, Library(), size=Size.scaled(scale), seed=1, today=TODAY)
    return database


def _token(database: Database) -> str:
    with database.writing() as session:
        return sessions.start(session, session.exec(select(Person.id).where(Person.name == "Kim Kansli")).one())


def _a_director(database: Database) -> str:
    """Somebody who comes in at a clinic that follows a plan."""
    with database.writing() as session:
        clinic = session.exec(select(PlanRow.clinic).where(PlanRow.state == "follow_up").order_by(PlanRow.id)).first()
        return sessions.start(
            session, a_person(session, "Stina Studie", Held(Role.DIRECTOR_OF_STUDIES, clinic=clinic)).id
        )


def _caller(database: Database) -> Caller:
    return Caller(create_app(Settings(database.url)), f"__Host-sporra={_token(database)}")


def _ok(got: Got) -> bytes:
    assert got.status == 200, got
    return got.body


def _memory(folder: Path, database: Database) -> int:
    """Bytes: the most that a server takes for every page and file of comparison, above what it had when it stood idle."""
    port = free_port()
    with running("serve", "--port", str(port), folder=folder, SPORRA_DATABASE_URL=database.url) as server:
        at, cookie = f"http://127.0.0.1:{port}", f"sporra={_token(database)}"
        answer(f"{at}/halsa")
        idle = _bytes(server.pid, "VmRSS")
        for page in PAGES:
            asked = Request(at + page, headers={"cookie": cookie})  # noqa: S310 - our own address
            with urlopen(asked) as got:  # noqa: S310
                assert (got.status, got.url) == (200, at + page)
                got.read()
        return _bytes(server.pid, "VmHWM") - idle


def _bytes(pid: int, what: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))
