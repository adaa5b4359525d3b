"""What is kept of a person beside the account: the ties that may stand in the way of inspecting."""

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field

from app.db import Table
from app.people.independence import TieKind


class TieRow(Table, table=True):
    """A tie to a region, a hospital or a clinic: one of the three. Removed, never erased with that: a decision may
    rest on it. There is no free text in it."""

    __tablename__ = "tie"

    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    kind: TieKind = Field(sa_type=String)
    region: str | None = Field(default=None, foreign_key="region.id")
    hospital: str | None = Field(default=None, foreign_key="hospital.id")
    clinic: str | None = Field(default=None, foreign_key="clinic.id")
    since: int | None = None  # years
    until: int | None = None  # None = it lasts
    told_by: str
    told: datetime
    removed: datetime | None = None
