"""What goes in and out as JSON: the shapes of the inspections' API."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, GetPydanticSchema, JsonValue, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core.core_schema import no_info_wrap_validator_function

from app.inspections.models import State
from app.inspections.staffing import MAX_MOTIVE
from app.writing.apply import MAX_OPEN_IN_ALL
from app.writing.desk import Operation
from app.writing.models import AGREED

Id = Annotated[str, Field(pattern=r"^[\w-]{1,60}$")]


class Line(BaseModel):
    """An inspection in a list."""

    id: str
    clinic: str
    hospital: str
    specialty: str
    first_day: date | None
    last_day: date | None
    state: State
    version: int


class Page(BaseModel):
    """`next` is the `after` of the following page; null where there is none."""

    inspections: list[Line]
    next: str | None


class NewInspection(BaseModel):
    clinic: Id
    speciality: Id
    rubric: str = Field(max_length=150)
    inspectors: list[Id] = Field(max_length=20)
    first_day: date | None = None
    last_day: date | None = None
    mode: Literal["onsite", "digital", "hybrid"] = "onsite"
    place: str = Field(default="", max_length=200)
    motive: str = Field(default="", max_length=MAX_MOTIVE)


class Staffing(BaseModel):
    """`motive` is why somebody with a tie to the unit inspects it all the same: refused without it."""

    inspectors: list[Id] = Field(min_length=1, max_length=20)
    motive: str = Field(default="", max_length=MAX_MOTIVE)


class Made(BaseModel):
    id: str


class Attached(BaseModel):
    """A file kept with an inspection. `type` and `size` are of what is kept: pictures are drawn anew as JPEG."""

    id: str
    about: str
    title: str
    type: str
    size: int


class Op(BaseModel, strict=True):
    """An operation: one field set to one value. `parent` is the operation that its writer was looking at."""

    id: str
    field: str
    value: JsonValue = None  # what does not fit its field is refused, alone
    parent: str | None = None
    settles: list[str] = Field(default=[], max_length=MAX_OPEN_IN_ALL)
    voice: str = AGREED
    at: str | None = None  # the device's clock
    format: int = 1


def _as_sent(sent: object, read: ValidatorFunctionWrapHandler) -> Operation:
    """An operation that cannot be read is refused by itself, further in, and no other with it."""
    try:
        op: Op = read(sent)
    except ValidationError as error:
        known = sent if isinstance(sent, dict) else {}
        id, parent = (text if isinstance(text := known.get(name), str) else None for name in ("id", "parent"))
        wrong = ", ".join(dict.fromkeys(str(each["loc"][0]) for each in error.errors() if each["loc"]))
        return Operation(id or "", "", parent=parent, unfit=wrong or "operations")
    return Operation(op.id, op.field, op.value, op.parent, op.settles, op.voice, _clock(op.at), op.format)


def _clock(text: str | None) -> datetime | None:
    """What a device's clock said, where that is a time."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


class Batch(BaseModel):
    """Described as a list of Op; each becomes an operation of the write path, whatever it looks like."""

    operations: list[
        Annotated[Operation, GetPydanticSchema(lambda _, of: no_info_wrap_validator_function(_as_sent, of(Op)))]
    ]


class Outcome(BaseModel):
    id: str
    outcome: Literal["head", "sibling", "late", "refused"]
    seq: int
    told: str


class Change(BaseModel):
    """A kept operation, as others see it."""

    id: str
    seq: int
    field: str
    value: str | list[str] | None
    by: str
    name: str
    at: datetime
    outcome: str
    voice: str


class Waiting(BaseModel):
    """Two texts in one field, and what they grew from."""

    field: str
    before: str | list[str] | None
    stands: Change | None
    beside: Change


class Changes(BaseModel):
    """What is new since an operation number. `more` = ask again from the last `seq`. `waiting` is null where nothing is
    new: then no other texts wait than before."""

    changes: list[Change]
    waiting: list[Waiting] | None
    more: bool


class Present(BaseModel):
    name: str
    initials: str
    area: str


class News(Changes):
    """`seq` and `last` = the number and the id of the last operation that was looked at: the asker may not read all of
    them. `writes` = what the asker writes now takes effect. `apart` = each answers
    alone just now: what is told is one's own and what is agreed. `present` = the other inspectors who have an area open
    just now."""

    seq: int
    last: str | None
    writes: bool
    apart: bool
    present: list[Present]


class Image(BaseModel):
    """All that stands, for a device to go on from. `seq` and `last` = the number and the id of the last operation that
    is in it."""

    seq: int
    last: str | None
    fields: list[Change]
    waiting: list[Waiting]
    writes: bool
    apart: bool


class Suggested(BaseModel):
    """The suggested grade of an area, or the span that is open; see the rubric's ladder."""

    suggested: str | None
    at_best: str | None
    at_worst: str | None
    reasons: list[str]
    missing: list[str]
    decided: str | None
    standing: str | None


class Left(BaseModel):
    place: str
    text: str
    count: int
    stops: bool


class Whole(BaseModel):
    """An inspection as its file, with what the server has worked out. `content` is what a signature is given to
    (for those who see the work)."""

    id: str
    state: State
    version: int
    file: dict[str, object]
    areas: dict[str, Suggested]
    left: list[Left]
    content: str | None
    inspectors: list[str]


class Signing(BaseModel):
    """`without_declaring` = the signer means to sign without having said whether they have a tie to the unit."""

    content: str = Field(pattern="^[0-9a-f]{64}$")
    without_declaring: bool = False


class Cause(BaseModel):
    cause: str


class Signed(BaseModel):
    outcome: Literal["waits", "signed"]


class VersionLine(BaseModel):
    """`content` is for those who see the work: it covers comments and reasons too."""

    number: int
    signed: datetime
    cause: str
    content: str | None
    withheld: bool  # its files answer 410


class NewGrade(BaseModel):
    """`measures` are the ids of those that the change rests on."""

    area: str = Field(max_length=60)
    grade: str = Field(max_length=60)
    measures: list[Id] = Field(default=[], max_length=200)


class Regrading(BaseModel):
    """`because` is plan where the report has one as its appendix; else a change that a plan led to is made there."""

    because: Literal["plan", "revisit", "correction"]
    changes: list[NewGrade] = Field(min_length=1, max_length=100)
    day: date
