"""What an administrator does with places. A name is unique within its parent, and the database holds that: so
two who add the same at once get one place and one sentence.

Nothing is removed here: reports and people point at places.
"""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.ids import new_id
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.places.queries import trained_in
from app.places.schemas import ClinicIn, Named, NewHospital
from app.typed import Unfit

AnyPlace = Region | Hospital | Clinic | Speciality
Place = TypeVar("Place", bound=AnyPlace)

_TAKEN: dict[type[AnyPlace], str] = {
    Region: "Det finns redan en region med det namnet. Välj ett annat.",
    Hospital: "Regionen har redan ett sjukhus eller en primärvård med det namnet. Välj ett annat.",
    Clinic: "Det namnet finns redan där. Välj ett annat, till exempel med orten efter.",
    Speciality: "Specialiteten finns redan.",
}


def add_region(session: Session, *, by: Viewer, new: Named) -> str:
    by.check(Permission.ADMINISTER)
    return _added(session, by, Region(id=new_id(), name=new.name))


def add_hospital(session: Session, *, by: Viewer, region: str, new: NewHospital) -> str:
    by.check(Permission.ADMINISTER)
    parent = found(session, Region, region)
    return _added(session, by, Hospital(id=new_id(), region=parent.id, name=new.name, kind=new.kind))


def add_clinic(session: Session, *, by: Viewer, hospital: str, new: ClinicIn) -> str:
    by.check(Permission.ADMINISTER)
    parent = found(session, Hospital, hospital)
    id = _added(session, by, Clinic(id=new_id(), hospital=parent.id, name=new.name))
    _train(session, by, id, new.specialities)
    return id


def add_speciality(session: Session, *, by: Viewer, new: Named) -> str:
    by.check(Permission.ADMINISTER)
    return _added(session, by, Speciality(id=new_id(), name=new.name))


def rename(session: Session, *, by: Viewer, kind: type[Place], id: str, new: Named) -> None:
    by.check(Permission.ADMINISTER)
    place = found(session, kind, id)
    if place.name == new.name:
        return
    place.name = new.name
    _flushed(session, place)
    audit.record(session, by=by.id, action=f"{place.__tablename__}:renamed", subject=id)


def change_clinic(session: Session, *, by: Viewer, clinic: str, new: ClinicIn) -> None:
    """Its name, and the specialities that it trains in from now on."""
    rename(session, by=by, kind=Clinic, id=clinic, new=new)
    _train(session, by, clinic, new.specialities)


def found(session: Session, kind: type[Place], id: str) -> Place:
    if place := session.get(kind, id):
        return place
    raise NotFound


def _added(session: Session, by: Viewer, place: AnyPlace) -> str:
    session.add(place)
    _flushed(session, place)
    audit.record(session, by=by.id, action=f"{place.__tablename__}:added", subject=place.id)
    return place.id


def _flushed(session: Session, place: AnyPlace) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise Unfit("name", _TAKEN[type(place)]) from None


def _train(session: Session, by: Viewer, clinic: str, chosen: Iterable[str]) -> None:
    before, wanted = set(trained_in(session, clinic)), set(chosen)
    known = set(session.exec(select(Speciality.id).where(col(Speciality.id).in_(wanted))))
    if wanted != known:
        raise Unfit("specialities", "Någon av specialiteterna finns inte längre. Välj bland dem som står här.")
    if before == wanted:
        return
    gone = (col(ClinicSpeciality.clinic) == clinic, col(ClinicSpeciality.speciality).in_(before - wanted))
    session.exec(delete(ClinicSpeciality).where(*gone))
    session.add_all(ClinicSpeciality(clinic=clinic, speciality=each) for each in wanted - before)
    session.flush()
    audit.record(session, by=by.id, action="clinic:trains", subject=clinic, specialities=sorted(wanted))
