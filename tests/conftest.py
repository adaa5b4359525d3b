"""Hypothesis' profiles, the order of tests, and the fixtures that need a database.

    database       a Database of its own, migrated and empty          database_url   its address
    fresh_url      the address of a database with nothing in it
    client         a browser without script, on the application on `database`
    mailing        settings for a mail server, and rounds of the sender to it: it need not answer
    everybody      somebody in every role, and inspections that are theirs and others': to ask, not to change

A test that takes one of them runs on SQLite and on PostgreSQL. `kind` is the one it runs on: a module whose
tests only read can make its database once for all of them, in a fixture with `scope="module"` that takes `kind`.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:  # the fixtures import for themselves, so that a pure test alone waits neither for FastAPI nor SQL
    from fastapi.testclient import TestClient

    from app.db import Database
    from tests.databases import Kind, PostgreSQL, SQLite
    from tests.everybody import Everybody
    from tests.mail.servers import Mailing

settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
settings.register_profile("soak", parent=settings.get_profile("ci"), max_examples=20_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick ones first: pure tests, then those on a database, then those in a browser, and the stories in their order
    last: the last of them looks at what the others have shown."""

    def turn(item: pytest.Item) -> tuple[bool, bool, bool]:
        needs, story = getattr(item, "fixturenames", ()), item.get_closest_marker("browser") is not None
        return story, "browser" in needs and not story, "kind" in needs

    items.sort(key=turn)


@pytest.fixture(scope="session")
def sqlite() -> "Iterator[SQLite]":
    from tests.databases import SQLite, scratch

    with scratch() as folder:
        yield SQLite(folder)


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[PostgreSQL]":
    from tests.databases import PostgreSQL, running_postgres, scratch

    with scratch() as folder, running_postgres(folder):
        kind = PostgreSQL(folder)
        yield kind
        kind.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> "Kind":
    found: Kind = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def fresh_url(kind: "Kind") -> Iterator[str]:
    url = kind.fresh()
    yield url
    kind.drop(url)


@pytest.fixture
def database_url(kind: "Kind") -> Iterator[str]:
    url = kind.migrated()
    yield url
    kind.drop(url)


@pytest.fixture
def database(database_url: str) -> "Iterator[Database]":
    from app.db import Database

    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def client(database_url: str) -> "Iterator[TestClient]":
    """On this machine, signed out."""
    from tests.clients import a_client

    with a_client(database_url) as client:
        yield client


@pytest.fixture
def mailing() -> "Mailing":
    from tests.mail.servers import Mailing

    return Mailing()


@pytest.fixture(scope="session")
def everybody(kind: "Kind") -> "Iterator[Everybody]":
    from tests.everybody import everybody

    with everybody(kind) as made:
        yield made
