"""Mitt konto: who one is, what one may, a new password, an end to every sign-in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts import passwords, sessions
from app.accounts.access import Db, Tries, signed_in
from app.accounts.actions import set_password
from app.accounts.models import Person
from app.accounts.pages import chosen_wrong, host, seconds_to, signed_in_as
from app.accounts.viewer import Viewer
from app.accounts.whence import network
from app.db import Database
from app.people import queries
from app.web.render import page

SIGNED_IN = signed_in()
Own = Annotated[Viewer, SIGNED_IN]

router = APIRouter(
    prefix="/konto", default_response_class=HTMLResponse, include_in_schema=False, dependencies=[SIGNED_IN]
)

Typed = Annotated[str, Form()]
WRONG = "Skriv det lösenord som du har nu."


@router.get("")
def account(request: Request, viewer: Own, database: Db, klart: str = "") -> Response:
    with database.reading() as session:
        person, posts = queries.found(session, viewer.id), queries.posts(session, [viewer.id])[viewer.id]
    return page(request, "people/account.html", person=person, posts=posts, changed=klart == "losenord")


@router.get("/losenord")
def own_password(request: Request) -> Response:
    return page(request, "people/password.html", wrong={}, until=None)


@router.post("/losenord")
def change_password(
    request: Request,
    viewer: Own,
    database: Db,
    tries: Tries,
    present: Typed = "",
    password: Typed = "",
    again: Typed = "",
) -> Response:
    with database.reading() as session:
        person = queries.found(session, viewer.id)
    whence = network(host(request))
    if until := tries.until(person.email, whence):
        headers = {"Retry-After": seconds_to(until)}
        return page(request, "people/password.html", 429, headers, wrong={}, until=until)
    right, _ = passwords.verify(present, person.password)
    problems = [] if right else [("present", WRONG)]
    if problems := problems + chosen_wrong(password, again):
        return page(request, "people/password.html", 422, wrong=dict(problems), until=None)
    tries.forget(person.email, whence)
    token = _changed(database, person, passwords.hashed(password))
    return signed_in_as(request, token, "/konto?klart=losenord")


def _changed(database: Database, person: Person, hash: str) -> str:
    """Every sign-in ends, and this browser gets a new one."""
    with database.writing() as session:
        now = session.get_one(Person, person.id, with_for_update=True)
        set_password(session, person=now, password=hash, by=person.id)
        return sessions.start(session, person.id)


@router.post("/logga-ut-overallt")
def leave_everywhere(viewer: Own, database: Db) -> Response:
    with database.writing() as session:
        sessions.end_all(session, by=viewer.id, person=viewer.id)
    return RedirectResponse("/logga-in", 303)
