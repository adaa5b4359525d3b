"""The unit's report before this one: what was signed when the same clinic was last inspected in the same speciality.

Who works in an inspection may see what it says (see SEE_WORK in the permission table), without what no report prints.
What became of its plan is told by the room above (`WhatBecame`, which `main` knows).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import case, exists
from sqlmodel import Session, col, select

from app.inspections.file import Inspection, Measure
from app.inspections.models import InspectionRow, Version
from rubrics.model import Rubric


@dataclass(frozen=True)
class Earlier:
    """The last signed version of that inspection."""

    version: Version

    @cached_property
    def content(self) -> Inspection:
        return Inspection.model_validate_json(self.version.content)

    def comparable(self, rubric: Rubric) -> bool:
        """It was judged by an edition of the same rubric. Else its areas only happen to be called as ours."""
        judged_by: str = self._said["rubric"]
        return judged_by.partition("@")[0] == rubric.id

    def narratives(self, rubric: Rubric) -> Mapping[str, str]:
        """What it says in words of each area of this rubric."""
        areas = self._said.get("areas", {}) if self.comparable(rubric) else {}
        return {id: each.get("narrative", "") for id, each in areas.items()}

    @cached_property
    def _said(self) -> dict[str, Any]:
        """As it is stored: every page asks for the narratives, and to check the whole of it takes ten times as long."""
        said: dict[str, Any] = json.loads(self.version.content)
        return said


@dataclass(frozen=True)
class Became:
    """What has become of its plan: the state in words, and the measures as others may read them."""

    state: str
    measures: Sequence[Measure]


WhatBecame = Callable[[Session, str], Became | None]  # of an inspection's plan; None = it has none


LAST_IS_WITHHELD = exists().where(
    col(Version.inspection) == col(InspectionRow.id),
    col(Version.number)
    == case((col(InspectionRow.state) == "signed", col(InspectionRow.version)), else_=col(InspectionRow.version) - 1),
    col(Version.withheld) != "",
)


def earlier(session: Session, row: InspectionRow) -> Earlier | None:
    """The newest that was signed of the same unit, of a visit before this one's. One whose day nobody knows is none,
    and so is one whose last version is withheld."""
    unit = (InspectionRow.clinic == row.clinic, InspectionRow.speciality == row.speciality)
    signed = col(InspectionRow.has_version).is_(True)
    # `listed` is the first day of what was signed last
    before = select(InspectionRow.id).where(
        *unit, signed, ~LAST_IS_WITHHELD, InspectionRow.listed < (row.first_day or date.max)
    )
    order = (col(InspectionRow.listed).desc(), col(InspectionRow.id).desc())
    id = session.exec(before.where(InspectionRow.id != row.id).order_by(*order).limit(1)).first()
    if id is None:
        return None
    versions = select(Version).where(Version.inspection == id).order_by(col(Version.number).desc())
    return Earlier(session.exec(versions.limit(1)).one())
