"""What an administrator does with others' ways in and personal data takes that they have shown lately who they are."""

from datetime import timedelta

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlmodel import select

from app import audit
from app.accounts.access import routes
from app.accounts.models import Person, SignIn
from app.accounts.roles import Permission
from app.audit import Event
from app.config import Settings
from app.db import Database
from app.ids import new_id
from app.main import create_app
from tests.accounts.entering import PASSWORD, as_administrator, enrol
from tests.clients import sign_in
from tests.requests import gates

ROUTES = list(routes(create_app(Settings("sqlite:////nowhere")).routes))
WITHHOLD = "/inspektioner/{inspection}/versioner/{number}/hall-inne"
# Where one comes back to, by what asks for it. None = the same address.
ASKED: dict[str, str | None] = {
    "GET /personer/{id}/roller/{role}": None,
    "POST /personer/{id}/roller/{role}": None,
    "POST /personer/{id}/roller/{appointment}/avsluta": "/personer/{id}",
    "POST /personer/{id}": "/personer/{id}",
    "POST /personer/{id}/lank": "/personer/{id}",
    "POST /personer/{id}/inbjudan": "/personer/{id}",
    "POST /personer/{id}/ta-tillbaka": "/personer/{id}",
    "POST /personer/{id}/stang": "/personer/{id}",
    "POST /personer/{id}/oppna": "/personer/{id}",
    "POST /personer/{id}/koder": "/personer/{id}",
    "GET /personer/bjud-in": None,
    "POST /personer/bjud-in": None,
    "GET /personer/lista": "/personer/lista",
    "GET /personer/lista/mall/{format}": "/personer/lista",
    "GET /personer/lista/nu/{format}": "/personer/lista",
    "POST /personer/lista": "/personer/lista",
    "POST /personer/lista/gor": "/personer/lista",
    "GET /personer/{id}/uppgifter": "/personer/{id}/uppgifter",
    "POST /personer/{id}/uppgifter/hamta": "/personer/{id}/uppgifter",
    "POST /personer/{id}/uppgifter/radera": "/personer/{id}/uppgifter",
    f"GET {WITHHOLD}": WITHHOLD,
    f"POST {WITHHOLD}": WITHHOLD,
    f"POST {WITHHOLD}/bekrafta": WITHHOLD,
    f"POST {WITHHOLD}/ta-tillbaka": WITHHOLD,
}
# What lets nobody in and keeps nobody out for long: adding somebody without a role, signing out a lost tablet, ties.
NOT_ASKED = {
    "POST /personer",  # searches, and changes nothing
    "POST /personer/ny",
    "POST /personer/{id}/logga-ut",
    "POST /personer/{id}/band",
    "POST /personer/{id}/band/{tie}/ta-bort",
}


def an_hour_passes(database: Database) -> None:
    with database.writing() as session:
        for row in session.exec(select(SignIn)):
            row.confirmed = audit.now() - timedelta(hours=1)


def named(route: APIRoute) -> str:
    return f"{min(route.methods)} {route.path}"


def address(path: str) -> str:
    ids = {"id": SOMEBODY, "role": "inspector", "appointment": SOMEBODY, "format": "csv"}
    return path.format(**ids, inspection=SOMEBODY, number=1)


SOMEBODY = new_id()


def test_nothing_that_changes_somebodys_account_was_forgotten() -> None:
    changes = {
        named(each)
        for each in ROUTES
        if each.path.startswith("/personer") and "GET" not in each.methods
        if any(gate.permission is Permission.ADMINISTER for gate in gates(each))
    }
    assert changes - ASKED.keys() == NOT_ASKED


def test_it_is_asked_for_nothing_is_done_and_one_comes_back(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    an_hour_passes(database)
    before = _events(database)
    for which, back in ASKED.items():
        method, path = which.split()
        answer = client.request(method, address(path), follow_redirects=False)
        led = f"/konto/bekrafta?till={address(back or path)}"
        assert (answer.status_code, answer.headers["location"]) == (303, led), which
    assert _events(database) == before
    assert "Inget är gjort än" in client.get("/konto/bekrafta?till=/personer/lista").text
    typed = {"password": PASSWORD, "till": "/personer/lista"}
    assert client.post("/konto/bekrafta", data=typed).url.path == "/personer/lista"


def _events(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(Event.n)).all())


def test_what_was_typed_is_given_back_to_be_sent_once_it_is_shown(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    person = enrol(database, "alva@exempel.se")
    an_hour_passes(database)
    typed = {"name": "Alva Ny Exempel", "email": "ny@exempel.se"}
    answer = client.post(f"/personer/{person}", data=typed)
    assert (answer.status_code, "Bekräfta i en ny flik" in answer.text) == (403, True)
    for name, value in typed.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in answer.text
    assert f'action="/personer/{person}"' in answer.text
    with database.reading() as session:
        assert session.get_one(Person, person).email == "alva@exempel.se"
    client.post("/konto/bekrafta", data={"password": PASSWORD})
    client.post(f"/personer/{person}", data=typed)
    with database.reading() as session:
        assert session.get_one(Person, person).email == "ny@exempel.se"


def test_whoever_has_just_signed_in_is_not_asked(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    person = enrol(database, "alva@exempel.se")
    assert "/valkommen/" in client.post(f"/personer/{person}/lank").text


def test_who_may_not_is_told_of_nothing_to_confirm(database: Database, client: TestClient) -> None:
    enrol(database, "alva@exempel.se")
    sign_in(client, "alva@exempel.se", PASSWORD)
    an_hour_passes(database)
    for which in ASKED:
        method, path = which.split()
        assert client.request(method, address(path), follow_redirects=False).status_code == 404, which


def test_ones_own_data_are_taken_away_by_oneself_alone(database: Database, client: TestClient) -> None:
    enrol(database, "alva@exempel.se")
    sign_in(client, "alva@exempel.se", PASSWORD)
    an_hour_passes(database)
    answer = client.post("/konto/uppgifter", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/konto/bekrafta?till=/konto")
