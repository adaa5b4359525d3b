"""`plan`: a plan to write in, one for each test, in a database that a module's tests share (`world`)."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from tests.clients import a_client
from tests.databases import Kind
from tests.plans.desk import Desk
from tests.plans.factories import Planned, another, planned


@pytest.fixture(scope="module")
def world(kind: Kind) -> Iterator[Planned]:
    url = kind.migrated()
    database = Database(url)
    yield planned(database)
    database.close()
    kind.drop(url)


@pytest.fixture
def plan(world: Planned) -> Planned:
    return another(world)


@pytest.fixture(scope="module")
def site(world: Planned) -> Iterator[TestClient]:
    with a_client(world.database.url) as client:
        yield client


@pytest.fixture
def desk(plan: Planned, site: TestClient) -> Desk:
    """The plan at the browsers of its people."""
    return Desk(plan, site)
