"""Inviting by mail: from the administrator's page to the person's first password, and who has not come yet."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select, update

from app import audit
from app.accounts.letters import letters
from app.accounts.models import Person
from app.config import Settings
from app.db import Database
from app.mail.models import Mail
from app.mail.post import post
from app.mail.sending import send_due
from app.migrations import upgrade
from tests.accounts.entering import as_administrator, enrol
from tests.clients import a_client
from tests.mail.servers import Inbox, Mailing

NILS = {"name": "Nils Påhitt", "email": "nils@exempel.se"}
NEW = "ett alldeles nytt lösenord"


def invited(office: TestClient) -> str:
    """Nils' page."""
    answer = office.post("/personer/ny", data={**NILS, "brev": "ja"})
    assert "/valkommen/" not in answer.text
    return answer.url.path


def link_in(inbox: Inbox) -> str:
    [link] = re.findall(r"https://localhost(/valkommen/\S+)", inbox.text())
    return str(link)


def test_a_person_is_invited_by_mail_and_comes(
    database: Database, database_url: str, office: TestClient, mailing: Mailing
) -> None:
    page, inbox = invited(office), Inbox()
    assert "Inbjudan är på väg till nils@exempel.se." in office.get(page).text
    mailing.round(database, inbox)
    assert "Inbjudan är på väg" not in office.get(page).text
    assert "Inbjuden " in office.get(page).text
    assert "Nils Påhitt" in office.get("/personer?visa=inbjudna").text
    with a_client(database_url) as nils:
        chosen = nils.post(link_in(inbox), data={"password": NEW, "again": NEW}, follow_redirects=False)
        assert chosen.headers["location"] == "/"
        assert nils.get("/konto").status_code == 200
    assert "Nils Påhitt" not in office.get("/personer?visa=inbjudna").text
    assert "Alla har kommit" in office.get("/personer?visa=inbjudna").text


def test_sending_again_ends_the_older_link_and_so_does_showing_one(
    database: Database, office: TestClient, mailing: Mailing
) -> None:
    page, first, second = invited(office), Inbox(), Inbox()
    mailing.round(database, first)
    office.post(f"{page}/inbjudan")
    assert office.get(link_in(first)).status_code == 410  # from when it is asked for
    mailing.round(database, second)
    assert office.get(link_in(second)).status_code == 200
    office.post(f"{page}/inbjudan")
    shown = office.post(f"{page}/lank").text.partition('value="https://localhost')[2].partition('"')[0]
    assert (office.get(link_in(second)).status_code, office.get(shown).status_code) == (410, 200)
    mailing.round(database, later := Inbox())
    assert later.got == []  # the one that waited would have ended the one that was shown


def test_a_link_that_went_to_a_wrong_address_ends_as_the_address_is_put_right(
    database: Database, database_url: str, office: TestClient, mailing: Mailing
) -> None:
    page, stranger = invited(office), Inbox()
    mailing.round(database, stranger)
    link = link_in(stranger)
    with a_client(database_url) as elsewhere:
        office.post(page, data=NILS | {"name": "Nils Påhittad"})
        assert elsewhere.get(link).status_code == 200
        office.post(page, data=NILS | {"email": "nils@annan.se"})
        assert elsewhere.get(link).status_code == 410
        assert elsewhere.post(link, data={"password": NEW, "again": NEW}).status_code == 410


# ── A changed address ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def alva(database: Database) -> str:
    """Her page; she has come in."""
    return f"/personer/{enrol(database, 'alva@exempel.se')}"


ALVA = {"name": "Alva Exempel", "email": "alva@exempel.se"}


def test_the_former_address_is_told_that_it_was_changed_and_nothing_else(
    database: Database, office: TestClient, mailing: Mailing, alva: str
) -> None:
    shown = office.post(alva, data=ALVA | {"email": "någon@annan.se"}).text
    assert "någon@annan.se gäller i stället för alva@exempel.se. Ett brev om det går till den förra adressen." in shown
    mailing.round(database, inbox := Inbox())
    assert inbox.to == ["alva@exempel.se"]
    told = inbox.text()
    assert "E-postadressen till ditt konto i Sporra ändrades" in told
    assert [word for word in ("Alva", "Exempel", "annan.se", "valkommen") if word in told] == []
    with database.reading() as session:
        done = [(each.action, each.details) for each in audit.history(session, alva.rpartition("/")[2])]
    assert ("person:mail_sent", {"kind": "address_changed"}) in done
    assert "exempel.se" not in str(done)


