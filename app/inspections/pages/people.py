"""Who could inspect, and where: the choices when an inspection is set up or handed over."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, or_, select

from app.accounts.models import Appointment, Person
from app.accounts.roles import Permission, Role, Whose
from app.accounts.viewer import Viewer
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality

NOBODY = "Välj minst en inspektör, helst två."


def candidates(session: Session, speciality: str | None, also: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The inspectors of a speciality (None = of all), and these others: (id, name) by name."""
    inspecting = select(Appointment.person).where(Appointment.role == Role.INSPECTOR, col(Appointment.ended).is_(None))
    if speciality:
        inspecting = inspecting.where(Appointment.speciality == speciality)
    of_these = or_(col(Person.id).in_(inspecting), col(Person.id).in_(also))
    query = select(Person.id, Person.name).where(of_these, col(Person.closed).is_(False)).order_by(Person.name)
    return [(id, name) for id, name in session.exec(query)]


def units(session: Session, viewer: Viewer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where the viewer may set up an inspection: (`clinic:speciality`, words), grouped by hospital."""
    query: Any = (
        select(Clinic, Speciality, Hospital, Region)
        .join(ClinicSpeciality, col(ClinicSpeciality.clinic) == Clinic.id)
        .join(Speciality, col(Speciality.id) == ClinicSpeciality.speciality)
        .join(Hospital, col(Hospital.id) == Clinic.hospital)
        .join(Region, col(Region.id) == Hospital.region)
        .order_by(Region.name, Hospital.name, Clinic.name, Speciality.name)
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for clinic, speciality, hospital, region in session.exec(query):
        if viewer.may(Permission.CREATE, Whose(speciality.id, region.id, clinic.id)):
            group = groups.setdefault(f"{hospital.name}, {region.name}", [])
            group.append((f"{clinic.id}:{speciality.id}", f"{clinic.name} · {speciality.name}"))
    return list(groups.items())
