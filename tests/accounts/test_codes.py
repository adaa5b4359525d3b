"""Codes after the password: set up, asked for, good once; and recovery codes for the day the telephone is away."""

import re
from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from app import audit
from app.accounts import attempts, codes, pages
from app.accounts.actions import invite
from app.accounts.models import RecoveryCode, SecondFactor
from app.accounts.pending import HALF_LASTS
from app.accounts.viewer import OFFICE
from app.audit import Event
from app.config import Settings
from app.db import Database
from app.main import create_app
from tests.accounts.entering import PASSWORD, as_administrator, enrol
from tests.accounts.soft_key import SoftKey, makes, shows
from tests.clients import a_client, sign_in
from tests.serving import SECRET

ALVA = "alva@exempel.se"
STEP = timedelta(seconds=30)


class Phone:
    """An app for codes, and the ten that were shown beside it."""

    def __init__(self, secret: str) -> None:
        self.totp, self.recovery = pyotp.TOTP(secret.replace(" ", "")), []

    def code(self, after: timedelta = timedelta(0)) -> str:
        return self.totp.at(audit.now() + after)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """Time that passes when it is told to: a code must not change while a test looks at it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = audit.now()
        monkeypatch.setattr(audit, "now", lambda: self.now)

    def passes(self, time: timedelta) -> None:
        self.now += time


def begun(client: TestClient) -> Phone:
    page = client.post("/konto/koder", data={"does": "begin"}).text
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found, page
    return Phone(found[1])


def set_up(client: TestClient, clock: Clock) -> Phone:
    phone = begun(client)
    phone.recovery = shown(client.post("/konto/koder", data={"does": "confirm", "code": phone.code()}))
    clock.passes(STEP)  # the next code: the one that was shown is used
    return phone


def shown(page: Response) -> list[str]:
    found = re.findall(r"<code>([\w-]+)</code>", page.text)
    assert len(found) == codes.HOW_MANY, page.text
    return found


@pytest.fixture
def phone(database: Database, client: TestClient, clock: Clock) -> Phone:
    """Alva's, who has signed out."""
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    made = set_up(client, clock)
    client.post("/logga-ut")
    return made


def password(client: TestClient, typed: str = PASSWORD, till: str = "") -> Response:
    return client.post("/logga-in", data={"email": ALVA, "password": typed, "till": till})


def code(client: TestClient, typed: str, till: str = "") -> Response:
    return client.post("/logga-in/kod", data={"code": typed, "till": till}, follow_redirects=False)


def inside(client: TestClient) -> bool:
    return client.get("/konto", follow_redirects=False).status_code == 200


def test_a_code_is_asked_for_after_the_password_and_leads_on(client: TestClient, phone: Phone) -> None:
    asked = password(client, till="/konto")
    assert (asked.url.path, inside(client)) == ("/logga-in/kod", False)
    assert 'name="till" value="/konto"' in asked.text
    answer = code(client, f" {phone.code()[:3]} {phone.code()[3:]}", "/konto")
    assert (answer.status_code, answer.headers["location"]) == (303, "/konto")
    page = client.get("/konto").text
    assert "med lösenord och kod" in page
    assert "10 återställningskoder är kvar" in page


def test_it_holds_from_when_a_code_was_right(database: Database, client: TestClient, clock: Clock) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    phone = begun(client)
    wrong = client.post("/konto/koder", data={"does": "confirm", "code": "000000"})
    assert (wrong.status_code, wrong.text.count(codes.WRONG_NOW)) == (422, 2)
    assert phone.totp.secret in wrong.text.replace(" ", "")  # the same that is in the telephone by now
    client.post("/logga-ut")
    sign_in(client, ALVA, PASSWORD)  # nothing more is asked for
    shown(client.post("/konto/koder", data={"does": "confirm", "code": phone.code()}))
    assert begun_again_is_refused(client)
    clock.passes(STEP)


def begun_again_is_refused(client: TestClient) -> bool:
    """Nobody who finds the page open puts another telephone in the place of this one."""
    return (
        client.post("/konto/koder", data={"does": "begin"}).url.path == "/konto/koder"
        and "rester" in client.get("/konto/koder").text
    )


