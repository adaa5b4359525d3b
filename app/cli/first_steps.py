"""A person with a password, added on the machine itself: the first administrator has nobody to be invited by."""

from collections.abc import Callable

from pydantic import ValidationError
from sqlmodel import Session, select

from app.accounts import passwords
from app.accounts.actions import set_password
from app.accounts.models import Person
from app.accounts.roles import NAMES, Reach, Role
from app.accounts.viewer import OFFICE
from app.db import Database
from app.errors import Refusal, Unacceptable
from app.people import actions as people
from app.people.schemas import AppointmentIn, PersonIn
from app.places.models import Clinic, Region, Speciality
from app.typed import wrong

_KINDS: dict[Reach, tuple[str, type[Clinic | Region | Speciality]]] = {
    Reach.CLINIC: ("Kliniken", Clinic),
    Reach.REGION: ("Regionen", Region),
    Reach.SPECIALITY: ("Specialiteten", Speciality),
}


def add_person(
    database: Database, name: str, email: str, role: Role, at: str | None, password: Callable[[], str]
) -> PersonIn:
    """`at` is the name of what the role is for; `password` is asked for last. Raises a Refusal."""
    try:
        new = PersonIn(name=name, email=email)
    except ValidationError as error:
        raise Refusal(" ".join(wrong(error).values())) from None
    with database.reading() as session:
        where = _where(session, role, at)
    hashed = _hashed(password(), new)  # outside the writer
    with database.writing() as session:
        person = people.add(session, by=OFFICE, new=new)
        people.appoint(session, by=OFFICE, person=person, new=AppointmentIn(role=role, where=where))
        set_password(session, person=session.get_one(Person, person), password=hashed, by=OFFICE.id)
    return new


def _where(session: Session, role: Role, at: str | None) -> str | None:
    reach = NAMES[role]
    if reach is None:
        return None
    what, kind = _KINDS[reach]
    found = session.exec(select(kind.id).where(kind.name == at)).all()
    if len(found) == 1:
        return found[0]
    if not at:
        raise Unacceptable(f"{what} saknas. Ange den med --at, som den heter i Sporra.")
    told = "finns på flera ställen. Ge rollen på personens sida i webben" if found else "finns inte. Kontrollera namnet"
    raise Unacceptable(f"{what} {at} {told}.")


def _hashed(password: str, person: PersonIn) -> str:
    if why := passwords.unfit(password, person.name, person.email):
        raise Unacceptable(why)
    return passwords.hashed(password)
