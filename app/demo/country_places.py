"""The invented country's places: regions, hospitals, clinics and what they train in. Every name says so.

Specialities are real words; which clinic trains in which, and how well, is drawn by lot.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from app.places.models import HospitalKind

REGIONS = 21
PRIMARY = "Allmänmedicin"

# Speciality, what its clinic is called, and how many in a hundred units it has.
_SPECIALITIES = (
    (PRIMARY, "Vårdcentralen", 38),
    ("Internmedicin", "Medicinkliniken", 9),
    ("Kirurgi", "Kirurgkliniken", 6),
    ("Ortopedi", "Ortopedkliniken", 6),
    ("Psykiatri", "Psykiatriska kliniken", 6),
    ("Anestesi och intensivvård", "Operations- och intensivvårdskliniken", 5),
    ("Obstetrik och gynekologi", "Kvinnokliniken", 4),
    ("Barn- och ungdomsmedicin", "Barn- och ungdomskliniken", 4),
    ("Radiologi", "Röntgenkliniken", 4),
    ("Akutsjukvård", "Akutkliniken", 3),
    ("Geriatrik", "Geriatriska kliniken", 3),
    ("Barn- och ungdomspsykiatri", "Barn- och ungdomspsykiatriska kliniken", 2),
    ("Infektionsmedicin", "Infektionskliniken", 2),
    ("Ögonsjukdomar", "Ögonkliniken", 2),
    ("Öron-, näs- och halssjukdomar", "Öron-, näs- och halskliniken", 2),
    ("Hud- och könssjukdomar", "Hudkliniken", 1),
    ("Neurologi", "Neurologiska kliniken", 1),
    ("Onkologi", "Onkologiska kliniken", 1),
    ("Urologi", "Urologiska kliniken", 1),
    ("Klinisk fysiologi", "Fysiologiska kliniken", 1),
)


@dataclass(frozen=True)
class Hospital:
    id: str
    region: str
    name: str
    kind: HospitalKind


@dataclass(frozen=True)
class Unit:
    """A clinic's training in one speciality. `quality` = how it tends to fare, about 0."""

    clinic: str
    clinic_name: str
    hospital: Hospital
    region_name: str
    speciality: str
    speciality_name: str
    quality: float


@dataclass(frozen=True)
class Places:
    regions: dict[str, str]  # id → name
    specialities: dict[str, str]
    hospitals: list[Hospital]
    units: list[Unit]


def an_id(lot: random.Random) -> str:
    return str(UUID(int=lot.getrandbits(128), version=4))


def places(lot: random.Random, units: int, regions: int) -> Places:
    named = {an_id(lot): f"Region Exempel {i:02} (påhittad)" for i in range(1, regions + 1)}
    specialities = {an_id(lot): name for name, _, _ in _SPECIALITIES}
    hospitals = [each for i, region in enumerate(named, 1) for each in _hospitals(lot, region, i)]
    made = list(_units(lot, units, named, specialities, hospitals))
    used = {each.speciality for each in made}
    return Places(named, {id: name for id, name in specialities.items() if id in used}, hospitals, made)


def _hospitals(lot: random.Random, region: str, number: int) -> Iterator[Hospital]:
    for letter in "ABCD"[: lot.choice((2, 3, 3, 4))]:
        yield Hospital(an_id(lot), region, f"Exempelsjukhuset {number:02}{letter} (påhittat)", "hospital")
    yield Hospital(an_id(lot), region, f"Primärvården i Region Exempel {number:02} (påhittad)", "primary_care")


def _units(
    lot: random.Random, count: int, regions: dict[str, str], specialities: dict[str, str], hospitals: list[Hospital]
) -> Iterator[Unit]:
    ids = {name: id for id, name in specialities.items()}
    at: dict[str, list[Hospital]] = {region: [] for region in regions}
    for each in hospitals:
        at[each.region].append(each)
    sizes = [lot.uniform(0.5, 3) for _ in regions]
    for number in range(count):
        [region] = lot.choices(list(regions), sizes)
        [(speciality, clinic, _)] = lot.choices(_SPECIALITIES, [share for _, _, share in _SPECIALITIES])
        kind = "primary_care" if speciality == PRIMARY else "hospital"
        hospital = lot.choice([each for each in at[region] if each.kind == kind])
        yield Unit(
            clinic=an_id(lot),
            clinic_name=f"{clinic} {number + 1} (påhittad)",
            hospital=hospital,
            region_name=regions[region],
            speciality=ids[speciality],
            speciality_name=speciality,
            quality=lot.gauss(0, 1),
        )
