"""Mina band, on Mitt konto, and the same on a person's page at the office: one form, one list."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from app.accounts.access import Db, may, signed_in
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.people import queries, ties
from app.people.independence import TieKind
from app.people.schemas import TieIn
from app.typed import Unfit, wrong
from app.web.render import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Own = Annotated[Viewer, signed_in()]
Admin = Annotated[Viewer, may(Permission.ADMINISTER)]
Typed = Annotated[str, Form()]
KINDS = [(kind.value, kind.label[0].upper() + kind.label[1:]) for kind in TieKind]


def sent(kind: Typed = "", where: Typed = "", since: Typed = "", until: Typed = "") -> dict[str, str]:
    return {"kind": kind, "where": where, "since": since, "until": until}


Sent = Annotated[dict[str, str], Depends(sent)]
EMPTY = sent()


@router.get("/konto/band")
def own(request: Request, viewer: Own, database: Db) -> Response:
    return _form(request, database, viewer.id, "/konto")


@router.post("/konto/band")
def tell_own(request: Request, viewer: Own, database: Db, typed: Sent) -> Response:
    return _told(request, database, viewer, viewer.id, "/konto", typed)


@router.post("/konto/band/{tie}/ta-bort")
def remove_own(viewer: Own, database: Db, tie: UUID) -> Response:
    return _removed(database, viewer, viewer.id, "/konto", str(tie))


@router.get("/personer/{id}/band", dependencies=[may(Permission.ADMINISTER)])
def of_somebody(request: Request, database: Db, id: UUID) -> Response:
    return _form(request, database, str(id), f"/personer/{id}")


@router.post("/personer/{id}/band")
def tell_of_somebody(request: Request, viewer: Admin, database: Db, id: UUID, typed: Sent) -> Response:
    return _told(request, database, viewer, str(id), f"/personer/{id}", typed)


@router.post("/personer/{id}/band/{tie}/ta-bort")
def remove_of_somebody(viewer: Admin, database: Db, id: UUID, tie: UUID) -> Response:
    return _removed(database, viewer, str(id), f"/personer/{id}", str(tie))


def _told(
    request: Request, database: Database, viewer: Viewer, id: str, back: str, typed: Mapping[str, str]
) -> Response:
    try:
        new = TieIn.model_validate(typed)
        with database.writing() as session:
            ties.tell(session, by=viewer, person=id, new=new)
    except (ValidationError, Unfit) as error:
        return _form(request, database, id, back, typed, wrong(error))
    return RedirectResponse(f"{back}#band", 303)


def _removed(database: Database, viewer: Viewer, id: str, back: str, tie: str) -> Response:
    with database.writing() as session:
        ties.remove(session, by=viewer, person=id, tie=tie)
    return RedirectResponse(f"{back}?borttaget={tie}#band", 303)


def _form(
    request: Request,
    database: Database,
    id: str,
    back: str,
    typed: Mapping[str, str] = EMPTY,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    with database.reading() as session:
        person, places = queries.found(session, id), ties.places(session)
    facts: dict[str, Any] = {"person": person, "places": places, "kinds": KINDS, "back": back, "typed": typed}
    return page(request, "people/tie.html", 422 if wrong else 200, **facts, wrong=wrong or {})
