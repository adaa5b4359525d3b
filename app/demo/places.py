"""The demonstration's places and people, entered as an administrator enters them: by the same actions."""

from collections.abc import Mapping

from sqlmodel import Session

from app import audit
from app.accounts.actions import set_password
from app.accounts.models import Person
from app.accounts.roles import NAMES, Held, Reach
from app.accounts.viewer import OFFICE, Viewer
from app.demo.people import UNITS, Bond, Somebody
from app.people import actions as people
from app.people import ties
from app.people.schemas import AppointmentIn, PersonIn, TieIn
from app.places import actions as places
from app.places.schemas import ClinicIn, Named, NewHospital

Ids = Mapping[str, str]  # of places and specialities, by their names: here no two have the same


def add_places(session: Session) -> Ids:
    ids: dict[str, str] = {}
    for name in {unit.speciality: None for unit in UNITS}:
        ids[name] = places.add_speciality(session, by=OFFICE, new=Named(name=name))
    for name in {unit.region: None for unit in UNITS}:
        ids[name] = places.add_region(session, by=OFFICE, new=Named(name=name))
    for unit in UNITS:
        if unit.hospital not in ids:
            new = NewHospital(name=unit.hospital, kind=unit.kind)
            ids[unit.hospital] = places.add_hospital(session, by=OFFICE, region=ids[unit.region], new=new)
        clinic = ClinicIn(name=unit.clinic, specialities=[ids[unit.speciality]])
        ids[unit.clinic] = places.add_clinic(session, by=OFFICE, hospital=ids[unit.hospital], new=clinic)
    return ids


def add_person(session: Session, who: Somebody, password: str, ids: Ids) -> Viewer:
    """`password` is a hash."""
    id = people.add(session, by=OFFICE, new=PersonIn(name=who.name, email=who.email), demo=True)
    set_password(session, person=session.get_one(Person, id), password=password, by=OFFICE.id)
    held = []
    for role, place in who.roles:
        where = ids.get(place)
        people.appoint(session, by=OFFICE, person=id, new=AppointmentIn(role=role, where=where))
        reach = NAMES[role]
        held.append(
            Held(
                role,
                speciality=where if reach is Reach.SPECIALITY else None,
                region=where if reach is Reach.REGION else None,
                clinic=where if reach is Reach.CLINIC else None,
            )
        )
    return Viewer(id, who.name, tuple(held))


def add_tie(session: Session, viewer: Viewer, bond: Bond, ids: Ids) -> None:
    until = None if bond.until is None else audit.now().year - bond.until
    ties.tell(session, by=viewer, person=viewer.id, new=TieIn(kind=bond.kind, where=ids[bond.where], until=until))
