"""Signing in and out, and the one-time link that lets a person choose a password."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts import actions, passwords, sessions
from app.accounts.access import Db, Tries, anyone, cookie_name, here, host, seconds_to
from app.accounts.signing_in import Attempt, sign_in
from app.accounts.whence import network
from app.web.render import page
from app.web.security import own_address

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False, dependencies=[anyone()])

Typed = Annotated[str, Form()]
WRONG = "Skriv en e-postadress och ett lösenord som hör ihop."


@router.get("/logga-in")
def way_in(request: Request, till: str = "") -> Response:
    return page(request, "accounts/sign_in.html", email="", till=own_address(till), problems=[], until=None)


@router.post("/logga-in")
def enter(
    request: Request, database: Db, tries: Tries, email: Typed = "", password: Typed = "", till: Typed = ""
) -> Response:
    address, whence, till = email.strip().lower(), network(host(request)), own_address(till)
    kept: dict[str, Any] = {"email": email, "till": till}
    if until := tries.until(address, whence):
        headers = {"Retry-After": str(seconds_to(until))}
        return page(request, "accounts/sign_in.html", 429, headers, **kept, problems=[], until=until)
    old = request.cookies.get(cookie_name(request), "")
    token = sign_in(database, Attempt(address, password, here(request), old))
    if not token:
        return page(request, "accounts/sign_in.html", 422, **kept, problems=[("email", WRONG)], until=None)
    tries.forget(address, whence)
    return signed_in_as(request, token, till)


@router.post("/logga-ut")
def leave(request: Request, database: Db) -> Response:
    if token := request.cookies.get(cookie_name(request)):
        with database.writing() as session:
            sessions.end(session, token)
    # No Clear-Site-Data: on a shared tablet it would wipe what somebody else has written and not sent yet. The device
    # deletes what it fetched for this person by itself, when it has been answered (static/device/leaving.js).
    answer = RedirectResponse("/logga-in", 303)
    answer.delete_cookie(cookie_name(request), secure=request.url.scheme == "https", httponly=True, samesite="lax")
    return answer


# ── The one-time link ─────────────────────────────────────────────────────────────────────


@router.get("/valkommen/{token}")
def welcome(request: Request, database: Db, token: str) -> Response:
    with database.reading() as session:
        person = actions.invited(session, token, here=here(request))
    if not person:
        return _spent(request)
    return page(request, "accounts/welcome.html", person=person, problems=[])


@router.post("/valkommen/{token}")
def choose(request: Request, database: Db, token: str, password: Typed = "", again: Typed = "") -> Response:
    with database.reading() as session:
        person = actions.invited(session, token, here=here(request))
    if not person:
        return _spent(request)
    if problems := chosen_wrong(password, again):
        return page(request, "accounts/welcome.html", 422, person=person, problems=problems)
    hash = passwords.hashed(password)
    with database.writing() as session:
        entered = actions.accept(session, token=token, password=hash, here=here(request))
    return signed_in_as(request, entered, "/") if entered else _spent(request)


def chosen_wrong(password: str, again: str) -> list[tuple[str, str]]:
    """What must be mended in a new password that was written twice, by field."""
    if told := passwords.unfit(password):
        return [("password", told)]
    return [] if password == again else [("again", "Skriv samma lösenord en gång till. De två är inte lika.")]


def _spent(request: Request) -> Response:
    return page(request, "accounts/spent.html", 410)


def signed_in_as(request: Request, token: str, to: str) -> Response:
    """Goes on to an address with a new cookie: never the one that the browser came with."""
    answer = RedirectResponse(to, 303)
    answer.set_cookie(
        cookie_name(request),
        token,
        max_age=int(sessions.LASTS.total_seconds()),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer
