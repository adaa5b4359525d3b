"""A forgotten password: the same answer whoever asks about whom, and a letter to those who have an account."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import col, select

from app import audit
from app.accounts import calendars, codes, tokens
from app.accounts.actions import invite
from app.accounts.letters import UNEXPECTED
from app.accounts.models import ApiToken, Identity, Invitation, Passkey, Person, SecondFactor
from app.accounts.pages import ANEW
from app.accounts.passwords import TOO_KNOWN
from app.accounts.scopes import Scope
from app.accounts.viewer import OFFICE, Viewer
from app.db import Database
from app.mail import queue
from app.mail.models import Mail
from tests.accounts.entering import PASSWORD, an_administrator, as_administrator, enrol
from tests.clients import a_client, sign_in
from tests.mail.servers import Inbox, Mailing

NEW = "ett alldeles nytt lösenord"
ALVA = "alva@exempel.se"


@pytest.fixture
def outside(database_url: str, mailing: Mailing) -> Iterator[TestClient]:
    """Somebody at a browser, signed out, of a Sporra that sends mail."""
    with a_client(database_url, **mailing.settings) as client:
        yield client


def ask(client: TestClient, email: str) -> Response:
    return client.post("/glomt", data={"email": email})


def link_in(inbox: Inbox) -> str:
    [link] = re.findall(r"https://localhost(/valkommen/\S+)", inbox.text())
    return str(link)


def recovers(client: TestClient, database: Database, mailing: Mailing) -> str:
    """The link that Alva gets."""
    inbox = Inbox()
    ask(client, ALVA)
    mailing.round(database, inbox)
    return link_in(inbox)


def choose(client: TestClient, link: str, password: str = NEW) -> Response:
    return client.post(link, data={"password": password, "again": password}, follow_redirects=False)


def test_the_answer_is_one_and_the_same_and_the_letter_is_for_who_has_an_account(
    database: Database, outside: TestClient, mailing: Mailing
) -> None:
    enrol(database, ALVA)
    closed = enrol(database, "stangd@exempel.se")
    with database.writing() as session:
        session.get_one(Person, closed).closed = True
    asked = [
        " Alva@Exempel.se ",
        "ingen@exempel.se",
        "stangd@exempel.se",
        "inte en adress",
        "a\x00@b.se",
        "a@" + "b" * 5000,
    ]
    answers = [ask(outside, each) for each in asked]
    assert {(each.status_code, each.text) for each in answers} == {(200, answers[0].text)}
    assert "Titta i din e-post" in answers[0].text
    with database.reading() as session:
        events = session.exec(select(audit.Event).where(col(audit.Event.action) == "person:recovery_asked")).all()
    assert {(each.by, each.subject, str(each.details)) for each in events} == {(audit.SYSTEM, "nobody", "{}")}
    inbox = Inbox()
    mailing.round(database, inbox)
    assert inbox.to == [ALVA]
    with database.reading() as session:
        assert queue.waiting(session) == []  # nor is it kept what nobody's address was


def test_the_link_works_once_ends_all_sign_ins_and_the_person_is_told(
    database: Database, database_url: str, outside: TestClient, mailing: Mailing
) -> None:
    enrol(database, ALVA)
    with a_client(database_url) as lost:
        sign_in(lost, ALVA, PASSWORD)
        link = recovers(outside, database, mailing)
        page = outside.get(link)
        assert "<h1>Välj ett nytt lösenord</h1>" in page.text
        answer = choose(outside, link)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/logga-in?klart=losenord&till={quote(ANEW)}")
        assert "set-cookie" not in answer.headers  # a second factor, where there is one, is still asked for
        assert "Lösenordet är bytt" in outside.get(answer.headers["location"]).text
        assert lost.get("/konto", follow_redirects=False).status_code == 303
    assert choose(outside, link, "ett annat lösenord").status_code == 410
    sign_in(outside, ALVA, NEW)
    inbox = Inbox()
    mailing.round(database, inbox)
    assert inbox.got[0][1]["Subject"] == "Ditt lösenord i Sporra är bytt"
    assert "http" not in inbox.text()


def test_a_password_that_will_not_do_leaves_the_link_as_it_was(
    database: Database, outside: TestClient, mailing: Mailing
) -> None:
    enrol(database, ALVA, "Alva Exempel")
    link = recovers(outside, database, mailing)
    assert TOO_KNOWN in choose(outside, link, "alva exempel 2026").text
    assert choose(outside, link).status_code == 303


def test_the_link_ends_after_an_hour(database: Database, outside: TestClient, mailing: Mailing) -> None:
    enrol(database, ALVA)
    link = recovers(outside, database, mailing)
    with database.writing() as session:
        row = session.exec(select(Invitation)).one()
        assert row.ends - row.made == timedelta(hours=1)
        row.ends = row.made
    assert outside.get(link).status_code == 410


def test_who_asks_ends_nobodys_links_and_is_stopped_at_three_letters_an_hour(
    database: Database, outside: TestClient, mailing: Mailing
) -> None:
    """Anybody may ask about anybody: it must take nothing from them, nor fill their mailbox."""
    person = enrol(database, ALVA)
    with database.writing() as session:
        token = invite(session, by=OFFICE, person=person)
    mailing.round(database, Inbox())
    links = [recovers(outside, database, mailing) for _ in range(3)]
    assert "Titta i din e-post" in ask(outside, ALVA).text
    with database.reading() as session:
        assert session.exec(select(Mail)).all() == []
    assert [outside.get(link).status_code for link in (*links, f"/valkommen/{token}")] == [200] * 4
    sign_in(outside, ALVA, PASSWORD)  # which none of it has stopped
    choose(outside, links[0])
    assert [outside.get(link).status_code for link in (*links, f"/valkommen/{token}")] == [410] * 4


def test_one_address_asks_no_more_than_sixty_times_and_still_signs_in(database: Database, outside: TestClient) -> None:
    enrol(database, ALVA)
    answers = [ask(outside, f"{n}@exempel.se") for n in range(61)]
    assert [each.status_code for each in answers] == [200] * 60 + [429]
    assert "Det blev många försök" in answers[-1].text
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900
    sign_in(outside, ALVA, PASSWORD)


def test_a_request_too_old_to_be_answered_is_not(database: Database, outside: TestClient, mailing: Mailing) -> None:
    enrol(database, ALVA)
    ask(outside, ALVA)
    with database.writing() as session:
        session.exec(select(Mail)).one().made -= timedelta(hours=2)
    mailing.round(database)
    with database.reading() as session:
        [row] = queue.waiting(session)
    assert (row.given_up is not None, row.address) == (True, "")


def test_without_mail_the_page_says_whom_to_ask(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    for answer in (client.get("/glomt"), ask(client, ALVA)):
        assert "Be administratören om en ny länk." in answer.text
    with database.reading() as session:
        assert session.exec(select(Mail)).all() == []


def test_a_changed_password_is_told_by_mail_and_a_first_one_is_not(
    database: Database, outside: TestClient, mailing: Mailing
) -> None:
    enrol(database, ALVA)
    with database.reading() as session:
        assert session.exec(select(Mail)).all() == []
    sign_in(outside, ALVA, PASSWORD)
    outside.post("/konto/losenord", data={"present": PASSWORD, "password": NEW, "again": NEW})
    inbox = Inbox()
    mailing.round(database, inbox)
    assert "Ditt lösenord byttes" in inbox.text()
    assert NEW not in inbox.text()


# ── What still gets in ────────────────────────────────────────────────────────────────────


def with_all_ways(database: Database) -> tuple[str, str]:
    """Alva with a password, an API key, a key and a linked sign-in. Returns her id, and the API key."""
    person = enrol(database, ALVA)
    about = {"person": person, "made": audit.now()}
    with database.writing() as session:
        token = tokens.make(session, by=Viewer(person, "Alva", ()), name="Kalkyl", scope=Scope.READ, days=30)
        session.add(Passkey(id="k", name="Telefonen", public_key=b"x", count=0, host="localhost", **about))
        session.add(Identity(id="i", issuer="https://idp.example", subject="alva", **about))
    return person, token


def gets_in(client: TestClient, token: str) -> bool:
    return client.get("/api/inspections", headers={"authorization": f"Bearer {token}"}).status_code != 401


def with_a_calendar(database: Database, person: str) -> str:
    with database.writing() as session:
        return calendars.make(session, by=Viewer(person, "Alva", ()))


def is_read(client: TestClient, calendar: str) -> bool:
    return client.get(f"/kalender/{calendar}/spur.ics").status_code == 200


def test_a_recovered_account_keeps_no_api_keys_and_shows_what_else_gets_in(
    database: Database, outside: TestClient, mailing: Mailing
) -> None:
    person, token = with_all_ways(database)
    calendar = with_a_calendar(database, person)
    assert (gets_in(outside, token), is_read(outside, calendar)) == (True, True)
    led = choose(outside, recovers(outside, database, mailing)).headers["location"]
    assert (gets_in(outside, token), is_read(outside, calendar)) == (False, False)
    assert f'name="till" value="{ANEW}"' in outside.get(led).text
    typed = {"email": ALVA, "password": NEW, "till": ANEW}
    shown = outside.post("/logga-in", data=typed)
    assert str(shown.url).endswith(ANEW)
    assert "ta bort dem som du inte känner igen" in shown.text
    assert "Telefonen" in shown.text
    outside.post("/konto/nyckel?id=k", data={"does": "remove"})
    outside.post("/konto/arbetsgivaren", data={"does": "remove", "identity": "i"})
    with database.reading() as session:
        assert session.exec(select(Passkey)).all() == []
        assert session.exec(select(ApiToken)).all() == []


def test_an_administrators_link_to_who_is_in_already_does_the_same(database: Database, client: TestClient) -> None:
    person, token = with_all_ways(database)
    calendar = with_a_calendar(database, person)
    with database.writing() as session:
        link = invite(session, by=OFFICE, person=person)
    answer = choose(client, f"/valkommen/{link}")
    assert (answer.status_code, answer.headers["location"]) == (303, ANEW)
    assert (gets_in(client, token), is_read(client, calendar)) == (False, False)


@pytest.mark.parametrize("chosen", [True, False])
def test_ones_own_new_password_ends_what_lets_programs_in_where_one_says_so(
    database: Database, client: TestClient, chosen: bool
) -> None:
    person, token = with_all_ways(database)
    sign_in(client, ALVA, PASSWORD)
    assert "Ta bort mina API-nycklar också" in client.get("/konto/losenord").text
    calendar = with_a_calendar(database, person)
    assert "Ta bort mina API-nycklar och min kalenderadress också" in client.get("/konto/losenord").text
    client.post("/konto/losenord", data={"password": NEW, "again": NEW} | ({"keys": "ja"} if chosen else {}))
    assert (gets_in(client, token), is_read(client, calendar)) == (not chosen, not chosen)


def test_a_calendar_alone_is_asked_about_too(database: Database, client: TestClient) -> None:
    person = enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    assert "Ta bort min" not in client.get("/konto/losenord").text
    calendar = with_a_calendar(database, person)
    assert "Ta bort min kalenderadress också" in client.get("/konto/losenord").text
    client.post("/konto/losenord", data={"password": NEW, "again": NEW, "keys": "ja"})
    assert not is_read(client, calendar)


# ── What somebody else does with one's way in ─────────────────────────────────────────────


def test_a_link_that_an_administrator_makes_is_told_to_who_is_in_already(
    database: Database, outside: TestClient, mailing: Mailing
) -> None:
    person = enrol(database, ALVA)
    as_administrator(outside, database)
    [token] = re.findall(r"/valkommen/([\w-]{43})", outside.post(f"/personer/{person}/lank").text)
    inbox = Inbox()
    mailing.round(database, inbox)
    assert inbox.to == [ALVA]
    said = inbox.text()
    assert "En administratör gjorde en länk till ditt konto" in said
    assert UNEXPECTED in " ".join(said.split())
    assert token not in said
    assert "http" not in said
    inbox = Inbox()
    outside.post("/personer/ny", data={"name": "Nils Ny", "email": "nils@exempel.se"})  # nobody's account yet
    mailing.round(database, inbox)
    assert inbox.got == []


@pytest.mark.parametrize("own", [True, False])
def test_codes_that_are_turned_off_are_told_of(database: Database, mailing: Mailing, own: bool) -> None:
    person, kim, inbox = enrol(database, ALVA), an_administrator(database), Inbox()
    by = Viewer(person, "Alva", ()) if own else kim
    with database.writing() as session:
        session.add(SecondFactor(person=person, secret="locked", since=audit.now()))
        session.flush()
        codes.remove(session, by=by, person=person)
        codes.remove(session, by=by, person=person)  # there are none
    mailing.round(database, inbox)
    assert inbox.to == [ALVA]
    said = " ".join(inbox.text().split())
    assert "Koderna som du skriver efter lösenordet stängdes av" in said
    assert ("under Mitt konto. Var det" in said, "av en administratör" in said) == (own, not own)
    assert UNEXPECTED in said
