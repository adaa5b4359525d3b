"""Koder vid inloggning: setting them up with an authenticator, recovery codes, and an end to it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts import codes
from app.accounts.access import Db, Tries, fresh, host, seconds_to
from app.accounts.models import Person
from app.accounts.pages import Typed
from app.accounts.viewer import Viewer
from app.accounts.whence import network
from app.db import Database
from app.errors import NotFound, TooOften, Unacceptable
from app.web.render import page

FRESH = fresh()
Fresh = Annotated[Viewer, FRESH]
router = APIRouter(
    prefix="/konto/koder", default_response_class=HTMLResponse, include_in_schema=False, dependencies=[FRESH]
)

TOO_OFTEN = "Det blev många försök. Vänta en stund och försök igen."


@router.get("")
def state(request: Request, viewer: Fresh, database: Db) -> Response:
    with database.reading() as session:
        on, left = codes.of(session, viewer.id), codes.left(session, viewer.id)
    return page(request, "accounts/codes.html", on=on, left=left)


@router.post("")
def change(request: Request, viewer: Fresh, database: Db, tries: Tries, does: Typed = "", code: Typed = "") -> Response:
    """What is shown once stands in the answer itself: an address to be led on to could be opened again."""
    locker = request.app.state.locker
    try:
        match does:
            case "begin":
                with database.writing() as session:
                    codes.begin(session, by=viewer, locker=locker)
                return _set_up(request, database, viewer)
            case "confirm":
                return _confirmed(request, database, viewer, tries, code)
            case "renew":
                shown, hashes = codes.new_recovery_codes()
                with database.writing() as session:
                    codes.renew(session, by=viewer, hashes=hashes)
                return page(request, "accounts/recovery_codes.html", shown=shown)
            case "off":
                with database.writing() as session:
                    codes.remove(session, by=viewer, person=viewer.id)
                return RedirectResponse("/konto?klart=koder-av#koder", 303)
            case _:
                pass
    except (NotFound, Unacceptable):  # changed in another tab meanwhile
        pass
    return RedirectResponse("/konto/koder", 303)


def _confirmed(request: Request, database: Database, viewer: Viewer, tries: Tries, code: str) -> Response:
    if until := tries.until_code(viewer.id, network(host(request))):
        raise TooOften(TOO_OFTEN, retry_after=seconds_to(until))
    shown, hashes = codes.new_recovery_codes()
    try:
        with database.writing() as session:
            codes.confirm(session, by=viewer, locker=request.app.state.locker, code=code, hashes=hashes)
    except Unacceptable as error:
        return _set_up(request, database, viewer, [("code", error.told)])
    return page(request, "accounts/recovery_codes.html", shown=shown)


def _set_up(
    request: Request, database: Database, viewer: Viewer, problems: list[tuple[str, str]] | None = None
) -> Response:
    with database.reading() as session:
        secret, email = _secret(request, session, viewer), session.get_one(Person, viewer.id).email
    wide, dark = codes.drawn(secret, email)
    shown = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    about: dict[str, Any] = {"secret": shown, "wide": wide, "dark": dark, "problems": problems or []}
    return page(request, "accounts/set_up_codes.html", 422 if problems else 200, **about)


def _secret(request: Request, session: Session, viewer: Viewer) -> str:
    return codes.begun(session, by=viewer, locker=request.app.state.locker)
