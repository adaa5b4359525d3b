"""`client`: a browser at a Sporra that has one region's own sign-in, and `region`, which it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.accounts.providers import OURS, Told, misbehaving, told
from tests.clients import a_client


@pytest.fixture
def region() -> Iterator[Told]:
    with misbehaving() as made:
        yield made


@pytest.fixture
def file(region: Told, tmp_path: Path) -> Path:
    return told(tmp_path, region.issuer)


@pytest.fixture
def client(database_url: str, file: Path) -> Iterator[TestClient]:
    with a_client(database_url, oidc=file, public=OURS) as client:
        yield client
