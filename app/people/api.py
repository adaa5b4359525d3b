"""People as JSON, over the same actions as the pages; and who one is oneself."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session

from app.accounts.access import Db, may, signed_in
from app.accounts.actions import invite
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.people import actions, queries
from app.people.schemas import (
    AppointmentIn,
    AppointmentOut,
    Invited,
    PeopleOut,
    PersonIn,
    PersonOut,
    PersonWithRoles,
    Sought,
)

router = APIRouter(prefix="/api", tags=["people"])

Admin = Annotated[Viewer, may(Permission.ADMINISTER)]


@router.get("/me")
def me(viewer: Annotated[Viewer, signed_in()], database: Db) -> PersonWithRoles:
    with database.reading() as session:
        return _told(session, viewer.id)


@router.get("/people", dependencies=[may(Permission.ADMINISTER)])
def people(database: Db, after: UUID | None = None) -> PeopleOut:
    """A page of people by name."""
    return _listed(database, Sought(after=after))


@router.post("/people/search", dependencies=[may(Permission.ADMINISTER)])
def search(database: Db, sought: Sought) -> PeopleOut:
    """Those who have these words in their name or e-mail address, which no address of ours should hold."""
    return _listed(database, sought)


def _listed(database: Database, sought: Sought) -> PeopleOut:
    with database.reading() as session:
        found = queries.listed(session, sought.words, str(sought.after) if sought.after else None)
    shown = [PersonOut.model_validate(each, from_attributes=True) for each in found[: queries.PAGE]]
    return PeopleOut(people=shown, after=shown[-1].id if len(found) > queries.PAGE else None)


@router.post("/people", status_code=201)
def add(request: Request, viewer: Admin, database: Db, new: PersonIn) -> Invited:
    with database.writing() as session:
        id = actions.add(session, by=viewer, new=new)
        token = invite(session, by=viewer, person=id)
    return Invited(id=id, link=str(request.url_for("welcome", token=token)))


@router.get("/people/{id}", dependencies=[may(Permission.ADMINISTER)])
def person(database: Db, id: UUID) -> PersonWithRoles:
    with database.reading() as session:
        return _told(session, str(id))


@router.put("/people/{id}", status_code=204)
def change(viewer: Admin, database: Db, id: UUID, new: PersonIn) -> None:
    with database.writing() as session:
        actions.change(session, by=viewer, person=str(id), new=new)


@router.post("/people/{id}/appointments", status_code=204)
def appoint(viewer: Admin, database: Db, id: UUID, new: AppointmentIn) -> None:
    with database.writing() as session:
        actions.appoint(session, by=viewer, person=str(id), new=new)


@router.delete("/people/{id}/appointments/{appointment}", status_code=204)
def end_appointment(viewer: Admin, database: Db, id: UUID, appointment: UUID) -> None:
    """Ended, not removed: that it was given stays known."""
    with database.writing() as session:
        actions.end_appointment(session, by=viewer, person=str(id), appointment=str(appointment))


def _told(session: Session, id: str) -> PersonWithRoles:
    person, posts = queries.found(session, id), queries.posts(session, [id])[id]
    return PersonWithRoles(
        id=person.id,
        name=person.name,
        email=person.email,
        closed=person.closed,
        appointments=[AppointmentOut(id=each.id, role=each.role, where=each.where) for each in posts],
    )
