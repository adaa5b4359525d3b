"""What a person is added or changed with, and how one is told. Shared by forms and JSON."""

from pydantic import BaseModel

from app.accounts.roles import Role
from app.typed import Email, Id, Name


class PersonIn(BaseModel):
    name: Name
    email: Email


class AppointmentIn(BaseModel):
    """A role, and the id of what `roles.NAMES` says that it must name: a speciality, a region or a clinic."""

    role: Role
    where: Id | None = None


class AppointmentOut(BaseModel):
    """`where` is in words."""

    id: str
    role: Role
    where: str | None


class PersonOut(BaseModel):
    id: str
    name: str
    email: str
    closed: bool


class PersonWithRoles(PersonOut):
    appointments: list[AppointmentOut]


class PeopleOut(BaseModel):
    """A page of people. `after` asks for the next one; null where this is the last."""

    people: list[PersonOut]
    after: str | None


class Invited(BaseModel):
    """`link` is told this once: it lets the person choose a password."""

    id: str
    link: str
