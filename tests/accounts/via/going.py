"""Out to a region's own sign-in, and back again."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from fastapi.testclient import TestClient
from sqlmodel import select

from app.audit import Event
from app.db import Database
from app.ids import new_id
from tests.accounts.entering import PASSWORD
from tests.accounts.providers import OURS, Told
from tests.clients import a_client, sign_in

ALVA, INVITED = "alva@exempel.se", new_id()
IN, LINK = "/logga-in/via/exempel", "/konto/arbetsgivaren"
CONFIRM = "/konto/bekrafta/via/exempel"
EXEMPEL = {"provider": "exempel"}  # what is pressed on the page LINK
BACK = "/logga-in/via/exempel/tillbaka"


def another(database_url: str, file: Path) -> AbstractContextManager[TestClient]:
    return a_client(database_url, oidc=file, public=OURS)


def out(client: TestClient, region: Told, by: str = IN, **data: str) -> str:
    """Sets out, signs in over there as `region.subject`, and gives the state to come back with."""
    answer = client.post(by, data=data, follow_redirects=False)
    assert answer.status_code == 200, answer.text
    address = answer.headers["refresh"].partition("url=")[2]
    assert address.startswith(f"{region.issuer}/authorize?")
    assert address.replace("&", "&amp;") in answer.text  # for a browser that does not go by itself
    query = parse_qs(urlsplit(address).query)
    region.nonce = query["nonce"][0]
    return query["state"][0]


def back(client: TestClient, state: str, **more: str) -> httpx2.Response:
    elsewhere = {"sec-fetch-site": "cross-site"}  # as a browser says of one whom another site leads here
    return client.get(BACK, params={"state": state, "code": "x"} | more, headers=elsewhere, follow_redirects=False)


def through(client: TestClient, region: Told, by: str = IN, **data: str) -> httpx2.Response:
    return back(client, out(client, region, by, **data))


def linked(client: TestClient, region: Told, email: str = ALVA) -> None:
    """Signed in with a password, links the account, and signs out."""
    sign_in(client, email, PASSWORD)
    assert through(client, region, LINK, **EXEMPEL).headers["location"] == "/konto?klart=kopplad#arbetsgivaren"
    client.post("/logga-ut")


def events(database: Database, *actions: str) -> list[tuple[str, str, dict[str, Any]]]:
    with database.reading() as session:
        found = session.exec(select(Event).order_by(Event.n)).all()  # type: ignore[arg-type]
    return [(each.action, each.subject, each.details) for each in found if each.action in actions]
