"""The invented visits as rows, sent to the database many at a time: ten thousand inspections have a million of them."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from app.comparison.keeping import facts
from app.comparison.models import Compared, ComparedArea, ComparedCriterion
from app.db import Table
from app.demo.country_places import an_id
from app.demo.country_visits import Course, Visit
from app.inspections import used
from app.inspections.content import canonical, fingerprint, plan_as_kept
from app.inspections.file import Inspection, Measure
from app.inspections.models import (
    AnswerRow,
    AreaState,
    Assignment,
    FindingRow,
    InspectionRow,
    RegradeRow,
    Signature,
    UsedText,
    Version,
)
from app.inspections.regrading import CAUSES
from app.inspections.rubric_copy import Taken
from app.plans import content as plans
from app.plans.models import MeasureRow, OccurrenceRow, PlanAnswer, PlanArea, PlanRow, PlanVersion
from app.writing.models import Subject
from app.writing.order import spread

# In an order that has each table after those it points at.
_CAUSE = CAUSES["plan"]

_TABLES: tuple[type[Table], ...] = (
    Subject,
    InspectionRow,
    Assignment,
    AreaState,
    AnswerRow,
    FindingRow,
    RegradeRow,
    Signature,
    Version,
    UsedText,
    PlanRow,
    PlanArea,
    MeasureRow,
    OccurrenceRow,
    PlanVersion,
    PlanAnswer,
    Compared,
    ComparedArea,
    ComparedCriterion,
)


class Rows:
    """What a country's visits leave in the database."""

    def __init__(self, session: Session, editions: Sequence[Taken], people: Mapping[str, str]) -> None:
        self._session = session
        self._sha256 = {each.rubric.reference: each.sha256 for each in editions}
        self._people = people

    def add(self, lot: random.Random, visits: Sequence[Visit]) -> None:
        made: dict[type[Table], list[dict[str, Any]]] = defaultdict(list)
        for each in visits:
            _Writing(lot, made, each, self._sha256[each.rubric.reference], self._people).write()
        connection = self._session.connection()
        for table in _TABLES:
            if made[table]:
                connection.execute(insert(table), made[table])


