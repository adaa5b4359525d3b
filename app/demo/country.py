"""A whole invented country, to try comparison on: regions, units, and ten years of inspections with their plans, by two
editions of one rubric. For an empty database alone.

The same seed gives the same country on the same day. What is written is what signing and the clinics' work would have
left, but for the operations behind it and the files of the reports, which would be gigabytes.
"""

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, select

from app import audit
from app.accounts import passwords
from app.accounts.models import Person
from app.accounts.roles import Role
from app.db import Database
from app.demo.country_places import REGIONS, Places, Unit, places
from app.demo.country_rows import Rows
from app.demo.country_visits import Visit, days, visit
from app.demo.people import PASSWORD, Somebody
from app.demo.places import add_person
from app.inspections.rubric_copy import Taken, keep, taken
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from rubrics.library import Library, assembled

UNITS, INSPECTIONS = 2_000, 10_000
_NEW_EDITION = 3  # years ago
_NEVER = 0.03  # the share of units that nobody has inspected
_PIECE = 200  # inspections whose rows are sent at a time
_CRITERION = re.compile(r"(?m)^( *)- id: E-KI2\n.*\n")


@dataclass(frozen=True)
class Size:
    units: int = UNITS
    inspections: int = INSPECTIONS
    regions: int = REGIONS

    @classmethod
    def scaled(cls, scale: float) -> "Size":
        """The whole country is 1."""
        return cls(max(1, round(UNITS * scale)), max(1, round(INSPECTIONS * scale)))


def fill(database: Database, library: Library, *, size: Size, seed: int, today: date) -> bool:
    """Puts the country into a database that holds nobody and no place, as one; says whether it was one."""
    lot = random.Random(seed)  # noqa: S311 - a lot that can be drawn again
    editions = _editions(library)
    made = places(lot, size.units, size.regions)
    hashed = passwords.hashed(PASSWORD)
    with database.writing() as session:
        if session.exec(select(Person.id).limit(1)).first() or session.exec(select(Region.id).limit(1)).first():
            return False
        for edition in editions:
            keep(session, edition)
        _add_places(session, made)
        people = _add_people(session, made, hashed)
        rows = Rows(session, editions, people)
        for visits in _pieces(_visits(lot, made, size, editions, today, people)):
            rows.add(lot, visits)
        counts = {"units": size.units, "inspections": size.inspections, "seed": seed}
        audit.record(session, by=audit.SYSTEM, action="demo:country", subject=audit.SYSTEM, **counts)
    return True


def _editions(library: Library) -> tuple[Taken, Taken]:
    """The rubric as it is, and an invented next edition of it that lies in this database alone."""
    first = taken(library, "st-spur/2015-8@1")
    more = r"\g<0>\1- id: E-KI3\n\1  text: Påhittat kriterium, tillagt i den här utgåvan för att pröva jämförelsen.\n"
    text = _CRITERION.sub(more, first.text, count=1).replace("\nedition: 1\n", "\nedition: 2\n", 1)
    return first, Taken(assembled([text]), text, hashlib.sha256(text.encode()).hexdigest())


def _add_places(session: Session, made: Places) -> None:
    session.add_all(Region(id=id, name=name) for id, name in made.regions.items())
    session.add_all(Speciality(id=id, name=name) for id, name in made.specialities.items())
    session.flush()
    session.add_all(Hospital(id=each.id, region=each.region, name=each.name, kind=each.kind) for each in made.hospitals)
    session.flush()
    session.add_all(Clinic(id=each.clinic, hospital=each.hospital.id, name=each.clinic_name) for each in made.units)
    session.flush()
    session.add_all(ClinicSpeciality(clinic=each.clinic, speciality=each.speciality) for each in made.units)
    session.flush()


def _add_people(session: Session, made: Places, hashed: str) -> dict[str, str]:
    """Somebody at the office, in the first three regions and at the first clinic, and two who inspect everything.
    Returns ids by name."""
    ids = {name: id for id, name in (*made.regions.items(), *made.specialities.items())}
    ids[made.units[0].clinic_name] = made.units[0].clinic
    specialities = tuple((Role.INSPECTOR, name) for name in made.specialities.values())
    people = [
        Somebody("Kim Kansli", ((Role.ADMINISTRATOR, ""),)),
        Somebody("Alva Exempel", specialities),
        Somebody("Nils Påhitt", specialities),
        Somebody("Stina Studie", ((Role.DIRECTOR_OF_STUDIES, made.units[0].clinic_name),)),
    ]
    names = ("Rolf Region", "Rut Region", "Rakel Region")
    people += [
        Somebody(name, ((Role.REGION_OFFICE, at),)) for name, at in zip(names, made.regions.values(), strict=False)
    ]
    return {who.name: add_person(session, who, hashed, ids).id for who in people}


# ── Ten years ─────────────────────────────────────────────────────────────────────────────


def _visits(
    lot: random.Random, made: Places, size: Size, editions: tuple[Taken, Taken], today: date, people: dict[str, str]
) -> Iterator[Visit]:
    inspectors = tuple(name for name in people if name in ("Alva Exempel", "Nils Påhitt"))
    for unit, count in _counts(lot, made.units, size.inspections):
        for i, day in enumerate(days(lot, count, today)):
            edition = editions[day.year >= today.year - _NEW_EDITION]
            yield replace(visit(lot, unit, edition.rubric, day, today, inspectors), latest=i == 0)


def _counts(lot: random.Random, units: list[Unit], inspections: int) -> Iterator[tuple[Unit, int]]:
    """How many inspections each unit has had. A few have had none."""
    visited = [each for each in units if lot.random() > _NEVER] or units[:1]
    counts = dict.fromkeys((each.clinic for each in visited), inspections // len(visited))
    for each in lot.sample(visited, inspections % len(visited)):
        counts[each.clinic] += 1
    yield from ((each, counts[each.clinic]) for each in visited)


def _pieces(visits: Iterator[Visit]) -> Iterator[list[Visit]]:
    piece: list[Visit] = []
    for each in visits:
        piece.append(each)
        if len(piece) == _PIECE:
            yield piece
            piece = []
    yield piece
