"""An inspection's tables: what lists, reports and comparison read. The revisions behind them are `writing`'s.

An inspection is drafted, signed, and may be corrected: `version` is the one that is being drafted or, when
signed, the last one that was. Signed versions lie beside, whole, and never change.
"""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, LargeBinary, String, event
from sqlmodel import Field

from app.db import Table
from rubrics.model import Cause

State = Literal["draft", "signed"]


class RubricCopy(Table, table=True):
    """The rubric as it was when an inspection took it, by the SHA-256 of its text. Never changed."""

    __tablename__ = "rubric_copy"

    sha256: str = Field(primary_key=True)
    reference: str
    text: str


class InspectionRow(Table, table=True):
    __tablename__ = "inspection"
    __table_args__ = (
        # Of the lists: for who sees drafts, all or in one state; and for who reads signed reports alone.
        Index("ix_inspection_order", "listed", "id"),
        Index("ix_inspection_state", "state", "listed", "id"),
        Index("ix_inspection_speciality", "speciality", "listed", "id"),
        Index("ix_inspection_speciality_state", "speciality", "state", "listed", "id"),
        Index("ix_inspection_region", "region", "has_version", "listed", "id"),
        Index("ix_inspection_clinic", "clinic", "has_version", "listed", "id"),
    )

    id: str = Field(primary_key=True, foreign_key="subject.id")
    clinic: str = Field(foreign_key="clinic.id")
    region: str = Field(foreign_key="region.id")  # where the clinic lay then
    speciality: str = Field(foreign_key="speciality.id")
    rubric: str  # reference
    rubric_sha256: str = Field(foreign_key="rubric_copy.sha256")
    state: State = Field(default="draft", sa_type=String)
    version: int = 1
    has_version: bool = False  # has been signed, once at least
    cause: str = ""  # why it is corrected; "" in version 1
    apart: bool = False  # the inspectors answer each alone now, and hear nothing of each other: see apart.py
    old_report: bool = False  # imported as already signed elsewhere: owes only what the file format demands
    # the handlingsplan that is printed as an appendix: its content, as in the inspection file
    plan: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    # where it stands in lists: the first day, of what was signed last; what has none yet comes first
    listed: date = Field(default=date.max)
    # the front page, as printed; each is a field on the write path
    region_name: str = ""
    hospital_name: str = ""
    clinic_name: str = ""
    specialty: str = ""
    place: str = ""
    first_day: date | None = None
    last_day: date | None = None
    mode: str = ""
    # inspectors as printed; None = the names of their accounts
    names: list[str] | None = Field(default=None, sa_column=Column(JSON))


@event.listens_for(InspectionRow, "before_insert")
@event.listens_for(InspectionRow, "before_update")
def _tell_lists(_mapper: object, _connection: object, row: InspectionRow) -> None:
    """Follows state and version, whoever sets them: what is not told here is not in the list of who reads."""
    row.has_version = row.state == "signed" or row.version > 1


class Assignment(Table, table=True):
    """An inspector of an inspection. Ended at a handover, never removed. `motive` is why they inspect in spite of the
    ties `despite`, in the office's words."""

    __tablename__ = "assignment"

    id: str = Field(primary_key=True)
    inspection: str = Field(foreign_key="inspection.id", index=True)
    person: str = Field(foreign_key="person.id", index=True)
    place: int  # in the order of the names
    since: datetime
    ended: datetime | None = None
    motive: str = ""
    despite: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class Declaration(Table, table=True):
    """What an inspector says of a unit: that they have no tie to it but these. The last one is what they say."""

    __tablename__ = "declaration"

    id: str = Field(primary_key=True)
    inspection: str = Field(foreign_key="inspection.id", index=True)
    person: str = Field(foreign_key="person.id")
    at: datetime
    unit: str  # as it was printed then
    ties: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class AreaState(Table, table=True):
    __tablename__ = "area_state"

    inspection: str = Field(foreign_key="inspection.id", primary_key=True)
    area: str = Field(primary_key=True)
    narrative: str = ""
    grade: str = ""
    grade_reason: str = ""


class AnswerRow(Table, table=True):
    __tablename__ = "answer"

    inspection: str = Field(foreign_key="inspection.id", primary_key=True)
    criterion: str = Field(primary_key=True)
    area: str
    answer: str = ""
    comment: str = ""


class FindingRow(Table, table=True):
    """`order` is a fractional key: a text between its neighbours'. `hidden` = deleted, see write-path rules."""

    __tablename__ = "finding"

    inspection: str = Field(foreign_key="inspection.id", primary_key=True)
    id: str = Field(primary_key=True)
    kind: str = ""
    text: str = ""
    area: str = ""
    criteria: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    order: str = ""
    gone: str = ""  # the text's operation that its deleter saw
    hidden: bool = False


