"""Passkeys: made, used and removed; and whatever is wrong about an answer lets nobody in."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import audit
from app.accounts import attempts, passkey_site, passkeys, pending
from app.accounts.actions import invite
from app.accounts.models import Passkey, Person, SignIn
from app.accounts.passkey_pages import SPENT
from app.accounts.pending import Pending
from app.accounts.viewer import OFFICE
from app.audit import Event
from app.config import Settings
from app.db import Database
from app.main import create_app
from tests.accounts.entering import PASSWORD, an_administrator, enrol
from tests.accounts.soft_key import MADE, PRESENT, SoftKey, makes, question, send, shows
from tests.clients import a_client, sign_in

ALVA, NILS = "alva@exempel.se", "nils@exempel.se"


def inside(client: TestClient) -> bool:
    return client.get("/konto", follow_redirects=False).status_code == 200


def told(answer: object) -> str:
    return str(answer.json()["error"]["told"])  # type: ignore[attr-defined]


@pytest.fixture
def key(database: Database, client: TestClient) -> SoftKey:
    """Alva's, made on her account's page; she has signed out."""
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    made = SoftKey()
    answer = makes(client, made, name="Plattan hemma")
    assert answer.json() == {"to": "/konto?klart=nyckel#nycklar"}
    client.post("/logga-ut")
    return made


def test_a_key_is_named_listed_and_lets_one_in_without_an_address(client: TestClient, key: SoftKey) -> None:
    answer = shows(client, key, till="/konto")
    assert (answer.status_code, answer.json()) == (200, {"to": "/konto"})
    assert "__Host-sporra=" in answer.headers["set-cookie"]
    page = client.get("/konto").text
    assert "Plattan hemma" in page
    assert ", använd kl. " in page
    assert "med nyckel, senast sedd" in page


def test_signing_in_with_a_key_is_noted_as_such(database: Database, client: TestClient, key: SoftKey) -> None:
    shows(client, key)
    with database.reading() as session:
        [signed_in] = session.exec(select(SignIn)).all()
        done = [(each.action, each.details) for each in audit.history(session, signed_in.person)]
    assert signed_in.way == "passkey"
    assert done[-1] == ("person:signed_in", {"way": "passkey"})
    assert ("person:passkey_added", {}) in done


def test_an_answer_is_good_once(client: TestClient, key: SoftKey) -> None:
    answer = key.get(question(client, "/logga-in/nyckel"))
    assert send(client, "/logga-in/nyckel", answer).status_code == 200
    client.post("/logga-ut")
    again = send(client, "/logga-in/nyckel", answer)
    assert (again.status_code, told(again), inside(client)) == (422, passkey_site.TOO_LATE, False)


def test_an_answer_comes_from_the_browser_that_was_asked(client: TestClient, key: SoftKey) -> None:
    answer = key.get(question(client, "/logga-in/nyckel"))
    client.cookies.clear()
    question(client, "/logga-in/nyckel")  # as another browser
    other = send(client, "/logga-in/nyckel", answer)
    assert (other.status_code, told(other), inside(client)) == (422, passkey_site.TOO_LATE, False)


def test_a_challenge_lasts_five_minutes(client: TestClient, key: SoftKey, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = key.get(question(client, "/logga-in/nyckel"))
    later = audit.now() + pending.CHALLENGE_LASTS
    monkeypatch.setattr(audit, "now", lambda: later)
    late = send(client, "/logga-in/nyckel", answer)
    assert (late.status_code, told(late)) == (422, passkey_site.TOO_LATE)


def test_a_challenge_is_for_what_it_was_asked_for(client: TestClient, key: SoftKey) -> None:
    """One for confirming signs nobody in, and the other way round."""
    sign_in(client, ALVA, PASSWORD)
    asked = question(client, "/konto/bekrafta/nyckel")
    assert told(send(client, "/logga-in/nyckel", key.get(asked))) == passkey_site.TOO_LATE
    asked = question(client, "/logga-in/nyckel")
    assert told(send(client, "/konto/bekrafta/nyckel", key.get(asked))) == passkey_site.TOO_LATE


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"origin": "https://localhost.elsewhere.example"}, passkeys.NOT_RIGHT),
        ({"origin": "http://localhost"}, passkeys.NOT_RIGHT),
        ({"host": "elsewhere.example"}, passkeys.NOT_RIGHT),
        ({"flags": PRESENT}, passkeys.NOT_RIGHT),  # nobody showed a finger
        ({"flags": 0x04}, passkeys.NOT_RIGHT),
        ({"_key": SoftKey()._key}, passkeys.NOT_RIGHT),
        ({"id": b"x" * 32}, passkeys.UNKNOWN),
        ({"user": b"somebody else"}, passkeys.UNKNOWN),
    ],
    ids=lambda wrong: "-".join(wrong) if isinstance(wrong, dict) else "",
)
def test_what_is_wrong_lets_nobody_in(client: TestClient, key: SoftKey, wrong: dict[str, object], says: str) -> None:
    for name, value in wrong.items():
        setattr(key, name, value)
    answer = shows(client, key)
    assert (answer.status_code, told(answer), inside(client)) == (422, says, False)


@pytest.mark.parametrize(
    "odd",
    [{}, {"id": 1}, {"response": {}}, {"response": {"clientDataJSON": "!"}}, {"response": {"clientDataJSON": "e30"}}],
)
def test_what_is_no_answer_is_told_so(client: TestClient, odd: dict[str, object]) -> None:
    answer = send(client, "/logga-in/nyckel", odd)
    assert (answer.status_code, told(answer)) == (422, passkeys.NOT_RIGHT)


def test_a_failed_try_is_recorded_without_what_was_sent(database: Database, client: TestClient, key: SoftKey) -> None:
    key.origin = "https://elsewhere.example"
    shows(client, key)
    with database.reading() as session:
        [event] = session.exec(select(Event).where(Event.action == "person:sign_in_failed")).all()
        person = session.exec(select(Person.id).where(Person.email == ALVA)).one()
    assert (event.by, event.subject, event.details) == (audit.SYSTEM, person, {"reason": "key"})


def test_a_key_holds_for_the_host_that_it_was_made_for(client: TestClient, key: SoftKey) -> None:
    """Whoever says another host in the request is asked for another host's key, and this one is none."""
    forged = {"host": "elsewhere.example"}
    client.base_url = "https://elsewhere.example"  # type: ignore[assignment]
    key.host, key.origin = "elsewhere.example", "https://elsewhere.example"  # as if its browser had been led there
    asked = client.post("/logga-in/nyckel/fraga", headers=forged).json()
    assert asked["rpId"] == "elsewhere.example"
    answer = send(client, "/logga-in/nyckel", key.get(asked))
    assert (answer.status_code, told(answer)) == (422, passkeys.UNKNOWN)


