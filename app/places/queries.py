"""The tree of places, in Swedish order. One statement for each of its levels."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.alphabet import in_order
from app.places.closing import is_open
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.places.schemas import ClinicOut, HospitalOut, RegionOut, SpecialityOut

T = TypeVar("T", bound=Region | Hospital | Clinic | Speciality)


def tree(session: Session) -> list[RegionOut]:
    """Every region with its hospitals and primary care, their clinics, and what those train in."""
    clinics, hospitals = defaultdict(list), defaultdict(list)
    trains = _trained_in(session)
    for clinic in _sorted(session.exec(select(Clinic))):
        clinics[clinic.hospital].append(_clinic(clinic, trains[clinic.id]))
    for each in _sorted(session.exec(select(Hospital))):
        hospitals[each.region].append(_hospital(each, clinics[each.id]))
    regions = _sorted(session.exec(select(Region)))
    return [RegionOut(id=each.id, name=each.name, closed=each.closed, hospitals=hospitals[each.id]) for each in regions]


def _clinic(row: Clinic, trains: list[SpecialityOut]) -> ClinicOut:
    return ClinicOut(id=row.id, name=row.name, closed=row.closed, specialities=trains)


def _hospital(row: Hospital, clinics: list[ClinicOut]) -> HospitalOut:
    return HospitalOut(id=row.id, name=row.name, kind=row.kind, closed=row.closed, clinics=clinics)


def specialities(session: Session) -> list[Speciality]:
    return _sorted(session.exec(select(Speciality)))


def speciality_out(row: Speciality) -> SpecialityOut:
    return SpecialityOut(id=row.id, name=row.name, closed=row.closed)


def still(session: Session, kind: type[Region] | type[Speciality]) -> list[tuple[str, str]]:
    """The choices where something new is to begin: (id, name)."""
    rows = session.execute(rows_of(col(kind.id), col(kind.name)).where(*is_open(kind)))
    return sorted(((id, name) for id, name in rows), key=lambda row: in_order(row[1]))


def trained_in(session: Session, clinic: str) -> list[str]:
    """The ids of a clinic's specialities."""
    return list(session.exec(select(ClinicSpeciality.speciality).where(ClinicSpeciality.clinic == clinic)))


def units(session: Session, clinic: str) -> list[SpecialityOut]:
    """What a clinic trains in, and has trained in."""
    return _trained_in(session, col(ClinicSpeciality.clinic) == clinic)[clinic]


def closed_at(session: Session, clinic: str) -> set[str]:
    """The ids of the specialities that have ended at a clinic, there alone."""
    at = (ClinicSpeciality.clinic == clinic, col(ClinicSpeciality.closed).is_not(None))
    return set(session.exec(select(ClinicSpeciality.speciality).where(*at)))


def _trained_in(session: Session, *where: ColumnElement[bool]) -> defaultdict[str, list[SpecialityOut]]:
    known = {each.id: speciality_out(each) for each in specialities(session)}
    found: defaultdict[str, list[SpecialityOut]] = defaultdict(list)
    rows = session.exec(select(ClinicSpeciality).where(*where))
    for unit in sorted(rows, key=lambda row: in_order(known[row.speciality].name)):
        here = known[unit.speciality]
        found[unit.clinic].append(here.model_copy(update={"closed": unit.closed}) if unit.closed else here)
    return found


def _sorted(rows: Iterable[T]) -> list[T]:
    return sorted(rows, key=lambda row: in_order(row.name))


def clinics_by_hospital(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices where something new is to begin at a clinic: (hospital and region, [(id, clinic)])."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for region in tree(session):
        for here in region.hospitals:
            clinics = [(each.id, each.name) for each in here.clinics if not each.closed]
            if clinics and not (region.closed or here.closed):
                groups.append((f"{here.name}, {region.name}", clinics))
    return groups


def clinics_named(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Each clinic with its hospital."""
    query = select(Clinic.id, Clinic.name, Hospital.name).join(Hospital).where(col(Clinic.id).in_(list(ids)))
    return {id: f"{clinic}, {hospital}" for id, clinic, hospital in session.exec(query)}
