"""The inspection file as text, and what it says as operations on fields. What is read from rows is `reading`'s."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from app.inspections import fields
from app.inspections.file import PRIVATE, Inspection, Plan
from app.writing.desk import Operation
from app.writing.fields import Value
from app.writing.order import spread

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
