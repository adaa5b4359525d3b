"""Comparison's prepared figures: what the last signed version of each inspection says, in rows that can be counted.

Nothing here is known that the signed versions do not say; `keeping.py` keeps it true. Each row carries what one
filters by, so that a page reads one index and nothing beside it. `latest` = the newest inspection of its unit (a
clinic's training in one speciality) by that rubric. `family` is the rubric's id without its edition.
"""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from app.db import Table

_SHOWN = ("hospital", "year", "edition", "inspection")
NO_YEAR = 0  # an old report that does not say when


class Compared(Table, table=True):
    """An inspection. `hospital` and `region` are where it lay."""

    __tablename__ = "compared"
    __table_args__ = (
        Index("ix_compared_family", "family", "latest", "speciality", "region", *_SHOWN),
        Index("ix_compared_region", "region", "latest", "family", "speciality", *_SHOWN),
        Index("ix_compared_unit", "clinic", "speciality", "family", "latest", "first_day"),
    )

    inspection: str = Field(primary_key=True, foreign_key="inspection.id")
    version: int
    clinic: str = Field(foreign_key="clinic.id")
    hospital: str = Field(foreign_key="hospital.id")
    region: str = Field(foreign_key="region.id")
    speciality: str = Field(foreign_key="speciality.id")
    family: str
    edition: int
    rubric_sha256: str = Field(foreign_key="rubric_copy.sha256")
    year: int
    first_day: date | None = None
    latest: bool


class ComparedArea(Table, table=True):
    """An area of it: the grade when it was inspected, the one that stands, and all that it has been (`D>C`)."""

    __tablename__ = "compared_area"
    __table_args__ = (
        Index(
            "ix_compared_area_standing",
            *("family", "latest", "area", "standing", "region", "speciality", "hospital", "year", "inspection"),
        ),
        Index(
            "ix_compared_area_decided",
            *("family", "area", "year", "decided", "region", "speciality", "hospital", "inspection"),
        ),
    )

    inspection: str = Field(primary_key=True, foreign_key="inspection.id")
    area: str = Field(primary_key=True)
    decided: str
    standing: str
    history: str
    anchor: str  # where the area begins in the report's page
    family: str
    region: str
    hospital: str
    speciality: str
    year: int
    latest: bool


class ComparedCriterion(Table, table=True):
    """A criterion that was not answered with the best answer. "" = no answer."""

    __tablename__ = "compared_criterion"
    __table_args__ = (
        Index(
            "ix_compared_criterion_answer",
            *("family", "latest", "criterion", "answer", "region", "speciality", "hospital", "year", "inspection"),
        ),
    )

    inspection: str = Field(primary_key=True, foreign_key="inspection.id")
    criterion: str = Field(primary_key=True)
    area: str
    answer: str
    family: str
    region: str
    hospital: str
    speciality: str
    year: int
    latest: bool
