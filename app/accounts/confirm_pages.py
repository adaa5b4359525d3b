"""Bekräfta att det är du, before what must not be done by whoever finds a tablet open; and where one is signed in."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import codes, identities, passkeys, passwords, sessions
from app.accounts.access import Db, Tries, cookie_name, here, host, seconds_to, signed_in
from app.accounts.models import Person
from app.accounts.pages import Typed
from app.accounts.passkey_pages import Answered
from app.accounts.passkey_site import asked, begin, site_of, sited, taken
from app.accounts.sessions import Way
from app.accounts.viewer import Viewer
from app.accounts.whence import network
from app.db import Database
from app.errors import Unacceptable
from app.web.render import page
from app.web.security import own_address

SIGNED_IN = signed_in()
Own = Annotated[Viewer, SIGNED_IN]
router = APIRouter(
    prefix="/konto", default_response_class=HTMLResponse, include_in_schema=False, dependencies=[SIGNED_IN]
)

CONFIRM = "confirm"  # what a challenge is for
WRONG = "Skriv det lösenord som du loggar in med."


def ways_in(request: Request, session: Session, viewer: Viewer) -> dict[str, Any]:
    """What Mitt konto tells of how one signs in, and where."""
    return {
        "password": bool(session.get_one(Person, viewer.id).password),
        "keys": passkeys.of(session, viewer.id),
        "linked": identities.of(session, viewer.id),
        "codes": codes.of(session, viewer.id),
        "codes_left": codes.left(session, viewer.id),
        "sign_ins": sessions.of(session, viewer.id, request.app.state.limits),
        "this": sessions.hashed(_token(request)),
        "ways": {way.value: way.label for way in Way},
    }


def _token(request: Request) -> str:
    return request.cookies.get(cookie_name(request), "")


@router.post("/inloggningar")
def end_one(viewer: Own, database: Db, which: Typed = "") -> Response:
    with database.writing() as session:
        sessions.end_one(session, by=viewer.id, which=which)
    return RedirectResponse("/konto#inloggningar", 303)


# ── It is me ──────────────────────────────────────────────────────────────────────────────


@router.get("/bekrafta")
def ask(request: Request, viewer: Own, database: Db, till: str = "/konto") -> Response:
    return _drawn(request, database, viewer, till)


@router.post("/bekrafta")
def confirm(
    request: Request,
    viewer: Own,
    database: Db,
    tries: Tries,
    password: Typed = "",
    code: Typed = "",
    till: Typed = "/konto",
) -> Response:
    """The password, and the code where there is one: as much as it takes to sign in."""
    with database.reading() as session:
        person, wants_code = session.get_one(Person, viewer.id), bool(codes.of(session, viewer.id))
    whence = network(host(request))
    until = tries.until(person.email, whence)
    if until := until or (wants_code and tries.until_code(person.id, whence, guessable=codes.guessable(code))) or None:
        return _drawn(request, database, viewer, till, 429, {"Retry-After": str(seconds_to(until))}, until=until)
    if not passwords.verify(password, person.password)[0]:
        return _drawn(request, database, viewer, till, 422, problems=[("password", WRONG)])
    if wants_code and (told := _code_told(request, database, person.id, code)):
        return _drawn(request, database, viewer, till, 422, problems=[("code", told)])
    tries.forget(person.email, whence)
    tries.forget_codes(person.id, whence)
    with database.writing() as session:
        sessions.confirm(session, _token(request), way=Way.CODE if wants_code else Way.PASSWORD)
    return RedirectResponse(own_address(till, "/konto"), 303)


def _code_told(request: Request, database: Database, person: str, typed: str) -> str:
    with database.reading() as session:
        recovery = codes.recovery(session, person, typed)
    with database.writing() as session:
        session.get_one(Person, person, with_for_update=True)
        return codes.use(session, person=person, locker=request.app.state.locker, typed=typed, hash=recovery)


@router.post("/bekrafta/nyckel/fraga")
def ask_for_own(request: Request, viewer: Own, database: Db, tries: Tries) -> Response:
    site = sited(request)
    with database.reading() as session:
        keys = [key for key in passkeys.of(session, viewer.id) if key.host == site.host]
    challenge, browser = begin(request, tries, CONFIRM, viewer.id)
    return asked(request, browser, passkeys.to_show(site, challenge, keys))


@router.post("/bekrafta/nyckel")
def confirm_with_key(request: Request, viewer: Own, database: Db, answered: Answered) -> Response:
    site, challenge = sited(request), taken(request, answered.credential, CONFIRM, viewer.id)

    def note(session: Session, person: Person) -> bool:
        if person.id != viewer.id:
            raise Unacceptable(passkeys.OTHERS)
        sessions.confirm(session, _token(request), way=Way.PASSKEY)
        return True

    passkeys.shown(database, site, challenge, answered.credential, here(request), note)
    return JSONResponse({"to": own_address(answered.till, "/konto")})


def _drawn(
    request: Request,
    database: Database,
    viewer: Viewer,
    till: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    site = site_of(request)
    with database.reading() as session:
        issuers = {each.issuer for each in identities.of(session, viewer.id)}
        facts: dict[str, Any] = {
            "password": bool(session.get_one(Person, viewer.id).password),
            "code": bool(codes.of(session, viewer.id)),
            "key": any(site and key.host == site.host and not key.stopped for key in passkeys.of(session, viewer.id)),
        }
    known = request.app.state.connections.values()
    facts["through"] = [each for each in known if each.provider.issuer in issuers]
    asked = {"till": own_address(till, "/konto"), "problems": [], "until": None} | more
    return page(request, "accounts/confirm.html", status, headers, **facts, **asked)
