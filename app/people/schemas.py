"""What a person is added or changed with, and how one is told. Shared by forms and JSON."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from app.accounts.roles import Role
from app.accounts.scopes import Scope
from app.people.independence import TieKind
from app.typed import Email, Id, Name, Unfit

EARLIEST, LATEST = 1940, 2100  # years that anybody means


def _kind(sent: Any) -> Any:
    if str(sent) not in set(TieKind):
        raise PydanticCustomError("kind", "Välj vad bandet är.")
    return sent


def _year(sent: Any) -> int | None:
    text = str(sent if sent is not None else "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and EARLIEST <= int(text[:9]) <= LATEST):
        raise PydanticCustomError("year", "Skriv året med fyra siffror, till exempel 2019.")
    return int(text)


class PersonIn(BaseModel):
    name: Name
    email: Email


class AppointmentIn(BaseModel):
    """A role, and the id of what `roles.NAMES` says that it must name: a speciality, a region or a clinic."""

    role: Role
    where: Id | None = None


class TokenIn(BaseModel):
    """A key for programs that one makes for oneself; it ends by itself, after a year at the most."""

    name: Name
    scope: Scope
    days: Literal["30", "90", "365"]


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


class Sought(BaseModel):
    """`words` are parts of a name or an e-mail address; `after` goes on from a page before."""

    words: str = ""
    after: UUID | None = None


class PeopleOut(BaseModel):
    """A page of people. `after` asks for the next one; null where this is the last."""

    people: list[PersonOut]
    after: str | None


class Invited(BaseModel):
    """`link` is told this once: it lets the person choose a password."""

    id: str
    link: str


class TieIn(BaseModel):
    """A tie to the region, hospital or clinic `where`, with the years that it began and ended."""

    kind: Annotated[TieKind, BeforeValidator(_kind)]
    where: Id
    since: Annotated[int | None, BeforeValidator(_year)] = None
    until: Annotated[int | None, BeforeValidator(_year)] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise Unfit("until", "Bandet slutar före det börjar. Byt plats på åren.")
        return self