def test_a_code_is_good_once(client: TestClient, database_url: str, phone: Phone) -> None:
    typed = phone.code()
    password(client)
    assert code(client, typed).status_code == 303
    with a_client(database_url) as watcher:  # who saw both typed
        password(watcher)
        answer = code(watcher, typed)
        assert (answer.status_code, codes.WRONG in answer.text, inside(watcher)) == (422, True, False)


@pytest.mark.parametrize(("off", "good"), [(-2, False), (-1, False), (0, True), (1, True), (2, False)])
def test_a_clock_may_go_half_a_minute_wrong(client: TestClient, phone: Phone, off: int, good: bool) -> None:
    """One behind is the code that set it up, which has been used."""
    password(client)
    assert code(client, phone.code(off * STEP)).status_code == (303 if good else 422)


@pytest.mark.parametrize("typed", ["", "000000", "å" * 6, "\x00", "١٢٣٤٥٦", "0" * 100_000])
def test_what_is_no_code_is_told_so(client: TestClient, phone: Phone, typed: str) -> None:
    password(client)
    answer = code(client, typed)
    assert (answer.status_code, answer.text.count(codes.WRONG), inside(client)) == (422, 2, False)
    assert phone


def test_a_recovery_code_is_good_once(database: Database, client: TestClient, phone: Phone) -> None:
    typed = phone.recovery[3].upper().replace("-", " ")
    password(client)
    assert code(client, typed).status_code == 303
    page = client.get("/konto").text
    assert "9 återställningskoder är kvar" in page
    assert "med lösenord och återställningskod" in page
    client.post("/logga-ut")
    password(client)
    assert code(client, typed).status_code == 422
    with database.reading() as session:
        kept = [row.hash for row in session.exec(select(RecoveryCode))]
    assert all(each.startswith("$argon2id$") for each in kept)


def test_new_recovery_codes_end_the_old(client: TestClient, phone: Phone) -> None:
    password(client)
    code(client, phone.code())
    new = shown(client.post("/konto/koder", data={"does": "renew"}))
    client.post("/logga-ut")
    password(client)
    assert code(client, phone.recovery[0]).status_code == 422
    assert code(client, new[0]).status_code == 303


def test_without_the_password_nobody_is_asked_for_a_code(client: TestClient, phone: Phone) -> None:
    """Nor learns that one would be."""
    assert phone
    wrong = password(client, "fel")
    assert (wrong.status_code, wrong.url.path) == (422, "/logga-in")
    for late in (client.get("/logga-in/kod?till=/konto"), code(client, phone.code(), "/konto")):
        assert (late.status_code, late.text.count(pages.TOO_LATE)) == (422, 2)
        assert 'name="till" value="/konto"' in late.text


def test_the_second_step_is_the_browsers_that_took_the_first(
    client: TestClient, database_url: str, phone: Phone
) -> None:
    password(client)
    with a_client(database_url) as other:
        assert code(other, phone.code()).status_code == 422
        assert not inside(other)


def test_a_first_step_lasts_ten_minutes(client: TestClient, phone: Phone, clock: Clock) -> None:
    password(client)
    clock.passes(HALF_LASTS)
    assert pages.TOO_LATE in code(client, phone.code()).text


def test_a_first_step_ends_with_the_password_that_took_it(
    client: TestClient, database_url: str, phone: Phone, clock: Clock
) -> None:
    with a_client(database_url) as thief:
        password(thief)
        password(client)
        code(client, phone.code())
        client.post("/konto/losenord", data={"password": "ett helt annat", "again": "ett helt annat"})
        clock.passes(2 * STEP)
        assert code(thief, phone.code()).status_code == 422
        assert not inside(thief)


def test_guesses_are_limited_where_they_come_from_and_lock_out_nobody(
    client: TestClient, database_url: str, phone: Phone
) -> None:
    with a_client(database_url) as guesser:
        guesser._transport.client = ("192.0.2.1", 50000)  # type: ignore[attr-defined]
        guesser.app.state.attempts = client.app.state.attempts  # type: ignore[attr-defined]
        password(guesser)
        answers = [code(guesser, "000000") for _ in range(attempts.CODES.amount + 1)]
        assert [each.status_code for each in answers] == [422] * attempts.CODES.amount + [429]
        assert "Det blev många försök." in answers[-1].text
        assert code(guesser, phone.code()).status_code == 429
    password(client)
    assert code(client, phone.code()).status_code == 303


