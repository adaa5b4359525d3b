"""Mitt konto: who one is, what one may, one's ties, a new password, an end to every sign-in, a calendar's address."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app import audit
from app.accounts import calendars, passwords, sessions, tokens
from app.accounts.access import Db, device_of, fresh, signed_in
from app.accounts.actions import end_programs, set_password
from app.accounts.confirm_pages import ways_in
from app.accounts.models import Person
from app.accounts.pages import chosen_wrong, signed_in_as
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.people import queries
from app.people.independence import TieKind
from app.people.ties import removed, ties_of
from app.web.render import page

SIGNED_IN = signed_in()
Own = Annotated[Viewer, SIGNED_IN]
FRESH = fresh()
Fresh = Annotated[Viewer, FRESH]

router = APIRouter(
    prefix="/konto", default_response_class=HTMLResponse, include_in_schema=False, dependencies=[SIGNED_IN]
)

Typed = Annotated[str, Form()]


@router.get("")
def account(request: Request, viewer: Own, database: Db, klart: str = "", borttaget: str = "") -> Response:
    with database.reading() as session:
        person, posts = queries.found(session, viewer.id), queries.posts(session, [viewer.id])[viewer.id]
        made, inspects = calendars.made(session, viewer.id), viewer.may_somewhere(Permission.NOTES)
        ties = ties_of(session, [viewer.id]).get(viewer.id, [])
        about: dict[str, Any] = {"person": person, "posts": posts, "done": klart, "ties": ties}
        about["gone"] = removed(session, viewer.id, borttaget)
        about |= ways_in(request, session, viewer)
        about |= {"tokens": tokens.of(session, viewer.id), "now": audit.now()}
    about["at_home"] = any(each.kind is TieKind.HOME for each in ties)
    return page(request, "people/account.html", address_made=made, inspects=inspects, **about)


@router.get("/losenord")
def own_password(request: Request, viewer: Fresh, database: Db) -> Response:
    return _password(request, viewer, database)


@router.post("/losenord")
def change_password(
    request: Request, viewer: Fresh, database: Db, password: Typed = "", again: Typed = "", keys: Typed = ""
) -> Response:
    """`keys`: what lets programs in ends too."""
    with database.reading() as session:
        person = queries.found(session, viewer.id)
    if problems := chosen_wrong(password, again, person):
        return _password(request, viewer, database, problems)
    return signed_in_as(request, _changed(request, database, viewer, password, keys), "/konto?klart=losenord")


def _password(
    request: Request, viewer: Viewer, database: Database, problems: Sequence[tuple[str, str]] = ()
) -> Response:
    with database.reading() as session:
        first = not queries.found(session, viewer.id).password
        programs = {"has_keys": bool(tokens.of(session, viewer.id)), "has_calendar": calendars.made(session, viewer.id)}
    about: dict[str, Any] = {"wrong": dict(problems), "first": first, **programs}
    return page(request, "people/password.html", 422 if problems else 200, **about)


def _changed(request: Request, database: Database, viewer: Viewer, password: str, keys: str) -> str:
    """Every sign-in ends, and this browser gets a new one."""
    hash = passwords.hashed(password)
    with database.writing() as session:
        now = session.get_one(Person, viewer.id, with_for_update=True)
        set_password(session, person=now, password=hash, by=viewer.id)
        if keys:
            end_programs(session, by=viewer.id, person=viewer.id)
        return sessions.start(session, viewer.id, device=device_of(request))


@router.post("/logga-ut-overallt")
def leave_everywhere(viewer: Own, database: Db) -> Response:
    with database.writing() as session:
        sessions.end_all(session, by=viewer.id, person=viewer.id)
    return RedirectResponse("/logga-in", 303)


# ── For one's calendar ────────────────────────────────────────────────────────────────────


@router.post("/kalender")
def new_calendar_address(request: Request, viewer: Own, database: Db) -> Response:
    """In the answer itself: an address to be led on to would stand in the browser's history."""
    with database.writing() as session:
        token = calendars.make(session, by=viewer)
    return page(request, "people/calendar.html", link=str(request.url_for("feed", token=token)))


@router.post("/kalender/avsluta")
def end_calendar_address(viewer: Own, database: Db) -> Response:
    with database.writing() as session:
        calendars.end(session, by=viewer.id, person=viewer.id)
    return RedirectResponse("/konto?klart=kalender#kalender", 303)
