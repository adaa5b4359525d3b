"""A person at a browser that runs no script: the application, called without a network."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import make_url

from app.config import Settings
from app.main import create_app
from tests.serving import SECRET


def a_client(database_url: str, **settings: Any) -> TestClient:
    """To be used in a `with`. Call it once more on the same database for a second person at a second browser."""
    return TestClient(
        create_app(Settings(database_url, **{"files": _beside(database_url), "secrets": (SECRET,), **settings})),
        base_url="https://localhost",  # cookies are for https alone
        headers={"sec-fetch-site": "same-origin"},  # as a browser says of a link or a form on our own page
        client=("127.0.0.1", 50000),  # demonstration accounts sign in from this machine alone
    )


def _beside(database_url: str) -> Path | None:
    """Files lie where the database does: of a PostgreSQL the tests know where."""
    socket = make_url(database_url).query.get("host")
    return Path(str(socket)) / "files" if socket else None


def sign_in(client: TestClient, email: str, password: str) -> None:
    """Through the page itself. Fails where the page does not let the person in."""
    answer = client.post("/logga-in", data={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    assert answer.url.path != "/logga-in", answer.text
