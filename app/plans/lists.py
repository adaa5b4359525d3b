"""The list of plans, as far as its viewer sees: the most urgent first.

Plans are listed in groups: those that wait for the inspectors, then those that the clinic writes, by the day they are
due, and so on. Each appointment asks its own index for the first few of a group, so that the time follows what is
shown and not what is stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, true, tuple_, union
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.roles import TABLE, Held, Permission, Reach
from app.accounts.viewer import Viewer
from app.ids import is_id
from app.inspections.models import Assignment
from app.places.models import Clinic, Hospital, Speciality
from app.plans.models import PlanRow
from app.plans.rules import State

PAGE = 20


@dataclass(frozen=True)
class Group:
    """Plans that are as urgent. `newest`: the last one first, else the one that is due first."""

    label: str
    states: tuple[State, ...]
    newest: bool = False


GROUPS: Mapping[str, Group] = {
    "vantar": Group("Väntar på svar", ("submitted",)),
    "skrivs": Group("Kliniken skriver", ("draft", "more")),
    "godtagna": Group("Godtagna", ("accepted",)),
    "foljs": Group("Följs upp", ("follow_up",)),
    "avslutade": Group("Avslutade", ("closed",), newest=True),
}


@dataclass(frozen=True)
class Mark:
    """Where a page ends, and the next one goes on."""

    group: str
    due: date
    id: str

    def __str__(self) -> str:
        return f"{self.group}_{self.due}_{self.id}"


@dataclass(frozen=True)
class Listed:
    """A line. Names are those of today."""

    row: PlanRow
    clinic: str
    hospital: str
    speciality: str
    mark: Mark


def read_mark(text: str) -> Mark | None:
    """A mark as it stood in an address; None where it cannot be read."""
    group, _, rest = text.partition("_")
    due, _, id = rest.partition("_")
    try:
        return Mark(group, date.fromisoformat(due), id) if group in GROUPS and is_id(id) else None
    except ValueError:
        return None


def listed(
    session: Session, viewer: Viewer, after: Mark | None = None, *, only: str = "", state: State | None = None
) -> list[Listed]:
    """A page of what the viewer may see (of one group, where `only` names it, or in one state); one line more than
    PAGE where there are more."""
    found: list[Listed] = []
    names = [name for name, group in GROUPS.items() if only in ("", name) and (not state or state in group.states)]
    if after and after.group in names:
        names = names[names.index(after.group) :]
    for name in names:
        begin = after if after and after.group == name else None
        states = [state] if state else GROUPS[name].states
        found += _of_group(session, viewer, name, states, begin, PAGE + 1 - len(found))
        if len(found) > PAGE:
            break
    return found


def _of_group(
    session: Session, viewer: Viewer, name: str, states: Sequence[State], after: Mark | None, most: int
) -> list[Listed]:
    group = GROUPS[name]
    reaches = [
        _first_few(and_(clause, col(PlanRow.state) == state), group, after, most)
        for clause in _clauses(viewer)
        for state in states
    ]
    if not reaches:
        return []
    ids = union(*reaches).subquery()
    query = (
        rows_of(PlanRow, Clinic, Hospital, Speciality)
        .join(ids, ids.c.id == col(PlanRow.id))
        .join(Clinic, col(Clinic.id) == PlanRow.clinic)
        .join(Hospital, col(Hospital.id) == Clinic.hospital)
        .join(Speciality, col(Speciality.id) == PlanRow.speciality)
        .order_by(*_order(group))
        .limit(most)
    )
    return [
        Listed(row, clinic.name, _printed(hospital), speciality.name, Mark(name, row.due, row.id))
        for row, clinic, hospital, speciality in session.execute(query)
    ]


def _printed(hospital: Hospital) -> str:
    return hospital.name if hospital.kind == "hospital" else ""


def _order(group: Group) -> Sequence[Any]:
    due, id = col(PlanRow.due), col(PlanRow.id)
    return (due.desc(), id.desc()) if group.newest else (due, id)


def _first_few(clause: ColumnElement[bool], group: Group, after: Mark | None, most: int) -> Select[Any]:
    query = rows_of(col(PlanRow.id)).where(clause).order_by(*_order(group)).limit(most)
    if after:
        at, mark = tuple_(col(PlanRow.due), col(PlanRow.id)), (after.due, after.id)
        query = query.where(at < mark if group.newest else at > mark)
    return rows_of(query.subquery().c.id)


def _clauses(viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    """One condition for each appointment that reaches plans."""
    for held in viewer.held:
        if reach := TABLE[held.role].get(Permission.READ_PLAN):
            yield _within(reach, held, viewer)


def _within(reach: Reach, held: Held, viewer: Viewer) -> ColumnElement[bool]:
    match reach:
        case Reach.EVERYTHING:
            return true()
        case Reach.SPECIALITY:
            return col(PlanRow.speciality) == held.speciality
        case Reach.REGION:
            return col(PlanRow.region) == held.region
        case Reach.CLINIC:
            return col(PlanRow.clinic) == held.clinic
        case Reach.INSPECTIONS:
            own = select(Assignment.inspection).where(Assignment.person == viewer.id, col(Assignment.ended).is_(None))
            return col(PlanRow.inspection).in_(own)
