"""Whoever has linked an account gets in, and nobody gets anything else from what a provider says."""

from fastapi.testclient import TestClient
from sqlmodel import select

from app.accounts import identities
from app.accounts.models import Appointment, Errand, Identity, Person, SignIn
from app.accounts.providers import Shown
from app.accounts.signing_in import NOBODY
from app.db import Database
from tests.accounts.entering import PASSWORD, enrol
from tests.accounts.providers import Told
from tests.accounts.test_signing_in import inside
from tests.accounts.via.going import ALVA, EXEMPEL, LINK, events, linked, through
from tests.clients import sign_in


def test_whoever_has_linked_an_account_signs_in_to_it(database: Database, client: TestClient, region: Told) -> None:
    person = enrol(database, ALVA)
    linked(client, region)
    assert not inside(client)
    answer = through(client, region, till="/personer?sok=alva")
    assert (answer.status_code, answer.headers["location"]) == (303, "/personer?sok=alva")
    assert ALVA in client.get("/konto").text
    with database.reading() as session:
        assert session.exec(select(Identity.person, Identity.issuer, Identity.subject)).all() == [
            (person, region.issuer, "alva")
        ]
        assert session.exec(select(Errand)).all() == []
    assert [(action, subject) for action, subject, _ in events(database, "person:identity_linked")] == [
        ("person:identity_linked", person)
    ]


def test_a_subject_of_one_region_is_nobody_in_another(database: Database, client: TestClient, region: Told) -> None:
    enrol(database, ALVA)
    linked(client, region)
    shown = Shown("alva", None)
    with database.writing() as session:
        assert not identities.enter(session, issuer="https://elsewhere.example", shown=shown, here=True)
        assert identities.enter(session, issuer=region.issuer, shown=shown, here=True)


def test_one_is_led_back_within_the_site_alone(database: Database, client: TestClient, region: Told) -> None:
    enrol(database, ALVA)
    linked(client, region)
    assert through(client, region, till="//elsewhere.example").headers["location"] == "/"


def test_neither_address_nor_role_that_a_provider_tells_of_does_anything(
    database: Database, client: TestClient, region: Told
) -> None:
    enrol(database, "nils@exempel.se", "Nils Påhitt")
    alva = enrol(database, ALVA)
    region.claims = {
        "email": "nils@exempel.se",
        "email_verified": True,
        "name": "Nils Påhitt",
        "roles": ["administrator"],
    }
    assert through(client, region).status_code == 403  # nobody is found by an address
    linked(client, region)
    through(client, region)
    account = client.get("/konto").text
    assert ALVA in account
    assert "Ingen roll än" in account
    assert "nils" not in account.lower()
    with database.reading() as session:
        assert session.exec(select(Appointment)).all() == []
        assert session.get_one(Person, alva).name == "Alva Exempel"


def test_somebody_unknown_is_told_what_to_do_and_gets_no_account(
    database: Database, client: TestClient, region: Told
) -> None:
    answer = through(client, region)
    assert answer.status_code == 403
    assert "inte kopplad till något konto" in answer.text
    assert "__Host-sporra=" not in answer.headers["set-cookie"]
    with database.reading() as session:
        assert session.exec(select(Person)).all() == []
    assert events(database, "person:sign_in_failed") == [("person:sign_in_failed", NOBODY, {"reason": "unlinked"})]


def test_a_closed_account_is_told_of_to_nobody(database: Database, client: TestClient, region: Told) -> None:
    person = enrol(database, ALVA)
    unknown = through(client, region).text
    linked(client, region)
    with database.writing() as session:
        session.get_one(Person, person).closed = True
    answer = through(client, region)
    assert (answer.status_code, answer.text) == (403, unknown)
    assert not inside(client)
    assert events(database, "person:sign_in_failed")[-1][1:] == (person, {"reason": "closed"})


def test_a_demonstration_account_signs_in_from_this_machine_alone(
    database: Database, client: TestClient, region: Told
) -> None:
    enrol(database, ALVA, demo=True)
    linked(client, region)
    client._transport.client = ("192.0.2.1", 50000)  # type: ignore[attr-defined]
    assert through(client, region).status_code == 403
    client._transport.client = ("127.0.0.1", 50000)  # type: ignore[attr-defined]
    assert through(client, region).status_code == 303


def test_the_old_sign_in_of_the_browser_ends(database: Database, client: TestClient, region: Told) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    through(client, region, LINK, **EXEMPEL)
    before = client.cookies["__Host-sporra"]
    through(client, region)
    assert client.cookies["__Host-sporra"] != before
    with database.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1
