"""What most tests on a database need first: a place, people with their roles, and an inspection to write in."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from app import audit
from app.accounts.models import Appointment, Person
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections import actions, content, declaring, queries
from app.inspections.actions import Setup
from app.inspections.file import Inspection
from app.inspections.reading import Reading
from app.inspections.rubric_copy import taken
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.writing.apply import Answer
from app.writing.desk import Operation
from rubrics.library import Library

RUBRIC = taken(Library(), "st-spur/2015-8@1")


@dataclass(frozen=True)
class Place:
    """A clinic that trains in one speciality, by ids."""

    region: str
    clinic: str
    speciality: str


def a_place(session: Session, name: str = "Exempel") -> Place:
    region, hospital, clinic, speciality = (new_id() for _ in range(4))
    session.add(Region(id=region, name=f"Region {name}"))
    session.add(Speciality(id=speciality, name=f"{name}medicin"))
    session.flush()
    session.add(Hospital(id=hospital, region=region, name=f"{name}s lasarett"))
    session.flush()
    session.add(Clinic(id=clinic, hospital=hospital, name=f"{name}kliniken"))
    session.flush()
    session.add(ClinicSpeciality(clinic=clinic, speciality=speciality))
    session.flush()
    return Place(region, clinic, speciality)


def a_person(session: Session, name: str, *held: Held) -> Viewer:
    id = new_id()
    session.add(Person(id=id, email=f"{id}@exempel.se", name=name))
    session.flush()
    for each in held:
        session.add(
            Appointment(
                id=new_id(),
                person=id,
                role=each.role,
                speciality=each.speciality,
                region=each.region,
                clinic=each.clinic,
                given_by=audit.SYSTEM,
                since=audit.now(),
            )
        )
    session.flush()
    return Viewer(id, name, held)


def an_inspector(session: Session, place: Place, name: str) -> Viewer:
    return a_person(session, name, Held(Role.INSPECTOR, speciality=place.speciality))


def an_inspection(session: Session, place: Place, office: Viewer, *inspectors: Viewer) -> str:
    """Its inspectors have said that they have no tie to it."""
    setup = Setup(place.clinic, place.speciality, [each.id for each in inspectors])
    return declared_by(session, actions.create(session, by=office, rubric=RUBRIC, setup=setup), *inspectors)


def declared_by(session: Session, inspection: str, *inspectors: Viewer) -> str:
    for each in inspectors:
        declaring.declare(session, by=each, inspection=inspection, tie_years=5)
    return inspection


@dataclass(frozen=True)
class Drafted:
    """An inspection that two inspectors, A and B, write in, and an administrator who set it up."""

    database: Database
    place: Place
    office: Viewer
    a: Viewer
    b: Viewer
    id: str

    def write(self, by: Viewer, *operations: Operation) -> list[Answer]:
        with self.database.writing() as session:
            return actions.write(session, by=by, inspection=self.id, operations=operations)

    def hash(self) -> str:
        """What a signature would be given to now."""
        with self.database.reading() as session:
            row = queries.find(session, self.id).row
            return content.fingerprint(Reading(session, row).content("signed"), row.rubric_sha256)


def drafted(database: Database) -> Drafted:
    with database.writing() as session:
        place = a_place(session, new_id()[:8])
        office = a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR))
        a, b = (an_inspector(session, place, name) for name in ("Alva Exempel", "Nils Påhitt"))
        return Drafted(database, place, office, a, b, an_inspection(session, place, office, a, b))


def taken_in(draft: Drafted, file: Inspection) -> Drafted:
    """An inspection file, taken in beside the draft for the same two inspectors."""
    setup = Setup(draft.place.clinic, draft.place.speciality, [draft.a.id, draft.b.id])
    with draft.database.writing() as session:
        id = actions.take_in(session, by=draft.office, rubric=RUBRIC, setup=setup, file=file)
        return replace(draft, id=declared_by(session, id, draft.a, draft.b))