def test_the_address_in_the_settings_goes_before_what_a_request_says(database_url: str) -> None:
    app = create_app(Settings(database_url, public="https://sporra.example"))
    with TestClient(app, base_url="https://elsewhere.example", headers={"sec-fetch-site": "same-origin"}) as client:
        assert client.post("/logga-in/nyckel/fraga").json()["rpId"] == "sporra.example"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://sporra.example:8443", passkeys.Site("sporra.example", "https://sporra.example:8443")),
        ("http://localhost:8000", passkeys.Site("localhost", "http://localhost:8000")),
        ("http://sporra.example", None),
        ("https://10.0.0.5", None),
        ("https://[::1]:8443", None),
        ("https://", None),
    ],
)
def test_keys_need_a_name_and_encryption_or_this_machine(address: str, site: passkeys.Site | None) -> None:
    assert passkeys.site(address) == site


def test_a_copied_key_is_stopped_and_says_so(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    key = SoftKey(counts=True, count=7)
    makes(client, key, name="Plattan")
    assert shows(client, key).status_code == 200
    key.count -= 1  # its copy was used meanwhile
    client.post("/logga-ut")
    answer = shows(client, key)
    assert (answer.status_code, told(answer), inside(client)) == (422, passkeys.COPIED, False)
    key.count += 10
    assert told(shows(client, key)) == passkeys.COPIED  # and stays stopped
    sign_in(client, ALVA, PASSWORD)
    assert "Stoppad" in client.get("/konto").text
    with database.reading() as session:
        person = session.exec(select(Person.id).where(Person.email == ALVA)).one()
        stopped = [each for each in audit.history(session, person) if each.action == "person:passkey_stopped"]
    assert len(stopped) == 1


def test_nobody_stops_anothers_key_with_a_low_count(client: TestClient, database: Database, key: SoftKey) -> None:
    with database.writing() as session:
        session.exec(select(Passkey)).one().count = 5
    right, key._key = key._key, SoftKey()._key  # no signature that is right
    assert told(shows(client, key)) == passkeys.NOT_RIGHT
    key._key, key.counts, key.count = right, True, 5
    assert shows(client, key).status_code == 200


def test_somebody_elses_key_confirms_nothing(database: Database, client: TestClient, key: SoftKey) -> None:
    enrol(database, NILS, "Nils Påhitt")
    sign_in(client, NILS, PASSWORD)
    answer = shows(client, key, "/konto/bekrafta/nyckel")
    assert (answer.status_code, told(answer)) == (422, passkeys.OTHERS)


def test_a_key_that_is_there_is_made_for_nobody_else(database: Database, client: TestClient, key: SoftKey) -> None:
    enrol(database, NILS, "Nils Påhitt")
    sign_in(client, NILS, PASSWORD)
    answer = makes(client, key)
    assert (answer.status_code, told(answer)) == (422, passkeys.THERE)


def test_a_key_that_verified_nobody_is_not_kept(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    answer = makes(client, SoftKey(flags=PRESENT | MADE))
    assert (answer.status_code, told(answer)) == (422, passkeys.NOT_RIGHT)


def test_the_browser_is_told_which_keys_there_are(client: TestClient, key: SoftKey) -> None:
    shows(client, key)
    [known] = question(client, "/konto/nyckel/ny")["excludeCredentials"]
    assert known["id"] == key.get({"challenge": "x"})["id"]


def test_a_closed_account_and_one_from_elsewhere_do_not_get_in(
    database: Database, client: TestClient, key: SoftKey
) -> None:
    with database.writing() as session:
        session.exec(select(Person)).one().demo = True
    client._transport.client = ("192.0.2.1", 50000)  # type: ignore[attr-defined]
    assert told(shows(client, key)) == passkeys.UNKNOWN
    with database.writing() as session:
        person = session.exec(select(Person)).one()
        person.demo, person.closed = False, True
    assert told(shows(client, key)) == passkeys.UNKNOWN


def test_whoever_asks_for_ever_is_asked_to_wait_and_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST", 10)
    waiting: Pending[int] = Pending(timedelta(minutes=1))
    tokens = [waiting.begin(n) for n in range(11)]
    assert [waiting.look(each) for each in tokens] == [None, *range(1, 11)]
    counted = attempts.Attempts()
    tries = [counted.until_challenge("192.0.2.1") for _ in range(attempts.CHALLENGES.amount + 1)]
    assert [until is None for until in tries] == [True] * attempts.CHALLENGES.amount + [False]


def test_a_browser_does_not_choose_what_is_remembered_of_it(client: TestClient) -> None:
    client.cookies.set("__Host-sporra-browser", "b" * 60_000)
    for _ in range(2):
        client.post("/logga-in/nyckel/fraga")
        names = {challenge.browser for _, challenge in client.app.state.challenges._waiting.values()}  # type: ignore[attr-defined]
        assert {len(name) for name in names} == {passkey_site.NAMED}
    client.cookies.clear()


# ── The first one ─────────────────────────────────────────────────────────────────────────


def a_link(database: Database, person: str) -> str:
    with database.writing() as session:
        return f"/valkommen/{invite(session, by=OFFICE, person=person)}"


def test_a_link_gives_a_first_key_and_no_password(database: Database, client: TestClient) -> None:
    person = an_administrator(database).id
    with database.writing() as session:
        session.get_one(Person, person).password = None
    link, key = a_link(database, person), SoftKey()
    assert "Skapa en nyckel på den här enheten" in client.get(link).text
    assert makes(client, key, f"{link}/nyckel").json() == {"to": "/"}
    assert inside(client)
    client.post("/logga-ut")
    assert shows(client, key).status_code == 200
    assert "inte loggat in än" not in client.get(f"/personer/{person}").text
    assert client.get(link).status_code == 410
    used = client.post(f"{link}/nyckel/fraga", headers={"accept": "application/json"})
    assert (used.status_code, told(used)) == (422, SPENT)


def test_of_two_who_answer_to_one_link_one_gets_in(database: Database, client: TestClient) -> None:
    link = a_link(database, enrol(database, ALVA))
    first, second = SoftKey(), SoftKey()
    asked = [question(client, f"{link}/nyckel") for _ in range(2)]
    assert send(client, f"{link}/nyckel", first.create(asked[0])).status_code == 200
    late = send(client, f"{link}/nyckel", second.create(asked[1]))
    assert (late.status_code, told(late)) == (422, SPENT)
    with database.reading() as session:
        assert len(session.exec(select(Passkey)).all()) == 1


def test_a_key_made_with_a_link_takes_the_old_passwords_place(
    database: Database, database_url: str, client: TestClient
) -> None:
    person = enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    with a_client(database_url) as other:
        makes(other, SoftKey(), f"{a_link(database, person)}/nyckel")
        assert inside(other)
    assert not inside(client)  # signed out everywhere else
    answer = client.post("/logga-in", data={"email": ALVA, "password": PASSWORD})
    assert answer.status_code == 422


# ── The last one ──────────────────────────────────────────────────────────────────────────


def removal(client: TestClient, database: Database) -> object:
    with database.reading() as session:
        id = session.exec(select(Passkey.id).order_by(Passkey.made)).first()  # type: ignore[arg-type]
    return client.post(f"/konto/nyckel?id={id}", data={"does": "remove"})


def test_the_last_way_in_is_not_removed(database: Database, client: TestClient) -> None:
    person, first, second = enrol(database, ALVA), SoftKey(), SoftKey()
    makes(client, first, f"{a_link(database, person)}/nyckel")
    kept = removal(client, database)
    assert (kept.status_code, passkeys.LAST in kept.text) == (422, True)  # type: ignore[attr-defined]
    makes(client, second)
    gone = removal(client, database)
    assert "Nyckeln är borttagen." in gone.text  # type: ignore[attr-defined]
    client.post("/logga-ut")
    assert told(shows(client, first)) == passkeys.UNKNOWN
    assert shows(client, second).status_code == 200
    client.post("/konto/losenord", data={"password": PASSWORD, "again": PASSWORD})
    assert "Nyckeln är borttagen." in removal(client, database).text  # type: ignore[attr-defined]


def test_a_key_is_renamed_and_another_persons_is_not_there(
    database: Database, database_url: str, client: TestClient, key: SoftKey
) -> None:
    id = key.get({"challenge": "x"})["id"]
    shows(client, key)
    client.post(f"/konto/nyckel?id={id}", data={"does": "rename", "name": " Paddan  i köket "})
    assert "Paddan i köket" in client.get("/konto").text
    assert client.post(f"/konto/nyckel?id={id}", data={"does": "rename", "name": " "}).status_code == 422
    enrol(database, NILS, "Nils Påhitt")
    with a_client(database_url) as nils:
        sign_in(nils, NILS, PASSWORD)
        for ask in (nils.get, nils.post):
            assert ask(f"/konto/nyckel?id={id}", follow_redirects=False).headers["location"] == "/konto#nycklar"
    assert "Paddan i köket" in client.get("/konto").text