def test_each_address_that_it_was_is_told(database: Database, office: TestClient, mailing: Mailing, alva: str) -> None:
    """Somebody who changes it twice at once hides nothing by it."""
    office.post(alva, data=ALVA | {"email": "en@annan.se"})
    office.post(alva, data=ALVA | {"email": "en.till@annan.se"})
    assert "Besked till den förra adressen" in office.get("/drift").text
    mailing.round(database, inbox := Inbox())
    assert inbox.to == ["alva@exempel.se", "en@annan.se"]


def test_an_address_that_is_put_back_before_the_letter_left_is_told_nothing(
    database: Database, office: TestClient, mailing: Mailing, alva: str
) -> None:
    office.post(alva, data=ALVA | {"email": "en@annan.se"})
    office.post(alva, data=ALVA)
    mailing.round(database, inbox := Inbox())
    assert inbox.to == ["en@annan.se"]


def test_neither_another_name_nor_who_has_not_come_in_is_told_of(
    database: Database, office: TestClient, mailing: Mailing, alva: str
) -> None:
    """A wrong address is put right: whoever has it has nothing to lose, and is a stranger."""
    nils = invited(office)
    mailing.round(database, Inbox())
    assert "Ett brev om det" not in office.post(nils, data=NILS | {"email": "nils@annan.se"}).text
    office.post(alva, data=ALVA | {"name": "Alva Annan"})
    mailing.round(database, inbox := Inbox())
    assert inbox.to == []


def test_what_did_not_arrive_is_told_where_it_is_looked_for(
    database: Database, office: TestClient, mailing: Mailing
) -> None:
    page = invited(office)
    mailing.round(database)
    for address in (page, "/drift"):
        assert "E-postservern svarar inte." in office.get(address).text
    with database.writing() as session:
        session.exec(update(Mail).values(due=audit.now()))
    mailing.round(database, Inbox({"nils@exempel.se": "550 No"}))
    for address in (page, "/drift"):
        assert "Mottagarens e-postserver tar inte emot brev till adressen." in office.get(address).text
    office.post(f"{page}/inbjudan")
    mailing.round(database, Inbox())
    assert "kom inte fram" not in office.get(page).text
    assert "Allt är skickat." in office.get("/drift").text


def test_the_pending_are_those_who_have_not_come_since_when(database: Database, office: TestClient) -> None:
    enrol(database, "alva@exempel.se")
    invited(office)
    with database.writing() as session:
        nils = session.exec(select(Person).where(Person.email == NILS["email"])).one()
        nils.invited = audit.now() - timedelta(days=400)
    listed = office.get("/personer?visa=inbjudna").text
    assert "Alva Exempel" not in listed
    assert re.search(r"inbjuden \d+ \w+ 202\d", listed)
    assert 'Inbjudna <span class="count">1</span>' in listed


def test_without_mail_there_is_the_link_alone(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    assert "inbjudan" not in client.get("/personer/ny").text
    shown = client.post("/personer/ny", data={**NILS, "brev": "ja"})
    assert "/valkommen/" in shown.text
    assert "Ingen e-postserver är inställd." in client.get("/drift").text


def test_the_letters_of_the_demonstration_are_shown_on_this_machine_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("var").mkdir()
    upgrade(Settings().database_url)
    database = Database(Settings().database_url)
    with a_client(Settings().database_url) as office:
        as_administrator(office, database)
        invited(office)
        send_due(database, post(Settings()), letters(Settings().address))
        assert "http://localhost:8000/valkommen/" in office.get("/drift").text
        assert "/valkommen/" not in office.get("/drift", headers={"x-forwarded-for": "192.0.2.1"}).text
    with a_client(f"sqlite:///{tmp_path}/var/sporra.db") as own:  # the same people, by another name than the default
        as_administrator(own, database)
        assert "/valkommen/" not in own.get("/drift").text
    database.close()
