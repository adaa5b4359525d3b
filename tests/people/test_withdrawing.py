"""An invitation that is taken back: neither its link, its letter nor a forgotten password lets the person in."""

import re
from collections.abc import Callable
from threading import Thread
from time import sleep

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session

from app import audit
from app.accounts.actions import invite, invite_by_mail, withdraw
from app.accounts.letters import letters
from app.accounts.viewer import OFFICE
from app.db import Database
from app.mail import queue
from app.mail.letter import Letter
from app.mail.models import Mail
from app.mail.sending import _written
from app.people import actions
from app.people.schemas import PersonIn
from tests.accounts.entering import PASSWORD, enrol
from tests.clients import sign_in
from tests.mail.servers import Inbox, Mailing

NILS = "nils@exempel.se"


@pytest.fixture
def nils(database: Database) -> str:
    """Not invited yet."""
    with database.writing() as session:
        return actions.add(session, by=OFFICE, new=PersonIn(name="Nils Påhitt", email=NILS))


def taken_back(office: TestClient, person: str) -> Response:
    return office.post(f"/personer/{person}/ta-tillbaka")


def link_in(text: str) -> str:
    return re.findall(r"https?://[^/]+(/valkommen/[\w-]+)", text)[0]


def done(database: Database, person: str) -> list[str]:
    with database.reading() as session:
        return [each.action for each in audit.history(session, person)]


def test_the_link_works_no_longer_and_the_person_is_not_invited(
    database: Database, office: TestClient, nils: str
) -> None:
    link = link_in(office.post(f"/personer/{nils}/lank").text)
    shown = office.get(f"/personer/{nils}").text
    assert ("Ta tillbaka inbjudan" in shown, "Inbjuden " in shown) == (True, True)
    shown = taken_back(office, nils).text
    assert ("Ta tillbaka" in shown, "Inte inbjuden än." in shown) == (False, True)
    assert office.get(link).status_code == 410
    assert "Nils Påhitt" in office.get("/personer/bjud-in").text  # and can be, once more
    taken_back(office, nils)
    assert done(database, nils) == ["person:added", "person:invited", "person:invitation_withdrawn"]
    again = link_in(office.post(f"/personer/{nils}/lank").text)
    assert office.get(again).status_code == 200


def test_a_letter_that_waits_is_not_sent(database: Database, office: TestClient, mailing: Mailing, nils: str) -> None:
    office.post(f"/personer/{nils}/inbjudan")
    mailing.round(database)  # away
    taken_back(office, nils)
    assert "Allt är skickat." in office.get("/drift").text
    mailing.round(database, inbox := Inbox())
    assert inbox.got == []


def test_who_is_not_invited_gets_no_link_by_having_forgotten_a_password(
    database: Database, office: TestClient, mailing: Mailing, nils: str
) -> None:
    """Nor who came in with a list; who is invited, or has come in, does."""

    def asked() -> list[str]:
        office.post("/glomt", data={"email": NILS})
        mailing.round(database, inbox := Inbox())
        return [str(message["Subject"]) for _, message in inbox.got]

    assert asked() == []
    office.post(f"/personer/{nils}/lank")
    assert asked() == ["Välj ett nytt lösenord i Sporra"]
    taken_back(office, nils)
    assert asked() == []


def test_a_link_to_who_has_come_in_is_taken_back_and_they_sign_in_as_before(
    database: Database, office: TestClient
) -> None:
    alva = enrol(database, "alva@exempel.se")
    assert "Ta tillbaka" not in office.get(f"/personer/{alva}").text
    link = link_in(office.post(f"/personer/{alva}/lank").text)
    assert "Ta tillbaka länken" in office.get(f"/personer/{alva}").text
    assert "Ta tillbaka" not in taken_back(office, alva).text
    assert office.get(link).status_code == 410
    sign_in(office, "alva@exempel.se", PASSWORD)


# ── While a letter is just being written ──────────────────────────────────────────────────

Ends = Callable[..., object]


def side_by_side(first: Callable[[Session], object], then: Callable[[Session], object], database: Database) -> None:
    """The second begins while the first is not kept yet."""

    def meanwhile() -> None:
        with database.writing() as session:
            then(session)

    other = Thread(target=meanwhile)
    with database.writing() as session:
        first(session)
        other.start()
        sleep(0.3)
    other.join()


@pytest.fixture
def held(database: Database, nils: str) -> Mail:
    """An invitation that a sender has taken, to write it."""
    with database.writing() as session:
        invite_by_mail(session, by=OFFICE, person=nils)
    with database.writing() as session:
        mail = queue.take(session, audit.now())
    assert mail
    return mail


@pytest.mark.parametrize("ends", [withdraw, invite])
@pytest.mark.parametrize("sender_first", [True, False])
def test_its_link_is_not_there_or_ends(
    database: Database, office: TestClient, nils: str, held: Mail, ends: Ends, sender_first: bool
) -> None:
    letters_written: list[Letter | None] = []

    def writes(session: Session) -> None:
        letters_written.append(_written(session, letters("https://localhost"), held))

    def takes_back(session: Session) -> None:
        ends(session, by=OFFICE, person=nils)

    both = (writes, takes_back) if sender_first else (takes_back, writes)
    side_by_side(*both, database)
    [letter] = letters_written
    if sender_first:
        assert letter
        assert letter.link
        assert office.get(link_in(letter.link[1])).status_code == 410
    else:
        assert letter is None
