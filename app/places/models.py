"""Where training happens: region → hospital or primary care → clinic or vårdcentral, and its specialities.

`closed` is the day since when a place has ended; what lies in it has ended with it (`closing.py`).
"""

from datetime import date
from typing import Literal

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from app.db import Table

HospitalKind = Literal["hospital", "primary_care"]


class Region(Table, table=True):
    __tablename__ = "region"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    closed: date | None = None


class Hospital(Table, table=True):
    """A hospital, or a region's primary care (whose units stand without a hospital in a report)."""

    __tablename__ = "hospital"
    __table_args__ = (UniqueConstraint("region", "name"),)

    id: str = Field(primary_key=True)
    region: str = Field(foreign_key="region.id", index=True)
    name: str
    kind: HospitalKind = Field(default="hospital", sa_type=String)
    closed: date | None = None


class Clinic(Table, table=True):
    """A clinic, or a vårdcentral where its hospital is primary care."""

    __tablename__ = "clinic"
    __table_args__ = (UniqueConstraint("hospital", "name"),)

    id: str = Field(primary_key=True)
    hospital: str = Field(foreign_key="hospital.id", index=True)
    name: str
    closed: date | None = None


class Speciality(Table, table=True):
    __tablename__ = "speciality"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    closed: date | None = None


class ClinicSpeciality(Table, table=True):
    """A unit: a speciality that a clinic trains in, or has trained in."""

    __tablename__ = "clinic_speciality"

    clinic: str = Field(foreign_key="clinic.id", primary_key=True)
    speciality: str = Field(foreign_key="speciality.id", primary_key=True, index=True)
    closed: date | None = None
