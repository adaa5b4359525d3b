"""Regions' own sign-ins to try against: a real one, as a process of its own, and one that can be told to misbehave."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey

from tests.serving import answer, environment, free_port

SECRET = "hemligt & annat: 100 %"
PASSWORD = "ett ord till jobbet"
OURS = "https://localhost"


def told(folder: Path, issuer: str, **more: Any) -> Path:
    """The file that SPORRA_OIDC names, with one provider in it."""
    (folder / "exempel.secret").write_text(SECRET + "\n", encoding="utf-8")
    row = {
        "id": "exempel",
        "name": "Region Exempel",
        "issuer": issuer,
        "client_id": "sporra",
        "client_secret_file": "exempel.secret",
        **more,
    }
    lines = ["[[provider]]"]
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in row.items()]
    file = folder / "oidc.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


# ── A real one ────────────────────────────────────────────────────────────────────────────


@contextmanager
def real(folder: Path, back_to: str) -> Iterator[str]:
    """NanoIDP, strict about PKCE, passwords and where it leads back to. Gives its issuer."""
    port = free_port()
    issuer = f"http://localhost:{port}"
    settings = {
        "config_version": 1,
        "server": {"host": "127.0.0.1", "port": port},
        "oauth": {
            "issuer": issuer,
            "clients": [{"client_id": "sporra", "client_secret": SECRET, "redirect_uris": [back_to]}],
        },
        "session": {"secret_key": "only for this test", "enforce_password_check": True},
        "security_profile": "oauth21",
    }
    # What it says of her is not to be believed for a role, and her address is somebody else's here.
    alva = {"password": PASSWORD, "email": "nils@exempel.se", "roles": ["administrator", "ADMIN"]}
    for name, content in (("settings", settings), ("users", {"config_version": 1, "users": {"alva": alva}})):
        (folder / f"{name}.yaml").write_text(json.dumps(content), encoding="utf-8")
    call = [sys.executable, "-m", "nanoidp", "--config", str(folder), "--strict-config"]
    with subprocess.Popen(
        call, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            answer(f"{issuer}/.well-known/openid-configuration")
            yield issuer
        finally:
            process.kill()


# ── One that can misbehave ────────────────────────────────────────────────────────────────


class Told:
    """A provider that signs what it is told to. `claims` and `header` go over the right ones (None takes one away);
    `instead` answers an address in its own way; `asked` is what it was asked for."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.public: list[Any] = [self.key.as_dict(private=False)]
        self.nonce, self.subject = "", "alva"
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.about: dict[str, Any] = {}
        self.instead: dict[str, Callable[[Any], None]] = {}
        self.asked: list[str] = []
        self.forms: list[dict[str, list[str]]] = []
        self.over = Event()

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": "sporra",
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "auth_time": now,
        } | self.claims
        header = {"alg": "ES256", "kid": self.key.kid} | self.header
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({name: value for name, value in header.items() if value is not None}, kept, self.key)

    def answer(self, path: str) -> Any:
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return {"issuer": self.issuer} | {k: f"{self.issuer}/{v}" for k, v in names.items()} | self.about
        if path == "/keys":
            return {"keys": self.public}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token()}


def say(body: bytes, status: int = 200, **headers: str) -> Callable[[Any], None]:
    def instead(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return instead


@contextmanager
def misbehaving() -> Iterator[Told]:
    class Handler(BaseHTTPRequestHandler):
        def _answered(self) -> None:
            made.asked.append(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            if length:
                made.forms.append(parse_qs(self.rfile.read(length).decode()))
            try:
                if self.path in made.instead:
                    made.instead[self.path](self)
                else:
                    say(json.dumps(made.answer(self.path)).encode())(self)
            except (BrokenPipeError, ConnectionResetError):  # we have had enough of it
                self.close_connection = True

        do_GET = do_POST = _answered  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Told(f"http://localhost:{server.server_port}")
    server.over = made.over  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
