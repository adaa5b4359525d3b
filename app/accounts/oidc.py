"""OpenID Connect with one provider: where a browser is sent to, and whom it stands for when it comes back.

Authorization code with PKCE, state and nonce. Authlib makes the requests and checks the claims, joserfc the signature.
Of all that a provider says of a person only the subject is read, and when they signed in there: no address, no name,
and nothing that could be taken for a role. Nothing here knows the database, since all of it waits for somebody else's
server.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from threading import BoundedSemaphore
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from app.accounts.providers import Away, Provider, Refused, Shown, safe

PATIENCE = 5.0  # seconds that somebody waits for each answer
LONGEST = 300_000  # bytes of an answer; the longest real ones are some 20,000
AT_ONCE = 8  # of the server's threads that may wait for one provider: the others have inspectors to answer
FRESH = 3_600.0  # seconds that what a provider says of itself is believed
AGAIN = 60.0  # and how often it is asked anew because of a key that it has not told of
CLOCKS = 60  # seconds that two clocks may differ
SUBJECT = 255  # characters, as the standard has it
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signed with a key that the provider alone has: neither `none`, nor a secret, which a public key would pass for.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
KINDS = ("RSA", "EC", "OKP")


class Connection:
    """What is known of a provider: fetched when it is first needed, and kept for an hour."""

    def __init__(self, provider: Provider, patience: float = PATIENCE) -> None:
        self.provider, self._patience = provider, patience
        self._waiting = BoundedSemaphore(AT_ONCE)
        self._about: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def way_out(self, state: str, secret: str, *, again: bool = False) -> str:
        """Where to send the browser that has the secret; `again` = one is to sign in there though one is in already,
        and to be told when. Raises Away."""
        about = self._told_of_itself()
        more = {"acr_values": " ".join(self.provider.acr)} if self.provider.acr else {}
        more |= {"prompt": "login", "max_age": "0"} if again else {}
        with self._asking() as client:
            address, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=state,
                code_verifier=_verifier(secret),
                nonce=_nonce(secret),
                **more,
            )
        return str(address)

    def shown(self, code: str, secret: str) -> Shown:
        """Whom the provider vouches for to the browser that has the secret. Raises Away or Refused."""
        about = self._told_of_itself()
        with self._asking() as client:
            offered = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            client.token_endpoint_auth_method = next(
                (each for each in ("client_secret_basic", "client_secret_post") if each in offered),
                "client_secret_basic",
            )
            try:
                tokens = client.fetch_token(
                    about["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=_verifier(secret),
                )
            except OAuthError as error:
                raise Refused("code") from error
        return self._believed(tokens, secret)

    # ── What a token says ─────────────────────────────────────────────────────────────────

    def _believed(self, tokens: Mapping[str, Any], secret: str) -> Shown:
        try:
            token = self._decoded(tokens["id_token"])
            expected = {
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id},
            }
            asked = {
                "nonce": _nonce(secret),
                "client_id": self.provider.client_id,
                "access_token": tokens.get("access_token"),
            }
            claims = CodeIDToken(token.claims, token.header, expected, asked)
            claims.validate(leeway=CLOCKS)
            subject, at = claims["sub"], claims.get("auth_time")
            signed_in = None if at is None else datetime.fromtimestamp(at, UTC)
        except (Away, Refused):
            raise
        except Exception as error:  # whatever breaks on what a stranger has written, it is not to be believed
            raise Refused("token") from error
        if self.provider.acr and claims.get("acr") not in self.provider.acr:
            raise Refused("acr")
        if not (0 < len(subject) <= SUBJECT and subject.isprintable()):
            raise Refused("subject")
        return Shown(str(subject), signed_in)

    def _decoded(self, token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        fetched, keys = self._signs_with()
        try:
            return jwt.decode(token, keys, registry=registry)
        except InvalidKeyIdError:
            if fetched + AGAIN > monotonic():
                raise
            self._keys = None  # it may have got a new one since
            return jwt.decode(token, self._signs_with()[1], registry=registry)

    # ── What the provider says of itself ──────────────────────────────────────────────────

    def _told_of_itself(self) -> Mapping[str, Any]:
        known = self._about
        if not known or known[0] + FRESH < monotonic():
            about = self._fetched(self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if about.get("issuer") != self.provider.issuer or not all(self._own(about.get(name)) for name in ENDPOINTS):
                raise Away("configuration")
            self._about = known = (monotonic(), about)
        return known[1]

    def _own(self, address: object) -> bool:
        """At the issuer's own host: what a provider says must not make this server call on others."""
        if not isinstance(address, str) or not safe(address):
            return False
        ours, theirs = urlsplit(self.provider.issuer), urlsplit(address)
        return (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)

    def _signs_with(self) -> tuple[float, KeySet]:
        """Its keys, and since when they are known."""
        known = self._keys
        if not known or known[0] + FRESH < monotonic():
            told = self._fetched(self._told_of_itself()["jwks_uri"]).get("keys")
            rows = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
            try:
                keys = KeySet.import_key_set({"keys": [each for each in rows if each.get("kty") in KINDS]})
            except Exception as error:  # as above
                raise Away("keys") from error
            self._keys = known = (monotonic(), keys)
        return known

    def _fetched(self, address: str) -> dict[str, Any]:
        with self._asking() as client:
            answer = client.request("GET", address, withhold_token=True)
            found = answer.json() if answer.status_code == 200 else None
            if not isinstance(found, dict):
                raise Away("answer")
            return found

    @contextmanager
    def _asking(self) -> Iterator["_Careful"]:
        """Anything that goes wrong in it but a no is the provider being away."""
        if not self._waiting.acquire(blocking=False):
            raise Away("crowded")
        ours = self.provider
        how: dict[str, Any] = {"client_secret": ours.client_secret, "redirect_uri": ours.redirect_uri}
        try:
            with _Careful(
                self._patience, ours.client_id, scope=" ".join(ours.scopes), code_challenge_method="S256", **how
            ) as client:
                yield client
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError) as error:
            raise Away("answer") from error
        finally:
            self._waiting.release()


class _Careful(OAuth2Client):  # type: ignore[misc]
    """Follows nobody elsewhere, reads no more than there can be to say, and does not wait for what only drips."""

    def __init__(self, patience: float, client_id: str, **how: Any) -> None:
        super().__init__(client_id, timeout=patience, follow_redirects=False, **how)
        self._patience = patience

    def send(self, request: httpx2.Request, **how: Any) -> httpx2.Response:
        until, body = monotonic() + self._patience, bytearray()
        request.headers["Accept-Encoding"] = "identity"  # what is packed may be endless when it is unpacked
        with closing(super().send(request, **how | {"stream": True})) as answer:
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise Away("packed")
            for piece in answer.iter_raw():
                body += piece
                if len(body) > LONGEST or monotonic() > until:
                    raise Away("endless")
        return httpx2.Response(answer.status_code, content=bytes(body), request=request)


# Made from what the browser alone has, so that nothing of them lies in the database meanwhile.


def _verifier(secret: str) -> str:
    return hashlib.sha256(f"verifier:{secret}".encode()).hexdigest()


def _nonce(secret: str) -> str:
    return hashlib.sha256(f"nonce:{secret}".encode()).hexdigest()
