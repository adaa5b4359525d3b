"""API-nycklar: what a program gets in with one, and what it never gets."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import audit
from app.accounts import access, attempts, tokens
from app.accounts.models import ApiToken, Person, SignIn
from app.accounts.roles import Open, Permission
from app.accounts.scopes import READS, WRITES, Scope
from app.accounts.viewer import OFFICE, Viewer
from app.audit import Event
from app.db import Database
from app.errors import Unacceptable
from app.ids import new_id
from app.inspections.models import Assignment
from app.people import actions as people
from tests.accounts.entering import PASSWORD, as_administrator, enrol
from tests.clients import sign_in
from tests.factories import an_inspector, drafted

ALVA = "alva@exempel.se"
NEW = {"name": "Regionens uppföljning", "scope": "read", "days": "90"}


def make(client: TestClient, **changed: str) -> str:
    """As its page shows it, to somebody who has signed in."""
    shown = client.post("/konto/api-nycklar/ny", data=NEW | changed, follow_redirects=False)
    assert shown.status_code == 200, shown.text
    [token] = re.findall(r'value="(sporra_[\w-]{43})"', shown.text)
    return str(token)


def bearing(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def asked(client: TestClient, token: str, url: str = "/api/me", method: str = "GET", **more: Any) -> httpx2.Response:
    """As a program does: without a cookie, and it says of itself no more than it must."""
    client.cookies.clear()
    headers = bearing(token) | more.pop("headers", {})
    return client.request(method, url, headers=headers, follow_redirects=False, **more)


def owner(database: Database, client: TestClient, email: str = ALVA, **scope: str) -> tuple[str, str]:
    person = enrol(database, email)
    sign_in(client, email, PASSWORD)
    return person, make(client, **scope)


def row(database: Database) -> ApiToken:
    with database.reading() as session:
        return session.exec(select(ApiToken)).one()


def test_a_token_lets_a_program_in_and_is_shown_once(database: Database, client: TestClient) -> None:
    person, token = owner(database, client)
    account = client.get("/konto").text
    assert "Regionens uppföljning" in account
    assert "Inte använd än" in account
    assert token not in account
    assert asked(client, token).json()["id"] == person
    with database.reading() as session:
        kept = session.exec(select(ApiToken)).one()
        events = [str(event) for event in session.exec(select(Event))]
    assert token not in str(kept)
    assert not [event for event in events if token in event or "uppföljning" in event]
    assert kept.ends - kept.made == timedelta(days=90)


def test_last_use_is_noted_after_the_work_and_at_most_every_five_minutes(
    database: Database, client: TestClient
) -> None:
    _, token = owner(database, client)
    asked(client, token)
    first = row(database).seen
    assert first
    asked(client, token)
    assert row(database).seen == first
    with database.writing() as session:
        session.exec(select(ApiToken)).one().seen = first - timedelta(minutes=6)
    asked(client, token)
    now = row(database).seen
    assert now
    assert now > first
    sign_in(client, ALVA, PASSWORD)
    assert "Användes senast" in client.get("/konto").text


def test_a_token_is_for_the_api_alone(database: Database, client: TestClient) -> None:
    _, token = owner(database, client)
    cookie = client.cookies["__Host-sporra"]
    for headers in (bearing(token), bearing(token) | {"cookie": f"__Host-sporra={cookie}"}):
        client.cookies.clear()
        sent = client.get("/konto", headers=headers, follow_redirects=False)
        assert sent.headers["location"] == "/logga-in?till=/konto"
        made = client.post("/konto/api-nycklar/ny", data=NEW, headers=headers)
        assert (made.status_code, "sporra_" in made.text) == (401, False)
    assert len([row(database)]) == 1


@pytest.mark.parametrize("shown", ["Bearer x", "bearer sporra_x", "Bearer", "Bearer  ", "BEARER \x80"])
def test_whoever_shows_a_wrong_token_is_nobody_whatever_cookie_comes_along(
    database: Database, client: TestClient, shown: str
) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    answer = client.get("/api/me", headers=[(b"authorization", shown.encode("latin-1"))])
    assert (answer.status_code, answer.json()["error"]["told"]) == (401, access.NOBODYS)
    assert client.get("/api/me", headers={"authorization": "Basic eDp5"}).status_code == 200  # a proxy's own affair


def test_a_token_ends_when_it_is_taken_back(database: Database, client: TestClient) -> None:
    _, token = owner(database, client)
    [address] = re.findall(r'action="(/konto/api-nycklar/[^"]+/avsluta)"', client.get("/konto").text)
    assert "API-nyckeln är borttagen." in client.post(address).text
    assert client.post(address).status_code == 200  # gone is gone
    assert asked(client, token).status_code == 401


def test_a_token_ends_with_its_time(database: Database, client: TestClient) -> None:
    _, token = owner(database, client, days="365")
    assert row(database).ends - row(database).made == timedelta(days=365)
    with database.writing() as session:
        session.exec(select(ApiToken)).one().ends = audit.now()
    assert asked(client, token).status_code == 401
    sign_in(client, ALVA, PASSWORD)
    assert "Gick ut" in client.get("/konto").text


def test_a_token_ends_with_the_account_for_good(database: Database, client: TestClient) -> None:
    person, token = owner(database, client)
    with database.writing() as session:
        people.close(session, by=OFFICE, person=person)
    assert asked(client, token).status_code == 401
    with database.writing() as session:
        people.open_again(session, by=OFFICE, person=person)
    assert asked(client, token).status_code == 401


def test_a_closed_persons_token_is_nobodys_even_while_it_is_there(database: Database, client: TestClient) -> None:
    person, token = owner(database, client)
    with database.writing() as session:
        session.get_one(Person, person).closed = True
    assert asked(client, token).status_code == 401


def test_a_demonstration_accounts_token_is_for_this_machine_alone(database: Database, client: TestClient) -> None:
    person, token = owner(database, client)
    with database.writing() as session:
        session.get_one(Person, person).demo = True
    assert asked(client, token).status_code == 200
    assert asked(client, token, headers={"x-forwarded-for": "192.0.2.1"}).status_code == 401


def test_a_token_neither_signs_in_nor_is_signed_out_with_the_rest(database: Database, client: TestClient) -> None:
    _, token = owner(database, client)
    client.post("/konto/logga-ut-overallt")
    assert "set-cookie" not in asked(client, token).headers
    with database.reading() as session:
        assert session.exec(select(SignIn)).all() == []


def test_a_token_does_no_more_than_its_person_may_now(database: Database, client: TestClient) -> None:
    start = drafted(database)
    with database.writing() as session:
        stranger = an_inspector(session, start.place, "Siv Annorstädes")
        reads, writes, strange = (
            tokens.make(session, by=by, name="x", scope=scope, days=30)
            for by, scope in ((start.a, Scope.READ), (start.a, Scope.WRITE), (stranger, Scope.WRITE))
        )
    url, body = f"/api/inspections/{start.id}", {"operations": [{"id": new_id(), "field": "front/place", "value": "X"}]}
    assert asked(client, reads, f"{url}/operations", "POST", json=body).status_code == 403
    assert asked(client, strange, f"{url}/operations", "POST", json=body).status_code == 404
    [saved] = asked(client, writes, f"{url}/operations", "POST", json=body).json()
    assert saved["outcome"] == "head"
    assert [asked(client, each, url).status_code for each in (reads, writes, strange)] == [200, 200, 404]
    assert asked(client, writes, f"{url}/sign", "POST", json={"content": "0" * 64}).status_code == 403
    with database.writing() as session:  # she has handed over
        session.exec(select(Assignment).where(Assignment.person == start.a.id)).one().ended = audit.now()
    assert asked(client, reads, url).status_code == 404


def test_the_description_says_what_a_token_reaches(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    asks = {
        f"{method} {path}": [name for way in each["security"] for name in (*way, *way.get("token", ()))]
        for path, methods in described["paths"].items()
        for method, each in methods.items()
    }
    assert asks["get /api/inspections"] == ["session", "token", "read"]
    assert asks["post /api/inspections/{inspection}/operations"] == ["session", "token", "write"]
    assert asks["post /api/inspections/{inspection}/sign"] == asks["get /api/people"] == ["session"]


def test_an_administrators_token_administers_nothing(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    token = make(client, scope="write")
    for method, url in (("GET", "/api/people"), ("GET", "/api/places"), ("POST", "/api/regions")):
        answer = asked(client, token, url, method, json={"name": "Region Exempel"} if method == "POST" else None)
        assert (answer.status_code, answer.json()["error"]["told"]) == (403, access.OUT_OF_REACH)
    assert asked(client, token, "/api/inspections").status_code == 200


def test_no_scope_reaches_what_nobody_has_put_there() -> None:
    """A new permission is none of a token's until somebody says so, and these never are."""
    never = {Permission.ADMINISTER, Permission.CREATE, Permission.STAFF, Permission.SIGN, Permission.CORRECT}
    assert never & (READS | WRITES) == set()
    assert not {Permission.REGRADE, Permission.FOLLOW_PLAN, Open.SIGNED_IN, Open.SECRET} & WRITES
    assert not Scope.READ.reaches({Permission.WRITE}, changes=True)
    assert not Scope.WRITE.reaches({Permission.WRITE, Permission.SIGN}, changes=True)


