"""Personuppgifter: what is stored, for everybody; one's own data to take away; for the office the record of processing,
and what there is about a person, to hand out or to erase."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app import audit
from app.accounts.access import Db, fresh, may, signed_in
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.config import Settings
from app.db import Database
from app.inspections.withholding import waiting
from app.people import queries
from app.privacy.erasing import erase, mentions
from app.privacy.export import export
from app.privacy.record import Said, record, time_of
from app.privacy.stored import REGISTERS
from app.typed import Unfit
from app.web.render import page
from reports.formats import write

SIGNED_IN, ADMINISTERS = signed_in(), may(Permission.ADMINISTER)
Own = Annotated[Viewer, SIGNED_IN]
Sure = Annotated[Viewer, may(Permission.ADMINISTER, fresh="/personer/{id}/uppgifter")]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


def _said(request: Request) -> Said:
    chosen: Settings = request.app.state.settings
    return Said(chosen.controller, chosen.legal_ground, chosen.data_contact, chosen.erase_months)


@router.get("/personuppgifter")
def stored(request: Request, viewer: Own, database: Db) -> Response:
    said, administers = _said(request), viewer.may(Permission.ADMINISTER)
    told = [(each, time_of(each, said.erase_months)) for each in REGISTERS if each.about]
    with database.reading() as session:
        proposed = waiting(session) if administers else []
    facts: dict[str, Any] = {"administers": administers, "proposed": proposed}
    return page(request, "privacy/stored.html", said=said, registers=told, **facts)


@router.get("/personuppgifter/registerforteckning.docx", dependencies=[ADMINISTERS], response_class=Response)
def processing(request: Request) -> Response:
    made = write(record(REGISTERS, _said(request)), "docx")
    headers = {"Content-Disposition": 'attachment; filename="registerforteckning.docx"'}
    return Response(made, media_type=WORD, headers=headers)


# ── One person's ──────────────────────────────────────────────────────────────────────────


@router.post("/konto/uppgifter")
def own_data(viewer: Annotated[Viewer, fresh("/konto")], database: Db) -> Response:
    return _exported(database, viewer, viewer.id)


@router.get("/personer/{id}/uppgifter")
def person(request: Request, viewer: Sure, database: Db, id: UUID) -> Response:
    return _person(request, database, viewer, str(id))


@router.post("/personer/{id}/uppgifter/hamta")
def data_of(viewer: Sure, database: Db, id: UUID) -> Response:
    return _exported(database, viewer, str(id))


@router.post("/personer/{id}/uppgifter/radera")
def erase_person(request: Request, viewer: Sure, database: Db, later: BackgroundTasks, id: UUID) -> Response:
    try:
        with database.writing() as session:
            erase(session, by=viewer, person=str(id))
    except Unfit as error:
        return _person(request, database, viewer, str(id), error.told)
    later.add_task(database.sweep)
    return RedirectResponse(f"/personer/{id}/uppgifter", 303)


def _person(request: Request, database: Database, viewer: Viewer, id: str, told: str = "") -> Response:
    with database.reading() as session:
        found = queries.found(session, id)
        named = mentions(session, found) if found.closed and not found.erased else []
    facts: dict[str, Any] = {"person": found, "mentions": named, "own": viewer.id == id, "told": told}
    return page(request, "privacy/person.html", 422 if told else 200, **facts)


def _exported(database: Database, viewer: Viewer, person: str) -> Response:
    """That it was read is an event, also where one reads about oneself."""
    with database.reading() as session:
        made = export(session, by=viewer, person=person)
    with database.writing() as session:
        audit.record(session, by=viewer.id, action="person:data_exported", subject=person)
    headers = {"Content-Disposition": 'attachment; filename="personuppgifter.zip"', "Cache-Control": "no-store"}
    return Response(made, media_type="application/zip", headers=headers)
