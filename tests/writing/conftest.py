"""`draft`: an inspection to write in, one for each test, in a database that a module's tests share."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.db import Database
from tests.databases import Kind
from tests.factories import Drafted, an_inspection, drafted


@pytest.fixture(scope="module")
def start(kind: Kind) -> Iterator[Drafted]:
    """One draft; each test writes in an inspection of its own beside it."""
    url = kind.migrated()
    database = Database(url)
    yield drafted(database)
    database.close()
    kind.drop(url)


@pytest.fixture
def draft(start: Drafted) -> Drafted:
    with start.database.writing() as session:
        return replace(start, id=an_inspection(session, start.place, start.office, start.a, start.b))
