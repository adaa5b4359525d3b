"""An authenticator made of software: what a device's chip does with a passkey, and what a browser says around it."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fastapi.testclient import TestClient
from httpx2 import Response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN = "https://localhost"
PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40
Asked = dict[str, Any]


@dataclass
class SoftKey:
    """`counts`: whether it says how often it was used, as some do. What is wrong about it is set by a test."""

    origin: str = ORIGIN
    counts: bool = False
    flags: int = PRESENT | VERIFIED
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    host: str = ""
    user: bytes = b""

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, asked: Asked) -> Asked:
        """As `navigator.credentials.create` answers, in JSON."""
        self.host, self.user = asked["rp"]["id"], base64url_to_bytes(asked["user"]["id"])
        at = self._key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")})
        kept = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._said(self.flags | MADE) + kept})
        said = _client("webauthn.create", asked["challenge"], self.origin)
        return self._answer({"clientDataJSON": said, "attestationObject": made})

    def get(self, asked: Asked) -> Asked:
        """As `navigator.credentials.get` answers, in JSON."""
        self.count += self.counts
        said, about = _client("webauthn.get", asked["challenge"], self.origin), self._said(self.flags)
        signed = self._key.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": said, "authenticatorData": about, "signature": signed, "userHandle": self.user}
        )

    def _said(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, bytes]) -> Asked:
        id = bytes_to_base64url(self.id)
        return {
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": {name: bytes_to_base64url(value) for name, value in response.items()},
        }


def _client(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()


def makes(client: TestClient, key: SoftKey, at: str = "/konto/nyckel/ny", **more: str) -> Response:
    """A browser makes a key there, as the page's script does."""
    return send(client, at, key.create(question(client, at)), **more)


def shows(client: TestClient, key: SoftKey, at: str = "/logga-in/nyckel", **more: str) -> Response:
    return send(client, at, key.get(question(client, at)), **more)


def question(client: TestClient, at: str) -> Asked:
    answer = client.post(f"{at}/fraga", headers=JSON)
    assert answer.status_code == 200, answer.text
    asked: Asked = answer.json()
    return asked


def send(client: TestClient, at: str, credential: Asked, **more: str) -> Response:
    return client.post(at, json={"credential": credential, **more}, headers=JSON)


JSON = {"accept": "application/json"}
