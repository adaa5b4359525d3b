"""Passkeys: a key per device or password program, made for this host alone, so that no other site can ask for it.

A key whose owner is verified (a finger, a face, the device's code) is two factors in one: no code is asked for beside
it. What a browser answers is looked at outside the writer; what follows from it is written in one transaction.
"""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import webauthn
from sqlmodel import Session, col, select
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import audit
from app.accounts.models import Passkey, Person
from app.accounts.viewer import Viewer
from app.accounts.ways import can_sign_in
from app.db import Database
from app.errors import NotFound, Unacceptable

MOST = 20
VERIFIED = UserVerificationRequirement.REQUIRED
UNKNOWN = "Den nyckeln hör inte till något konto här. Logga in på ett annat sätt."
OTHERS = "Den nyckeln är någon annans. Välj din egen."
NOT_RIGHT = "Nyckeln gick inte att kontrollera. Försök igen, eller gör det på ett annat sätt."
COPIED = "Nyckeln är stoppad, eftersom det kan finnas en kopia av den. Logga in på ett annat sätt och gör en ny."
THERE = "Den nyckeln finns redan. Ta bort den först, om den ska göras om."
TOO_MANY = f"Det finns redan {MOST} nycklar. Ta bort någon som inte används."
LAST = "Det är ditt enda sätt att logga in. Gör en nyckel till, eller välj ett lösenord, innan du tar bort den."

Done = TypeVar("Done")
Sent = dict[str, Any]  # what a browser answers, as it writes it in JSON


@dataclass(frozen=True)
class Site:
    """Where keys hold: the host's name, and the origin that a browser must say that it stands at."""

    host: str
    origin: str


def site(address: str) -> Site | None:
    """From what one writes in a browser. None where no browser makes keys: a number, or without encryption.

    Without a setting this is what the request says of its host, and that can be forged by whoever sends it. It gains
    them nothing: a key is kept with the host it was made for, and signs with the host that its browser stands at.
    """
    parts = urlsplit(address)
    name = parts.hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        local = name == "localhost" or name.endswith(".localhost")
        return Site(name, f"{parts.scheme}://{parts.netloc}") if name and (local or parts.scheme == "https") else None
    return None


def answers(sent: Sent) -> str:
    """The challenge that an answer says that it is to. Raises Unacceptable."""
    try:
        return bytes_to_base64url(
            parse_client_data_json(base64url_to_bytes(sent["response"]["clientDataJSON"])).challenge
        )
    except Exception:  # parsers meet whatever anybody sends: what they stumble on is no answer of a key
        raise Unacceptable(NOT_RIGHT) from None


def of(session: Session, person: str) -> Sequence[Passkey]:
    return session.exec(select(Passkey).where(Passkey.person == person).order_by(col(Passkey.made), Passkey.id)).all()


def own(session: Session, person: str, id: str) -> Passkey:
    key = session.get(Passkey, id) if id.isprintable() else None
    if not key or key.person != person:
        raise NotFound
    return key


# ── Making one ────────────────────────────────────────────────────────────────────────────


def to_make(site: Site, challenge: str, person: Person, keys: Sequence[Passkey]) -> str:
    """What the browser is asked, as JSON. It makes no second key where one of these is."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name="Sporra",
            user_id=person.id.encode(),
            user_name=person.email,
            user_display_name=person.name,
            challenge=base64url_to_bytes(challenge),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in keys],
        )
    )


def made(site: Site, challenge: str, sent: Sent, name: str) -> Passkey:
    """The key that a browser has made, not kept yet and nobody's. Raises Unacceptable."""
    try:
        found = webauthn.verify_registration_response(credential=sent, **_expected(site, challenge))
    except Exception:  # as above
        raise Unacceptable(NOT_RIGHT) from None
    about: dict[str, Any] = {"public_key": found.credential_public_key, "count": found.sign_count, "host": site.host}
    return Passkey(id=sent["id"], person="", name=name, made=audit.now(), **about)


