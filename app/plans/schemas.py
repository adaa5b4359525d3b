"""What goes in and out as JSON: the shapes of the plans' API. Operations and changes are as those of inspections."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.inspections.file import Plan
from app.inspections.schemas import Changes, NewGrade
from app.plans.rules import State

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PlanLine(BaseModel):
    """A plan in a list. Names are those of today."""

    id: str
    inspection: str
    clinic: str
    hospital: str
    speciality: str
    state: State
    opened: date
    due: date
    version: int


class PlanPage(BaseModel):
    """`next` is the `after` of the following page; null where there is none."""

    plans: list[PlanLine]
    next: str | None


class Unmet(BaseModel):
    """A criterion that was not met. `measures` are places in the content's list; `binds`: without it the area's grade
    cannot be lifted."""

    criterion: str
    area: str
    answer: str
    binds: bool
    measures: list[int]


class Gap(BaseModel):
    area: str
    criteria: list[str]
    told: str


class Lacking(BaseModel):
    measure: int
    lacks: list[str]


class Covered(BaseModel):
    """Whether the plan answers what was found. Nothing here stops it from being submitted."""

    told: str
    unmet: list[Unmet]
    gaps: list[Gap]
    unfinished: list[Lacking]


class Kept(BaseModel):
    """A measure that recurs: what it promised, what should be done by now, and what is done."""

    measure: int
    promise: str
    planned: int
    by_now: int
    done: int
    late: int
    next_day: date | None


class PlanWhole(BaseModel):
    """A plan. Its clinic gets it as it is written now, with the hash to submit (`content`) and the ids of its measures;
    others get what was submitted last, or null."""

    id: str
    inspection: str
    report: int  # the version that it answers
    state: State
    opened: date
    due: date
    version: int  # the last submission; 0 = none
    plan: Plan | None
    measures: list[str]
    content: str | None
    coverage: Covered | None
    adherence: list[Kept]


class Answered(BaseModel):
    area: str
    verdict: str
    reason: str


class PlanVersionLine(BaseModel):
    """A submission. `outcome` is "" until the answer is sent."""

    number: int
    submitted: datetime
    content: str
    outcome: str
    answered: datetime | None


class PlanVersionWhole(PlanVersionLine):
    """With what was submitted, and the answer: until it is sent it is for inspectors and office alone."""

    plan: Plan
    answers: list[Answered]


class PlanChanges(Changes):
    """`last` is the number to ask on from."""

    last: int


class Submitting(BaseModel):
    content: Hash


class Submitted(BaseModel):
    version: int


class Sending(BaseModel):
    version: Annotated[int, Field(ge=1, le=9_999)]


class Sent(BaseModel):
    outcome: Literal["accepted", "more"]


class PlanRegrading(BaseModel):
    changes: list[NewGrade] = Field(min_length=1, max_length=100)
    day: date
