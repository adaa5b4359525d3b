"""Places as JSON, over the same actions as the pages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.places import actions, queries
from app.places.models import Hospital, Region, Speciality
from app.places.schemas import Added, ClinicIn, Named, NewHospital, RegionOut, SpecialityOut

ADMINISTERS = may(Permission.ADMINISTER)
Admin = Annotated[Viewer, ADMINISTERS]

router = APIRouter(prefix="/api", tags=["places"], dependencies=[ADMINISTERS])


@router.get("/places")
def places(database: Db) -> list[RegionOut]:
    """Every region, with its hospitals and primary care, their clinics, and what those train in."""
    with database.reading() as session:
        return queries.tree(session)


@router.post("/regions", status_code=201)
def add_region(viewer: Admin, database: Db, new: Named) -> Added:
    with database.writing() as session:
        return Added(id=actions.add_region(session, by=viewer, new=new))


@router.put("/regions/{id}", status_code=204)
def rename_region(viewer: Admin, database: Db, id: UUID, new: Named) -> None:
    with database.writing() as session:
        actions.rename(session, by=viewer, kind=Region, id=str(id), new=new)


@router.post("/regions/{id}/hospitals", status_code=201)
def add_hospital(viewer: Admin, database: Db, id: UUID, new: NewHospital) -> Added:
    with database.writing() as session:
        return Added(id=actions.add_hospital(session, by=viewer, region=str(id), new=new))


@router.put("/hospitals/{id}", status_code=204)
def rename_hospital(viewer: Admin, database: Db, id: UUID, new: Named) -> None:
    with database.writing() as session:
        actions.rename(session, by=viewer, kind=Hospital, id=str(id), new=new)


@router.post("/hospitals/{id}/clinics", status_code=201)
def add_clinic(viewer: Admin, database: Db, id: UUID, new: ClinicIn) -> Added:
    with database.writing() as session:
        return Added(id=actions.add_clinic(session, by=viewer, hospital=str(id), new=new))


@router.put("/clinics/{id}", status_code=204)
def change_clinic(viewer: Admin, database: Db, id: UUID, new: ClinicIn) -> None:
    """Its name, and the specialities that it trains in from now on."""
    with database.writing() as session:
        actions.change_clinic(session, by=viewer, clinic=str(id), new=new)


@router.get("/specialities")
def specialities(database: Db) -> list[SpecialityOut]:
    with database.reading() as session:
        return [queries.speciality_out(each) for each in queries.specialities(session)]


@router.post("/specialities", status_code=201)
def add_speciality(viewer: Admin, database: Db, new: Named) -> Added:
    with database.writing() as session:
        return Added(id=actions.add_speciality(session, by=viewer, new=new))


@router.put("/specialities/{id}", status_code=204)
def rename_speciality(viewer: Admin, database: Db, id: UUID, new: Named) -> None:
    with database.writing() as session:
        actions.rename(session, by=viewer, kind=Speciality, id=str(id), new=new)
