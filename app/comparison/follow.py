"""What a region or the office has to follow up: plans that are late or due soon, and units that nobody has inspected
for long. The one that has waited longest comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.comparison.figures import PlanLine
from app.comparison.models import Compared
from app.comparison.scope import Scope
from app.places.closing import is_open
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.plans.models import PlanRow
from app.plans.rules import WRITTEN

SOON = 30  # days
PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """A plan that is not submitted, by its unit's present names."""

    inspection: str
    version: int  # of the report that it answers
    clinic: str
    hospital: str
    speciality: str
    plan: PlanLine


@dataclass(frozen=True)
class Unvisited:
    """A unit and the day when it was inspected last; None = never, or by reports that do not say when."""

    clinic: str
    hospital: str
    speciality: str
    last: date | None
    visits: int


@dataclass(frozen=True)
class Some:
    """The first few of so many."""

    lines: Sequence[Any]
    count: int


def late_plans(session: Session, scope: Scope, today: date) -> Some:
    return _plans(session, scope, col(PlanRow.due) < today)


def plans_due_soon(session: Session, scope: Scope, today: date) -> Some:
    return _plans(session, scope, col(PlanRow.due).between(today, today + timedelta(days=SOON)))


def late_count(session: Session, scope: Scope, today: date) -> int:
    at = (col(PlanRow.state).in_(WRITTEN), col(PlanRow.due) < today, scope.own(PlanRow))
    return session.exec(select(func.count()).select_from(PlanRow).where(*at)).one()


def _plans(session: Session, scope: Scope, due: Any) -> Some:
    at = (col(PlanRow.state).in_(WRITTEN), due, scope.own(PlanRow))
    tables: Any = ((Clinic, "clinic"), (Hospital, "hospital"), (Speciality, "speciality"))
    names: list[Any] = [col(table.name).label(label) for table, label in tables]
    query = rows_of(col(PlanRow.inspection), col(PlanRow.report), *names)
    query = query.add_columns(*(col(getattr(PlanRow, name)) for name in ("id", "state", "due", "version")))
    query = query.join(Clinic, col(Clinic.id) == col(PlanRow.clinic)).join(Hospital)
    query = query.join(Speciality, col(Speciality.id) == col(PlanRow.speciality))
    rows = session.execute(query.where(*at).order_by(col(PlanRow.due), col(PlanRow.id)).limit(PAGE)).all()
    count = session.exec(select(func.count()).select_from(PlanRow).where(*at)).one()
    return Some([_waiting(row) for row in rows], count)


def _waiting(row: Any) -> Waiting:
    plan = PlanLine(row.id, row.state, row.due, row.version)
    return Waiting(row.inspection, row.report, row.clinic, row.hospital, row.speciality, plan)


def unvisited(session: Session, scope: Scope, before: date) -> Some:
    """Units whose last inspection, by whatever rubric, began before that day, and those that have had none. What is
    closed waits for nobody."""
    same = and_(
        col(Compared.clinic) == col(ClinicSpeciality.clinic),
        col(Compared.speciality) == col(ClinicSpeciality.speciality),
        col(Compared.latest).is_(True),
    )
    last, visits = func.max(col(Compared.first_day)), func.count(col(Compared.inspection))
    names = (col(Clinic.name), col(Hospital.name), col(Speciality.name))
    query = rows_of(*names, last.label("last"), visits.label("visits"))
    query = query.select_from(ClinicSpeciality).join(Clinic).join(Hospital).join(Region)
    query = query.where(*is_open(ClinicSpeciality, Clinic, Hospital, Region, Speciality)).join(
        Speciality, col(Speciality.id) == col(ClinicSpeciality.speciality)
    )
    query = query.outerjoin(Compared, same)
    unit = (col(ClinicSpeciality.clinic), col(ClinicSpeciality.speciality))
    grouped = query.where(scope.own(Hospital)).group_by(*unit, *names)
    found = grouped.having(or_(last < before, last.is_(None)))
    first = func.coalesce(last, date.min)
    rows = session.execute(found.order_by(first, col(Clinic.name), *unit).limit(PAGE)).all()
    count = session.execute(rows_of(func.count()).select_from(found.subquery())).scalar_one()
    return Some([Unvisited(*row) for row in rows], count)
