"""Between an inspection's rows and the inspection file: the same content, in the shape that reports read."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.inspections import fields
from app.inspections.file import PRIVATE, Inspection, Plan
from app.inspections.models import AnswerRow, AreaState, Assignment, FindingRow, InspectionRow, RegradeRow, State
from app.writing.desk import Operation
from app.writing.fields import Value
from app.writing.order import spread
from reports.shown import shown


def content(session: Session, row: InspectionRow, *, state: State = "draft") -> Inspection:
    """The inspection as a file, from its rows: four reads, whatever its size."""
    made = {
        "format": "inspection/1",
        "state": state,
        "rubric": row.rubric,
        "unit": {"region": row.region_name, "hospital": row.hospital_name, "clinic": row.clinic_name},
        "specialty": row.specialty,
        "place": row.place,
        "visit": {"first_day": row.first_day, "last_day": row.last_day, "mode": row.mode or None},
        "inspectors": tuple(row.names or printed_names(session, row.id)),
        "findings": tuple(_finding(each) for each in findings(session, row.id)),
        "areas": _areas(session, row),
        "plan": row.plan,
    }
    return Inspection.model_validate(made)


def findings(session: Session, inspection: str) -> list[FindingRow]:
    """The findings that stand, in the report's order."""
    at = (FindingRow.inspection == inspection, col(FindingRow.hidden).is_(False))
    rows = session.exec(select(FindingRow).where(*at)).all()
    return sorted(rows, key=lambda row: (row.order, row.id))  # by code points, as the keys are made


def printed_names(session: Session, inspection: str) -> list[str]:
    at = (Assignment.inspection == inspection, col(Assignment.ended).is_(None))
    query = select(Person.name).join(Assignment, col(Assignment.person) == Person.id).where(*at)
    return [shown(name) for name in session.exec(query.order_by(col(Assignment.place)))]


def _finding(row: FindingRow) -> dict[str, Any]:
    return {"kind": row.kind or "strength", "text": row.text, "area": row.area, "criteria": tuple(row.criteria)}


def _areas(session: Session, row: InspectionRow) -> dict[str, Any]:
    areas: dict[str, dict[str, Any]] = {}
    changed: dict[str, Any]
    for state in session.exec(select(AreaState).where(AreaState.inspection == row.id)):
        said = {"narrative": state.narrative, "grade": state.grade, "grade_reason": state.grade_reason}
        areas[state.area] = {key: value for key, value in said.items() if value}
    for answer in session.exec(select(AnswerRow).where(AnswerRow.inspection == row.id)):
        area = areas.setdefault(answer.area, {})
        for key, value in (("answers", answer.answer), ("comments", answer.comment)):
            if value:
                area.setdefault(key, {})[answer.criterion] = value
    for regrade in regrades(session, row.id):
        changed = {"grade": regrade.grade, "because": regrade.because, "date": regrade.day}
        areas.setdefault(regrade.area, {}).setdefault("regrades", []).append(changed)
    return {id: areas[id] for id in sorted(areas) if areas[id]}


def regrades(session: Session, inspection: str) -> Sequence[RegradeRow]:
    """The changed grades, the oldest of each area first."""
    at = select(RegradeRow).where(RegradeRow.inspection == inspection)
    return session.exec(at.order_by(col(RegradeRow.area), col(RegradeRow.place))).all()


# ── Canonical ─────────────────────────────────────────────────────────────────────────────


def canonical(inspection: Inspection, *, private: bool = True) -> str:
    """The one JSON text of a content: sorted keys, no blanks, nothing that is left out."""
    value = inspection.model_dump(mode="json", exclude_defaults=True, exclude=None if private else PRIVATE)
    value["state"] = inspection.state
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(inspection: Inspection, rubric_sha256: str) -> str:
    """What a signature is given to: the content and the rubric it was judged by."""
    return hashlib.sha256(f"{rubric_sha256}\n{canonical(inspection)}".encode()).hexdigest()


# ── From a file ───────────────────────────────────────────────────────────────────────────


def operations_from(inspection: Inspection, new_id: Iterator[str]) -> Iterator[Operation]:
    """Everything that is written in a file, as operations on fields. Its regrades and plan are events of their own."""
    for key, value in _written(inspection, new_id):
        if value:
            yield Operation(next(new_id), key, value)


def plan_as_kept(plan: Plan) -> dict[str, Any]:
    """As an inspection keeps the plan that its report prints."""
    return plan.model_dump(mode="json", exclude_defaults=True)  # a plan with nothing in it is a plan


def _written(inspection: Inspection, new_id: Iterator[str]) -> Iterator[tuple[str, Value]]:
    unit, visit = inspection.unit, inspection.visit
    front: dict[str, Value] = {
        "front/region": unit.region,
        "front/hospital": unit.hospital,
        "front/clinic": unit.clinic,
        "front/specialty": inspection.specialty,
        "front/place": inspection.place,
        "front/first_day": str(visit.first_day) if visit.first_day else None,
        "front/last_day": str(visit.last_day) if visit.last_day else None,
        "front/mode": visit.mode,
        "front/inspectors": list(inspection.inspectors),
    }
    yield from front.items()
    for id, review in inspection.areas.items():
        yield fields.NARRATIVE.key(area=id), review.narrative
        yield fields.GRADE.key(area=id), review.grade
        yield fields.GRADE_REASON.key(area=id), review.grade_reason
        yield from ((fields.ANSWER.key(criterion=each), answer) for each, answer in review.answers.items())
        yield from ((fields.COMMENT.key(criterion=each), text) for each, text in review.comments.items())
    for finding, order in zip(inspection.findings, spread(len(inspection.findings)), strict=True):
        id = next(new_id)
        yield fields.TEXT.key(finding=id), finding.text
        yield fields.KIND.key(finding=id), finding.kind
        yield fields.AREA.key(finding=id), finding.area
        yield fields.CRITERIA.key(finding=id), list(finding.criteria)
        yield fields.ORDER.key(finding=id), order
