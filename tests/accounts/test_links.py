"""The one-time link: shown once, used once, for a week."""

import re
from datetime import timedelta

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.accounts import passwords
from app.accounts.models import Invitation, Person
from app.audit import Event
from app.db import Database
from tests.accounts.entering import PASSWORD, as_administrator, enrol
from tests.clients import a_client, sign_in

NILS = {"name": "Nils Påhitt", "email": "nils@exempel.se"}
NEW = "ett alldeles nytt lösenord"


def link_in(answer: httpx2.Response) -> str:
    found = re.search(r'value="https://localhost(/valkommen/[^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


def invite(client: TestClient, database: Database) -> str:
    as_administrator(client, database)
    return link_in(client.post("/personer/ny", data=NILS))


def choose(client: TestClient, link: str, password: str = NEW, again: str = NEW) -> httpx2.Response:
    return client.post(link, data={"password": password, "again": again}, follow_redirects=False)


def test_a_new_person_chooses_a_password_and_is_in(database: Database, client: TestClient, database_url: str) -> None:
    link = invite(client, database)
    with a_client(database_url) as nils:
        assert "Välkommen, Nils Påhitt" in nils.get(link).text
        assert choose(nils, link).headers["location"] == "/"
        assert "nils@exempel.se" in nils.get("/konto").text
        nils.post("/logga-ut")
        sign_in(nils, "nils@exempel.se", NEW)


def test_a_link_works_once(database: Database, client: TestClient, database_url: str) -> None:
    link = invite(client, database)
    with a_client(database_url) as nils, a_client(database_url) as thief:
        choose(nils, link)
        for late in (thief.get(link), choose(thief, link, "ett annat lösenord", "ett annat lösenord")):
            assert late.status_code == 410
            assert "Länken går inte att använda" in late.text
            assert "set-cookie" not in late.headers


def test_a_link_stands_in_one_answer_and_nowhere_else(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    shown = client.post("/personer/ny", data=NILS, follow_redirects=False)
    token = link_in(shown).removeprefix("/valkommen/")
    assert shown.status_code == 200
    assert "location" not in shown.headers
    with database.reading() as session:
        person = session.exec(select(Person.id).where(Person.email == "nils@exempel.se")).one()
        events = [str(event) for event in session.exec(select(Event))]
        kept = session.exec(select(Invitation.token)).all()
    assert token not in client.get(f"/personer/{person}").text
    assert not [event for event in events if token in event or "Nils" in event or "nils@" in event]
    assert token not in kept


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("kort", "kort", passwords.TOO_SHORT),
        ("", "", passwords.TOO_SHORT),
        ("å" * 201, "å" * 201, passwords.TOO_LONG),
        (NEW, NEW + "!", "Skriv samma lösenord en gång till. De två är inte lika."),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_as_it_was(
    database: Database, client: TestClient, password: str, again: str, told: str
) -> None:
    link = invite(client, database)
    answer = choose(client, link, password, again)
    assert answer.status_code == 422
    assert answer.text.count(told) == 2  # in the summary, and at its field
    assert "<title>1 sak att rätta: " in answer.text
    assert choose(client, link).status_code == 303


def test_a_newer_link_ends_the_older(database: Database, client: TestClient) -> None:
    older = invite(client, database)
    with database.reading() as session:
        person = session.exec(select(Person.id).where(Person.email == "nils@exempel.se")).one()
    newer = link_in(client.post(f"/personer/{person}/lank"))
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_link_ends_after_a_week(database: Database, client: TestClient) -> None:
    link = invite(client, database)
    with database.writing() as session:
        row = session.exec(select(Invitation)).one()
        assert row.ends - row.made == timedelta(days=7)
        row.ends = row.made
    assert client.get(link).status_code == 410
    assert choose(client, link).status_code == 410


def test_an_unknown_link_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/valkommen/%00")
    assert answer.status_code == 410
    assert "ber du administratören om en ny länk" in answer.text


def test_a_new_password_ends_the_sign_ins_of_the_old(database: Database, client: TestClient, database_url: str) -> None:
    person = enrol(database, "nils@exempel.se")
    as_administrator(client, database)
    link = link_in(client.post(f"/personer/{person}/lank"))
    with a_client(database_url) as lost, a_client(database_url) as nils:
        sign_in(lost, "nils@exempel.se", PASSWORD)
        choose(nils, link)
        assert lost.get("/konto", follow_redirects=False).status_code == 303
        assert nils.get("/konto", follow_redirects=False).status_code == 200


def test_a_link_for_a_demonstration_account_works_on_this_machine_alone(database: Database, client: TestClient) -> None:
    person = enrol(database, "nils@exempel.se", demo=True)
    as_administrator(client, database)
    link = link_in(client.post(f"/personer/{person}/lank"))
    assert client.get(link, headers={"x-forwarded-for": "192.0.2.1"}).status_code == 410
    assert client.get(link).status_code == 200
