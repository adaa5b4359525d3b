"""`office`: an administrator of a Sporra that sends mail."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.db import Database
from tests.accounts.entering import as_administrator
from tests.clients import a_client
from tests.mail.servers import Mailing


@pytest.fixture
def office(database: Database, database_url: str, mailing: Mailing) -> Iterator[TestClient]:
    with a_client(database_url, **mailing.settings) as client:
        as_administrator(client, database)
        yield client
