"""Where one is signed in, for how long, and what asks for it to be shown once more that it is oneself."""

import re
from base64 import b32decode, urlsafe_b64decode
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app import audit
from app.accounts import actions, calendars, codes, confirm_pages, sessions
from app.accounts.sessions import FRESH, Limits
from app.accounts.viewer import Viewer
from app.accounts.whence import device
from app.config import Settings
from app.db import Database
from app.locked import Locker
from tests.accounts.entering import PASSWORD, enrol
from tests.accounts.soft_key import SoftKey, makes, shows
from tests.clients import a_client, sign_in
from tests.serving import SECRET

ALVA, NILS = "alva@exempel.se", "nils@exempel.se"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


def inside(client: TestClient) -> bool:
    return client.get("/konto", follow_redirects=False).status_code == 200


def later(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    now = audit.now() + passed
    monkeypatch.setattr(audit, "now", lambda: now)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (IPAD, "Safari på iPad"),
        (EDGE, "Edge på Windows"),
        (SAFARI, "Safari på Mac eller iPad"),
        (PHONE, "Chrome på Android"),
        (FIREFOX, "Firefox på Linux"),
        ("curl/8.1", ""),
        ("<script>alert(1)</script>" * 1000 + "Windows", "Windows"),
    ],
)
def test_a_device_is_told_in_a_few_words(said: str, words: str) -> None:
    assert device(said) == words


def test_one_sees_where_one_is_signed_in_and_ends_one(
    database: Database, database_url: str, client: TestClient
) -> None:
    enrol(database, ALVA)
    client.headers["user-agent"] = EDGE
    sign_in(client, ALVA, PASSWORD)
    with a_client(database_url) as tablet:
        tablet.headers["user-agent"] = IPAD
        sign_in(tablet, ALVA, PASSWORD)
        page = client.get("/konto").text
        assert page.index("Safari på iPad") < page.index("Edge på Windows") < page.index("den här enheten")
        assert page.count("med lösenord, senast sedd") == 2
        assert page.count('name="which"') == 1
        which = page.partition('name="which" value="')[2].partition('"')[0]
        assert client.post("/konto/inloggningar", data={"which": which}).status_code == 200
        assert (inside(tablet), inside(client)) == (False, True)
        led = tablet.get("/konto/losenord")
        assert str(led.url) == "https://localhost/logga-in?till=/konto/losenord"
    assert client.post("/konto/inloggningar", data={"which": which}).status_code == 200  # once more


@pytest.mark.parametrize("which", ["\x00", "", "x" * 10_000])
def test_an_odd_sign_in_ends_nothing(database: Database, client: TestClient, which: str) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    assert client.post("/konto/inloggningar", data={"which": which}).status_code == 200
    assert inside(client)


def test_nobody_ends_anothers_sign_in(database: Database, database_url: str, client: TestClient) -> None:
    enrol(database, ALVA)
    enrol(database, NILS, "Nils Påhitt")
    sign_in(client, ALVA, PASSWORD)
    with a_client(database_url) as nils:
        sign_in(nils, NILS, PASSWORD)
        nils.post("/konto/inloggningar", data={"which": sessions.hashed(client.cookies["__Host-sporra"])})
    assert inside(client)


def test_a_sign_in_lasts_as_long_as_the_settings_say() -> None:
    limits, now = Limits.of(Settings(sign_in_days=2, idle_days=1)), audit.now()
    hour = timedelta(hours=1)
    assert limits.hold(now - 47 * hour, now - 23 * hour)
    assert not limits.hold(now - 49 * hour, now)
    assert not limits.hold(now - 26 * hour, now - 25 * hour)
    assert Limits.of(Settings()) == Limits(timedelta(days=14), timedelta(days=3))