class InterviewRow(Table, table=True):
    """A talk in the programme of the visit. `begins` and `ends` are `09:30`; `gone` is "1" when it is taken away."""

    __tablename__ = "interview"

    inspection: str = Field(foreign_key="inspection.id", primary_key=True)
    id: str = Field(primary_key=True)
    who: str = ""
    role: str = ""
    day: date | None = None
    begins: str = ""
    ends: str = ""
    room: str = ""
    gone: str = ""


class RegradeRow(Table, table=True):
    """A grade that was changed after signing: from what, to what, why, by whom, and for which measures of a plan.
    Printed from report version `version` on; until that one is signed it can be taken back."""

    __tablename__ = "regrade"

    id: str = Field(primary_key=True)
    inspection: str = Field(foreign_key="inspection.id", index=True)
    area: str
    place: int  # in the order of an area's regrades
    before: str
    grade: str
    because: Cause = Field(sa_type=String)
    day: date | None = None  # None = an old report did not say
    version: int
    by: str | None = Field(default=None, foreign_key="person.id")  # None = not known: from before this was a table
    measures: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class Signature(Table, table=True):
    """Given to one content, by its hash. Taken back when the content changes after it."""

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_inspection_version", "inspection", "version"),)

    id: str = Field(primary_key=True)
    inspection: str = Field(foreign_key="inspection.id")
    version: int
    person: str = Field(foreign_key="person.id")
    at: datetime
    content: str  # sha256 of the canonical content
    withdrawn: datetime | None = None


class Version(Table, table=True):
    """A signed version, which never changes: its content as canonical JSON, and the rubric it was judged by. One that
    is `withheld` has left only the unit and the days there; its hash is still that of what was signed."""

    __tablename__ = "version"

    inspection: str = Field(foreign_key="inspection.id", primary_key=True)
    number: int = Field(primary_key=True)
    cause: str = ""
    seq: int
    content: str
    content_sha256: str
    rubric_sha256: str = Field(foreign_key="rubric_copy.sha256")
    signed: datetime
    signers: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # person ids
    # what lists show of it, to whom the next draft is nobody's business
    clinic_name: str
    hospital_name: str
    specialty: str
    first_day: date | None = None
    last_day: date | None = None
    withheld: str = ""  # a reason in withholding.py; "" = it is not


class Withholding(Table, table=True):
    """That a signed version must not be kept: proposed by one of the office, decided by another or taken back."""

    __tablename__ = "withholding"
    __table_args__ = (ForeignKeyConstraint(["inspection", "number"], ["version.inspection", "version.number"]),)

    id: str = Field(primary_key=True)
    inspection: str = Field(index=True)
    number: int
    reason: str
    note: str = ""
    proposed_by: str = Field(foreign_key="person.id")
    proposed: datetime
    outcome: str = ""  # "" = waits; "withheld" or "taken_back"
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided: datetime | None = None


_ABOUT = ("family", "criterion", "day", "inspection")


class UsedText(Table, table=True):
    """A finding in the last signed version of an inspection, once for each criterion that it is linked to, to be
    looked up by that. Nothing is known here that the version does not say. Each index is for one reach of readers."""

    __tablename__ = "used_text"
    __table_args__ = (
        ForeignKeyConstraint(["inspection", "version"], ["version.inspection", "version.number"]),
        Index("ix_used_text_all", *_ABOUT),
        *(Index(f"ix_used_text_{name}", name, *_ABOUT) for name in ("region", "clinic", "speciality")),
    )

    inspection: str = Field(primary_key=True)
    criterion: str = Field(primary_key=True)
    place: int = Field(primary_key=True)  # among the version's findings
    version: int
    kind: str
    text: str
    family: str  # the rubric's id without its edition
    region: str
    clinic: str
    speciality: str
    day: date  # the visit's first; date.min = nobody knows


class VersionFile(Table, table=True):
    """The very bytes that were made at signing, in one format."""

    __tablename__ = "version_file"
    __table_args__ = (ForeignKeyConstraint(["inspection", "number"], ["version.inspection", "version.number"]),)

    inspection: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    format: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    size: int
    sha256: str


class Attachment(Table, table=True):
    """A file that somebody has added: a photo, or what was sent before the visit. Its bytes lie in storage
    (`app.papers`), under names that tell nothing. Working material: it is erased with the rest of it unless it is
    `kept` with the case, and of what is erased the row keeps the hash and why."""

    __tablename__ = "attachment"

    id: str = Field(primary_key=True)  # made on the device
    inspection: str = Field(foreign_key="inspection.id", index=True)
    about: str = ""  # a criterion, `area/<id>`, or "" = the whole visit
    title: str = ""
    type: str = ""
    size: int = 0  # of what is kept; pictures are drawn anew
    sha256: str  # of what was sent
    file: str = ""  # its name in storage
    preview: str = ""  # and that of the small picture; "" = it is none
    by: str = Field(foreign_key="person.id")
    received: datetime
    kept: bool = False
    gone: bool = False  # taken away; can be brought back
    erased: str = ""  # why; "" = it is not
