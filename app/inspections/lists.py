"""The list of inspections, as far as its viewer sees.

Each appointment asks its own index for the first few, so that the time follows what is shown and not what is
stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, true, tuple_, union
from sqlmodel import Session, col, select

from app.accounts.roles import TABLE, Held, Permission, Reach, Whose
from app.accounts.viewer import Viewer
from app.inspections.models import AnswerRow, AreaState, Assignment, InspectionRow, State

PAGE = 20


@dataclass(frozen=True)
class Listed:
    """A line of the list. `draft` = the viewer sees that it is being written, and how far it has come."""

    row: InspectionRow
    draft: bool
    answered: int = 0
    graded: int = 0

    @property
    def mark(self) -> tuple[date, str]:
        """Where the next page goes on."""
        return self.row.listed, self.row.id


def listed(
    session: Session, viewer: Viewer, after: tuple[date, str] | None = None, state: State | None = None
) -> list[Listed]:
    """A page of what the viewer may see, the latest visit first; one line more than PAGE where there are more."""
    reaches = [_first_few(clause, after) for clause in _clauses(viewer, state)]
    if not reaches:
        return []
    ids = union(*reaches).subquery()
    order = (col(InspectionRow.listed).desc(), col(InspectionRow.id).desc())
    rows = session.exec(
        select(InspectionRow).join(ids, ids.c.id == InspectionRow.id).order_by(*order).limit(PAGE + 1)
    ).all()
    own = _own(session, viewer, rows)
    answered = _counted(session, AnswerRow, AnswerRow.answer, rows)
    graded = _counted(session, AreaState, AreaState.grade, rows)
    return [Listed(row, _sees_draft(viewer, row, own), answered.get(row.id, 0), graded.get(row.id, 0)) for row in rows]


def _clauses(viewer: Viewer, state: State | None) -> Iterator[ColumnElement[bool]]:
    """One condition for each appointment that reaches inspections in that state. To who may not see drafts, a report
    that is being corrected is a signed one."""
    for held in viewer.held:
        permissions = TABLE[held.role]
        if reach := permissions.get(Permission.SEE_DRAFT):
            in_state = col(InspectionRow.state) == state if state else true()
            yield and_(_within(reach, held, viewer), in_state)
        elif state != "draft" and (reach := permissions.get(Permission.READ_REPORT)):
            signed = or_(col(InspectionRow.state) == "signed", col(InspectionRow.version) > 1)
            yield and_(_within(reach, held, viewer), signed)


def _within(reach: Reach, held: Held, viewer: Viewer) -> ColumnElement[bool]:
    match reach:
        case Reach.EVERYTHING:
            return true()
        case Reach.SPECIALITY:
            return col(InspectionRow.speciality) == held.speciality
        case Reach.REGION:
            return col(InspectionRow.region) == held.region
        case Reach.CLINIC:
            return col(InspectionRow.clinic) == held.clinic
        case Reach.INSPECTIONS:
            return col(InspectionRow.id).in_(_assigned(viewer))


def _assigned(viewer: Viewer) -> Any:
    return select(Assignment.inspection).where(Assignment.person == viewer.id, col(Assignment.ended).is_(None))


def _first_few(clause: ColumnElement[bool], after: tuple[date, str] | None) -> Select[Any]:
    listed, id = col(InspectionRow.listed), col(InspectionRow.id)
    query = select(InspectionRow.id).where(clause).order_by(listed.desc(), id.desc()).limit(PAGE + 1)
    if after:
        query = query.where(tuple_(listed, id) < after)  # as one value, the index finds where to go on
    return select(query.subquery().c.id)


def _own(session: Session, viewer: Viewer, rows: Sequence[InspectionRow]) -> set[str]:
    return set(session.exec(_assigned(viewer).where(col(Assignment.inspection).in_([row.id for row in rows]))))


def _sees_draft(viewer: Viewer, row: InspectionRow, own: set[str]) -> bool:
    mine = frozenset({viewer.id}) if row.id in own else frozenset[str]()
    whose = Whose(row.speciality, row.region, row.clinic, mine)
    return row.state == "draft" and viewer.may(Permission.SEE_DRAFT, whose)


def _counted(session: Session, table: Any, value: Any, rows: Sequence[InspectionRow]) -> dict[str, int]:
    """How many of these inspections' rows hold something."""
    ids = [row.id for row in rows]
    query = select(table.inspection, func.count()).where(table.inspection.in_(ids), value != "")
    return dict(session.execute(query.group_by(table.inspection)).all())
