"""The one form that every place is added and changed with: its words, and what stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.places.actions import found
from app.places.models import Clinic, Hospital, Region, Speciality
from app.places.queries import specialities

TREE = ("Platser", "/platser")
SPECIALITIES = ("Specialiteter", "/platser/specialiteter")

ADD_REGION, ADD_SPECIALITY = "Lägg till en region", "Lägg till en specialitet"


@dataclass(frozen=True)
class PlaceForm:
    """`kind` is asked for where it is not None, specialities where there are any to choose among."""

    heading: str
    name: str = ""
    crumbs: Sequence[tuple[str, str]] = (TREE,)
    kind: str | None = None
    choices: Sequence[tuple[str, str]] = ()
    chosen: Sequence[str] = ()

    @property
    def back(self) -> str:
        """Where to go on to: the page just above."""
        return self.crumbs[-1][1]


def renaming(place: Region | Hospital | Speciality, name: str) -> PlaceForm:
    crumbs = (TREE, SPECIALITIES) if isinstance(place, Speciality) else (TREE,)
    return PlaceForm(f"Byt namn på {place.name}", name, crumbs)


def new_hospital(session: Session, region: str, name: str = "", kind: str = "hospital") -> PlaceForm:
    parent = found(session, Region, region)
    return PlaceForm(f"Lägg till sjukhus eller primärvård i {parent.name}", name, kind=kind)


def new_clinic(session: Session, hospital: str, name: str = "", chosen: Sequence[str] = ()) -> PlaceForm:
    parent = found(session, Hospital, hospital)
    what = "en vårdcentral" if parent.kind == "primary_care" else "en klinik"
    return PlaceForm(f"Lägg till {what} i {parent.name}", name, choices=_choices(session), chosen=chosen)


def changed_clinic(session: Session, clinic: str, name: str, chosen: Sequence[str]) -> PlaceForm:
    heading = f"Ändra {found(session, Clinic, clinic).name}"
    return PlaceForm(heading, name, choices=_choices(session), chosen=chosen)


def _choices(session: Session) -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in specialities(session)]
