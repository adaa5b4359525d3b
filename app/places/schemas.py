"""What a place is added or renamed with, and how the whole tree is told. Shared by forms and JSON."""

from typing import Annotated, get_args

from pydantic import BaseModel, BeforeValidator
from pydantic_core import PydanticCustomError

from app.places.models import HospitalKind
from app.typed import Id, Name


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


class SpecialityOut(BaseModel):
    id: str
    name: str


class ClinicOut(BaseModel):
    id: str
    name: str
    specialities: list[SpecialityOut]


class HospitalOut(BaseModel):
    id: str
    name: str
    kind: HospitalKind
    clinics: list[ClinicOut]

    @property
    def unit(self) -> str:
        """What its units are called."""
        return "vårdcentral" if self.kind == "primary_care" else "klinik"


class RegionOut(BaseModel):
    id: str
    name: str
    hospitals: list[HospitalOut]


class Added(BaseModel):
    id: str
