"""Keeps the prepared figures true: called in the very transaction that stores a signed version.

What is prepared follows from the signed content and from where the inspection lay, and from nothing else, so that it
can be made anew at any time and be the same.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from app.accounts.viewer import Viewer
from app.comparison.models import NO_YEAR, Compared, ComparedArea, ComparedCriterion
from app.inspections.file import Inspection
from app.inspections.models import InspectionRow
from app.inspections.report import report
from app.places.models import Clinic
from reports.to_html import anchors
from rubrics.model import Rubric

TABLES = (Compared, ComparedArea, ComparedCriterion)


@dataclass(frozen=True)
class Facts:
    """The rows of one inspection, as values."""

    compared: dict[str, Any]
    areas: list[dict[str, Any]]
    criteria: list[dict[str, Any]]


def keep(session: Session, _: Viewer, row: InspectionRow, inspection: Inspection, rubric: Rubric) -> None:
    """Puts the version that was signed just now in place of the one before, and tells which of its unit's inspections
    is the newest. Doing it twice changes nothing."""
    hospital = session.get_one(Clinic, row.clinic).hospital
    for table in TABLES:
        session.execute(delete(table).where(col(table.inspection) == row.id))
    made = facts(row, hospital, inspection, rubric, latest=False)
    session.add(Compared(**made.compared))
    session.add_all(ComparedArea(**each) for each in made.areas)
    session.add_all(ComparedCriterion(**each) for each in made.criteria)
    session.flush()
    _tell_the_latest(session, row, rubric.id)


def leave_out(session: Session, row: InspectionRow) -> None:
    """An inspection whose last version is withheld is not counted, and its unit by the one before it."""
    family = session.exec(select(Compared.family).where(Compared.inspection == row.id)).first()
    if family is None:
        return
    for table in TABLES:
        session.execute(delete(table).where(col(table.inspection) == row.id))
    _tell_the_latest(session, row, family)


def facts(row: InspectionRow, hospital: str, inspection: Inspection, rubric: Rubric, *, latest: bool) -> Facts:
    """What one signed version says."""
    first = inspection.visit.first_day
    where = {
        "inspection": row.id,
        "family": rubric.id,
        "region": row.region,
        "hospital": hospital,
        "speciality": row.speciality,
        "year": first.year if first else NO_YEAR,
        "latest": latest,
    }
    more = {"version": row.version, "clinic": row.clinic, "edition": rubric.edition, "first_day": first}
    begins = anchors(report(inspection, rubric))
    return Facts(
        {**where, **more, "rubric_sha256": row.rubric_sha256},
        [{**where, **each} for each in _areas(inspection, rubric, begins)],
        [{**where, **each} for each in _criteria(inspection, rubric)],
    )


def _areas(inspection: Inspection, rubric: Rubric, begins: dict[str, str]) -> list[dict[str, Any]]:
    made = []
    for area in rubric.areas:
        review = inspection.review(area.id)
        history = ">".join([review.grade, *(each.grade for each in review.regrades)])
        standing = {"decided": review.grade, "standing": review.standing, "history": history}
        made.append({"area": area.id, "anchor": begins.get(area.id, ""), **standing})
    return made


def _criteria(inspection: Inspection, rubric: Rubric) -> list[dict[str, Any]]:
    best = rubric.counted[0]
    return [
        {"criterion": id, "area": area, "answer": answer}
        for id, area in rubric.area_of.items()
        if (answer := inspection.review(area).answers.get(id, "")) != best
    ]


def _tell_the_latest(session: Session, row: InspectionRow, family: str) -> None:
    """Of a unit's inspections by one rubric the one with the latest first day; of several on a day, the greatest id."""
    unit = (Compared.clinic == row.clinic, Compared.speciality == row.speciality, Compared.family == family)
    without_day_first = func.coalesce(col(Compared.first_day), date.min)
    newest = select(Compared.inspection).where(*unit)
    first = session.exec(newest.order_by(without_day_first.desc(), col(Compared.inspection).desc()).limit(1)).first()
    marked = set(session.exec(select(Compared.inspection).where(*unit, col(Compared.latest).is_(True))))
    for id, latest in [(each, False) for each in marked - {first}] + (
        [] if first is None or first in marked else [(first, True)]
    ):
        for table in TABLES:
            session.execute(update(table).where(col(table.inspection) == id).values(latest=latest))