def test_what_has_run_out_is_out_at_once_and_not_told_of(
    database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    later(monkeypatch, timedelta(days=3, minutes=1))
    assert not inside(client)
    client.cookies.clear()  # as another browser, which ends nothing by signing in
    sign_in(client, ALVA, PASSWORD)
    assert client.get("/konto").text.count("senast sedd") == 1


def test_whatever_lets_somebody_in_is_random_enough(database: Database) -> None:
    """256 bits of what is kept as a plain hash, 160 of what codes are made from; a recovery code, kept as passwords
    are, has 59."""
    person = enrol(database, ALVA)
    with database.writing() as session:
        viewer = Viewer(person, "Alva", ())
        made = [sessions.start(session, person), actions.new_link(session, person=person, by=person)]
        made += [calendars.make(session, by=viewer)]
        secret = codes.begin(session, by=viewer, locker=Locker((SECRET,)))
    assert [len(urlsafe_b64decode(f"{each}=")) for each in made] == [32] * 3
    assert len(b32decode(secret)) == 20
    told, kept = codes.new_recovery_codes()
    assert {len(each.replace("-", "")) for each in told} == {12}
    assert len(set(told)) == len(set(kept)) == codes.HOW_MANY
    assert all(each.startswith("$argon2id$") for each in kept)


def test_a_password_is_masked_and_left_to_the_browsers_own_helper(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    asked = [client.get("/logga-in").text]
    sign_in(client, ALVA, PASSWORD)
    asked += [client.get("/konto/losenord").text]
    fields = [each for page in asked for each in re.findall(r"<input[^>]*>", page) if 'name="password"' in each]
    assert len(fields) == 2
    for field, helper in zip(fields, ("current-password", "new-password"), strict=True):
        assert 'type="password"' in field
        assert f'autocomplete="{helper}"' in field
        assert "maxlength" not in field
    assert 'action="/logga-ut"' in asked[1]


# ── Once more ─────────────────────────────────────────────────────────────────────────────

ASKS = ("/konto/losenord", "/konto/nyckel/ny", "/konto/nyckel?id=x", "/konto/koder")


def test_what_changes_how_one_signs_in_asks_once_more_and_leads_back(
    database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    later(monkeypatch, FRESH)
    for path in ASKS:
        asked = client.get(path)
        assert asked.url.path == "/konto/bekrafta", path
        sent = client.post(path, data={"does": "remove", "password": "x"}, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"].startswith("/konto/bekrafta?till=")) == (303, True), path
    wrong = client.post("/konto/bekrafta", data={"password": "fel", "till": ASKS[0]})
    assert (wrong.status_code, wrong.text.count(confirm_pages.WRONG)) == (422, 2)
    right = client.post("/konto/bekrafta", data={"password": PASSWORD, "till": ASKS[0]})
    assert (right.status_code, right.url.path) == (200, ASKS[0])
    assert client.get(ASKS[1]).url.path == ASKS[1]


def test_a_script_is_told_to_confirm(database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    later(monkeypatch, FRESH)
    answer = client.post("/konto/nyckel/ny/fraga", headers={"accept": "application/json"})
    assert (answer.status_code, "Bekräfta att det är du" in answer.text) == (403, True)


def test_one_confirms_with_a_key_too(database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    person, key = enrol(database, ALVA), SoftKey()
    sign_in(client, ALVA, PASSWORD)
    makes(client, key)
    later(monkeypatch, FRESH)
    assert client.get("/konto/koder").url.path == "/konto/bekrafta"
    assert shows(client, key, "/konto/bekrafta/nyckel", till="/konto/koder").json() == {"to": "/konto/koder"}
    assert client.get("/konto/koder").url.path == "/konto/koder"
    with database.reading() as session:
        confirmed = [each.details for each in audit.history(session, person) if each.action == "person:confirmed"]
    assert confirmed == [{"way": "passkey"}]


def test_one_is_led_back_within_the_site_alone(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    sent = {"password": PASSWORD, "till": "//elsewhere.example"}
    assert client.post("/konto/bekrafta", data=sent, follow_redirects=False).headers["location"] == "/konto"


def test_too_many_guesses_wait_there_too(database: Database, client: TestClient) -> None:
    enrol(database, ALVA)
    sign_in(client, ALVA, PASSWORD)
    answers = [client.post("/konto/bekrafta", data={"password": "fel"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert codes.WRONG not in client.get("/konto/bekrafta").text