def keep(session: Session, *, person: str, key: Passkey) -> None:
    """A person's new key. Whoever calls has seen that it is them."""
    session.get_one(Person, person, with_for_update=True)
    if session.get(Passkey, key.id):
        raise Unacceptable(THERE)
    if len(of(session, person)) >= MOST:
        raise Unacceptable(TOO_MANY)
    key.person = person
    session.add(key)
    session.flush()
    audit.record(session, by=person, action="person:passkey_added", subject=person)


# ── Showing who one is ────────────────────────────────────────────────────────────────────


def to_show(site: Site, challenge: str, keys: Sequence[Passkey] = ()) -> str:
    """What the browser is asked, as JSON: for any key that it has for this host, or for one of these."""
    allowed = [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in keys]
    asked = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=base64url_to_bytes(challenge),
        allow_credentials=allowed or None,
        user_verification=VERIFIED,
    )
    return webauthn.options_to_json(asked)


def shown(
    database: Database, site: Site, challenge: str, sent: Sent, here: bool, then: Callable[[Session, Person], Done]
) -> Done:
    """Does what follows when a browser has answered with a key, as whose it is. Raises Unacceptable."""
    id, whose = _named(sent)
    with database.reading() as session:
        key = session.get(Passkey, id)
    if not key or key.host != site.host or whose not in (None, key.person.encode()):
        with database.writing() as session:
            _failed(session, key.person if key else "nobody", "unknown_key")
        raise Unacceptable(UNKNOWN)
    try:
        # Its own look at the count comes before the one at the signature: then anybody could have a key stopped.
        right = webauthn.verify_authentication_response(
            credential=sent,
            credential_public_key=key.public_key,
            credential_current_sign_count=0,
            **_expected(site, challenge),
        )
    except Exception:  # as above
        with database.writing() as session:
            _failed(session, key.person, "key")
        raise Unacceptable(NOT_RIGHT) from None
    with database.writing() as session:
        told, done = _used(session, key, right.new_sign_count, here), None
        if not told:
            done = then(session, session.get_one(Person, key.person))
    if told or done is None:
        raise Unacceptable(told or UNKNOWN)
    return done


def _used(session: Session, seen: Passkey, count: int, here: bool) -> str:
    """Notes that a key was used. Why it must not be, as a sentence; that it counts backwards is kept."""
    person = session.get_one(Person, seen.person, with_for_update=True)
    key = session.get(Passkey, seen.id, with_for_update=True)
    if not key or person.closed or (person.demo and not here):
        _failed(session, person.id, "unknown_key" if not key else "closed" if person.closed else "elsewhere")
        return UNKNOWN
    if key.stopped or ((count or key.count) and count <= key.count):
        if not key.stopped:
            key.stopped = audit.now()
            audit.record(session, by=audit.SYSTEM, action="person:passkey_stopped", subject=person.id)
        _failed(session, person.id, "copied_key")
        return COPIED
    key.count, key.used = count, audit.now()
    return ""


def _failed(session: Session, whom: str, reason: str) -> None:
    audit.record(session, by=audit.SYSTEM, action="person:sign_in_failed", subject=whom, reason=reason)


def _named(sent: Sent) -> tuple[str, bytes | None]:
    """Which key it says that it is, and whose."""
    try:
        said = parse_authentication_credential_json(sent)
    except Exception:  # as above
        raise Unacceptable(NOT_RIGHT) from None
    if not said.id.isprintable():
        raise Unacceptable(UNKNOWN)
    return said.id, said.response.user_handle


def _expected(site: Site, challenge: str) -> dict[str, Any]:
    return {
        "expected_challenge": base64url_to_bytes(challenge),
        "expected_rp_id": site.host,
        "expected_origin": site.origin,
        "require_user_verification": True,
    }


# ── Looking after them ────────────────────────────────────────────────────────────────────


def rename(session: Session, *, by: Viewer, key: str, name: str) -> None:
    own(session, by.id, key).name = name


def remove(session: Session, *, by: Viewer, key: str) -> None:
    """Never the last way in."""
    session.get_one(Person, by.id, with_for_update=True)  # of two at once the second sees what is left
    found = own(session, by.id, key)
    session.delete(found)
    session.flush()
    if not found.stopped and not can_sign_in(session, by.id):
        raise Unacceptable(LAST)
    audit.record(session, by=by.id, action="person:passkey_removed", subject=by.id)
