"""Signing in through a region's own sign-in: out to it, and back again with one of four errands.

Out goes by a form, so that no other site can send somebody; but a form may not be led on to another site by our policy.
So it is answered with a page, which leads on by itself.
"""

import logging
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts import actions, identities
from app.accounts.access import (
    Db,
    Tries,
    anyone,
    cookie_name,
    device_of,
    fresh,
    here,
    host,
    seconds_to,
    signed_in,
    who,
)
from app.accounts.identities import LASTS, Purpose, Sent
from app.accounts.pages import Typed, after_link, signed_in_as
from app.accounts.providers import BACK_TO, Away, Provider, Refused, Shown
from app.accounts.sessions import hashed
from app.accounts.viewer import Viewer
from app.accounts.whence import network
from app.db import Database
from app.errors import Refusal, SignedOut, TooOften, Unacceptable
from app.web.render import page
from app.web.security import own_address

log = logging.getLogger(__name__)
router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Given = Annotated[str, Query(max_length=4_000)]
Own = Annotated[Viewer, signed_in()]
Fresh = Annotated[Viewer, fresh()]

TOO_OFTEN = "Det blev många försök härifrån. Vänta en stund och försök igen."
GONE = "Den inloggningen finns inte här."
LATE = "Inloggningen tog för lång tid, eller påbörjades i en annan webbläsare. Börja om, så går det bra."
NO = "Inloggningen blev inte klar hos {name}. Försök igen, eller logga in på ett annat sätt."
WEAK = "{name} säger inte att du har visat vem du är så säkert som Sporra behöver. Logga in där på ett säkrare sätt."
AWAY = "{name} svarar inte just nu. Försök igen om en stund, eller logga in på ett annat sätt."
UNKNOWN = "Inloggningen hos {name} gick bra, men den är inte kopplad till något konto som är öppet här."
LINKED = "/konto?klart=kopplad#arbetsgivaren"
UNLINKED = "/konto?klart=bortkopplad#arbetsgivaren"
NOT_YOU = "Någon annan är inloggad i Sporra här nu, eller ingen. Logga in först och gör om det under Mitt konto."


async def connections(request: Request) -> Any:
    return request.app.state.connections


Connections = Annotated[dict[str, Any], Depends(connections)]  # by the provider's id; the class is a slow one to load


# ── Out ───────────────────────────────────────────────────────────────────────────────────


@router.post("/logga-in/via/{provider}", dependencies=[anyone()])
def sign_in(
    request: Request, database: Db, tries: Tries, known: Connections, provider: str, till: Typed = ""
) -> Response:
    return _away(request, database, tries, known, Sent(provider, Purpose.SIGN_IN, till=own_address(till)))


@router.post("/valkommen/{token}/via/{provider}", dependencies=[anyone()])
def accept(request: Request, database: Db, tries: Tries, known: Connections, token: str, provider: str) -> Response:
    with database.reading() as session:
        link = actions.invited(session, token, here=here(request))
        to = after_link(session, link) if link and actions.may_skip_password(session, link) else ""
    if not to:
        return page(request, "accounts/spent.html", 410)
    return _away(request, database, tries, known, Sent(provider, Purpose.ACCEPT, hashed(token), to))


@router.post("/konto/bekrafta/via/{provider}")
def confirm(
    request: Request, viewer: Own, database: Db, tries: Tries, known: Connections, provider: str, till: Typed = ""
) -> Response:
    sent = Sent(provider, Purpose.CONFIRM, viewer.id, own_address(till, "/konto"))
    return _away(request, database, tries, known, sent)


def _away(request: Request, database: Database, tries: Any, known: dict[str, Any], sent: Sent) -> Response:
    connection = known.get(sent.provider)
    if not connection:
        return _told(request, GONE, 410)
    if until := tries.until_via(network(host(request))):
        raise TooOften(TOO_OFTEN, retry_after=seconds_to(until))
    with database.writing() as session:
        state, secret = identities.send(session, sent)
    try:
        address = connection.way_out(state, secret, again=sent.purpose is Purpose.CONFIRM)
    except Away as error:
        return _is_away(request, connection.provider, error)
    answer = page(request, "accounts/onward.html", provider=connection.provider, address=address)
    answer.headers["Refresh"] = f"0; url={address}"
    answer.set_cookie(_cookie(request), secret, max_age=int(LASTS.total_seconds()), **_kept(request))
    return answer


# ── Back ──────────────────────────────────────────────────────────────────────────────────


