"""What changes how one signs in is done by who has shown lately that it is them: what one has at work shows that too."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import audit
from app.accounts import identities
from app.accounts.models import Identity, Person, SignIn
from app.accounts.sessions import Way
from app.db import Database
from tests.accounts.entering import PASSWORD, enrol
from tests.accounts.providers import Told
from tests.accounts.via.going import ALVA, CONFIRM, EXEMPEL, LINK, back, events, linked, out, through
from tests.clients import sign_in

NEW_TOKEN = "/konto/api-nycklar/ny"


def an_hour_passes(database: Database) -> None:
    with database.writing() as session:
        for row in session.exec(select(SignIn)):
            row.confirmed = audit.now() - timedelta(hours=1)


@pytest.mark.parametrize("path", [LINK, NEW_TOKEN])
def test_it_is_asked_for(database: Database, client: TestClient, region: Told, path: str) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    an_hour_passes(database)
    sent = {**EXEMPEL, "name": "x", "scope": "read", "days": "30"}
    for answer in (client.get(path, follow_redirects=False), client.post(path, data=sent, follow_redirects=False)):
        assert (answer.status_code, answer.headers["location"]) == (303, f"/konto/bekrafta?till={path}")
    assert region.asked == []
    assert events(database, "person:token_made", "person:identity_linked") == []


def test_who_has_just_come_in_that_way_is_not_asked(database: Database, client: TestClient, region: Told) -> None:
    enrol(database, ALVA)
    linked(client, region)
    through(client, region)
    assert client.get(LINK, follow_redirects=False).status_code == 200
    assert events(database, "person:signed_in")[-1][2] == {"way": Way.EMPLOYER}
    assert "genom arbetsgivaren, senast sedd" in client.get("/konto").text


def test_it_is_shown_by_signing_in_there_anew(database: Database, client: TestClient, region: Told) -> None:
    person = enrol(database, ALVA)
    linked(client, region)
    with database.writing() as session:
        session.get_one(Person, person).password = None
    through(client, region)
    an_hour_passes(database)
    page = client.get(f"/konto/bekrafta?till={LINK}").text
    assert "Bekräfta med Region Exempel" in page
    assert "Logga ut och logga in igen" not in page
    address = client.post(CONFIRM, data={"till": LINK}).headers["refresh"].partition("url=")[2]
    asked = parse_qs(urlsplit(address).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert through(client, region, CONFIRM, till=LINK).headers["location"] == LINK
    assert client.get(LINK, follow_redirects=False).status_code == 200
    assert events(database, "person:confirmed") == [("person:confirmed", person, {"way": Way.EMPLOYER})]
    assert through(client, region, CONFIRM, till="//elsewhere.example").headers["location"] == "/konto"


@pytest.mark.parametrize("told", ["old", "from before one was sent there", "not told"])
def test_it_is_not_shown_by_a_sign_in_that_was_open_there_before(
    database: Database, client: TestClient, region: Told, told: str
) -> None:
    """What the browser is sent out with asks for a new one, and whoever sits at the browser can take that away."""
    enrol(database, ALVA)
    linked(client, region)
    sign_in(client, ALVA, PASSWORD)
    an_hour_passes(database)
    now = int(audit.now().timestamp())
    signed_in_there = {"old": now - 3600, "from before one was sent there": now - 30, "not told": None}[told]
    region.claims = {"auth_time": signed_in_there}
    answer = through(client, region, CONFIRM, till=LINK)
    assert (answer.status_code, identities.NOT_ANEW in answer.text) == (422, True)
    assert f'href="/konto/bekrafta?till={LINK}">Bekräfta igen' in answer.text
    assert client.get(LINK, follow_redirects=False).status_code == 303
    assert events(database, "person:confirmed") == []
    region.claims = {"auth_time": now - 3}  # its clock is a little behind ours
    assert through(client, region, CONFIRM, till=LINK).headers["location"] == LINK


@pytest.mark.parametrize(("ago", "fresh"), [(0, True), (600, True), (-3600, True), (3600, False), (None, False)])
def test_to_sign_out_and_in_shows_no_more_than_the_sign_in_that_is_open_there(
    database: Database, client: TestClient, region: Told, ago: int | None, fresh: bool
) -> None:
    person = enrol(database, ALVA)
    linked(client, region)
    region.claims = {"auth_time": None if ago is None else int(audit.now().timestamp()) - ago}
    assert through(client, region).headers["location"] == "/"
    assert client.get(LINK, follow_redirects=False).status_code == (200 if fresh else 303)
    assert "Alva" in client.get("/konto").text  # in one is, whichever
    with database.reading() as session:  # and no clock that is ahead makes it last
        shown = session.exec(select(SignIn.confirmed).where(SignIn.person == person)).one()
    assert shown is None or shown <= audit.now()


def test_it_is_not_shown_by_what_somebody_else_has_at_work(
    database: Database, client: TestClient, region: Told
) -> None:
    enrol(database, ALVA)
    enrol(database, "nils@exempel.se")
    linked(client, region, "nils@exempel.se")
    sign_in(client, ALVA, PASSWORD)
    an_hour_passes(database)
    assert "Bekräfta med Region Exempel" not in client.get("/konto/bekrafta").text
    assert identities.NOT_LINKED in through(client, region, CONFIRM, till=LINK).text  # Nils does, at Alva's tablet
    state = out(client, region, CONFIRM, till=LINK)
    sign_in(client, "nils@exempel.se", PASSWORD)
    an_hour_passes(database)
    assert back(client, state).status_code == 401
    assert events(database, "person:confirmed") == []
    with database.reading() as session:
        assert len(session.exec(select(Identity)).all()) == 1
