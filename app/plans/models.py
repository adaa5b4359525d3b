"""A handlingsplan's tables: what pages, lists and comparison read. The revisions behind them are `writing`'s.

The plan is written, submitted, answered and followed; each submission lies beside, whole, and never changes.
"""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, String, UniqueConstraint
from sqlmodel import Field

from app.db import Table
from app.plans.rules import State


class PlanRow(Table, table=True):
    """One inspection's plan. `report` is the report version that it answers; `version` the last submission, 0 =
    none yet; region, clinic and speciality are the inspection's own."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("inspection"),
        Index("ix_plan_clinic", "clinic", "state", "due", "id"),
        Index("ix_plan_region", "region", "state", "due", "id"),
        Index("ix_plan_speciality", "speciality", "state", "due", "id"),
        Index("ix_plan_state", "state", "due", "id"),
    )

    id: str = Field(primary_key=True, foreign_key="subject.id")
    inspection: str = Field(foreign_key="inspection.id")
    report: int
    clinic: str = Field(foreign_key="clinic.id")
    region: str = Field(foreign_key="region.id")
    speciality: str = Field(foreign_key="speciality.id")
    rubric_sha256: str = Field(foreign_key="rubric_copy.sha256")
    state: State = Field(default="draft", sa_type=String)
    opened: date
    due: date
    version: int = 0
    # its own fields on the write path
    title: str = ""
    unit_line: str = ""
    staff: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # `2026-01-01 12`


class PlanArea(Table, table=True):
    """What the clinic writes about one area in its own words."""

    __tablename__ = "plan_area"

    plan: str = Field(foreign_key="plan.id", primary_key=True)
    area: str = Field(primary_key=True)
    text: str = ""


class MeasureRow(Table, table=True):
    """One thing that the clinic does. `times` = 0: once; else so many times `every` so many weeks, months or
    years, for the clinic or for each ST-läkare or supervisor. `hidden` = taken away, and not written in since."""

    __tablename__ = "measure"

    plan: str = Field(foreign_key="plan.id", primary_key=True)
    id: str = Field(primary_key=True)
    what: str = ""
    how: str = ""
    why: str = ""
    area: str = ""
    criteria: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    owner: str = ""
    start: date | None = None
    due: date | None = None
    proof: str = ""
    status: str = ""  # "" = planned
    effect: str = ""  # what it led to, when that can be told
    bank: str = ""  # M14: the measure in the bank that it was made from
    times: int = 0
    every: int = 1
    per: str = ""
    each: str = ""
    term: str = ""
    order: str = ""
    gone: str = ""
    hidden: bool = False


class OccurrenceRow(Table, table=True):
    """One occasion, or several of the same day, of a measure that recurs."""

    __tablename__ = "occurrence"
    __table_args__ = (Index("ix_occurrence_measure", "plan", "measure", "day"),)

    plan: str = Field(foreign_key="plan.id", primary_key=True)
    id: str = Field(primary_key=True)
    measure: str = ""
    day: date | None = None
    count: int = 1
    note: str = ""
    gone: str = ""


class PlanAnswer(Table, table=True):
    """What the inspectors say of one area in one submission: as they write it, and when it is sent, for ever."""

    __tablename__ = "plan_answer"

    plan: str = Field(foreign_key="plan.id", primary_key=True)
    version: int = Field(primary_key=True)
    area: str = Field(primary_key=True)
    verdict: str = ""
    reason: str = ""


class PlanVersion(Table, table=True):
    """A submission, which never changes: its content as canonical JSON. The answer to it is written once."""

    __tablename__ = "plan_version"

    plan: str = Field(foreign_key="plan.id", primary_key=True)
    number: int = Field(primary_key=True)
    seq: int
    content: str
    sha256: str
    submitted: datetime
    by: str = Field(foreign_key="person.id")
    outcome: str = ""  # "" = not answered yet; else the state it led to
    answered: datetime | None = None
    answered_by: str | None = Field(default=None, foreign_key="person.id")
