"""What has ended: a place that the office has closed from a day, and with it all that lies in it; or one of a clinic's
specialities, there alone.

It stays in every inspection, report and comparison, and those who have a role there keep it. Nothing new begins there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, inspect, or_, tuple_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.typed import Unfit
from app.web.swedish import day

REOPEN = "Är det fel kan en administratör öppna den igen."

AnyPlace = Region | Hospital | Clinic | Speciality
Kind = type[Region] | type[Hospital] | type[Clinic] | type[Speciality]

Closable = AnyPlace | ClinicSpeciality
Id = str | tuple[str, str]  # of a unit: its clinic and its speciality

# Each with those that it lies in.
LEVELS: dict[Kind, Sequence[Kind]] = {
    Region: (Region,),
    Hospital: (Hospital, Region),
    Clinic: (Clinic, Hospital, Region),
    Speciality: (Speciality,),
}
_LIES_IN: dict[Any, Sequence[Any]] = {
    **LEVELS,
    ClinicSpeciality: (ClinicSpeciality, Clinic, Hospital, Region, Speciality),
}


@dataclass(frozen=True)
class Ended:
    """What is closed, by its name: the place that was asked about, or one that it lies in."""

    name: str
    since: date

    def __str__(self) -> str:
        return f"{self.name} stängdes {day(self.since)}, och inget nytt läggs till där."


@dataclass(frozen=True)
class UnderWay:
    """What goes on at a place: the first few, in words and with their addresses, of so many."""

    lines: Sequence[tuple[str, str]]
    count: int


GoingOn = Callable[[Session, Closable], UnderWay]  # rooms above know, and main hands it in


def is_open(*tables: type[Closable]) -> Sequence[ColumnElement[bool]]:
    """Conditions on what is joined."""
    return [col(table.closed).is_(None) for table in tables]


def _name(kind: Any) -> Any:
    return col(Speciality.name) + " vid " + col(Clinic.name) if kind is ClinicSpeciality else col(kind.name)


def ended(session: Session, kind: type[Closable], ids: Iterable[Id], *, by: date | None = None) -> dict[Id, Ended]:
    """Of these places, those that have ended, by that day where one is given."""
    tables, keys = _LIES_IN[kind], inspect(kind).primary_key
    wanted = tuple_(*keys).in_(list(ids)) if len(keys) > 1 else keys[0].in_(list(ids))
    columns: list[Any] = [column for table in tables for column in (_name(table), col(table.closed))]
    query = rows_of(*keys, *columns).select_from(kind).where(wanted)
    for table in tables[1:]:
        query = query.join(table)
    found: dict[Id, Ended] = {}
    for row in session.execute(query.where(or_(*(col(table.closed) <= (by or date.max) for table in tables)))):
        id, rest = row[: len(keys)], row[len(keys) :]
        named = zip(rest[::2], rest[1::2], strict=True)
        first = next(Ended(name, since) for name, since in named if since and since <= (by or date.max))
        found[(id[0], id[1]) if len(id) > 1 else id[0]] = first
    return found


def check_open(
    session: Session, kind: type[Closable], ids: Iterable[Id], *, field: str, by: date | None = None, told: str = REOPEN
) -> None:
    """Raises Unfit where something new is to begin at what has ended, by that day where one is given."""
    if found := ended(session, kind, ids, by=by):
        raise Unfit(field, f"{next(iter(found.values()))} {told}")
