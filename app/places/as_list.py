"""All places as a list: one row for each speciality that a clinic trains in, as it is sent out and taken in."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.lists.sheets import Column, Sheet
from app.places.closing import LEVELS, Ended
from app.places.models import Clinic, ClinicSpeciality, Hospital, HospitalKind, Region, Speciality
from app.places.queries import specialities, tree
from app.places.schemas import ClinicOut, HospitalOut, RegionOut, SpecialityOut

REGION, HOSPITAL, KIND = "Region", "Sjukhus eller primärvård", "Slag"
CLINIC, SPECIALITY, CLOSED = "Klinik eller vårdcentral", "Specialitet", "Stängd sedan"
COLUMNS = {  # with what else they are called
    REGION: (),
    HOSPITAL: ("Sjukhus", "Primärvård"),
    KIND: (),
    CLINIC: ("Klinik", "Vårdcentral", "Enhet"),
    SPECIALITY: ("Specialiteter",),
    CLOSED: (),
}
MEANINGS = {
    REGION: "Regionens namn, precis som det står i Sporra om den redan finns.",
    HOSPITAL: "Namnet på det som kliniken eller vårdcentralen hör till.",
    KIND: "Sjukhus eller Primärvård. Får vara tomt för det som redan finns.",
    CLINIC: "Klinikens eller vårdcentralens namn.",
    SPECIALITY: "En specialitet som den utbildar i. Flera skrivs på var sin rad.",
    CLOSED: "Står där för det som är stängt. En lista stänger och öppnar inget; det gör man på platsens sida.",
}
NEEDED = (REGION, HOSPITAL, CLINIC)
KINDS: dict[str, HospitalKind] = {"sjukhus": "hospital", "primärvård": "primary_care"}
WORDS = {kind: word.capitalize() for word, kind in KINDS.items()}
EXAMPLE = ("Region Exempel", "Exempelstads lasarett", "Sjukhus", "Medicinkliniken", "Internmedicin", "")
_WIDTHS = [Column(name, "", 36) for name in COLUMNS]

At = tuple[str, ...]  # the names from the region down


def sheet(session: Session) -> Sheet:
    """Everything, in the form that can be taken in."""
    return Sheet("Platser", _WIDTHS, list(_rows(session)))


def template() -> Sheet:
    return Sheet("Platser", _WIDTHS, [EXAMPLE])


def _rows(session: Session) -> Iterator[At]:
    trained = set()
    for region in tree(session):
        if not region.hospitals:
            yield region.name, "", "", "", "", _since(region)
        for hospital in region.hospitals:
            at = (region.name, hospital.name, WORDS[hospital.kind])
            if not hospital.clinics:
                yield *at, "", "", _since(region, hospital)
            for clinic in hospital.clinics:
                trained |= {each.id for each in clinic.specialities}
                here = (region, hospital, clinic)
                for each in clinic.specialities:
                    yield *at, clinic.name, each.name, _since(*here, each)
                if not clinic.specialities:
                    yield *at, clinic.name, "", _since(*here)
    for other in specialities(session):
        if other.id not in trained:
            yield "", "", "", "", other.name, _since(other)


def _since(*places: RegionOut | HospitalOut | ClinicOut | SpecialityOut | Speciality) -> str:
    """Since when the first of them that has ended is closed."""
    return next((str(each.closed) for each in places if each.closed), "")


# ── What a list is compared with ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    """All places, in the order of ids: two that are the same are equal."""

    regions: Sequence[tuple[str, str]]
    hospitals: Sequence[tuple[str, str, str, HospitalKind]]
    clinics: Sequence[tuple[str, str, str]]
    specialities: Sequence[tuple[str, str]]
    trains: Sequence[tuple[str, str]]
    closed: Sequence[tuple[str, date]]  # themselves
    closed_units: Sequence[tuple[str, str, date]]  # clinics, their specialities

    @property
    def region_at(self) -> dict[str, At]:
        """Each region's id, and the names down to it."""
        return {id: (_name(name),) for id, name in self.regions}

    @property
    def hospital_at(self) -> dict[str, At]:
        regions = self.region_at
        return {id: (*regions[region], _name(name)) for id, region, name, _ in self.hospitals}

    @property
    def clinic_at(self) -> dict[str, At]:
        hospitals = self.hospital_at
        return {id: (*hospitals[hospital], _name(name)) for id, hospital, name in self.clinics}

    @property
    def called(self) -> dict[str, str]:
        """Each speciality's id and name."""
        return {id: _name(name) for id, name in self.specialities}

    @property
    def ended(self) -> dict[str, Ended]:
        """By id, what has ended: itself, or with what it lies in."""
        own, above = dict(self.closed), {id: region for id, region, *_ in self.hospitals}
        above |= {id: hospital for id, hospital, _ in self.clinics}
        names = self.called | {
            id: at[-1] for id, at in {**self.region_at, **self.hospital_at, **self.clinic_at}.items()
        }
        found = {}
        for id in names:
            here: str | None = id
            while here and here not in own:
                here = above.get(here)
            if here:
                found[id] = Ended(names[here], own[here])
        return found


def _name(text: str) -> str:
    """As names are kept (`typed.Name`), also what was kept before they were."""
    return unicodedata.normalize("NFC", text)


def state(session: Session) -> State:
    link: Any = ClinicSpeciality

    def rows(*columns: Any) -> list[Any]:
        return [tuple(row) for row in session.exec(select(*columns).order_by(*columns))]

    return State(
        rows(Region.id, Region.name),
        rows(Hospital.id, Hospital.region, Hospital.name, Hospital.kind),
        rows(Clinic.id, Clinic.hospital, Clinic.name),
        rows(Speciality.id, Speciality.name),
        rows(link.clinic, link.speciality),
        closed=[
            (id, since)
            for kind in LEVELS
            for id, since in session.execute(
                rows_of(col(kind.id), col(kind.closed)).where(col(kind.closed).is_not(None)).order_by(col(kind.id))
            )
        ],
        closed_units=[row for row in rows(link.clinic, link.speciality, link.closed) if row[2]],
    )
