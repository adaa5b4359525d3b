"""The list of people, and one person with their roles in words.

A page of the list follows an index, so that its time follows what is shown. A search goes through names and
addresses in that order until the page is full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select, tuple_

from app.accounts.models import Appointment, Person
from app.accounts.roles import NAMES, Reach, Role
from app.alphabet import in_order
from app.errors import NotFound
from app.places.models import Region, Speciality
from app.places.queries import clinics_by_hospital, clinics_named, still

PAGE = 20
MOST = 200  # characters to search for

Options = Sequence[tuple[str, Any]]  # (id, name), or (group, its options)


@dataclass(frozen=True)
class Post:
    """An appointment in words: `where` is None for a role that names nothing, `given_by` is a name."""

    id: str
    role: Role
    where: str | None
    since: datetime
    given_by: str

    def __str__(self) -> str:
        return f"{self.role.label}, {self.where}" if self.where else self.role.label


def listed(session: Session, sought: str = "", after: str | None = None, *where: Any) -> list[Person]:
    """A page of people by name, from the one after whom it goes on; one more than PAGE where there are more. `where`
    are conditions besides."""
    query = select(Person).where(*where).order_by(Person.listed, Person.id).limit(PAGE + 1)
    if after and (last := session.get(Person, after)):
        query = query.where(tuple_(col(Person.listed), col(Person.id)) > tuple_(last.listed, last.id))
    for word in sought[:MOST].split():
        if not word.isprintable():  # nobody's, and PostgreSQL refuses to look for a NUL
            return []
        name = col(Person.listed).contains(in_order(word), autoescape=True)
        query = query.where(or_(name, col(Person.email).contains(word.lower(), autoescape=True)))
    return list(session.exec(query))


def names(session: Session, people: set[str]) -> dict[str, str]:
    return dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())


def found(session: Session, id: str) -> Person:
    if person := session.get(Person, id):
        return person
    raise NotFound


def posts(session: Session, people: Sequence[str]) -> dict[str, list[Post]]:
    """What these people are appointed to now, oldest first."""
    still = (col(Appointment.person).in_(people), col(Appointment.ended).is_(None))
    rows = session.exec(select(Appointment).where(*still).order_by(col(Appointment.since), Appointment.id)).all()
    names = _names(session, rows)
    told: dict[str, list[Post]] = {person: [] for person in people}
    for each in rows:
        told[each.person].append(_post(each, names))
    return told


def _post(row: Appointment, names: Mapping[str, str]) -> Post:
    where = row.speciality or row.region or row.clinic
    giver = names.get(row.given_by, "Sporra")  # no person: the command line
    return Post(row.id, row.role, names[where] if where else None, row.since, giver)


def ended(session: Session, person: str, appointment: str) -> tuple[Post, str] | None:
    """An appointment of theirs that is over, in words, and what to give it anew with."""
    row = session.get(Appointment, appointment)
    if not row or row.person != person or not row.ended:
        return None
    where = row.speciality or row.region or row.clinic or ""
    return _post(row, _names(session, [row])), where


def _names(session: Session, rows: Sequence[Appointment]) -> dict[str, str]:
    """Specialities, regions, clinics and those who gave the roles by their ids, which no two have the same."""
    names = clinics_named(session, [each.clinic for each in rows if each.clinic])
    tables: Sequence[tuple[Any, list[str | None]]] = (
        (Speciality, [each.speciality for each in rows]),
        (Region, [each.region for each in rows]),
        (Person, [each.given_by for each in rows]),
    )
    for table, ids in tables:
        names.update(session.exec(select(table.id, table.name).where(col(table.id).in_(ids))).all())
    return names


def choices(session: Session, role: Role) -> Options:
    """What a new appointment to the role can name."""
    match NAMES[role]:
        case Reach.SPECIALITY:
            return still(session, Speciality)
        case Reach.REGION:
            return still(session, Region)
        case Reach.CLINIC:
            return clinics_by_hospital(session)
        case _:
            return []
