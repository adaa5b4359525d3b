"""How a region's own sign-in becomes somebody's, and how it ceases to be."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import audit
from app.accounts import identities, passkeys, sessions, tokens
from app.accounts.actions import invite, new_link
from app.accounts.models import Appointment, Identity, Invitation, Passkey, Person, SecondFactor, SignIn
from app.accounts.pages import ANEW
from app.accounts.scopes import Scope
from app.accounts.sessions import Way
from app.accounts.viewer import OFFICE, Viewer
from app.db import Database
from app.errors import Unacceptable
from app.ids import new_id
from app.people import actions, inviting
from app.typed import Unfit
from tests.accounts.entering import PASSWORD, an_administrator, as_administrator, enrol
from tests.accounts.providers import Told
from tests.accounts.test_signing_in import inside
from tests.accounts.via.going import ALVA, EXEMPEL, INVITED, LINK, another, back, linked, out, through
from tests.clients import sign_in


def test_whoever_signed_in_at_the_same_browser_since_gets_nobodys_link(
    database: Database, client: TestClient, region: Told
) -> None:
    enrol(database, ALVA)
    enrol(database, "nils@exempel.se")
    sign_in(client, ALVA, PASSWORD)
    state = out(client, region, LINK, **EXEMPEL)
    sign_in(client, "nils@exempel.se", PASSWORD)
    assert back(client, state).status_code == 401
    state = out(client, region, LINK, **EXEMPEL)
    client.post("/logga-ut")
    assert back(client, state).status_code == 401
    with database.reading() as session:
        assert session.exec(select(Identity)).all() == []


def test_an_identity_is_one_persons_and_a_person_has_one_of_each(
    database: Database, client: TestClient, region: Told
) -> None:
    enrol(database, ALVA)
    enrol(database, "nils@exempel.se")
    linked(client, region)
    linked(client, region)  # once more changes nothing
    sign_in(client, "nils@exempel.se", PASSWORD)
    assert identities.TAKEN in through(client, region, LINK, **EXEMPEL).text
    region.subject = "nils"
    assert through(client, region, LINK, **EXEMPEL).status_code == 303
    region.subject = "nils at another desk"
    assert identities.ANOTHER in through(client, region, LINK, **EXEMPEL).text
    with database.reading() as session:
        assert sorted(session.exec(select(Identity.subject))) == ["alva", "nils"]


def test_an_invitation_is_accepted_without_a_password(
    database: Database, client: TestClient, region: Told, database_url: str, file: Path
) -> None:
    path = an_invitation(database)
    assert "Använd inloggningen hos Region Exempel" in client.get(path).text
    with database.writing() as session:  # whoever has the old password is not to keep it, nor what it opened
        session.get_one(Person, INVITED).password = "x"
        sessions.start(session, INVITED)
        tokens.make(session, by=Viewer(INVITED, "Alva", ()), name="x", scope=Scope.READ, days=30)
    with another(database_url, file) as late:
        state, nonce = out(late, region, f"{path}/via/exempel"), region.nonce
        assert through(client, region, f"{path}/via/exempel").headers["location"] == ANEW  # what else gets in
        assert inside(client)
        assert client.get(path).status_code == 410
        region.nonce = nonce
        assert back(late, state).status_code == 410  # the link was used up while they signed in
        assert client.post(f"{path}/via/exempel").status_code == 410
    client.post("/logga-ut")
    assert through(client, region).status_code == 303
    with database.reading() as session:
        assert session.exec(select(Person.password)).one() is None
        assert session.exec(select(SignIn.way)).all() == [Way.EMPLOYER]
        assert tokens.of(session, INVITED) == []
    as_administrator(client, database)
    for page in ("/personer", f"/personer/{INVITED}"):  # whoever signs in that way is not waited for
        assert "Alva Exempel" in client.get(page).text
        assert "Inbjuden" not in client.get(page).text
        assert "Har inte loggat in än" not in client.get(page).text


def an_invitation(database: Database, person: str = "") -> str:
    with database.writing() as session:
        if not person:
            person = INVITED
            session.add(Person(id=person, email=ALVA, name="Alva Exempel"))
            session.flush()
        return f"/valkommen/{invite(session, by=OFFICE, person=person)}"


def test_an_invitation_stands_where_the_identity_is_somebody_elses(
    database: Database, client: TestClient, region: Told
) -> None:
    enrol(database, "nils@exempel.se")
    linked(client, region, "nils@exempel.se")
    path = an_invitation(database)
    assert identities.TAKEN in through(client, region, f"{path}/via/exempel").text
    assert not inside(client)
    assert client.get(path).status_code == 200
    with database.reading() as session:
        assert session.exec(select(Invitation.used)).one() is None


def test_a_link_for_who_forgot_or_who_is_asked_for_codes_is_for_a_password(
    database: Database, client: TestClient, region: Told
) -> None:
    person = enrol(database, ALVA)
    with database.writing() as session:
        forgot = f"/valkommen/{new_link(session, person=person, by=person, recovers=True)}"
    coded = an_invitation(database, person)
    late = out(client, region, f"{coded}/via/exempel")
    with database.writing() as session:  # and turned on while one signed in over there
        session.add(SecondFactor(person=person, secret="x", since=audit.now()))
    for path in (forgot, coded):
        assert "/via/" not in client.get(path).text
        assert client.post(f"{path}/via/exempel").status_code == 410
    assert back(client, late).status_code == 410
    assert not inside(client)
    with database.reading() as session:
        assert session.exec(select(Identity)).all() == []
        assert session.exec(select(Invitation.used)).all() == [None, None]


def test_a_link_is_taken_away_but_never_the_last_way_in(database: Database, client: TestClient, region: Told) -> None:
    person = enrol(database, ALVA)
    linked(client, region)
    through(client, region)
    [identity] = re.findall(r'name="identity" value="([^"]+)"', client.get(LINK).text)
    away = {"identity": identity}
    with database.writing() as session:
        session.get_one(Person, person).password = None
        session.add(a_key(person, stopped=audit.now()))
    refused = client.post(LINK, data=away)
    assert (refused.status_code, identities.LAST in refused.text) == (422, True)
    with database.writing() as session:  # a key is a way in as well
        session.exec(select(Passkey)).one().stopped = None
    assert "Inloggningen är borttagen." in client.post(LINK, data=away).text
    assert client.post(LINK, data=away).status_code == 200  # gone is gone
    client.post("/logga-ut")
    assert through(client, region).status_code == 403


def a_key(person: str, **more: Any) -> Passkey:
    return Passkey(
        id=new_id(), person=person, name="x", host="localhost", public_key=b"x", count=0, made=audit.now(), **more
    )


def test_a_key_may_go_where_one_has_linked_what_one_has_at_work(
    database: Database, client: TestClient, region: Told
) -> None:
    person = enrol(database, ALVA)
    linked(client, region)
    with database.writing() as session:
        session.get_one(Person, person).password = None
        session.add(key := a_key(person))
        session.flush()
        passkeys.remove(session, by=Viewer(person, "Alva", ()), key=key.id)
        assert passkeys.of(session, person) == []


def test_whoever_has_any_way_in_is_not_waited_for(database: Database) -> None:
    people = [enrol(database, f"{name}@exempel.se") for name in "abc"]
    with database.writing() as session:
        for person in people:
            session.get_one(Person, person).password = None
        session.flush()
        waiting = [session.get_one(Person, person) for person in people]
        assert inviting.waiting_of(session, waiting) == set(people)
        session.add(a_key(people[0], stopped=audit.now()))
        identities.link(session, by=Viewer(people[1], "Alva", ()), issuer="https://idp.example", subject="x")
        assert inviting.waiting_of(session, waiting) == {people[2]}


def test_an_administrator_who_signs_in_that_way_is_one_who_can(database: Database) -> None:
    kim, nils = an_administrator(database), an_administrator(database, "Nils Påhitt")
    with database.writing() as session:
        session.get_one(Person, nils.id).password = None
        [post] = session.exec(select(Appointment.id).where(Appointment.person == kim.id))
        with pytest.raises(Unfit):
            actions.end_appointment(session, by=nils, person=kim.id, appointment=post)
        identities.link(session, by=nils, issuer="https://idp.example", subject="nils")
        actions.end_appointment(session, by=nils, person=kim.id, appointment=post)


def test_nobody_takes_away_anothers(database: Database, client: TestClient, region: Told) -> None:
    enrol(database, ALVA)
    linked(client, region)
    enrol(database, "nils@exempel.se")
    sign_in(client, "nils@exempel.se", PASSWORD)
    with database.reading() as session:
        identity = session.exec(select(Identity.id)).one()
    client.post(LINK, data={"identity": identity})
    with database.reading() as session:
        assert session.exec(select(Identity.id)).one() == identity


def test_of_two_who_link_the_same_at_once_one_is_told(database: Database) -> None:
    people = [enrol(database, f"{name}@exempel.se") for name in "ab"]
    ready = Barrier(2)

    def link(person: str) -> str:
        ready.wait(10)
        try:
            with database.writing() as session:
                identities.link(session, by=Viewer(person, "Alva", ()), issuer="https://idp.example", subject="x")
        except Unacceptable as error:
            return error.told
        return "linked"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(link, people)) == [identities.TAKEN, "linked"]
