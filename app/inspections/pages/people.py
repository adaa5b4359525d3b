"""Who could inspect, and where: the choices when an inspection is set up or handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, or_, select

from app.accounts.models import Appointment, Person
from app.accounts.roles import Permission, Role, Whose
from app.accounts.viewer import Viewer
from app.inspections.models import InspectionRow
from app.inspections.staffing import assigned, standings
from app.people.independence import Standing
from app.places.closing import is_open
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.web.swedish import day

Row = InspectionRow | None
NOBODY = "Välj minst en inspektör, helst två."


@dataclass(frozen=True)
class Choices:
    """Who may be chosen: (id, name, what to know of them) by name. `barred` = those with a tie to the clinic of which
    nobody has said why it is right all the same."""

    people: list[tuple[str, str, str]]
    barred: frozenset[str] = frozenset()


def candidates(
    session: Session, clinic: str, speciality: str | None, also: Sequence[str], *, tie_years: int, row: Row = None
) -> Choices:
    """The inspectors of a speciality (None = of all), and these others, for a clinic. `row` = its inspection, where
    there is one."""
    inspecting = select(Appointment.person).where(Appointment.role == Role.INSPECTOR, col(Appointment.ended).is_(None))
    if speciality:
        inspecting = inspecting.where(Appointment.speciality == speciality)
    of_these = or_(col(Person.id).in_(inspecting), col(Person.id).in_(also))
    query = select(Person.id, Person.name).where(of_these, col(Person.closed).is_(False)).order_by(Person.name)
    found = session.exec(query).all()
    known = standings(session, clinic, [id for id, _ in found], years=tie_years, but=row.id if row else "")
    allowed = {each.person: set(each.despite) for each in assigned(session, row)} if row else {}
    barred = frozenset(id for id in known if known[id].bars - allowed.get(id, set()))
    return Choices([(id, name, _to_know(known[id])) for id, name in found], barred)


def _to_know(stands: Standing) -> str:
    told = [f"Har band: {stands.why}." if stands.hinders else ""]
    told.append(f"Bra att veta: {stands.worth_knowing}." if stands.worth_knowing else "")
    return " ".join(filter(None, told))


def units(session: Session, viewer: Viewer, *, ended: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where the viewer may set up an inspection: (`clinic:speciality`, words), grouped by hospital. `ended`: where they
    may take in an old one, too."""
    tables = (ClinicSpeciality, Clinic, Hospital, Region, Speciality)
    query: Any = (
        rows_of(Clinic, Speciality, Hospital, Region, ClinicSpeciality)
        .join(ClinicSpeciality, col(ClinicSpeciality.clinic) == Clinic.id)
        .join(Speciality, col(Speciality.id) == ClinicSpeciality.speciality)
        .join(Hospital, col(Hospital.id) == Clinic.hospital)
        .join(Region, col(Region.id) == Hospital.region)
        .where(*(() if ended else is_open(*tables)))
        .order_by(Region.name, Hospital.name, Clinic.name, Speciality.name)
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for clinic, speciality, hospital, region, unit in session.execute(query):
        if viewer.may(Permission.CREATE, Whose(speciality.id, region.id, clinic.id)):
            group = groups.setdefault(f"{hospital.name}, {region.name}", [])
            since = next((each.closed for each in (unit, clinic, hospital, region, speciality) if each.closed), None)
            told = f", stängd {day(since)}" if since else ""
            group.append((f"{clinic.id}:{speciality.id}", f"{clinic.name} · {speciality.name}{told}"))
    return list(groups.items())
