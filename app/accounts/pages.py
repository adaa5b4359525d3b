"""Signing in, with a second step for those who want it, and out; the one-time link that lets a person in first."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import actions, codes, passwords, sessions
from app.accounts.access import Db, Tries, anyone, cookie_name, device_of, here, host, seconds_to, set_cookie
from app.accounts.models import Person
from app.accounts.passkey_site import site_of
from app.accounts.pending import HALF_LASTS, Half, Pending
from app.accounts.signing_in import Attempt, sign_in, with_code
from app.accounts.ways import can_sign_in
from app.accounts.whence import network
from app.web.render import page
from app.web.security import own_address

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False, dependencies=[anyone()])

Typed = Annotated[str, Form()]
WRONG = "Skriv en e-postadress och ett lösenord som hör ihop."
TOO_LATE = "Det har gått för lång tid. Skriv e-post och lösenord igen."
ANEW = "/konto?klart=pa-nytt"  # tells what has ended, and lists what still gets in
HALF = "sporra-half"  # the cookie that names a first step


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
    entered = sign_in(database, Attempt(address, password, here(request), old, device_of(request)))
    if not entered:
        return page(request, "accounts/sign_in.html", 422, **kept, problems=[("email", WRONG)], until=None)
    tries.forget(address, whence)
    return gone_through(request, entered, till)


# ── The second step ───────────────────────────────────────────────────────────────────────


@router.get("/logga-in/kod")
def second_step(request: Request, till: str = "") -> Response:
    _, half = _half(request)
    return _code(request, own_address(till)) if half else _begin_again(request, till)


@router.post("/logga-in/kod")
def enter_with_code(request: Request, database: Db, tries: Tries, code: Typed = "", till: Typed = "") -> Response:
    (token, half), whence, till = _half(request), network(host(request)), own_address(till)
    if not half:
        return _begin_again(request, till)
    if until := tries.until_code(half.person, whence, guessable=codes.guessable(code)):
        return _code(request, till, 429, {"Retry-After": str(seconds_to(until))}, until=until)
    old = request.cookies.get(cookie_name(request), "")
    entered, told = with_code(database, request.app.state.locker, half, code, old=old, device=device_of(request))
    if not entered:
        return _code(request, till, 422, problems=[("code", told)])
    tries.forget_codes(half.person, whence)
    request.app.state.halves.take(token)
    return signed_in_as(request, entered, till)


def gone_through(request: Request, entered: str | Half, till: str) -> Response:
    """On to where one was going, or to the second step, which this browser alone can take."""
    if isinstance(entered, str):
        return signed_in_as(request, entered, till)
    answer = RedirectResponse(f"/logga-in/kod?till={quote(till)}", 303)
    set_cookie(request, answer, request.app.state.halves.begin(entered), HALF_LASTS, HALF)
    return answer


def _half(request: Request) -> tuple[str, Half | None]:
    halves: Pending[Half] = request.app.state.halves
    token = request.cookies.get(cookie_name(request, HALF), "")
    return token, halves.look(token)


def _begin_again(request: Request, till: str) -> Response:
    kept: dict[str, Any] = {"email": "", "till": own_address(till)}
    return page(request, "accounts/sign_in.html", 422, **kept, problems=[("email", TOO_LATE)], until=None)


def _code(
    request: Request, till: str, status: int = 200, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    return page(request, "accounts/code.html", status, headers, **{"till": till, "problems": [], "until": None} | more)


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
        link = actions.invited(session, token, here=here(request))
        if not link:
            return _spent(request)
        others = actions.may_skip_password(session, link)
    key = others and bool(site_of(request))
    return page(request, "accounts/welcome.html", link=link, key=key, others=others, token=token, problems=[])


@router.post("/valkommen/{token}")
def choose(request: Request, database: Db, token: str, password: Typed = "", again: Typed = "") -> Response:
    with database.reading() as session:
        link = actions.invited(session, token, here=here(request))
        to = after_link(session, link) if link else ""
    if not link:
        return _spent(request)
    if problems := chosen_wrong(password, again, link.person):
        return page(request, "accounts/welcome.html", 422, link=link, key=False, others=False, problems=problems)
    hash, device = passwords.hashed(password), device_of(request)
    with database.writing() as session:
        entered = actions.accept(session, token=token, password=hash, here=here(request), device=device)
    if entered is None:
        return _spent(request)
    if entered:
        return gone_through(request, entered, to)
    return RedirectResponse(f"/logga-in?klart=losenord&till={quote(ANEW)}", 303)


def after_link(session: Session, link: actions.Link) -> str:
    """Where a link leads on to. Whoever was in before is shown what else still is."""
    return ANEW if can_sign_in(session, link.person.id) else "/"


def chosen_wrong(password: str, again: str, person: Person) -> list[tuple[str, str]]:
    """What must be mended in a new password that was written twice, by field."""
    if told := passwords.unfit(password, person.name, person.email):
        return [("password", told)]
    return [] if password == again else [("again", "Skriv samma lösenord en gång till. De två är inte lika.")]


def _spent(request: Request) -> Response:
    return page(request, "accounts/spent.html", 410)


def signed_in_as(request: Request, token: str, to: str) -> Response:
    """Goes on to an address with a new cookie: never the one that the browser came with."""
    answer = RedirectResponse(to, 303)
    set_cookie(request, answer, token, request.app.state.limits.lasts)
    return answer
