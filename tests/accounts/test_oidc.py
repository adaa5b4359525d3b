"""What is believed of a provider: a real one, and one that lies, says too much, or says nothing."""

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from app.accounts import oidc
from app.accounts.oidc import Connection
from app.accounts.providers import Away, Provider, Refused, read
from tests.accounts.providers import OURS, PASSWORD, SECRET, Told, misbehaving, real, say, told

STATE, BROWSER = "the state", "what the browser keeps"


@pytest.fixture
def liar() -> Iterator[Told]:
    with misbehaving() as made:
        yield made


@pytest.fixture
def connection(liar: Told, tmp_path: Path) -> Connection:
    return connected(liar, tmp_path)


def connected(liar: Told, folder: Path, patience: float = oidc.PATIENCE, **more: Any) -> Connection:
    [provider] = read(told(folder, liar.issuer, **more), {}, OURS)
    return Connection(provider, patience)


def asked_for(connection: Connection, secret: str = BROWSER) -> dict[str, str]:
    """What the browser is sent out with."""
    query = parse_qs(urlsplit(connection.way_out(STATE, secret)).query)
    return {name: value for name, [value] in query.items()}


def subject(connection: Connection, liar: Told) -> str:
    liar.nonce = asked_for(connection)["nonce"]
    return connection.shown("the code", BROWSER).subject


# ── A real one ────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    folder = tmp_path_factory.mktemp("provider")
    with real(folder, "https://localhost/logga-in/via/exempel/tillbaka") as issuer:
        [made] = read(told(folder, issuer), {}, OURS)
        yield made


def coming_back(address: str) -> dict[str, str]:
    """Somebody signs in there, and is led back here with this."""
    with httpx2.Client(follow_redirects=True) as browser:
        shown = browser.get(address)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
        form = {**fields, "username": "alva", "password": PASSWORD}
        answer = browser.post(str(shown.url), data=form, follow_redirects=False)
    assert answer.headers["location"].startswith("https://localhost/logga-in/via/exempel/tillbaka?")
    return {name: value for name, [value] in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_a_real_provider_says_who_it_is(provider: Provider) -> None:
    connection = Connection(provider)
    back = coming_back(connection.way_out(STATE, BROWSER))
    assert back["state"] == STATE
    assert connection.shown(back["code"], BROWSER).subject == "alva"
    with pytest.raises(Refused):  # a code is good once
        connection.shown(back["code"], BROWSER)


def test_a_code_that_was_meant_for_another_browser_is_refused_by_the_provider_itself(provider: Provider) -> None:
    connection = Connection(provider)
    code = coming_back(connection.way_out(STATE, BROWSER))["code"]
    with pytest.raises(Refused, match="code"):
        connection.shown(code, "another browser's")


# ── How one is sent out ───────────────────────────────────────────────────────────────────


def test_one_is_sent_out_with_pkce_a_nonce_and_as_little_else_as_there_can_be(
    connection: Connection, liar: Told
) -> None:
    sent = asked_for(connection)
    challenge, nonce = sent.pop("code_challenge"), sent.pop("nonce")
    assert sent == {
        "client_id": "sporra",
        "code_challenge_method": "S256",
        "redirect_uri": "https://localhost/logga-in/via/exempel/tillbaka",
        "response_type": "code",
        "scope": "openid",
        "state": STATE,
    }
    other = asked_for(connection, "another browser's")
    assert {challenge, nonce} & {other["code_challenge"], other["nonce"]} == set()
    assert subject(connection, liar) == "alva"
    [form] = liar.forms
    shown = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest())
    assert shown.decode().rstrip("=") == challenge
    assert nonce not in form["code_verifier"][0]


def test_what_a_provider_says_of_itself_is_asked_for_once(connection: Connection, liar: Told) -> None:
    for _ in range(3):
        assert subject(connection, liar) == "alva"
    assert sorted(set(liar.asked)) == ["/.well-known/openid-configuration", "/keys", "/token"]
    assert (liar.asked.count("/keys"), liar.asked.count("/.well-known/openid-configuration")) == (1, 1)


