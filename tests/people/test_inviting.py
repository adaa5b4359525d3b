"""Who has not been invited, and inviting them in one go."""

from fastapi.testclient import TestClient
from lxml import html
from sqlmodel import Session

from app import audit
from app.accounts.actions import LASTS, invite, invite_by_mail
from app.accounts.models import Passkey, Person
from app.accounts.viewer import OFFICE
from app.db import Database
from app.people import actions, inviting
from app.people.schemas import PersonIn
from tests.accounts.entering import as_administrator, enrol
from tests.clients import a_client
from tests.lists.world import said
from tests.mail.servers import Inbox, Mailing

URL = "/personer/bjud-in"


def added(session: Session, name: str) -> str:
    return actions.add(session, by=OFFICE, new=PersonIn(name=name, email=f"{name.lower()}@exempel.se"))


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return [each.name for each in inviting.lacking(session)[0]]


def listed(client: TestClient, only: str) -> dict[str, str]:
    """The names in the list, each with the word for how far they have come."""
    rows = html.fromstring(client.get(f"/personer?visa={only}").text).xpath("//ul[@class='left']/li")
    told = "normalize-space(.//span[contains(@class, 'status')])"
    return {row.findtext(".//b"): row.xpath(told) for row in rows}


def test_who_has_come_in_who_is_invited_and_who_is_not(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    enrol(database, "klar@exempel.se", "Klar")
    with database.writing() as session:
        everybody = ("Ny", "Inbjuden", "Brev", "Sen", "Nyckel", "Stängd")
        new, invited, mailed, late, keyed, closed = (added(session, name) for name in everybody)
        for each in (invited, late, keyed):
            invite(session, by=OFFICE, person=each)
        invite_by_mail(session, by=OFFICE, person=mailed)  # not sent yet
        session.get_one(Person, late).invited = audit.now() - LASTS
        session.add(Passkey(id="k", person=keyed, name="N", public_key=b"", count=0, host="x", made=audit.now()))
        actions.close(session, by=OFFICE, person=closed)
    assert names(database) == ["Ny", "Sen"]
    came = {"Klar": "", "Nyckel": "", "Stängd": "Stängt", "Kim Kansli": ""}
    invited_ones, not_yet = dict.fromkeys(("Brev", "Inbjuden", "Sen"), "Inbjuden"), {"Ny": "Inte inbjuden"}
    assert listed(client, "inbjudna") == invited_ones
    assert listed(client, "inte-inbjudna") == not_yet
    assert listed(client, "") == came | invited_ones | not_yet
    assert "Inte inbjuden än." in client.get(f"/personer/{new}").text


def test_where_mail_is_sent_those_who_are_chosen_get_a_letter_each(database: Database, database_url: str) -> None:
    mailing, inbox = Mailing(), Inbox()
    with a_client(database_url, **mailing.settings) as office:
        as_administrator(office, database)
        with database.writing() as session:
            people = [added(session, name) for name in ("Alva", "Bo")]
        answer = office.post(URL, data={"people": people})
        assert "2 inbjudningar på väg" in said(answer)
        assert "/valkommen/" not in answer.text
        assert names(database) == []
        mailing.round(database, inbox)
        assert len(inbox.got) == 2
        assert "0 inbjudningar på väg" in said(office.post(URL, data={"people": people}))


def test_those_who_are_chosen_get_a_link_each_that_works(database: Database, client: TestClient) -> None:
    kim = as_administrator(client, database)
    with database.writing() as session:
        alva, bo, cia = (added(session, name) for name in ("Alva", "Bo", "Cia"))
    listed = client.get("/personer?visa=inte-inbjudna")
    assert [name in said(listed) for name in ("Alva", "Bo", "Cia", kim.name)] == [True, True, True, False]
    assert "Inte inbjuden" in said(listed)
    assert client.get(URL).text.count("checked") == 3
    with database.writing() as session:
        theirs = invite(session, by=OFFICE, person=cia)  # by somebody else, since the page was opened
    answer = client.post(URL, data={"people": [alva, cia, "\x00", "x"]})
    assert "1 länk att lämna" in said(answer)
    (link,) = {piece.partition('"')[0] for piece in answer.text.split('value="')[1:] if "/valkommen/" in piece[:60]}
    assert client.get(link).status_code == 200
    assert client.get(f"/valkommen/{theirs}").status_code == 200  # what was handed over still works
    assert names(database) == ["Bo"]
    with database.reading() as session:
        told = [(each.action, each.by) for each in audit.history(session, alva)]
    assert told == [("person:added", OFFICE.id), ("person:invited", kim.id)]
    assert "0 länkar att lämna" in said(client.post(URL, data={"people": [alva]}))
    client.post(URL, data={"people": [bo]})
    assert "Alla är inbjudna" in said(client.get(URL))
    assert "Alla är inbjudna" in said(client.get("/personer?visa=inte-inbjudna"))
