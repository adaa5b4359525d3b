"""Signing in: who gets in, who does not, and what nobody learns from it."""

from datetime import timedelta

import httpx2
import pytest
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from app import audit
from app.accounts import attempts, passwords, sessions
from app.accounts.models import Person, SignIn
from app.accounts.signing_in import NOBODY
from app.accounts.whence import network
from app.audit import SYSTEM, Event
from app.config import MOST_DAYS
from app.db import Database
from tests.accounts.entering import PASSWORD, enrol
from tests.clients import a_client, sign_in

ALVA = "alva@exempel.se"


def attempt(client: TestClient, email: str = ALVA, password: str = PASSWORD, **more: object) -> httpx2.Response:
    data = {"email": email, "password": password, "till": more.pop("till", "")}
    return client.post("/logga-in", data=data, follow_redirects=False, **more)


def inside(client: TestClient) -> bool:
    return client.get("/konto", follow_redirects=False).status_code == 200


def test_a_right_password_lets_one_in_and_signing_out_ends_it(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    answer = attempt(client, " Alva@Exempel.se ")
    attributes = answer.headers["set-cookie"].split("; ")
    assert attributes[0].startswith("__Host-sporra=")
    assert sorted(attributes[1:]) == ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=lax", "Secure"]
    assert inside(client)
    token = client.cookies["__Host-sporra"]
    client.post("/logga-ut")
    assert not inside(client)
    client.cookies.set("__Host-sporra", token, domain="localhost.local")  # whoever kept a copy is out as well
    assert not inside(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    wrong, unknown = attempt(client, ALVA, "fel"), attempt(client, "nils@exempel.se", "fel")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.replace(ALVA, "…") == unknown.text.replace("nils@exempel.se", "…")
    assert f'value="{ALVA}"' in wrong.text
    assert "set-cookie" not in wrong.headers


def test_a_failed_attempt_is_recorded_without_what_was_typed(database: Database, client: TestClient) -> None:
    person = enrol(database, ALVA)
    attempt(client, ALVA, "fel lösenord")
    attempt(client, "hemlig@exempel.se", "fel lösenord")
    with database.reading() as session:
        events = session.exec(select(Event).where(Event.action == "person:sign_in_failed").order_by(Event.n)).all()
    told = [(each.by, each.subject, each.details) for each in events]
    assert told == [(SYSTEM, person, {"reason": "password"}), (SYSTEM, NOBODY, {"reason": "unknown"})]


@pytest.mark.parametrize("email", ["\x00", "a\x00@exempel.se", "å" * 10_000, "' OR 1=1 --", ""])
def test_an_odd_address_is_nobodys(client: TestClient, email: str) -> None:
    assert attempt(client, email).status_code == 422


def test_a_sign_in_that_is_taken_back_ends_at_once(database: Database, client: TestClient) -> None:
    person = enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    with database.writing() as session:
        sessions.end_all(session, by=SYSTEM, person=person)
    assert not inside(client)


def test_a_closed_account_neither_gets_in_nor_stays_in(database: Database, client: TestClient) -> None:
    person = enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    with database.writing() as session:
        session.get_one(Person, person).closed = True
    assert not inside(client)
    assert attempt(client).status_code == 422


def test_a_planted_cookie_is_never_adopted_and_the_old_one_ends(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    client.cookies.set("__Host-sporra", "planted", domain="localhost.local")
    sign_in(client, ALVA, PASSWORD)
    first = client.cookies["__Host-sporra"]
    sign_in(client, ALVA, PASSWORD)
    with database.reading() as session:
        tokens = session.exec(select(SignIn.token)).all()
    assert tokens == [sessions.hashed(client.cookies["__Host-sporra"])]
    assert len({"planted", first, client.cookies["__Host-sporra"]}) == 3


def test_too_many_attempts_wait_also_with_the_right_password(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    enrol(database, "nils@exempel.se")
    for _ in range(attempts.FOR_ONE.amount):
        assert attempt(client, ALVA, "fel").status_code == 422
    stopped = attempt(client)
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["retry-after"]) <= attempts.FOR_ONE.get_expiry()
    assert "Det blev många försök. Vänta till" in stopped.text
    assert f'value="{ALVA}"' in stopped.text
    sign_in(client, "nils@exempel.se", PASSWORD)  # a colleague behind the same address is not locked out


def test_slips_of_the_finger_are_forgotten_after_a_right_password(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    for _ in range(3):
        for _ in range(attempts.FOR_ONE.amount - 1):
            attempt(client, ALVA, "fel")
        sign_in(client, ALVA, PASSWORD)


def test_one_address_has_a_limit_for_all_accounts_together() -> None:
    counted = attempts.Attempts()
    tries = [counted.until(f"{n}@exempel.se", "192.0.2.1") for n in range(attempts.FROM_ONE.amount + 1)]
    assert [until is None for until in tries] == [True] * attempts.FROM_ONE.amount + [False]


def test_whoever_tries_for_ever_with_endless_addresses_fills_no_memory() -> None:
    counted = attempts.Attempts()
    for n in range(attempts.FROM_ONE.amount + 100):
        counted.until(f"{n}" + "a" * 10_000, "192.0.2.1")
    kept = counted._window.storage.events  # type: ignore[attr-defined]
    assert len(kept) <= attempts.FROM_ONE.amount + 1
    assert max(map(len, kept)) < 1_000
    assert counted.until("0@exempel.se", "192.0.2.2") is None
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2:ffff::") != network("2001:db8:1:3::")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") != network("::ffff:192.0.2.2")


@pytest.mark.parametrize(
    ("address", "headers", "let_in"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("192.0.2.1", {}, False),
        ("testclient", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, False),
        ("127.0.0.1", {"x-forwarded-proto": "https"}, False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False),
    ],
)
def test_a_demonstration_account_signs_in_from_this_machine_alone(
    database: Database, database_url: str, address: str, headers: dict[str, str], let_in: bool
) -> None:
    enrol(database, ALVA, demo=True)
    with a_client(database_url) as client:
        client._transport.client = (address, 50000)
        answer, wrong = attempt(client, headers=headers), attempt(client, ALVA, "fel", headers=headers)
    assert answer.status_code == (303 if let_in else 422)
    assert let_in or answer.text == wrong.text


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/personer?sok=alva", "/personer?sok=alva"),
        ("", "/"),
        ("konto", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("\\\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("/\n/elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        (" //elsewhere.example", "/"),
        ("/konto\r\nset-cookie: a=b", "/"),
    ],
)
def test_one_is_led_back_within_the_site_alone(
    database: Database, client: TestClient, asked: str, goes_to: str
) -> None:
    enrol(database, ALVA)
    assert attempt(client, till=asked).headers["location"] == goes_to


def test_whoever_is_signed_out_comes_back_to_where_they_were(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    led = client.get("/konto/losenord")
    assert str(led.url) == "https://localhost/logga-in?till=/konto/losenord"
    assert 'name="till" value="/konto/losenord"' in led.text


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(database: Database, client: TestClient) -> None:
    person = enrol(database, ALVA)
    old = Argon2Hasher(memory_cost=8_192, time_cost=1, parallelism=1).hash(PASSWORD)
    with database.writing() as session:
        session.get_one(Person, person).password = old
    sign_in(client, ALVA, PASSWORD)
    with database.reading() as session:
        renewed = session.get_one(Person, person).password
    assert renewed
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(PASSWORD, renewed) == (True, None)


def test_letters_are_the_same_however_a_keyboard_sends_them() -> None:
    assert passwords.verify("a\u030angstro\u0308mmen", passwords.hashed("ångströmmen")) == (True, None)


def test_signing_in_stands_in_the_persons_history(database: Database, client: TestClient) -> None:
    person = enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    client.post("/logga-ut")
    with database.reading() as session:
        done = [event.action for event in audit.history(session, person)]
    assert done[-2:] == ["person:signed_in", "person:signed_out"]


def test_a_form_in_a_charset_that_can_hold_what_no_text_can_is_refused(client: TestClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = "multipart/form-data; charset=unicode_escape; boundary=x"
    answer = client.post("/logga-in", content=body, headers={"content-type": kind})
    assert (answer.status_code, "Något kom inte fram helt." in answer.text) == (400, True)


def test_a_sign_in_that_has_run_out_is_cleared_away_by_the_next(database: Database) -> None:
    person = enrol(database, ALVA)
    with database.writing() as session:
        old = sessions.start(session, person)
        session.get_one(SignIn, sessions.hashed(old)).since = audit.now() - timedelta(days=MOST_DAYS + 1)
    with database.writing() as session:
        new = sessions.start(session, person)
    with database.reading() as session:
        assert [row.token for row in session.exec(select(SignIn))] == [sessions.hashed(new)]