def test_the_secret_goes_as_the_provider_takes_it(liar: Told, tmp_path: Path) -> None:
    liar.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert subject(connected(liar, tmp_path), liar) == "alva"
    assert liar.forms[-1]["client_secret"] == [SECRET]
    assert SECRET not in repr(connected(liar, tmp_path).provider)


# ── What is not believed ──────────────────────────────────────────────────────────────────

NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody-else"},
    "another audience, for us": {"aud": "somebody-else", "azp": "sporra"},
    "others besides us, and for them": {"aud": ["sporra", "somebody-else"], "azp": "somebody-else"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "expired": {"exp": NOW - 3600},
    "never expires": {"exp": None},
    "expires when it wishes": {"exp": "later"},
    "expires never at all": {"exp": float("nan")},
    "from tomorrow": {"nbf": NOW + 86_400},
    "made tomorrow": {"iat": NOW + 86_400},
    "nobody": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number": {"sub": 7},
    "a list": {"sub": ["alva"]},
    "an endless subject": {"sub": "a" * 256},
    "a subject that cannot be kept": {"sub": "a\x00"},
    "another access token": {"at_hash": "x"},
    "signed in there when it wishes": {"auth_time": "now"},
    "signed in there never at all": {"auth_time": float("nan")},
    "signed in there before time began": {"auth_time": -1e300},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_in_a_token_is_refused(connection: Connection, liar: Told, lie: dict[str, Any]) -> None:
    liar.claims = lie
    with pytest.raises(Refused):
        subject(connection, liar)


def _unsigned(liar: Told) -> str:
    _, body, _ = liar.token().split(".")
    return f"{_part({'alg': 'none'})}.{body}."


def _by_a_stranger(liar: Told) -> str:
    own, liar.key = liar.key, ECKey.generate_key("P-256", {"kid": liar.key.kid})
    made, liar.key = liar.token(), own
    return made


def _with_the_public_key_as_a_secret(liar: Told) -> str:
    secret = OctKey.import_key(json.dumps(liar.public[0]))
    claims = json.loads(base64.urlsafe_b64decode(liar.token().split(".")[1] + "=="))
    return jwt.encode({"alg": "HS256", "kid": liar.key.kid}, claims, secret, algorithms=["HS256"])


def _changed(liar: Told) -> str:
    head, _, signature = liar.token().split(".")
    return f"{head}.{_part({'iss': liar.issuer, 'sub': 'nils'})}.{signature}"


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("forged", [_unsigned, _by_a_stranger, _with_the_public_key_as_a_secret, _changed])
def test_a_forged_token_is_refused(connection: Connection, liar: Told, forged: Callable[[Told], str]) -> None:
    liar.nonce = asked_for(connection)["nonce"]
    liar.instead["/token"] = say(json.dumps({"access_token": "x", "id_token": forged(liar)}).encode())
    with pytest.raises(Refused):
        connection.shown("the code", BROWSER)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d.e", None, 7, [], {}])
def test_what_is_no_token_is_refused(connection: Connection, liar: Told, token: object) -> None:
    liar.instead["/token"] = say(json.dumps({"access_token": "x", "id_token": token}).encode())
    with pytest.raises(Refused):
        subject(connection, liar)


def test_only_as_strong_a_sign_in_as_is_asked_for_will_do(liar: Told, tmp_path: Path) -> None:
    connection = connected(liar, tmp_path, acr=["loa3", "loa4"])
    assert asked_for(connection)["acr_values"] == "loa3 loa4"
    for acr in (None, "loa2", ["loa3"]):
        liar.claims = {"acr": acr}
        with pytest.raises(Refused, match="acr"):
            subject(connection, liar)
    liar.claims = {"acr": "loa4"}
    assert subject(connection, liar) == "alva"


# ── Keys ──────────────────────────────────────────────────────────────────────────────────


def test_a_new_key_is_fetched_and_an_unknown_one_asked_for_once_a_minute(
    connection: Connection, liar: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert subject(connection, liar) == "alva"
    liar.key = ECKey.generate_key("P-256", auto_kid=True)
    with pytest.raises(Refused):  # asked for a moment ago
        subject(connection, liar)
    later = time.monotonic() + oidc.AGAIN + 1
    monkeypatch.setattr(oidc, "monotonic", lambda: later)
    for _ in range(3):
        with pytest.raises(Refused):  # signed with what the provider does not call its own
            subject(connection, liar)
    assert liar.asked.count("/keys") == 2
    liar.public.append(liar.key.as_dict(private=False))
    later += oidc.AGAIN + 1
    assert subject(connection, liar) == "alva"
    assert liar.asked.count("/keys") == 3


def test_keys_that_we_cannot_use_hide_none_that_we_can(connection: Connection, liar: Told) -> None:
    liar.public = [{"kty": "AKP", "kid": "x"}, "x", {"kty": "oct", "k": "AAAA"}, *liar.public]
    assert subject(connection, liar) == "alva"


# ── When it is away, or might as well be ──────────────────────────────────────────────────


def _drip(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b" ")


AWAY: dict[str, Callable[[Any], None]] = {
    "an error": say(b"{}", 500),
    "not there": say(b"{}", 404),
    "led elsewhere": say(b"", 302, Location="http://169.254.169.254/"),
    "no JSON": say(b"<html>"),
    "a list": say(b"[]"),
    "deep": say(b"[" * 100_000),
    "huge": say(b" " * (oidc.LONGEST + 1)),
    "packed": say(b"{}", Content_Encoding="gzip"),
    "silent": lambda handler: handler.server.over.wait(),
    "dripping": _drip,
    "hangs up": lambda handler: handler.connection.close(),
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize("what", AWAY)
def test_an_answer_that_is_none_is_a_provider_that_is_away(liar: Told, tmp_path: Path, what: str, path: str) -> None:
    connection = connected(liar, tmp_path, patience=0.3 if what in ("silent", "dripping") else 5)
    liar.instead[path] = AWAY[what]
    with pytest.raises((Away, Refused) if path == "/token" else Away):
        subject(connection, liar)
    liar.instead.clear()
    assert subject(connection, liar) == "alva"  # nothing of it is remembered


def test_a_no_from_the_provider_is_a_no(connection: Connection, liar: Told) -> None:
    liar.instead["/token"] = say(b'{"error": "invalid_grant", "error_description": "<b>"}', 400)
    with pytest.raises(Refused, match="code"):
        subject(connection, liar)


def test_nobody_is_asked_where_the_provider_is_not(tmp_path: Path) -> None:
    with misbehaving() as gone:
        connection = connected(gone, tmp_path)
    with pytest.raises(Away):
        connection.way_out(STATE, BROWSER)


@pytest.mark.parametrize("name", oidc.ENDPOINTS)
@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "https://elsewhere.example/x",
        "http://localhost:1/x",
        "http://localhost@elsewhere.example/x",
        "file:///etc/passwd",
        "//localhost/x",
        "http://[::1/x",
        None,
        7,
        "",
    ],
)
def test_a_provider_sends_us_nowhere_but_to_itself(liar: Told, connection: Connection, name: str, address: Any) -> None:
    liar.about = {name: address}
    with pytest.raises(Away, match="configuration"):
        connection.way_out(STATE, BROWSER)


def test_a_provider_is_the_one_that_it_says_it_is(liar: Told, connection: Connection) -> None:
    liar.about = {"issuer": "https://elsewhere.example"}
    with pytest.raises(Away, match="configuration"):
        connection.way_out(STATE, BROWSER)


def test_a_slow_provider_holds_no_more_of_the_server_than_its_share(liar: Told, connection: Connection) -> None:
    connection.way_out(STATE, BROWSER)
    for _ in range(oidc.AT_ONCE):
        assert connection._waiting.acquire(blocking=False)
    with pytest.raises(Away, match="crowded"):
        subject(connection, liar)
    connection._waiting.release()
    assert subject(connection, liar) == "alva"