@dataclass(frozen=True)
class _Writing:
    """One visit on its way into rows."""

    lot: random.Random
    made: dict[type[Table], list[dict[str, Any]]]
    visit: Visit
    rubric_sha256: str
    people: Mapping[str, str]

    def put(self, table: type[Table], **values: Any) -> None:
        self.made[table].append(_DEFAULTS[table] | values)

    @property
    def inspectors(self) -> list[str]:
        return sorted(self.people[name] for name in self.visit.first.inspectors)

    def write(self) -> None:
        visit = self.visit
        self.put(Subject, id=visit.id, kind="inspection")
        row = self._inspection()
        for place, name in enumerate(visit.first.inspectors):
            assigned = {"inspection": visit.id, "person": self.people[name], "place": place}
            self.put(Assignment, id=an_id(self.lot), since=_noon(visit.day), **assigned)
        self._content()
        versions = [each for each in (visit.first, visit.second) if each]
        for number, content in enumerate(versions, 1):
            self._version(row, number, content)
        if visit.plan:
            self._plan(visit.plan)
        prepared = facts(row, visit.unit.hospital.id, visit.stands, visit.rubric, latest=visit.latest)
        self.made[Compared].append(prepared.compared)
        self.made[ComparedArea] += prepared.areas
        self.made[ComparedCriterion] += prepared.criteria
        self.made[UsedText] += used.texts(row, visit.stands, visit.rubric)

    def _inspection(self) -> InspectionRow:
        visit, unit = self.visit, self.visit.unit
        printed = visit.first.unit
        row = InspectionRow(
            id=visit.id,
            clinic=unit.clinic,
            region=unit.hospital.region,
            speciality=unit.speciality,
            rubric=visit.rubric.reference,
            rubric_sha256=self.rubric_sha256,
            state="signed",
            version=2 if visit.second else 1,
            has_version=True,
            cause=_CAUSE if visit.second else "",
            plan=plan_as_kept(visit.second.plan) if visit.second and visit.second.plan else None,
            listed=visit.day,
            region_name=printed.region,
            hospital_name=printed.hospital,
            clinic_name=printed.clinic,
            specialty=visit.first.specialty,
            place=visit.first.place,
            first_day=visit.day,
            last_day=visit.first.visit.last_day,
            mode="onsite",
        )
        self.put(InspectionRow, **row.model_dump())
        return row

    def _content(self) -> None:
        visit = self.visit
        for area, review in visit.stands.areas.items():
            of_area = {"inspection": visit.id, "area": area}
            self.put(
                AreaState, **of_area, narrative=review.narrative, grade=review.grade, grade_reason=review.grade_reason
            )
            self.made[AnswerRow] += [
                {**of_area, "criterion": id, "answer": answer, "comment": ""} for id, answer in review.answers.items()
            ]
            for regrade in review.regrades:
                said: dict[str, Any] = {"before": review.grade, "grade": regrade.grade, "because": regrade.because}
                said |= {"day": regrade.date, "version": 2, "by": self.inspectors[0], "place": 0}
                self.put(RegradeRow, id=an_id(self.lot), **of_area, **said)
        found = visit.first.findings
        for each, order in zip(found, spread(len(found)), strict=True):
            written: dict[str, Any] = {
                "kind": each.kind,
                "text": each.text,
                "area": each.area,
                "criteria": list(each.criteria),
            }
            self.put(FindingRow, inspection=visit.id, id=an_id(self.lot), order=order, **written)

    def _version(self, row: InspectionRow, number: int, content: Inspection) -> None:
        hash, plan = fingerprint(content, self.rubric_sha256), self.visit.plan
        day = plan.opened if plan else self.visit.day + timedelta(days=30)
        signed = _noon(day if number == 1 or not plan else plan.due + timedelta(days=80))
        for person in self.inspectors:
            given = {"inspection": row.id, "version": number, "person": person, "content": hash}
            self.put(Signature, id=an_id(self.lot), at=signed, **given)
        names = ("clinic_name", "hospital_name", "specialty", "first_day", "last_day")
        self.put(
            Version,
            inspection=row.id,
            number=number,
            cause=row.cause if number > 1 else "",
            seq=0,
            content=canonical(content),
            content_sha256=hash,
            rubric_sha256=self.rubric_sha256,
            signed=signed,
            signers=self.inspectors,
            **{name: getattr(row, name) for name in names},
        )

    # ── Its plan ──────────────────────────────────────────────────────────────────────────

    def _plan(self, course: Course) -> None:
        visit, id, written = self.visit, an_id(self.lot), course.content
        unit = visit.unit
        where = {"clinic": unit.clinic, "region": unit.hospital.region, "speciality": unit.speciality}
        self.put(Subject, id=id, kind="plan")
        self.put(
            PlanRow,
            id=id,
            inspection=visit.id,
            report=1,
            **where,
            rubric_sha256=self.rubric_sha256,
            state=course.state,
            opened=course.opened,
            due=course.due,
            version=1 if course.submitted else 0,
            title=written.title,
            unit_line=written.unit_line,
        )
        for area, text in written.areas.items():
            self.put(PlanArea, plan=id, area=area, text=text)
        for each, order in zip(written.measures, spread(len(written.measures)), strict=True):
            self._measure(id, each, order)
        if course.submitted:
            self._submission(id, course, course.submitted)

    def _measure(self, plan: str, measure: Measure, order: str) -> None:
        id, recurs = an_id(self.lot), measure.recurs
        texts = {name: getattr(measure, name) for name in ("what", "how", "why", "area", "owner", "proof", "bank")}
        often = recurs.model_dump(include={"times", "every", "per", "each", "term"}) if recurs else {}
        status = "" if measure.status == "planned" else measure.status
        dated = {"start": measure.start, "due": measure.due, "criteria": list(measure.criteria), "status": status}
        self.put(MeasureRow, plan=plan, id=id, order=order, **texts, **dated, **often)
        for each in measure.done:
            self.put(OccurrenceRow, plan=plan, id=an_id(self.lot), measure=id, day=each.day, count=each.count)

    def _submission(self, id: str, course: Course, day: date) -> None:
        outcome = {"submitted": "", "more": "more"}.get(course.state, "accepted")
        answered = {"answered": _noon(day + timedelta(days=20)), "answered_by": self.inspectors[0]} if outcome else {}
        written = course.content
        said = {"content": plans.canonical(written), "sha256": plans.fingerprint(written), "outcome": outcome}
        by = self.inspectors[0]
        self.put(PlanVersion, plan=id, number=1, seq=0, submitted=_noon(day), by=by, **said, **answered)
        for area in written.areas if outcome else ():
            verdict = "more" if outcome == "more" else "accepted"
            self.put(PlanAnswer, plan=id, version=1, area=area, verdict=verdict, reason="Påhittat svar.")


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _defaults(table: type[Table]) -> dict[str, Any]:
    """What a row holds where nothing is said."""
    fields = {name: each for name, each in table.model_fields.items() if not each.is_required()}
    return {name: each.get_default(call_default_factory=True) for name, each in fields.items()}


_DEFAULTS = {table: _defaults(table) for table in _TABLES}
