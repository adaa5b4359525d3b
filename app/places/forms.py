"""The one form that every place is added and changed with: its words, and what stands in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.places.actions import found
from app.places.closing import AnyPlace
from app.places.models import Clinic, Hospital, Region, Speciality
from app.places.queries import specialities, units
from app.places.schemas import SpecialityOut
from app.web.swedish import day

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
    choices: Sequence[tuple[str, str, str]] = ()
    chosen: Sequence[str] = ()

    @property
    def back(self) -> str:
        """Where to go on to: the page just above."""
        return self.crumbs[-1][1]


def changing(session: Session, place: AnyPlace, name: str, chosen: Sequence[str] | None = None) -> PlaceForm:
    """`chosen` is None where nothing has been chosen yet: what a clinic trains in."""
    if isinstance(place, Clinic):
        trains = units(session, place.id)
        chosen = [each.id for each in trains] if chosen is None else chosen
        return PlaceForm(f"Ändra {place.name}", name, choices=_choices(session, trains), chosen=chosen)
    return PlaceForm(f"Byt namn på {place.name}", name, above(place))


def above(place: AnyPlace) -> Sequence[tuple[str, str]]:
    return (TREE, SPECIALITIES) if isinstance(place, Speciality) else (TREE,)


def new_hospital(session: Session, region: str, name: str = "", kind: str = "hospital") -> PlaceForm:
    parent = found(session, Region, region)
    return PlaceForm(f"Lägg till sjukhus eller primärvård i {parent.name}", name, kind=kind)


def new_clinic(session: Session, hospital: str, name: str = "", chosen: Sequence[str] = ()) -> PlaceForm:
    parent = found(session, Hospital, hospital)
    what = "en vårdcentral" if parent.kind == "primary_care" else "en klinik"
    return PlaceForm(f"Lägg till {what} i {parent.name}", name, choices=_choices(session), chosen=chosen)


def _choices(session: Session, here: Collection[SpecialityOut] = ()) -> list[tuple[str, str, str]]:
    """What is not closed, and what is there already, closed or not."""
    there = {each.id: each.closed for each in here}
    found = ((each, there.get(each.id, each.closed)) for each in specialities(session))
    return [
        (each.id, each.name, f"Stängd sedan {day(closed)}" if closed else "")
        for each, closed in found
        if not each.closed or each.id in there
    ]
