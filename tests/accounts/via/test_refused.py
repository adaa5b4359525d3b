"""Who does not get in through a region's own sign-in, and what they are told."""

import logging
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import audit
from app.accounts import attempts, identities, via_pages
from app.accounts.models import Errand
from app.db import Database
from tests.accounts.entering import PASSWORD, enrol
from tests.accounts.providers import Told, say
from tests.accounts.test_signing_in import inside
from tests.accounts.via.going import ALVA, BACK, CONFIRM, EXEMPEL, IN, LINK, another, back, linked, out, through
from tests.clients import a_client, sign_in


def test_a_state_is_good_once_and_in_the_browser_that_set_out(
    database: Database, client: TestClient, region: Told, database_url: str, file: Path
) -> None:
    enrol(database, ALVA)
    linked(client, region)
    with another(database_url, file) as thief:
        state = out(client, region)
        assert back(thief, state).status_code == 400  # has no cookie
        out(thief, region)
        kept = region.nonce
        assert back(thief, state).status_code == 400  # has one of their own
        assert not inside(thief)
    region.asked.clear()
    assert back(client, "made up").status_code == 400
    assert region.asked == []  # nobody is asked on behalf of somebody who was not sent
    state = out(client, region)
    assert kept != region.nonce
    secret = client.cookies["__Host-sporra-via"]
    assert back(client, state).status_code == 303
    client.cookies.set("__Host-sporra-via", secret, domain="localhost.local")
    replayed = back(client, state)
    assert replayed.status_code == 400
    assert via_pages.LATE in replayed.text


def test_a_state_is_good_for_ten_minutes(database: Database, client: TestClient, region: Told) -> None:
    state = out(client, region)
    with database.writing() as session:
        row = session.exec(select(Errand)).one()
        assert row.ends - audit.now() <= identities.LASTS
        row.ends = audit.now()
    assert back(client, state).status_code == 400
    out(client, region)
    with database.reading() as session:  # and is cleared away by the next one
        assert len(session.exec(select(Errand)).all()) == 1


def test_what_lies_in_the_database_lets_nobody_in(database: Database, client: TestClient, region: Told) -> None:
    state, secret = out(client, region), client.cookies["__Host-sporra-via"]
    with database.reading() as session:
        row = str(session.exec(select(Errand)).one())
    assert not [each for each in (state, secret, region.nonce) if each in row]


@pytest.mark.parametrize(
    "more",
    [
        {"code": "", "error": "access_denied", "error_description": "<script>alert(1)</script>"},
        {"code": ""},
        {"iss": "https://elsewhere.example"},
    ],
)
def test_a_no_is_told_kindly_and_in_our_own_words(
    database: Database, client: TestClient, region: Told, more: dict[str, str]
) -> None:
    enrol(database, ALVA)
    linked(client, region)
    region.asked.clear()
    answer = back(client, out(client, region), **more)
    assert answer.status_code == 403
    assert via_pages.NO.format(name="Region Exempel") in answer.text
    assert "alert(1)" not in answer.text
    assert not inside(client)
    assert "/token" not in region.asked


def test_a_lie_lets_nobody_in_and_is_logged_without_whom(
    database: Database, client: TestClient, region: Told, caplog: pytest.LogCaptureFixture
) -> None:
    enrol(database, ALVA)
    linked(client, region)
    region.claims = {"nonce": "x"}
    with caplog.at_level(logging.WARNING, "app.accounts.via_pages"):
        assert through(client, region).status_code == 403
    assert not inside(client)
    assert [each.getMessage() for each in caplog.records] == ["oidc exempel refused: token"]


def test_a_provider_that_is_away_leaves_the_other_ways_in(database: Database, client: TestClient, region: Told) -> None:
    enrol(database, ALVA)
    state = out(client, region)
    region.instead["/token"] = say(b"", 503)
    for answer in (back(client, state), _at_the_start(client, region)):
        assert answer.status_code == 503
        assert via_pages.AWAY.format(name="Region Exempel") in answer.text
        assert 'href="/logga-in"' in answer.text
    sign_in(client, ALVA, PASSWORD)


def _at_the_start(client: TestClient, region: Told) -> httpx2.Response:
    client.app.state.connections["exempel"]._about = None  # type: ignore[attr-defined]
    region.instead["/.well-known/openid-configuration"] = say(b"", 503)
    return client.post(IN)


def test_no_other_site_sends_anybody_out(client: TestClient, region: Told) -> None:
    for path in (IN, LINK, CONFIRM):
        assert client.post(path, data=EXEMPEL, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert client.get(path, follow_redirects=False).status_code != 200
    assert region.asked == []


def test_where_one_is_led_back_to_is_not_for_the_request_to_say(client: TestClient) -> None:
    answer = client.post(IN, headers={"host": "elsewhere.example", "x-forwarded-host": "elsewhere.example"})
    [address] = parse_qs(urlsplit(answer.headers["refresh"].partition("url=")[2]).query)["redirect_uri"]
    assert address == f"https://localhost{BACK}"


def test_a_flood_from_one_address_is_held_back(client: TestClient) -> None:
    counted = attempts.Attempts()
    tries = [counted.until_via("192.0.2.1") for _ in range(attempts.VIA.amount + 1)]
    assert [until is None for until in tries] == [True] * attempts.VIA.amount + [False]
    assert counted.until_via("192.0.2.2") is None
    client.app.state.attempts = counted  # type: ignore[attr-defined]
    client._transport.client = ("192.0.2.1", 50000)  # type: ignore[attr-defined]
    assert client.post(IN).status_code == 429


def test_a_sign_in_that_is_none_is_gone(client: TestClient) -> None:
    for path in ("/logga-in/via/borta", "/logga-in/via/%00"):
        assert client.post(path).status_code == client.get(f"{path}/tillbaka").status_code == 410


def test_where_no_region_has_one_there_is_nothing_to_press(database: Database, database_url: str) -> None:
    enrol(database, ALVA)
    with a_client(database_url) as client:
        assert "/via/" not in client.get("/logga-in").text
        sign_in(client, ALVA, PASSWORD)
        assert "Inloggning genom arbetsgivaren" not in client.get("/konto").text
