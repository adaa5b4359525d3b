"""What is read of one plan: itself, whose it is, the report that it answers, and its submissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session, col, select

from app.accounts.roles import Permission, Whose
from app.accounts.viewer import Viewer
from app.errors import NotFound, NotYours
from app.ids import is_id
from app.inspections import queries as inspections
from app.inspections.file import Inspection, Plan
from app.inspections.models import Version
from app.plans.models import PlanAnswer, PlanRow, PlanVersion


@dataclass(frozen=True)
class Found:
    """A plan, and whose it is: its clinic's, and those who inspected it."""

    row: PlanRow
    inspection: inspections.Found

    @property
    def whose(self) -> Whose:
        return self.inspection.whose

    @property
    def is_submitted(self) -> bool:
        return self.row.version > 0


@dataclass(frozen=True)
class Submission:
    """A submitted version, and what the inspectors say of each area in it."""

    row: PlanVersion
    answers: dict[str, PlanAnswer]

    @cached_property
    def content(self) -> Plan:
        return Plan.model_validate_json(self.row.content)


def find(session: Session, id: str) -> Found:
    """Raises NotFound."""
    row = session.get(PlanRow, id) if is_id(id) else None
    if not row:
        raise NotFound
    return Found(row, inspections.find(session, row.inspection))


def found(session: Session, id: str, viewer: Viewer, *permissions: Permission, former: bool = False) -> Found:
    """A plan on which the viewer has one of these permissions, or (`former`) whose inspector they were. Raises
    NotFound, whichever is lacking."""
    one = find(session, id)
    allowed = any(viewer.may(each, one.whose) for each in permissions)
    if not allowed and not (former and one.inspection.has_inspected(viewer.id)):
        raise NotYours
    return one


def plan_of(session: Session, inspection: str) -> PlanRow | None:
    """An inspection's plan, where it has one."""
    return session.exec(select(PlanRow).where(PlanRow.inspection == inspection)).first()


def answered_report(session: Session, row: PlanRow) -> Inspection:
    """The signed report that the plan answers. It never changes."""
    return Inspection.model_validate_json(session.get_one(Version, (row.inspection, row.report)).content)


def submissions(session: Session, id: str) -> list[Submission]:
    """The submitted versions, the last one first."""
    versions = session.exec(select(PlanVersion).where(PlanVersion.plan == id).order_by(col(PlanVersion.number).desc()))
    given = session.exec(select(PlanAnswer).where(PlanAnswer.plan == id)).all()
    return [Submission(each, _of(given, each.number)) for each in versions]


def submission(session: Session, row: PlanRow) -> Submission | None:
    """The last one."""
    version = session.get(PlanVersion, (row.id, row.version))
    if not version:
        return None
    at = (PlanAnswer.plan == row.id, PlanAnswer.version == row.version)
    return Submission(version, _of(session.exec(select(PlanAnswer).where(*at)).all(), row.version))


def _of(given: Sequence[PlanAnswer], version: int) -> dict[str, PlanAnswer]:
    return {each.area: each for each in given if each.version == version}
