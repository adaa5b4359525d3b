"""The administrator's pages for people: the list, a new person, and everything about one."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from app.accounts import codes, sessions
from app.accounts.access import Db, may
from app.accounts.actions import INVITATION, invite, invite_by_mail, waits, withdraw
from app.accounts.roles import NAMES, Permission, Reach, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import is_id
from app.mail import queue
from app.mail.post import TROUBLES
from app.people import actions, queries
from app.people.inviting import count, invited, lacks_link, not_invited, waiting_of
from app.people.inviting_pages import sends
from app.people.schemas import AppointmentIn, PersonIn
from app.people.ties import removed, ties_of
from app.typed import Unfit, wrong
from app.web.render import page
from app.web.sought import locked, opened

ADMINISTERS = may(Permission.ADMINISTER)
Admin = Annotated[Viewer, ADMINISTERS]
# Whoever finds an administrator's tablet open lets nobody in and keeps nobody out. From the person's page, or a form:
Sure = Annotated[Viewer, may(Permission.ADMINISTER, fresh="/personer/{id}")]
SURE_HERE = may(Permission.ADMINISTER, fresh="")
SureHere = Annotated[Viewer, SURE_HERE]

router = APIRouter(
    prefix="/personer",
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[ADMINISTERS],
)

Typed = Annotated[str, Form()]

FILTERS = {"inbjudna": invited, "inte-inbjudna": not_invited}  # of the list, among those who have not come in

_LABELS = {Reach.SPECIALITY: "Specialitet", Reach.REGION: "Region", Reach.CLINIC: "Klinik eller vårdcentral"}


@router.get("")
def people(request: Request, viewer: Admin, database: Db, sok: str = "", efter: str = "", visa: str = "") -> Response:
    """`sok` is locked: see `search`."""
    shows, sought = FILTERS.get(visa), opened(request, viewer.id, sok)
    with database.reading() as session:
        found = queries.listed(session, sought, efter if is_id(efter) else None, *(shows() if shows else ()))
        shown = found[: queries.PAGE]
        posts = queries.posts(session, [each.id for each in shown])
        facts: dict[str, Any] = {
            "people": shown,
            "posts": posts,
            "sought": sought,
            "waiting": waiting_of(session, shown),
        }
        facts |= {"counts": {name: count(session, *which()) for name, which in FILTERS.items()}}
        facts |= {"to_invite": count(session, *lacks_link()) if shows else 0}
    facts |= {"visa": visa if shows else "", "more": shown[-1].id if len(found) > queries.PAGE else ""}
    kept = {name: value for name, value in (("sok", sought and sok), ("visa", facts["visa"])) if value}
    return page(request, "people/list.html", **facts, kept=kept, on=bool(efter))


@router.post("")
def search(request: Request, viewer: Admin, sok: Typed = "", visa: Typed = "") -> Response:
    """See `app.web.sought`."""
    kept = {"sok": locked(request, viewer.id, sok[: queries.MOST].strip()), "visa": visa if visa in FILTERS else ""}
    given = urlencode({name: value for name, value in kept.items() if value})
    return RedirectResponse(f"/personer?{given}" if given else "/personer", 303)


@router.get("/ny")
def new(request: Request) -> Response:
    return _new(request)


@router.post("/ny")
def add(
    request: Request, viewer: Admin, database: Db, name: Typed = "", email: Typed = "", brev: Typed = ""
) -> Response:
    """`brev`: the link goes by mail; else it is shown."""
    token = ""
    try:
        new = PersonIn(name=name, email=email)
        with database.writing() as session:
            id = actions.add(session, by=viewer, new=new)
            if brev and sends(request):
                invite_by_mail(session, by=viewer, person=id)
            else:
                token = invite(session, by=viewer, person=id)
    except (ValidationError, Unfit) as error:
        return _new(request, {"name": name, "email": email}, wrong(error))
    return _link(request, database, id, token) if token else RedirectResponse(f"/personer/{id}", 303)


@router.get("/{id}")
def person(
    request: Request, viewer: Admin, database: Db, id: UUID, avslutad: str = "", borttaget: str = ""
) -> Response:
    return _person(request, database, viewer, str(id), ended=avslutad, gone=borttaget)


@router.post("/{id}")
def change(
    request: Request,
    viewer: Sure,
    database: Db,
    id: UUID,
    name: Typed = "",
    email: Typed = "",
    stood_name: Typed = "",
    stood_email: Typed = "",
) -> Response:
    """`stood_`: what a change is put back from. What can be put back is told in the answer itself, once: an address
    would keep the former name."""
    typed = {"name": name, "email": email}
    try:
        new = PersonIn(name=name, email=email)
        stands = PersonIn(name=stood_name, email=stood_email) if stood_name else None
        with database.writing() as session:
            before = actions.change(session, by=viewer, person=str(id), new=new, stands=stands)
    except (ValidationError, Unfit) as error:
        return _person(request, database, viewer, str(id), typed, wrong(error))
    if before == new:
        return RedirectResponse(f"/personer/{id}", 303)
    return _person(request, database, viewer, str(id), before=before, now=new)


# ── Roles ─────────────────────────────────────────────────────────────────────────────────


@router.get("/{id}/roller/{role}", dependencies=[SURE_HERE])
def new_role(request: Request, database: Db, id: UUID, role: Role) -> Response:
    return _role(request, database, str(id), role)


@router.post("/{id}/roller/{role}")
def appoint(request: Request, viewer: SureHere, database: Db, id: UUID, role: Role, where: Typed = "") -> Response:
    try:
        new = AppointmentIn(role=role, where=where or None)
        with database.writing() as session:
            actions.appoint(session, by=viewer, person=str(id), new=new)
    except (ValidationError, Unfit) as error:
        return _role(request, database, str(id), role, where, wrong(error))
    return RedirectResponse(f"/personer/{id}", 303)


@router.post("/{id}/roller/{appointment}/avsluta")
def end_role(request: Request, viewer: Sure, database: Db, id: UUID, appointment: UUID) -> Response:
    def do(session: Session) -> None:
        actions.end_appointment(session, by=viewer, person=str(id), appointment=str(appointment))

    return _done(request, database, viewer, str(id), do, then=f"?avslutad={appointment}#roles")


# ── The account ───────────────────────────────────────────────────────────────────────────


@router.post("/{id}/lank")
def link(request: Request, viewer: Sure, database: Db, id: UUID) -> Response:
    with database.writing() as session:
        token = invite(session, by=viewer, person=str(id))
    return _link(request, database, str(id), token)


@router.post("/{id}/inbjudan")
def send_invitation(request: Request, viewer: Sure, database: Db, id: UUID) -> Response:
    if not sends(request):
        return link(request, viewer, database, id)
    return _done(request, database, viewer, str(id), lambda s: invite_by_mail(s, by=viewer, person=str(id)))


@router.post("/{id}/ta-tillbaka")
def withdraw_invitation(request: Request, viewer: Sure, database: Db, id: UUID) -> Response:
    return _done(request, database, viewer, str(id), lambda s: withdraw(s, by=viewer, person=str(id)))


@router.post("/{id}/stang")
def close(request: Request, viewer: Sure, database: Db, id: UUID) -> Response:
    return _done(request, database, viewer, str(id), lambda s: actions.close(s, by=viewer, person=str(id)))


@router.post("/{id}/oppna")
def open_again(request: Request, viewer: Sure, database: Db, id: UUID) -> Response:
    return _done(request, database, viewer, str(id), lambda s: actions.open_again(s, by=viewer, person=str(id)))


@router.post("/{id}/logga-ut")
def sign_out(request: Request, viewer: Admin, database: Db, id: UUID) -> Response:
    return _done(request, database, viewer, str(id), lambda s: actions.sign_out(s, by=viewer, person=str(id)))


@router.post("/{id}/koder")
def end_codes(request: Request, viewer: Sure, database: Db, id: UUID) -> Response:
    return _done(request, database, viewer, str(id), lambda s: codes.remove(s, by=viewer, person=str(id)))


# ── Drawn ─────────────────────────────────────────────────────────────────────────────────


def _done(
    request: Request,
    database: Database,
    viewer: Viewer,
    id: str,
    do: Callable[[Session], None],
    then: str = "",
) -> Response:
    """Done, and the person's page once more, with what can be undone (`then`); or with what stood in the way."""
    try:
        with database.writing() as session:
            do(session)
    except (ValidationError, Unfit) as error:
        return _person(request, database, viewer, id, wrong=wrong(error))
    return RedirectResponse(f"/personer/{id}{then}", 303)


