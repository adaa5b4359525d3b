"""The administrator's pages for places: the tree, and a form for each thing that can be added or changed."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from app import audit
from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.places import actions, forms, queries
from app.places import closing as closing_of
from app.places.closing import GoingOn, Kind
from app.places.forms import PlaceForm
from app.places.models import Clinic, Hospital, Region, Speciality
from app.places.schemas import ClinicIn, Closing, Named, NewHospital
from app.typed import Unfit, wrong
from app.web.render import page
from app.web.swedish import local

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


async def _under_way(request: Request) -> GoingOn:
    found: GoingOn = request.app.state.under_way
    return found


Going = Annotated[GoingOn, Depends(_under_way)]  # what goes on at a place, as main knows


class Level(Enum):
    """Regions, hospitals, clinics and specialities, as addresses call them."""

    REGION = "regioner"
    HOSPITAL = "sjukhus"
    CLINIC = "kliniker"
    SPECIALITY = "specialiteter"

    @property
    def kind(self) -> Kind:
        kinds: dict[Level, Kind] = {
            Level.REGION: Region,
            Level.HOSPITAL: Hospital,
            Level.CLINIC: Clinic,
            Level.SPECIALITY: Speciality,
        }
        return kinds[self]

    def facts(self, name: str, specialities: Sequence[str]) -> Named:
        if self is Level.CLINIC:
            return ClinicIn(name=name, specialities=sorted(set(specialities)))
        return Named(name=name)


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


@router.get("/{level}/{id}")
def one(request: Request, database: Db, level: Level, id: UUID) -> Response:
    with database.reading() as session:
        return _place(request, session, level, str(id))


@router.post("/{level}/{id}")
def change(
    request: Request,
    viewer: Admin,
    database: Db,
    level: Level,
    id: UUID,
    name: Typed = "",
    specialities: Chosen = (),
    stood_name: Typed = "",
    stood_specialities: Chosen = (),
) -> Response:
    """`stood_`: what a change is put back from. What can be put back is told in the answer itself, once."""
    try:
        stands = level.facts(stood_name, stood_specialities) if stood_name else None
        with database.writing() as session:
            new = level.facts(name, specialities)
            before = actions.change(session, by=viewer, kind=level.kind, id=str(id), new=new, stands=stands)
    except (ValidationError, Unfit) as error:
        with database.reading() as session:
            return _place(request, session, level, str(id), (name, specialities), wrong(error))
    if before == new:
        return RedirectResponse("/platser/specialiteter" if level is Level.SPECIALITY else "/platser", 303)
    with database.reading() as session:
        return _place(request, session, level, str(id), before=before, now=new)


# ── What has ended ────────────────────────────────────────────────────────────────────────


@router.get("/{level}/{id}/stang")
def closing(request: Request, database: Db, going_on: Going, level: Level, id: UUID) -> Response:
    return _closing(request, database, going_on, level, str(id), str(local(audit.now()).date()))


@router.post("/{level}/{id}/stang")
def close(
    request: Request, viewer: Admin, database: Db, going_on: Going, level: Level, id: UUID, day: Typed = ""
) -> Response:
    try:
        new = Closing.model_validate({"day": day})
        with database.writing() as session:
            actions.close(session, by=viewer, kind=level.kind, id=str(id), new=new)
    except ValidationError as error:
        return _closing(request, database, going_on, level, str(id), day, wrong(error))
    return RedirectResponse(f"/platser/{level.value}/{id}", 303)


@router.post("/{level}/{id}/oppna")
def open_again(viewer: Admin, database: Db, level: Level, id: UUID) -> Response:
    with database.writing() as session:
        actions.open_again(session, by=viewer, kind=level.kind, id=str(id))
    return RedirectResponse(f"/platser/{level.value}/{id}", 303)


# ── Drawn ─────────────────────────────────────────────────────────────────────────────────


def _place(
    request: Request,
    session: Session,
    level: Level,
    id: str,
    typed: tuple[str, Sequence[str]] | None = None,
    wrong: Mapping[str, str] | None = None,
    before: Named | None = None,
    now: Named | None = None,
) -> Response:
    """`before` and `now`: what has just been changed."""
    place = actions.found(session, level.kind, id)
    name, chosen = typed or (place.name, None)
    facts: dict[str, Any] = {"form": forms.changing(session, place, name, chosen), "place": place}
    facts |= {"ended": closing_of.ended(session, level.kind, [id]).get(id), "url": f"/platser/{level.value}/{id}"}
    facts |= {"before": before, "now": now}
    facts["units"] = queries.units(session, id) if level is Level.CLINIC else []
    facts["closed_here"] = queries.closed_at(session, id)
    return page(request, "places/place.html", 422 if wrong else 200, **facts, wrong=wrong or {})


def _closing(
    request: Request,
    database: Database,
    going_on: GoingOn,
    level: Level,
    id: str,
    day: str,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    url = f"/platser/{level.value}/{id}"
    with database.reading() as session:
        place = actions.found(session, level.kind, id)
        facts: dict[str, Any] = {"name": place.name, "crumbs": (*forms.above(place), (place.name, url)), "url": url}
        facts |= {"going_on": going_on(session, place), "roles": True}
        facts["holds"] = level in (Level.REGION, Level.HOSPITAL)
        return closing_page(request, facts, day, wrong)


def closing_page(
    request: Request, facts: Mapping[str, Any], day: str, wrong: Mapping[str, str] | None = None
) -> Response:
    """Asks once. `roles`: people have some there; `holds`: something lies in it."""
    return page(request, "places/close.html", 422 if wrong else 200, **facts, day=day, wrong=wrong or {})


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
