"""Changing a grade after signing, as pages show it: what can be chosen, what waits, and what was changed before."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app.accounts.models import Person
from app.inspections.file import AreaReview
from app.inspections.models import InspectionRow, RegradeRow
from app.inspections.pages.badges import Badge, badge
from app.inspections.reading import Reading, regrades
from app.inspections.regrading import Change
from rubrics.model import Area, Cause, Rubric

CAUSES: dict[Cause, str] = {"plan": "Handlingsplan", "revisit": "Återbesök", "correction": "Rättelse"}


@dataclass(frozen=True)
class Event:
    """A grade that was changed, or is about to be: `waits` until the version that prints it is signed."""

    row: RegradeRow
    area: str
    before: Badge
    after: Badge
    because: str
    by: str
    waits: bool


@dataclass(frozen=True)
class Offer:
    """An area, what stands in it, and what can be chosen instead."""

    area: Area
    now: Badge  # what was signed last
    offered: Sequence[tuple[Badge, str]]
    waits: Event | None


def events(session: Session, row: InspectionRow, rubric: Rubric) -> list[Event]:
    """Every changed grade, the last one first."""
    rows = regrades(session, row.id)
    people = {each.by for each in rows if each.by}
    names = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
    made = [_event(each, row, rubric, names.get(each.by or "", "")) for each in rows]
    return sorted(made, key=lambda each: (each.row.version, each.row.day or date.min, each.row.place), reverse=True)


def _event(each: RegradeRow, row: InspectionRow, rubric: Rubric, by: str) -> Event:
    area = rubric.area(each.area)
    waits = row.state == "draft" and row.version > 1 and each.version == row.version
    before, after = badge(rubric, each.before), badge(rubric, each.grade)
    return Event(each, area.name if area else each.area, before, after, CAUSES[each.because], by, waits)


def offers(
    session: Session, row: InspectionRow, rubric: Rubric, told: Sequence[Event], only: Collection[str] | None = None
) -> list[Offer]:
    """The areas that have a grade to change (`only` some of them)."""
    return list(_offers(Reading(session, row).content().areas, rubric, told, only))


def _offers(
    areas: dict[str, AreaReview], rubric: Rubric, told: Sequence[Event], only: Collection[str] | None
) -> Iterator[Offer]:
    waiting = {each.row.area: each for each in told if each.waits}
    for area in rubric.areas:
        waits = waiting.get(area.id)
        now = waits.row.before if waits else areas[area.id].standing if area.id in areas else ""
        if now and (only is None or area.id in only):
            other = [(badge(rubric, each.grade), each.text) for each in area.grades if each.grade != now]
            yield Offer(area, badge(rubric, now), other, waits)


# ── The form ──────────────────────────────────────────────────────────────────────────────


def sent_changes(filled: FormData, rubric: Rubric) -> list[Change]:
    """The grades that were chosen, with the measures that each rests on."""
    return [
        Change(area.id, grade, [str(each) for each in filled.getlist(f"measure-{area.id}")])
        for area in rubric.areas
        if (grade := str(filled.get(f"grade-{area.id}", "")))
    ]


def sent_day(filled: FormData) -> date | None:
    """None where it cannot be read."""
    try:
        return date.fromisoformat(str(filled.get("day", "")).strip())
    except ValueError:
        return None


NO_DAY = "Skriv dagen som 2026-10-20."
