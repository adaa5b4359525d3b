"""Between a plan's rows and the plan of an inspection file: the same content, in the shape that documents read."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.inspections.file import Measure, Plan
from app.plans import fields
from app.plans.models import MeasureRow, OccurrenceRow, PlanArea, PlanRow
from app.writing.fields import FieldKind, Value
from app.writing.order import spread


def measures(session: Session, plan: str, *, hidden: bool = False) -> list[MeasureRow]:
    """The measures that stand (or those that were taken away), in the plan's order."""
    rows = session.exec(select(MeasureRow).where(MeasureRow.plan == plan, col(MeasureRow.hidden).is_(hidden))).all()
    return sorted(rows, key=lambda row: (row.order, row.id))


def occurrences(session: Session, plan: str) -> dict[str, list[OccurrenceRow]]:
    """What is logged, by measure, the first day first."""
    at = (OccurrenceRow.plan == plan, OccurrenceRow.gone == "", col(OccurrenceRow.day).is_not(None))
    logged: dict[str, list[OccurrenceRow]] = {}
    for each in session.exec(select(OccurrenceRow).where(*at).order_by(col(OccurrenceRow.day), OccurrenceRow.id)):
        logged.setdefault(each.measure, []).append(each)
    return logged


def content(session: Session, row: PlanRow) -> Plan:
    """The plan as it stands now: three reads, whatever its size."""
    logged = occurrences(session, row.id)
    areas = session.exec(select(PlanArea).where(PlanArea.plan == row.id)).all()
    staff = [fields.headcount(line) for line in row.staff]
    made = {
        "title": row.title,
        "unit_line": row.unit_line,
        "areas": {each.area: each.text for each in sorted(areas, key=lambda each: each.area) if each.text},
        "measures": tuple(as_measure(each, logged.get(each.id, [])) for each in measures(session, row.id)),
        "staff": tuple({"since": day, "trainees": count} for day, count in staff),
    }
    return Plan.model_validate(made)


def as_measure(row: MeasureRow, logged: Sequence[OccurrenceRow]) -> Measure:
    recurs = {"times": row.times, "every": row.every, "per": row.per or "year", "each": row.each or "clinic"}
    given: dict[str, Any] = {
        "what": row.what or "(utan rubrik)",
        "start": row.start,
        "due": row.due,
        "status": row.status or "planned",
        "criteria": tuple(row.criteria),
        "recurs": recurs | {"term": row.term} if row.times else None,
        "done": tuple({"day": each.day, "count": each.count, "note": each.note} for each in logged),
    }
    texts = ("how", "why", "area", "owner", "proof", "effect", "bank")
    return Measure.model_validate(given | {name: getattr(row, name) for name in texts})


def told(plan: Plan) -> Plan:
    """As others read it: what is noted of an occasion stays with the clinic."""
    measures = (
        each.model_copy(update={"done": tuple(one.model_copy(update={"note": ""}) for one in each.done)})
        for each in plan.measures
    )
    return plan.model_copy(update={"measures": tuple(measures)})


def canonical(plan: Plan) -> str:
    """The one JSON text of a content as others read it: sorted keys, no blanks, nothing that is left out."""
    plan = told(plan)
    value = plan.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(plan: Plan) -> str:
    """Tells which content somebody saw."""
    return hashlib.sha256(canonical(plan).encode()).hexdigest()


# ── From a file ───────────────────────────────────────────────────────────────────────────


def written(plan: Plan, new_id: Iterator[str]) -> Iterator[tuple[str, Value]]:
    """Everything that is written in a plan, as fields and values."""
    yield fields.TITLE.key(), plan.title
    yield fields.UNIT_LINE.key(), plan.unit_line
    yield fields.STAFF.key(), [f"{each.since} {each.trainees}" for each in plan.staff]
    yield from ((fields.TEXT.key(area=area), text) for area, text in plan.areas.items())
    for measure, order in zip(plan.measures, spread(len(plan.measures)), strict=True):
        yield from of_measure(measure, order, next(new_id), new_id)


def of_measure(measure: Measure, order: str, id: str, new_id: Iterator[str]) -> Iterator[tuple[str, Value]]:
    recurs = measure.recurs
    values: dict[FieldKind, Value] = {
        fields.WHAT: measure.what,
        fields.HOW: measure.how,
        fields.WHY: measure.why,
        fields.AREA: measure.area,
        fields.CRITERIA: list(measure.criteria),
        fields.OWNER: measure.owner,
        fields.START: str(measure.start) if measure.start else None,
        fields.DUE: str(measure.due) if measure.due else None,
        fields.PROOF: measure.proof,
        fields.STATUS: measure.status if measure.status != "planned" else None,
        fields.EFFECT: measure.effect,
        fields.BANK: measure.bank,
        fields.TIMES: str(recurs.times) if recurs else None,
        fields.EVERY: str(recurs.every) if recurs else None,
        fields.PER: recurs.per if recurs else None,
        fields.EACH: recurs.each if recurs else None,
        fields.TERM: recurs.term if recurs else None,
        fields.ORDER: order,
    }
    yield from ((kind.key(measure=id), value) for kind, value in values.items())
    for each in measure.done:
        occurrence = next(new_id)
        yield fields.DONE_FOR.key(occurrence=occurrence), id
        yield fields.DAY.key(occurrence=occurrence), str(each.day)
        yield fields.COUNT.key(occurrence=occurrence), str(each.count)
        yield fields.NOTE.key(occurrence=occurrence), each.note
