"""What the invented inspectors found: answers, grades, and what became of them. Drawn by lot, the same from the same
seed. Grades are mostly what the ladder suggests.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.demo.country_places import Unit, an_id
from app.inspections.file import Inspection, Plan
from app.plans.opening import in_months
from app.plans.rules import State
from rubrics.grading import owes_reason, suggest
from rubrics.model import Area, Rubric

_FAILS = {"F": 0.02, "AR": 0.04, "KI": 0.12}  # how often a criterion of a kind is not met; others as KI
_HARD = {"D-F3": 5.0, "E-F4": 4.0, "H-AR3": 4.0, "G-KI2": 4.0, "E-AR2": 3.0, "A-F1": 0.5, "C-F1": 0.3}
DEADLINE = 3  # months
ENDED = ("accepted", "follow_up", "closed")
_OLD = 500  # days after which most plans have been brought to an end


@dataclass(frozen=True)
class Visit:
    """One inspection: as it was signed, and as it stands after regrades (`second`, None where there are none)."""

    id: str
    unit: Unit
    day: date  # the first
    rubric: Rubric
    first: Inspection
    second: Inspection | None
    plan: "Course | None"
    latest: bool = True  # of its unit's

    @property
    def stands(self) -> Inspection:
        return self.second or self.first


@dataclass(frozen=True)
class Course:
    """How far a plan has come."""

    state: State
    opened: date
    due: date
    submitted: date | None
    content: Plan  # as it was submitted, or as far as it is written


def days(lot: random.Random, count: int, today: date) -> Iterator[date]:
    """A unit's visits, the last one first, at any time in ten years."""
    last = today - timedelta(days=int(2900 * lot.random() ** 3) + 14)
    for i in range(count):
        yield last - timedelta(days=i * lot.randint(350, 500))


def visit(lot: random.Random, unit: Unit, rubric: Rubric, day: date, today: date, names: tuple[str, ...]) -> Visit:
    answers = {area.id: _answers(lot, unit, area) for area in rubric.areas}
    areas = {area.id: _area(lot, rubric, area, answers[area.id], unit) for area in rubric.areas}
    given: dict[str, Any] = {
        "format": "inspection/1",
        "state": "signed",
        "rubric": rubric.reference,
        "unit": {"region": unit.region_name, "hospital": _printed(unit), "clinic": unit.clinic_name},
        "specialty": unit.speciality_name,
        "place": "Exempelstad",
        "visit": {"first_day": day, "last_day": day + timedelta(days=1), "mode": "onsite"},
        "inspectors": names,
        "findings": tuple(_findings(answers)),
        "areas": areas,
    }
    first = Inspection.model_validate(given)
    course = _course(lot, first, rubric, day, today)
    second = _regraded(lot, first, rubric, course, today) if course and course.state in ENDED else None
    return Visit(an_id(lot), unit, day, rubric, first, second, course)


def _printed(unit: Unit) -> str:
    return unit.hospital.name if unit.hospital.kind == "hospital" else ""


def _answers(lot: random.Random, unit: Unit, area: Area) -> dict[str, str]:
    given = {}
    for criterion, kind in area.kinds.items():
        fails = _FAILS.get(kind, _FAILS["KI"]) * _HARD.get(criterion, 1.0) * 2.0**-unit.quality
        drawn = lot.random()
        if drawn < 0.005:
            continue  # nobody answered
        given[criterion] = "na" if drawn > 0.995 else "met"
        if lot.random() < fails:
            given[criterion] = lot.choice(("partly", "partly", "unmet"))
    return given


def _area(lot: random.Random, rubric: Rubric, area: Area, answers: dict[str, str], unit: Unit) -> dict[str, Any]:
    suggested = suggest(rubric, area, answers)
    likely = suggested.grade or suggested.at_best
    grade = likely if likely in area.offered and lot.random() > 0.03 else lot.choice(area.offered)
    owed = owes_reason(rubric, suggested, grade)
    reason = "Påhittat skäl: inspektörerna vägde in det som sades i intervjuerna." if owed else ""
    told = f"Påhittad text om {area.title.lower()} vid {unit.clinic_name}."
    said = {"narrative": told, "answers": answers, "grade": grade, "grade_reason": reason}
    return {key: value for key, value in said.items() if value}


