"""The tree of places, in Swedish order. One statement for each of its levels."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from sqlmodel import Session, col, select

from app.alphabet import in_order
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.places.schemas import ClinicOut, HospitalOut, RegionOut, SpecialityOut

T = TypeVar("T", bound=Region | Hospital | Clinic | Speciality)


def tree(session: Session) -> list[RegionOut]:
    """Every region with its hospitals and primary care, their clinics, and what those train in."""
    clinics, hospitals = defaultdict(list), defaultdict(list)
    trains = _trained_in(session)
    for clinic in _sorted(session.exec(select(Clinic))):
        clinics[clinic.hospital].append(ClinicOut(id=clinic.id, name=clinic.name, specialities=trains[clinic.id]))
    for each in _sorted(session.exec(select(Hospital))):
        hospitals[each.region].append(HospitalOut(id=each.id, name=each.name, kind=each.kind, clinics=clinics[each.id]))
    regions = _sorted(session.exec(select(Region)))
    return [RegionOut(id=each.id, name=each.name, hospitals=hospitals[each.id]) for each in regions]


def specialities(session: Session) -> list[Speciality]:
    return _sorted(session.exec(select(Speciality)))


def regions(session: Session) -> list[Region]:
    return _sorted(session.exec(select(Region)))


def trained_in(session: Session, clinic: str) -> list[str]:
    """The ids of a clinic's specialities."""
    return list(session.exec(select(ClinicSpeciality.speciality).where(ClinicSpeciality.clinic == clinic)))


def _trained_in(session: Session) -> defaultdict[str, list[SpecialityOut]]:
    known = {each.id: SpecialityOut(id=each.id, name=each.name) for each in specialities(session)}
    found: defaultdict[str, list[SpecialityOut]] = defaultdict(list)
    rows = session.exec(select(ClinicSpeciality.clinic, ClinicSpeciality.speciality))
    for clinic, speciality in sorted(rows, key=lambda row: in_order(known[row[1]].name)):
        found[clinic].append(known[speciality])
    return found


def _sorted(rows: Iterable[T]) -> list[T]:
    return sorted(rows, key=lambda row: in_order(row.name))


def clinics_by_hospital(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices where a clinic is to be named: (hospital and region, [(id, clinic)])."""
    groups = ((region, hospital) for region in tree(session) for hospital in region.hospitals if hospital.clinics)
    return [(f"{here.name}, {region.name}", [(each.id, each.name) for each in here.clinics]) for region, here in groups]


def clinics_named(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Each clinic with its hospital."""
    query = select(Clinic.id, Clinic.name, Hospital.name).join(Hospital).where(col(Clinic.id).in_(list(ids)))
    return {id: f"{clinic}, {hospital}" for id, clinic, hospital in session.exec(query)}
