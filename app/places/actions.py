"""What an administrator does with places. A name is unique within its parent, and the database holds that: so
two who add the same at once get one place and one sentence.

Nothing is removed here: reports and people point at places. What has ended is closed, see `closing.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound, Stale
from app.ids import new_id
from app.places.closing import AnyPlace, Closable, Id, check_open
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.places.queries import trained_in
from app.places.schemas import ClinicIn, Closing, Named, NewHospital
from app.typed import CHANGED_SINCE, Unfit

Place = TypeVar("Place", bound=AnyPlace)
Row = TypeVar("Row", bound=Closable)

_TAKEN: dict[type[AnyPlace], str] = {
    Region: "Det finns redan en region med det namnet. Välj ett annat.",
    Hospital: "Regionen har redan ett sjukhus eller en primärvård med det namnet. Välj ett annat.",
    Clinic: "Det namnet finns redan där. Välj ett annat, till exempel med orten efter.",
    Speciality: "Specialiteten finns redan.",
}


def add_region(session: Session, *, by: Viewer, new: Named) -> str:
    return add_regions(session, by=by, new=[new])[0]


def add_hospital(session: Session, *, by: Viewer, region: str, new: NewHospital) -> str:
    return add_hospitals(session, by=by, new=[(region, new)])[0]


def add_clinic(session: Session, *, by: Viewer, hospital: str, new: ClinicIn) -> str:
    return add_clinics(session, by=by, new=[(hospital, new)])[0]


def add_speciality(session: Session, *, by: Viewer, new: Named) -> str:
    return add_specialities(session, by=by, new=[new])[0]


# ── Several at once, as a list of them brings (`importing.py`) ────────────────────────────


def add_regions(session: Session, *, by: Viewer, new: Sequence[Named]) -> list[str]:
    by.check(Permission.ADMINISTER)
    return _added(session, by, [Region(id=new_id(), name=each.name) for each in new])


def add_hospitals(session: Session, *, by: Viewer, new: Sequence[tuple[str, NewHospital]]) -> list[str]:
    """Each with its region."""
    by.check(Permission.ADMINISTER)
    _all_open(session, Region, [region for region, _ in new])
    rows = [Hospital(id=new_id(), region=region, name=each.name, kind=each.kind) for region, each in new]
    return _added(session, by, rows)


def add_clinics(session: Session, *, by: Viewer, new: Sequence[tuple[str, ClinicIn]]) -> list[str]:
    """Each with its hospital."""
    by.check(Permission.ADMINISTER)
    _all_open(session, Hospital, [hospital for hospital, _ in new])
    ids = _added(session, by, [Clinic(id=new_id(), hospital=hospital, name=each.name) for hospital, each in new])
    _train(session, by, {id: each.specialities for id, (_, each) in zip(ids, new, strict=True)})
    return ids


def add_specialities(session: Session, *, by: Viewer, new: Sequence[Named]) -> list[str]:
    by.check(Permission.ADMINISTER)
    return _added(session, by, [Speciality(id=new_id(), name=each.name) for each in new])


def change_clinics(session: Session, *, by: Viewer, new: Mapping[str, ClinicIn]) -> None:
    """By clinic: its name, and the specialities that it trains in from now on."""
    by.check(Permission.ADMINISTER)
    _held = _all_found(session, Clinic, new)
    for clinic, each in new.items():
        rename(session, by=by, kind=Clinic, id=clinic, new=each)
    _train(session, by, {clinic: each.specialities for clinic, each in new.items()})


# ── Changing ──────────────────────────────────────────────────────────────────────────────


def rename(session: Session, *, by: Viewer, kind: type[Place], id: str, new: Named) -> None:
    by.check(Permission.ADMINISTER)
    place = found(session, kind, id)
    if place.name == new.name:
        return
    place.name = new.name
    _flushed(session, place)
    audit.record(session, by=by.id, action=f"{place.__tablename__}:renamed", subject=id)


def change(
    session: Session, *, by: Viewer, kind: type[Place], id: str, new: Named, stands: Named | None = None
) -> Named:
    """Its name, and of a clinic what it trains in. Returns what stood there before. `stands` is what whoever puts a
    change back has seen: raises Stale where somebody has changed it since."""
    by.check(Permission.ADMINISTER)
    place = found(session, kind, id, held=True)
    before = as_it_stands(session, place)
    if stands is not None and before != stands:
        raise Stale(CHANGED_SINCE)
    if isinstance(new, ClinicIn):
        change_clinic(session, by=by, clinic=id, new=new)
    else:
        rename(session, by=by, kind=kind, id=id, new=new)
    return before


def as_it_stands(session: Session, place: AnyPlace) -> Named:
    if isinstance(place, Clinic):
        return ClinicIn(name=place.name, specialities=sorted(trained_in(session, place.id)))
    return Named(name=place.name)


def change_clinic(session: Session, *, by: Viewer, clinic: str, new: ClinicIn) -> None:
    """Its name, and the specialities that it trains in from now on."""
    change_clinics(session, by=by, new={clinic: new})


def close(session: Session, *, by: Viewer, kind: type[Closable], id: Id, new: Closing) -> None:
    """From a day. What goes on there goes on; the page says what, and asks."""
    by.check(Permission.ADMINISTER)
    place = found(session, kind, id)
    if not place.closed:
        place.closed = new.day
        session.flush()
        about = _about(place) | {"day": str(new.day)}
        audit.record(session, by=by.id, action=f"{place.__tablename__}:closed", **about)


def open_again(session: Session, *, by: Viewer, kind: type[Closable], id: Id) -> None:
    by.check(Permission.ADMINISTER)
    place = found(session, kind, id)
    if place.closed:
        place.closed = None
        session.flush()
        audit.record(session, by=by.id, action=f"{place.__tablename__}:opened", **_about(place))


def _about(place: Closable) -> dict[str, str]:
    if isinstance(place, ClinicSpeciality):
        return {"subject": place.clinic, "speciality": place.speciality}
    return {"subject": place.id}


def found(session: Session, kind: type[Row], id: Id, *, held: bool = False) -> Row:
    """`held`: nobody else changes it until this is done."""
    if place := session.get(kind, id, with_for_update=held):
        return place
    raise NotFound


def _all_found(session: Session, kind: type[Place], ids: Iterable[str]) -> list[Place]:
    """Whoever holds them finds each of them again without asking the database."""
    wanted = set(ids)
    rows = list(session.exec(select(kind).where(col(kind.id).in_(wanted))))
    if len(rows) < len(wanted):
        raise NotFound
    return rows


def _all_open(session: Session, kind: type[Region] | type[Hospital], ids: Sequence[str]) -> None:
    """Where something is to be added."""
    _all_found(session, kind, ids)
    check_open(session, kind, ids, field="name")


def _added(session: Session, by: Viewer, places: Sequence[AnyPlace]) -> list[str]:
    session.add_all(places)
    if places:
        _flushed(session, places[0])
    for each in places:
        audit.record(session, by=by.id, action=f"{each.__tablename__}:added", subject=each.id)
    return [each.id for each in places]


def _flushed(session: Session, place: AnyPlace) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise Unfit("name", _TAKEN[type(place)]) from None


def _train(session: Session, by: Viewer, chosen: Mapping[str, Iterable[str]]) -> None:
    """By clinic, what it trains in from now on."""
    wanted = {clinic: set(specialities) for clinic, specialities in chosen.items()}
    every = set().union(*wanted.values())
    known = set(session.exec(select(Speciality.id).where(col(Speciality.id).in_(every))))
    if every != known:
        raise Unfit("specialities", "Någon av specialiteterna finns inte längre. Välj bland dem som står här.")
    before: dict[str, set[str]] = {clinic: set() for clinic in wanted}
    for clinic, speciality in session.exec(
        select(ClinicSpeciality.clinic, ClinicSpeciality.speciality).where(col(ClinicSpeciality.clinic).in_(wanted))
    ):
        before[clinic].add(speciality)
    check_open(
        session, Speciality, set().union(*(wanted[each] - before[each] for each in wanted)), field="specialities"
    )
    check_open(session, Clinic, [each for each in wanted if wanted[each] - before[each]], field="specialities")
    _check_history(session, {clinic: before[clinic] - wanted[clinic] for clinic in wanted})
    for clinic in wanted:
        if gone := before[clinic] - wanted[clinic]:
            at = (col(ClinicSpeciality.clinic) == clinic, col(ClinicSpeciality.speciality).in_(gone))
            session.exec(delete(ClinicSpeciality).where(*at))
        added = wanted[clinic] - before[clinic]
        session.add_all(ClinicSpeciality(clinic=clinic, speciality=each) for each in added)
    session.flush()
    for clinic in wanted:
        if before[clinic] != wanted[clinic]:
            told = sorted(wanted[clinic])
            audit.record(session, by=by.id, action="clinic:trains", subject=clinic, specialities=told)


def _check_history(session: Session, gone: Mapping[str, Iterable[str]]) -> None:
    """What has ended there stays, with its day: taken away and put back it would be open."""
    units = [(clinic, speciality) for clinic, specialities in gone.items() for speciality in specialities]
    at = tuple_(col(ClinicSpeciality.clinic), col(ClinicSpeciality.speciality)).in_(units)
    query = select(Speciality).join(ClinicSpeciality).where(at, col(ClinicSpeciality.closed).is_not(None))
    if units and (kept := session.exec(query).first()):
        raise Unfit(
            "specialities", f"{kept.name} är stängd här, och står kvar. Öppna den först om den aldrig fanns här."
        )