def test_guesses_from_many_networks_are_counted_together_and_a_recovery_code_is_good_all_the_same(
    client: TestClient, phone: Phone
) -> None:
    password(client)
    for n in range(attempts.GUESSES.amount):
        client._transport.client = (f"192.0.2.{n}", 50000)  # type: ignore[attr-defined]
        assert code(client, "000000").status_code == 422
    client._transport.client = ("192.0.2.250", 50000)  # type: ignore[attr-defined]
    assert code(client, phone.code()).status_code == 429
    assert code(client, phone.recovery[0]).status_code == 303


def test_a_wrong_code_is_recorded_without_it(database: Database, client: TestClient, phone: Phone) -> None:
    assert phone
    password(client)
    code(client, "000000")
    with database.reading() as session:
        [event] = session.exec(select(Event).where(Event.action == "person:sign_in_failed")).all()
    assert (event.by, event.details) == (audit.SYSTEM, {"reason": "code"})


def test_a_link_is_no_way_past_the_code(database: Database, client: TestClient, phone: Phone) -> None:
    with database.writing() as session:
        person = session.exec(select(SecondFactor.person)).one()
        link = f"/valkommen/{invite(session, by=OFFICE, person=person)}"
    assert "Skapa en nyckel" not in client.get(link).text
    assert makes(client, SoftKey(), f"{link}/nyckel").status_code == 422
    led = client.post(link, data={"password": "ett helt annat", "again": "ett helt annat"})
    assert (led.url.path, inside(client)) == ("/logga-in/kod", False)
    assert code(client, phone.code()).status_code == 303


def test_a_key_is_two_in_one(client: TestClient, phone: Phone) -> None:
    password(client)
    code(client, phone.code())
    key = SoftKey()
    makes(client, key)
    client.post("/logga-ut")
    assert shows(client, key).status_code == 200
    assert inside(client)


def test_confirming_asks_for_the_code_too(client: TestClient, phone: Phone, clock: Clock) -> None:
    password(client)
    code(client, phone.code())
    clock.passes(timedelta(hours=1))
    sent = {"password": PASSWORD, "till": "/konto/koder"}
    assert client.post("/konto/bekrafta", data=sent).status_code == 422
    assert client.post("/konto/bekrafta", data=sent | {"code": phone.code()}).url.path == "/konto/koder"


def test_one_turns_them_off_and_an_administrator_does_for_somebody_else(
    database: Database, database_url: str, client: TestClient, phone: Phone, clock: Clock
) -> None:
    password(client)
    code(client, phone.code())
    client.post("/konto/koder", data={"does": "off"})
    sign_in(client, ALVA, PASSWORD)
    set_up(client, clock)
    with database.reading() as session:
        person = session.exec(select(SecondFactor.person)).one()
    with a_client(database_url) as office:
        admin = as_administrator(office, database)
        assert "Stäng av koderna" in office.get(f"/personer/{person}").text
        assert "Stäng av koderna" not in office.post(f"/personer/{person}/koder").text
    sign_in(client, ALVA, PASSWORD)
    with database.reading() as session:
        done = [each.by for each in audit.history(session, person) if each.action == "person:codes_off"]
        assert session.exec(select(RecoveryCode)).all() == []
    assert done == [person, admin.id]


def test_the_secret_does_not_lie_open_and_follows_a_new_one(
    database: Database, database_url: str, client: TestClient, phone: Phone, clock: Clock
) -> None:
    def kept() -> str:
        with database.reading() as session:
            return session.exec(select(SecondFactor.secret)).one()

    def restarted(*secrets: str) -> TestClient:
        app = create_app(Settings(database_url, secrets=secrets))
        return TestClient(app, base_url="https://localhost", headers={"sec-fetch-site": "same-origin"})

    before, new = kept(), SECRET[::-1]
    assert phone.totp.secret not in before
    with restarted(new, SECRET) as client:
        password(client)
        assert code(client, phone.code()).status_code == 303
    assert kept() != before
    clock.passes(STEP)
    with restarted(new) as client:  # the old one is needed no more
        password(client)
        assert code(client, phone.code()).status_code == 303
    clock.passes(STEP)
    with restarted(SECRET) as client:  # and opens nothing
        password(client)
        assert codes.CHANGED in code(client, phone.code()).text
        assert code(client, phone.recovery[0]).status_code == 303
