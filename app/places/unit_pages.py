"""The administrator's pages for a unit, a clinic's speciality: closing it there alone, and opening it again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from app import audit
from app.accounts.access import Db
from app.places import actions, forms
from app.places.models import Clinic, ClinicSpeciality, Speciality
from app.places.pages import ADMINISTERS, Admin, Going, closing_page
from app.places.schemas import Closing
from app.typed import wrong
from app.web.swedish import local

router = APIRouter(
    prefix="/platser/kliniker/{id}/specialiteter/{speciality}",
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[ADMINISTERS],
)


@router.get("/stang")
def closing(request: Request, database: Db, going_on: Going, id: UUID, speciality: UUID) -> Response:
    with database.reading() as session:
        return _closing(request, session, going_on, (str(id), str(speciality)), str(local(audit.now()).date()))


@router.post("/stang")
def close(
    request: Request,
    viewer: Admin,
    database: Db,
    going_on: Going,
    id: UUID,
    speciality: UUID,
    day: Annotated[str, Form()] = "",
) -> Response:
    at = (str(id), str(speciality))
    try:
        new = Closing.model_validate({"day": day})
        with database.writing() as session:
            actions.close(session, by=viewer, kind=ClinicSpeciality, id=at, new=new)
    except ValidationError as error:
        with database.reading() as session:
            return _closing(request, session, going_on, at, day, wrong(error))
    return RedirectResponse(f"/platser/kliniker/{id}#specialiteter", 303)


@router.post("/oppna")
def open_again(viewer: Admin, database: Db, id: UUID, speciality: UUID) -> Response:
    with database.writing() as session:
        actions.open_again(session, by=viewer, kind=ClinicSpeciality, id=(str(id), str(speciality)))
    return RedirectResponse(f"/platser/kliniker/{id}#specialiteter", 303)


def _closing(
    request: Request,
    session: Session,
    going_on: Going,
    at: tuple[str, str],
    day: str,
    wrong: dict[str, str] | None = None,
) -> Response:
    unit = actions.found(session, ClinicSpeciality, at)
    clinic = actions.found(session, Clinic, unit.clinic)
    name, back = actions.found(session, Speciality, unit.speciality).name, f"/platser/kliniker/{unit.clinic}"
    crumbs = (*forms.above(clinic), (clinic.name, back))
    facts = {"name": f"{name} vid {clinic.name}", "crumbs": crumbs, "url": back, "holds": False, "roles": False}
    return closing_page(request, facts | {"going_on": going_on(session, unit)}, day, wrong)
