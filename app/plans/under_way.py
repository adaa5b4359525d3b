"""What goes on at a place, for whoever is about to close it: drafted inspections, and plans not closed."""

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from app.inspections.models import InspectionRow
from app.inspections.pages.frame import unit
from app.places.closing import Closable, UnderWay
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region
from app.plans.models import PlanRow

MOST = 10  # that are told one by one


def under_way(session: Session, place: Closable) -> UnderWay:
    """The inspections first, then the plans."""
    drafted: Any = (_at(place, InspectionRow), col(InspectionRow.state) == "draft")
    planned: Any = (_at(place, PlanRow), col(PlanRow.state) != "closed")
    inspections = session.exec(
        select(InspectionRow).where(*drafted).order_by(col(InspectionRow.listed), InspectionRow.id).limit(MOST)
    ).all()
    plans = session.exec(
        select(PlanRow.id, InspectionRow)
        .join(InspectionRow, col(InspectionRow.id) == PlanRow.inspection)
        .where(*planned)
        .order_by(col(PlanRow.due), PlanRow.id)
        .limit(MOST - len(inspections))
    ).all()
    lines = [(f"Inspektion, {_words(row)}", f"/inspektioner/{row.id}") for row in inspections]
    lines += [(f"Handlingsplan, {_words(row)}", f"/planer/{id}") for id, row in plans]
    counts = ((InspectionRow, drafted), (PlanRow, planned))
    return UnderWay(
        lines, sum(session.exec(select(func.count()).select_from(of).where(*at)).one() for of, at in counts)
    )


def _at(place: Closable, table: type[InspectionRow] | type[PlanRow]) -> ColumnElement[bool]:
    match place:
        case Region():
            return col(table.region) == place.id
        case Hospital():
            return col(table.clinic).in_(select(Clinic.id).where(Clinic.hospital == place.id))
        case Clinic():
            return col(table.clinic) == place.id
        case ClinicSpeciality():
            return and_(col(table.clinic) == place.clinic, col(table.speciality) == place.speciality)
        case _:
            return col(table.speciality) == place.id


def _words(row: InspectionRow) -> str:
    return f"{unit(row)}, {row.specialty}"
