"""The figures of a comparison, worked out anew from the signed versions' own JSON: slowly, plainly, and by nothing of
what the application counts with. What it says must be what the pages say."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, select

from app.inspections.models import InspectionRow, RubricCopy, Version
from app.inspections.rubric_copy import rubric_of
from app.places.models import Clinic, Hospital, Speciality
from app.plans.models import PlanRow
from rubrics.model import Rubric

LATE_STATES = ("draft", "more")


@dataclass
class Report:
    """What one inspection's last signed version says."""

    id: str
    number: int
    clinic: str
    hospital: str
    region: str
    speciality: str
    family: str
    edition: int
    rubric: Rubric
    first: date | None
    grades: dict[str, list[str]]  # by area: when it was inspected, and what it has been changed to
    answers: dict[str, str]  # to every criterion of the edition
    plan: PlanRow | None
    latest: bool = False
    names: dict[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.first.year if self.first else 0


def reports(session: Session) -> list[Report]:
    versions: dict[str, Version] = {}
    for each in session.exec(select(Version)):
        if each.inspection not in versions or each.number > versions[each.inspection].number:
            versions[each.inspection] = each
    rows = {row.id: row for row in session.exec(select(InspectionRow))}
    clinics = {each.id: each for each in session.exec(select(Clinic))}
    hospitals = {each.id: each for each in session.exec(select(Hospital))}
    specialities = {each.id: each.name for each in session.exec(select(Speciality))}
    plans = {each.inspection: each for each in session.exec(select(PlanRow))}
    rubrics = {each: rubric_of(session, each) for each in session.exec(select(RubricCopy.sha256))}
    found = [
        _report(rows[id], each, rubrics[each.rubric_sha256], clinics, hospitals, specialities, plans.get(id))
        for id, each in versions.items()
    ]
    units: dict[tuple[str, ...], Report] = {}
    for one in found:
        unit = (one.clinic, one.speciality, one.family)
        if unit not in units or (one.first or date.min, one.id) > (units[unit].first or date.min, units[unit].id):
            units[unit] = one
    for one in units.values():
        one.latest = True
    return found


def _report(
    row: InspectionRow,
    version: Version,
    rubric: Rubric,
    clinics: dict[str, Clinic],
    hospitals: dict[str, Hospital],
    specialities: dict[str, str],
    plan: PlanRow | None,
) -> Report:
    content: dict[str, Any] = json.loads(version.content)
    areas, day = content.get("areas", {}), content.get("visit", {}).get("first_day")
    given = {id: answer for each in areas.values() for id, answer in each.get("answers", {}).items()}
    grades = {}
    for area in rubric.areas:
        said = areas.get(area.id, {})
        grades[area.id] = [said.get("grade", ""), *(each["grade"] for each in said.get("regrades", []))]
    clinic = clinics[row.clinic]
    hospital = hospitals[clinic.hospital]
    return Report(
        id=row.id,
        number=version.number,
        clinic=row.clinic,
        hospital=hospital.id,
        region=row.region,
        speciality=row.speciality,
        family=rubric.id,
        edition=rubric.edition,
        rubric=rubric,
        first=date.fromisoformat(day) if day else None,
        grades=grades,
        answers={id: given.get(id, "") for area in rubric.areas for c in area.criteria for id in [c.id]},
        plan=plan,
        names={"clinic": clinic.name, "hospital": hospital.name, "speciality": specialities[row.speciality]},
    )


Keep = Callable[[Report], bool]


def by_grade(found: Iterable[Report], area: str, which: int) -> dict[str, int]:
    """How many have each grade in an area: `which` = 0, when it was inspected; -1, as it stands."""
    return dict(Counter(each.grades[area][which] for each in found if area in each.grades))


def by_answer(found: Iterable[Report], criterion: str) -> dict[str, int]:
    return dict(Counter(each.answers[criterion] for each in found if criterion in each.answers))


def is_late(one: Report, today: date) -> bool:
    return one.plan is not None and one.plan.state in LATE_STATES and one.plan.due < today
