"""Passkeys: signing in with one, making the first with a one-time link, and looking after one's own.

Each is asked for in two steps: `…/fraga` gives a challenge, and what the browser makes of it goes to the address above.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field, ValidationError
from sqlmodel import Session

from app.accounts import actions, passkeys, sessions
from app.accounts.access import Db, Tries, anyone, cookie_name, device_of, fresh, here, set_cookie
from app.accounts.models import Person
from app.accounts.pages import Typed, after_link
from app.accounts.passkey_site import asked, begin, site_of, sited, taken
from app.accounts.passkeys import Sent
from app.accounts.sessions import Way
from app.accounts.viewer import Viewer
from app.errors import NotFound, Unacceptable
from app.typed import LONGEST, Name, wrong
from app.web.render import page
from app.web.security import own_address

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
ANYONE, FRESH = anyone(), fresh()
Fresh = Annotated[Viewer, FRESH]

SPENT = "Länken går inte att använda längre. Be administratören om en ny."
SIGN_IN, MAKE, FIRST = "sign in", "make", "first"  # what a challenge is for


class Answered(BaseModel):
    """What a browser answers."""

    credential: Sent
    till: str = ""
    name: str = Field(default="", max_length=LONGEST)


class Named(BaseModel):
    name: Name


# ── Signing in ────────────────────────────────────────────────────────────────────────────


@router.post("/logga-in/nyckel/fraga", dependencies=[ANYONE])
def ask_for_any(request: Request, tries: Tries) -> Response:
    site, (challenge, browser) = sited(request), begin(request, tries, SIGN_IN)
    return asked(request, browser, passkeys.to_show(site, challenge))


@router.post("/logga-in/nyckel", dependencies=[ANYONE])
def enter(request: Request, database: Db, answered: Answered) -> Response:
    site, challenge = sited(request), taken(request, answered.credential, SIGN_IN)
    old, device = request.cookies.get(cookie_name(request)), device_of(request)

    def start(session: Session, person: Person) -> str:
        if old:
            sessions.end(session, old)
        return sessions.start(session, person.id, way=Way.PASSKEY, device=device)

    token = passkeys.shown(database, site, challenge, answered.credential, here(request), start)
    return entered(request, token, own_address(answered.till))


def entered(request: Request, token: str, to: str) -> Response:
    answer = JSONResponse({"to": to})
    set_cookie(request, answer, token, request.app.state.limits.lasts)
    return answer


# ── The first one, with a one-time link ───────────────────────────────────────────────────


@router.post("/valkommen/{token}/nyckel/fraga", dependencies=[ANYONE])
def ask_for_the_first(request: Request, database: Db, tries: Tries, token: str) -> Response:
    site = sited(request)
    with database.reading() as session:
        link = actions.invited(session, token, here=here(request))
        keys = passkeys.of(session, link.person.id) if link else []
    if not link:
        raise Unacceptable(SPENT)
    challenge, browser = begin(request, tries, FIRST, sessions.hashed(token))
    return asked(request, browser, passkeys.to_make(site, challenge, link.person, keys))


@router.post("/valkommen/{token}/nyckel", dependencies=[ANYONE])
def make_the_first(request: Request, database: Db, token: str, answered: Answered) -> Response:
    site, challenge = sited(request), taken(request, answered.credential, FIRST, sessions.hashed(token))
    device = device_of(request)
    key = passkeys.made(site, challenge, answered.credential, device or "Min nyckel")
    with database.writing() as session:
        link = actions.invited(session, token, here=here(request))
        to = after_link(session, link) if link else "/"
        signed_in = actions.accept_with_key(session, token=token, key=key, here=here(request), device=device)
    if not signed_in:
        raise Unacceptable(SPENT)
    return entered(request, signed_in, to)


# ── One's own ─────────────────────────────────────────────────────────────────────────────


@router.get("/konto/nyckel/ny")
def new(request: Request, _: Fresh) -> Response:
    return page(request, "accounts/new_key.html", name=device_of(request), able=bool(site_of(request)))


@router.post("/konto/nyckel/ny/fraga")
def ask_for_a_new_one(request: Request, viewer: Fresh, database: Db, tries: Tries) -> Response:
    site = sited(request)
    with database.reading() as session:
        person, keys = session.get_one(Person, viewer.id), passkeys.of(session, viewer.id)
    challenge, browser = begin(request, tries, MAKE, viewer.id)
    return asked(request, browser, passkeys.to_make(site, challenge, person, keys))


@router.post("/konto/nyckel/ny")
def make(request: Request, viewer: Fresh, database: Db, answered: Answered) -> Response:
    site, challenge = sited(request), taken(request, answered.credential, MAKE, viewer.id)
    try:
        named = Named(name=answered.name or device_of(request) or "Min nyckel")
    except ValidationError as error:
        raise Unacceptable(" ".join(wrong(error).values())) from None
    key = passkeys.made(site, challenge, answered.credential, named.name)
    with database.writing() as session:
        passkeys.keep(session, person=viewer.id, key=key)
    return JSONResponse({"to": "/konto?klart=nyckel#nycklar"})


@router.get("/konto/nyckel")
def one(request: Request, viewer: Fresh, database: Db, id: str = "") -> Response:
    return _one(request, database, viewer, id)


@router.post("/konto/nyckel")
def change(request: Request, viewer: Fresh, database: Db, id: str = "", does: Typed = "", name: Typed = "") -> Response:
    """Renames it, or removes it."""
    try:
        with database.writing() as session:
            if does == "remove":
                passkeys.remove(session, by=viewer, key=id)
            else:
                passkeys.rename(session, by=viewer, key=id, name=Named(name=name).name)
    except NotFound:
        return RedirectResponse("/konto#nycklar", 303)
    except ValidationError as error:
        return _one(request, database, viewer, id, wrong(error), name)
    except Unacceptable as error:
        return _one(request, database, viewer, id, {"remove": error.told})
    return RedirectResponse(f"/konto?klart={'borttagen' if does == 'remove' else 'nyckel'}#nycklar", 303)


def _one(
    request: Request,
    database: Db,
    viewer: Viewer,
    id: str,
    wrong: dict[str, str] | None = None,
    name: str | None = None,
) -> Response:
    with database.reading() as session:
        try:
            key = passkeys.own(session, viewer.id, id)
        except NotFound:  # removed a moment ago, as a rule
            return RedirectResponse("/konto#nycklar", 303)
    about: dict[str, Any] = {"key": key, "wrong": wrong or {}, "name": key.name if name is None else name}
    return page(request, "accounts/key.html", 422 if wrong else 200, **about)
