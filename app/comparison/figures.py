"""The figures of a comparison, as pages and files show them: one shape for all, so that no file tells more than its
page. Pure.

There is no average, no rank and no total across areas in it, and no place where one could be put.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.comparison.counting import Counts, Guarded
from app.plans.rules import STATES, WRITTEN, State
from app.web.swedish import day, many
from rubrics.model import Area, Criterion, Rubric

Urgency = Literal["", "done", "wait", "must"]


@dataclass(frozen=True)
class Cell:
    """An area of a unit's newest report: its grade now, and those before it."""

    area: str
    standing: str
    before: tuple[str, ...]
    anchor: str  # where it begins in the report


@dataclass(frozen=True)
class PlanLine:
    id: str
    state: State
    due: date
    submissions: int = 0

    @property
    def link(self) -> str:
        """ "" until there is something that the clinic has submitted."""
        return f"/planer/{self.id}" if self.submissions else ""

    def days_late(self, today: date) -> int:
        return max(0, (today - self.due).days) if self.state in WRITTEN else 0

    def told(self, today: date) -> str:
        if late := self.days_late(today):
            return f"Plan sen {many(late, 'dag', 'dagar')}"
        return f"Plan väntas {day(self.due)}" if self.state == "draft" else f"Plan {STATES[self.state]}"

    def urgency(self, today: date) -> Urgency:
        if self.days_late(today):
            return "must"
        return "done" if self.state == "closed" else "" if self.state in ("accepted", "follow_up") else "wait"

    def work_left(self, today: date) -> tuple[int, date]:
        """Where it stands when what waits longest comes first. Says nothing of grades."""
        order = ("more", "draft", "submitted", "accepted", "follow_up", "closed")
        return (0 if self.days_late(today) else 1 + order.index(self.state), self.due)


@dataclass(frozen=True)
class UnitLine:
    """A unit by its present names, and its newest report by one rubric."""

    inspection: str
    version: int
    clinic: str
    hospital: str
    in_hospital: bool  # else in primary care, which a unit's name leaves out
    region: str
    speciality: str
    edition: int
    year: int
    first_day: date | None
    cells: Mapping[str, Cell]
    plan: PlanLine | None
    answer: str = ""  # to the criterion that one asks about

    @property
    def name(self) -> str:
        return f"{self.clinic}, {self.hospital}" if self.in_hospital else self.clinic

    def link(self, anchor: str) -> str:
        """Into the report, at an area."""
        return f"/inspektioner/{self.inspection}/versioner/{self.version}/visa" + (f"#{anchor}" if anchor else "")


@dataclass(frozen=True)
class AreaFigures:
    """One area's grades. `own` = units that one may read one by one, as their grades stand; `rest` = those of the rest
    of the country, as far as they may be shown; None where there is no rest."""

    area: Area
    own: Counts
    rest: Counts | None

    @property
    def total(self) -> int:
        return sum(self.own.values())


@dataclass(frozen=True)
class Course:
    """One area's grades when it was inspected, year by year, and by speciality as they stand."""

    area: Area
    years: Mapping[int, Counts]
    specialities: Mapping[str, Counts]  # by name
    rest_years: Guarded[int] | None
    rest_specialities: Guarded[str] | None


@dataclass(frozen=True)
class Share:
    """So many units of so many lack it."""

    lacking: int
    asked: int


@dataclass(frozen=True)
class CriterionFigures:
    """A criterion: how many units have each answer, "" = none. `asked` = the units whose edition has it."""

    criterion: Criterion
    area: Area
    kind: str
    asked: int
    counts: Counts
    lacking: int  # with an answer that counts and is not the best
    rest: Share | None


@dataclass(frozen=True)
class Chosen:
    """What one looks at: a rubric in its newest edition, and what else there is to choose."""

    rubric: Rubric
    editions: Mapping[int, Rubric]
    families: Sequence[tuple[str, str, int]]  # id, title, units
    specialities: Sequence[tuple[str, str]]
    hospitals: Sequence[tuple[str, str]]
    years: Sequence[int]
    regions: Sequence[str]  # names of one's own; of the office none


@dataclass(frozen=True)
class Units:
    """A page of units, and how many there are in all."""

    lines: Sequence[UnitLine]
    count: int


@dataclass(frozen=True)
class Figures:
    """Everything that one may take along: what the pages show, with the same choices."""

    chosen: Chosen
    units: Units
    areas: Sequence[AreaFigures]
    courses: Sequence[Course]
    criteria: Sequence[CriterionFigures]
    today: date