def _new(request: Request, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None) -> Response:
    facts: dict[str, Any] = {"typed": typed or {"name": "", "email": ""}, "wrong": wrong or {}}
    return page(request, "people/new.html", 422 if wrong else 200, **facts, sends=sends(request))


def _person(
    request: Request,
    database: Database,
    viewer: Viewer,
    id: str,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    ended: str = "",
    gone: str = "",
    before: PersonIn | None = None,
    now: PersonIn | None = None,
) -> Response:
    """`before` and `now`: what has just been changed."""
    with database.reading() as session:
        person = queries.found(session, id)
        posts, ties = queries.posts(session, [id])[id], ties_of(session, [id]).get(id, [])
        wants_code, come = bool(codes.of(session, id)), not waiting_of(session, [person])
        mail, withdrawable = queue.latest(session, id, INVITATION), waits(session, id)
        last, untied = sessions.last(session, id), removed(session, id, gone)
        over = queries.ended(session, id, ended) if is_id(ended) else None
    facts: dict[str, Any] = {"person": person, "posts": posts, "roles": list(Role), "own": viewer.id == id}
    facts |= {"wants_code": wants_code, "come": come, "mail": mail, "troubles": TROUBLES, "sends": sends(request)}
    facts["withdrawable"] = withdrawable
    facts |= {
        "ties": ties,
        "gone": untied,
        "last": last,
        "inspects": any(each.role is Role.INSPECTOR for each in posts),
    }
    facts["over"] = over if over and str(over[0]) not in map(str, posts) else None
    facts |= {"before": before, "now": now}
    typed = typed or {"name": person.name, "email": person.email}
    return page(request, "people/person.html", 422 if wrong else 200, **facts, typed=typed, wrong=wrong or {})


def _role(
    request: Request,
    database: Database,
    id: str,
    role: Role,
    where: str = "",
    wrong: Mapping[str, str] | None = None,
) -> Response:
    with database.reading() as session:
        person, options = queries.found(session, id), queries.choices(session, role)
    facts: dict[str, Any] = {"person": person, "role": role, "options": options, "label": _label(role)}
    return page(request, "people/role.html", 422 if wrong else 200, **facts, where=where, wrong=wrong or {})


def _label(role: Role) -> str:
    named = NAMES[role]
    return _LABELS[named] if named else ""


def _link(request: Request, database: Database, id: str, token: str) -> Response:
    """In the answer itself: an address to be led on to would stand in the browser's history."""
    with database.reading() as session:
        person = queries.found(session, id)
    return page(request, "people/link.html", person=person, link=str(request.url_for("welcome", token=token)))
