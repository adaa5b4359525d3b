"""What a place is added or renamed with, and how the whole tree is told. Shared by forms and JSON."""

from datetime import date
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic_core import PydanticCustomError

from app import audit
from app.places.models import HospitalKind
from app.typed import Id, Name
from app.web.swedish import local


class Named(BaseModel):
    name: Name


def _kind(value: object) -> object:
    if value not in get_args(HospitalKind):
        raise PydanticCustomError("kind", "Välj sjukhus eller primärvård.")
    return value


class NewHospital(Named):
    kind: Annotated[HospitalKind, BeforeValidator(_kind)] = "hospital"


class ClinicIn(Named):
    """`specialities` are the ids of those it trains in."""

    specialities: list[Id] = []


def _day(day: date) -> date:
    if day > local(audit.now()).date():
        raise PydanticCustomError("day", "Välj en dag som har varit, eller i dag.")
    return day


def _written(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise PydanticCustomError("day", "Skriv dagen som 2026-10-20.") from None


class Closing(BaseModel):
    """The first day when it no longer is."""

    day: Annotated[date, BeforeValidator(_written), AfterValidator(_day)]


class SpecialityOut(BaseModel):
    """`closed` here and below: since when it has ended, itself, or at the clinic that it stands under. What lies in it
    has ended with it."""

    id: str
    name: str
    closed: date | None


class ClinicOut(BaseModel):
    id: str
    name: str
    closed: date | None
    specialities: list[SpecialityOut]


class HospitalOut(BaseModel):
    id: str
    name: str
    kind: HospitalKind
    closed: date | None
    clinics: list[ClinicOut]

    @property
    def unit(self) -> str:
        """What its units are called."""
        return "vårdcentral" if self.kind == "primary_care" else "klinik"


class RegionOut(BaseModel):
    id: str
    name: str
    closed: date | None
    hospitals: list[HospitalOut]


class Added(BaseModel):
    id: str