@router.get(BACK_TO, dependencies=[anyone()], response_class=RedirectResponse)
def back(
    request: Request,
    database: Db,
    known: Connections,
    later: BackgroundTasks,
    provider: str,
    state: Given = "",
    code: Given = "",
    iss: Given = "",
) -> Response:
    connection, secret = known.get(provider), request.cookies.get(_cookie(request), "")
    if not connection:
        return _told(request, GONE, 410)
    sent = identities.back(database, provider=provider, state=state, secret=secret)
    if not sent:
        return _told(request, LATE, 400)
    try:
        if not code or iss not in ("", connection.provider.issuer):
            raise Refused("no")
        shown = connection.shown(code, secret)
        answer = _errand(request, database, later, sent, connection.provider, shown)
    except Away as error:
        answer = _is_away(request, connection.provider, error)
    except Refused as error:
        log.warning("oidc %s refused: %s", provider, error)
        answer = _told(request, (WEAK if str(error) == "acr" else NO).format(name=connection.provider.name), 403)
    except Refusal as error:
        again = f"/konto/bekrafta?till={quote(sent.till)}" if sent.purpose is Purpose.CONFIRM else ""
        answer = _told(request, error.told, error.status, again=again)
    answer.delete_cookie(_cookie(request), **_kept(request))
    return answer


def _errand(
    request: Request, database: Database, later: BackgroundTasks, sent: Sent, provider: Provider, shown: Shown
) -> Response:
    issuer = provider.issuer
    old, device = request.cookies.get(cookie_name(request), ""), device_of(request)
    if sent.purpose in (Purpose.LINK, Purpose.CONFIRM):
        by = _still_in(request, database, later, sent.about)
        with database.writing() as session:
            if sent.purpose is Purpose.LINK:
                identities.link(session, by=by, issuer=issuer, subject=shown.subject)
            else:
                identities.confirm(session, by=by, issuer=issuer, shown=shown, sent=sent, token=old)
        return RedirectResponse(sent.till, 303)
    whose: dict[str, Any] = {"issuer": issuer, "shown": shown, "here": here(request), "device": device}
    with database.writing() as session:
        if sent.purpose is Purpose.ACCEPT:
            token = identities.accept(session, link=sent.about, **whose)
        else:
            token = identities.enter(session, old=old, **whose)
    if token:
        return signed_in_as(request, token, sent.till)
    if sent.purpose is Purpose.ACCEPT:
        return page(request, "accounts/spent.html", 410)
    return _told(request, UNKNOWN.format(name=provider.name), 403, unknown=True)


def _still_in(request: Request, database: Database, later: BackgroundTasks, person: str) -> Viewer:
    """Whoever asked, for their account to be linked or to confirm that it is them, and no one else who has signed in at
    the same browser since."""
    with database.glancing() as connection:
        viewer = who(request, connection, later)
    if viewer.id != person:
        raise SignedOut(NOT_YOU)
    return viewer


def _told(request: Request, told: str, status: int, *, unknown: bool = False, again: str = "") -> Response:
    request.state.viewer = None  # a page about signing in, whoever has
    return page(request, "accounts/not_in.html", status, told=told, unknown=unknown, again=again)


def _is_away(request: Request, provider: Provider, error: Away) -> Response:
    log.warning("oidc %s away: %s", provider.id, error)
    return _told(request, AWAY.format(name=provider.name), 503)


def _cookie(request: Request) -> str:
    return f"{cookie_name(request)}-via"


def _kept(request: Request) -> dict[str, Any]:
    """Lax: it must come along when the provider leads back here."""
    return {"secure": request.url.scheme == "https", "httponly": True, "samesite": "lax", "path": "/"}


# ── Whose it is ───────────────────────────────────────────────────────────────────────────


@router.get("/konto/arbetsgivaren")
def linked(request: Request, viewer: Fresh, database: Db) -> Response:
    return _linked(request, database, viewer)


@router.post("/konto/arbetsgivaren")
def change(
    request: Request,
    viewer: Fresh,
    database: Db,
    tries: Tries,
    known: Connections,
    provider: Typed = "",
    identity: Typed = "",
) -> Response:
    """Links what one has at a provider, or takes a linked one away."""
    if provider:
        return _away(request, database, tries, known, Sent(provider, Purpose.LINK, viewer.id, LINKED))
    try:
        with database.writing() as session:
            identities.unlink(session, by=viewer, identity=identity)
    except Unacceptable as error:
        return _linked(request, database, viewer, error.told)
    return RedirectResponse(UNLINKED, 303)


def _linked(request: Request, database: Database, viewer: Viewer, told: str = "") -> Response:
    with database.reading() as session:
        found = identities.of(session, viewer.id)
    return page(request, "accounts/employers.html", 422 if told else 200, linked=found, told=told)