def test_another_site_sends_nothing_with_a_token_either(database: Database, client: TestClient) -> None:
    _, token = owner(database, client, scope="write")
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        answer = asked(client, token, f"/api/inspections/{new_id()}/operations", "POST", headers=headers, json={})
        assert answer.status_code == 403
        assert "annan webbplats" in answer.json()["error"]["told"]


def test_wrong_tokens_are_counted_by_network_and_a_right_one_beside_them_is_let_in(
    database: Database, client: TestClient
) -> None:
    _, token = owner(database, client)
    for n in range(attempts.WRONG_TOKENS.amount):
        assert asked(client, f"sporra_{n}").status_code == 401
    stopped = asked(client, "sporra_x")
    assert stopped.status_code == 429
    assert int(stopped.headers["retry-after"]) > 0
    assert asked(client, token).status_code == 200
    client._transport.client = ("192.0.2.9", 50000)  # type: ignore[attr-defined]
    assert asked(client, "sporra_x").status_code == 401


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "Skriv ett namn."),
        ({"scope": "administer"}, "Välj vad nyckeln får göra."),
        ({"days": "36500"}, "Välj hur länge nyckeln gäller."),
        ({"days": ""}, "Välj hur länge nyckeln gäller."),
    ],
)
def test_what_is_missing_is_told(database: Database, client: TestClient, changed: dict[str, str], said: str) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    answer = client.post("/konto/api-nycklar/ny", data=NEW | changed)
    assert answer.status_code == 422
    assert answer.text.count(said) == 2  # in the summary, and at its field
    assert "sporra_" not in answer.text


def test_one_has_so_many_and_nobody_takes_back_anothers(database: Database) -> None:
    alva, nils = (Viewer(enrol(database, f"{name}@exempel.se"), "Alva", ()) for name in ("alva", "nils"))
    with database.writing() as session:
        for _ in range(tokens.MOST):
            tokens.make(session, by=alva, name="x", scope=Scope.READ, days=30)
        with pytest.raises(Unacceptable):
            tokens.make(session, by=alva, name="x", scope=Scope.READ, days=30)
        first = tokens.of(session, alva.id)[0].id
        tokens.end(session, by=nils, id=first)
        tokens.end(session, by=nils, id="\x00")
        assert len(tokens.of(session, alva.id)) == tokens.MOST