def _findings(answers: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
    lacking = [(area, id) for area, given in answers.items() for id, each in given.items() if each == "unmet"]
    yield {"kind": "strength", "text": "Påhittad styrka: engagerade handledare.", "area": "E"}
    for area, id in lacking[:2]:
        yield {"kind": "weakness", "text": f"Påhittad svaghet om {id}.", "area": area, "criteria": (id,)}
        yield {"kind": "improvement", "text": f"Påhittat förslag om {id}.", "area": area, "criteria": (id,)}


# ── What became of it ─────────────────────────────────────────────────────────────────────


def asking(inspection: Inspection, rubric: Rubric) -> list[str]:
    """The areas whose grade asks something of the clinic."""
    asks = {step.grade for step in rubric.scale if step.follow_up != "none"}
    return [area.id for area in rubric.areas if inspection.review(area.id).grade in asks]


def _course(lot: random.Random, first: Inspection, rubric: Rubric, day: date, today: date) -> Course | None:
    opened = min(day + timedelta(days=30), today)
    if not asking(first, rubric):
        return None
    due = in_months(opened, DEADLINE)
    old, late = (today - opened).days > _OLD, due < today
    states: tuple[State, ...] = ("draft", "submitted", "more", "accepted", "follow_up", "closed")
    shares = (0.05, 0.1, 0.1, 1, 2, 60) if old else (8, 10, 5, 25, 20, 10) if late else (70, 20, 3, 5, 0, 0)
    [state] = lot.choices(states, shares)
    submitted = min(opened + timedelta(days=lot.randint(20, 95)), today) if state != "draft" else None
    written = _plan(lot, first, rubric, opened, today) if submitted else Plan(unit_line=first.unit.line)
    return Course(state, opened, due, submitted, written)


def _plan(lot: random.Random, first: Inspection, rubric: Rubric, opened: date, today: date) -> Plan:
    """A text for each area that asks for one, a measure that is done once and one that recurs."""
    areas = asking(first, rubric)
    lacking = [id for id, each in first.review(areas[0]).answers.items() if each in ("partly", "unmet")]
    once: dict[str, Any] = {"what": "Påhittad åtgärd: skriv om rutinen", "area": areas[0], "criteria": tuple(lacking)}
    once |= {"owner": "studierektorn", "start": opened, "due": in_months(opened, 6), "proof": "Rutinen."}
    done = [opened + timedelta(days=30 * i) for i in range(1, lot.randint(1, 5))]
    often: dict[str, Any] = {
        "what": "Påhittad åtgärd: handledarträff",
        "area": areas[-1],
        "owner": "studierektorn",
        "start": opened,
    }
    often |= {"due": in_months(opened, 24), "proof": "Anteckningar.", "status": "started"}
    often |= {"recurs": {"times": 2, "every": 1, "per": "year", "each": "clinic", "term": "träff"}}
    return Plan.model_validate(
        {
            "unit_line": first.unit.line,
            "areas": {area: f"Påhittad plan för område {area}." for area in areas},
            "measures": (once, {**often, "done": tuple({"day": day} for day in done if day <= today)}),
        }
    )


def _regraded(lot: random.Random, first: Inspection, rubric: Rubric, course: Course, today: date) -> Inspection | None:
    """Most areas with the worst grade are given the one before it, where the plan was accepted."""
    areas, changed = dict(first.areas), False
    for area in rubric.areas:
        review = areas[area.id]
        if review.grade == rubric.scale[-1].grade and len(area.offered) > 1 and lot.random() < 0.7:
            made = {"grade": area.offered[-2], "because": "plan", "date": min(in_months(course.due, 2), today)}
            areas[area.id] = type(review).model_validate({**review.model_dump(), "regrades": (made,)})
            changed = True
    return first.model_copy(update={"areas": areas, "plan": course.content}) if changed else None
