"""The administrator's pages for places: the tree, and a form for each thing that can be added or changed."""

from collections.abc import Callable
from enum import Enum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.places import actions, forms, queries
from app.places.forms import PlaceForm
from app.places.models import Clinic, Hospital, Region, Speciality
from app.places.schemas import ClinicIn, Named, NewHospital
from app.typed import Unfit, wrong
from app.web.render import page

ADMINISTERS = may(Permission.ADMINISTER)
Admin = Annotated[Viewer, ADMINISTERS]

router = APIRouter(
    prefix="/platser",
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[ADMINISTERS],
)

Typed = Annotated[str, Form()]
Chosen = Annotated[tuple[str, ...], Form()]


class Level(Enum):
    """What has a name and nothing else to change, as addresses call it."""

    REGION = "regioner"
    HOSPITAL = "sjukhus"
    SPECIALITY = "specialiteter"

    @property
    def kind(self) -> type[Region | Hospital | Speciality]:
        kinds: dict[Level, type[Region | Hospital | Speciality]] = {
            Level.REGION: Region,
            Level.HOSPITAL: Hospital,
            Level.SPECIALITY: Speciality,
        }
        return kinds[self]


@router.get("")
def tree(request: Request, database: Db) -> Response:
    with database.reading() as session:
        regions = queries.tree(session)
    return page(request, "places/tree.html", regions=regions)


@router.get("/specialiteter")
def specialities(request: Request, database: Db) -> Response:
    with database.reading() as session:
        found = queries.specialities(session)
    return page(request, "places/specialities.html", specialities=found)


# ── Adding ────────────────────────────────────────────────────────────────────────────────


@router.get("/regioner/ny")
def new_region(request: Request) -> Response:
    return _shown(request, PlaceForm(forms.ADD_REGION))


@router.post("/regioner/ny")
def add_region(request: Request, viewer: Admin, database: Db, name: Typed = "") -> Response:
    form = PlaceForm(forms.ADD_REGION, name)
    return _saved(request, database, form, lambda s: actions.add_region(s, by=viewer, new=Named(name=name)))


@router.get("/regioner/{id}/sjukhus/nytt")
def new_hospital(request: Request, database: Db, id: UUID) -> Response:
    with database.reading() as session:
        return _shown(request, forms.new_hospital(session, str(id)))


@router.post("/regioner/{id}/sjukhus/nytt")
def add_hospital(
    request: Request, viewer: Admin, database: Db, id: UUID, name: Typed = "", kind: Typed = ""
) -> Response:
    with database.reading() as session:
        form = forms.new_hospital(session, str(id), name, kind)

    def add(session: Session) -> object:
        new = NewHospital.model_validate({"name": name, "kind": kind})
        return actions.add_hospital(session, by=viewer, region=str(id), new=new)

    return _saved(request, database, form, add)


@router.get("/sjukhus/{id}/kliniker/ny")
def new_clinic(request: Request, database: Db, id: UUID) -> Response:
    with database.reading() as session:
        return _shown(request, forms.new_clinic(session, str(id)))


@router.post("/sjukhus/{id}/kliniker/ny")
def add_clinic(
    request: Request, viewer: Admin, database: Db, id: UUID, name: Typed = "", specialities: Chosen = ()
) -> Response:
    with database.reading() as session:
        form = forms.new_clinic(session, str(id), name, specialities)

    def add(session: Session) -> object:
        new = ClinicIn(name=name, specialities=list(specialities))
        return actions.add_clinic(session, by=viewer, hospital=str(id), new=new)

    return _saved(request, database, form, add)


@router.get("/specialiteter/ny")
def new_speciality(request: Request) -> Response:
    return _shown(request, PlaceForm(forms.ADD_SPECIALITY, crumbs=(forms.TREE, forms.SPECIALITIES)))


@router.post("/specialiteter/ny")
def add_speciality(request: Request, viewer: Admin, database: Db, name: Typed = "") -> Response:
    form = PlaceForm(forms.ADD_SPECIALITY, name, (forms.TREE, forms.SPECIALITIES))
    return _saved(request, database, form, lambda s: actions.add_speciality(s, by=viewer, new=Named(name=name)))


# ── Changing ──────────────────────────────────────────────────────────────────────────────


@router.get("/kliniker/{id}")
def clinic(request: Request, database: Db, id: UUID) -> Response:
    with database.reading() as session:
        name, chosen = actions.found(session, Clinic, str(id)).name, queries.trained_in(session, str(id))
        return _shown(request, forms.changed_clinic(session, str(id), name, chosen))


@router.post("/kliniker/{id}")
def change_clinic(
    request: Request, viewer: Admin, database: Db, id: UUID, name: Typed = "", specialities: Chosen = ()
) -> Response:
    with database.reading() as session:
        form = forms.changed_clinic(session, str(id), name, specialities)

    def change(session: Session) -> None:
        new = ClinicIn(name=name, specialities=list(specialities))
        actions.change_clinic(session, by=viewer, clinic=str(id), new=new)

    return _saved(request, database, form, change)


@router.get("/{level}/{id}")
def named(request: Request, database: Db, level: Level, id: UUID) -> Response:
    with database.reading() as session:
        place = actions.found(session, level.kind, str(id))
    return _shown(request, forms.renaming(place, place.name))


@router.post("/{level}/{id}")
def rename(request: Request, viewer: Admin, database: Db, level: Level, id: UUID, name: Typed = "") -> Response:
    with database.reading() as session:
        form = forms.renaming(actions.found(session, level.kind, str(id)), name)

    def change(session: Session) -> None:
        actions.rename(session, by=viewer, kind=level.kind, id=str(id), new=Named(name=name))

    return _saved(request, database, form, change)


def _shown(request: Request, form: PlaceForm) -> Response:
    return page(request, "places/form.html", form=form, wrong={})


def _saved(request: Request, database: Database, form: PlaceForm, change: Callable[[Session], object]) -> Response:
    """The change, or the form once more with all that was typed and what is wrong with it."""
    try:
        with database.writing() as session:
            change(session)
    except (ValidationError, Unfit) as error:
        return page(request, "places/form.html", 422, form=form, wrong=wrong(error))
    return RedirectResponse(form.back, 303)
