"""The list of inspections, as far as its viewer sees.

Each appointment asks its own index for the first few, so that the time follows what is shown and not what is
stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, func, true, tuple_, union
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.roles import TABLE, Held, Permission, Reach, Whose
from app.accounts.viewer import Viewer
from app.ids import is_id
from app.inspections.models import AnswerRow, AreaState, Assignment, InspectionRow, State, Version

PAGE = 20


@dataclass(frozen=True)
class Listed:
    """A line of the list: the inspection as it stands (`draft` = being written, and how far it has come), or, for
    who may not see that, the version that was signed last."""

    id: str
    sees: bool  # may open the inspection itself; else the version alone
    draft: bool
    version: int  # being drafted, or signed
    clinic: str
    hospital: str
    specialty: str
    first_day: date | None
    last_day: date | None
    listed: date
    rubric_sha256: str
    answered: int = 0
    graded: int = 0
    withheld: bool = False  # that version, where it is a signed one

    @property
    def mark(self) -> tuple[date, str]:
        """Where the next page goes on."""
        return self.listed, self.id


def read_mark(text: str) -> tuple[date, str] | None:
    """A mark as it stood in an address: the day and the id of a page's last line. None where it cannot be read."""
    day, _, id = text.partition("_")
    try:
        return (date.fromisoformat(day), id) if is_id(id) else None
    except ValueError:
        return None


def listed(
    session: Session, viewer: Viewer, after: tuple[date, str] | None = None, state: State | None = None
) -> list[Listed]:
    """A page of what the viewer may see, the latest visit first; one line more than PAGE where there are more."""
    reaches = [_first_few(clause, after) for clause in _clauses(viewer, state)]
    if not reaches:
        return []
    ids = union(*reaches).subquery()
    order = (col(InspectionRow.listed).desc(), col(InspectionRow.id).desc())
    query = rows_of(*_SHOWN).join(ids, ids.c.id == col(InspectionRow.id)).order_by(*order).limit(PAGE + 1)
    rows = session.execute(query).all()
    found = [row.id for row in rows]
    own = set(session.exec(_assigned(viewer).where(col(Assignment.inspection).in_(found))))
    seen = [row.id for row in rows if _sees(viewer, row, own)]
    answered = _counted(session, AnswerRow, AnswerRow.answer, seen)
    graded = _counted(session, AreaState, AreaState.grade, seen)
    signed = _signed(session, found)
    return [
        _drafted(row, answered.get(row.id, 0), graded.get(row.id, 0), signed) if row.id in seen else _last(row, signed)
        for row in rows
    ]


_FACTS = ("clinic_name", "hospital_name", "specialty", "first_day", "last_day")
_ABOUT = ("id", "clinic", "region", "speciality", "state", "version", "listed", "rubric_sha256")
_SHOWN = [col(getattr(InspectionRow, name)) for name in (*_ABOUT, *_FACTS)]
_LAST = [col(getattr(Version, name)) for name in ("inspection", "number", "withheld", *_FACTS)]


def _sees(viewer: Viewer, row: Any, own: set[str]) -> bool:
    mine = frozenset({viewer.id}) if row.id in own else frozenset[str]()
    return viewer.may(Permission.SEE_DRAFT, Whose(row.speciality, row.region, row.clinic, mine))


def _drafted(row: Any, answered: int, graded: int, signed: dict[str, Any]) -> Listed:
    draft = row.state == "draft"
    withheld = not draft and bool(signed[row.id].withheld)
    done = {"answered": answered, "graded": graded, "withheld": withheld}
    return _line(row, row, sees=True, draft=draft, version=row.version, **done)


def _last(row: Any, signed: dict[str, Any]) -> Listed:
    last = signed[row.id]
    return _line(row, last, sees=False, draft=False, version=last.number, withheld=bool(last.withheld))


def _line(row: Any, facts: Any, **more: Any) -> Listed:
    return Listed(
        id=row.id,
        clinic=facts.clinic_name,
        hospital=facts.hospital_name,
        specialty=facts.specialty,
        first_day=facts.first_day,
        last_day=facts.last_day,
        listed=row.listed,
        rubric_sha256=row.rubric_sha256,
        **more,
    )


def _signed(session: Session, ids: Sequence[str]) -> dict[str, Any]:
    """What each inspection's last signed version shows."""
    query = rows_of(*_LAST).where(col(Version.inspection).in_(ids)).order_by(col(Version.number))
    return {row.inspection: row for row in session.execute(query)}  # the last one wins


def _clauses(viewer: Viewer, state: State | None) -> Iterator[ColumnElement[bool]]:
    """One condition for each appointment that reaches inspections in that state. To who may not see drafts, a report
    that is being corrected is a signed one."""
    for held in viewer.held:
        permissions = TABLE[held.role]
        if reach := permissions.get(Permission.SEE_DRAFT):
            in_state = col(InspectionRow.state) == state if state else true()
            yield and_(_within(reach, held, viewer), in_state)
        elif state != "draft" and (reach := permissions.get(Permission.READ_REPORT)):
            yield and_(_within(reach, held, viewer), col(InspectionRow.has_version).is_(True))


def _within(reach: Reach, held: Held, viewer: Viewer) -> ColumnElement[bool]:
    return within(reach, held, viewer, InspectionRow, col(InspectionRow.id))


def within(reach: Reach, held: Held, viewer: Viewer, table: Any, inspection: Any) -> ColumnElement[bool]:
    """Of a table that says where its inspection lies: the rows that an appointment reaches."""
    match reach:
        case Reach.EVERYTHING:
            return true()
        case Reach.SPECIALITY:
            return col(table.speciality) == held.speciality
        case Reach.REGION:
            return col(table.region) == held.region
        case Reach.CLINIC:
            return col(table.clinic) == held.clinic
        case Reach.INSPECTIONS:
            return cast("ColumnElement[bool]", inspection.in_(_assigned(viewer)))


def _assigned(viewer: Viewer) -> Any:
    return select(Assignment.inspection).where(Assignment.person == viewer.id, col(Assignment.ended).is_(None))


def _first_few(clause: ColumnElement[bool], after: tuple[date, str] | None) -> Select[Any]:
    listed, id = col(InspectionRow.listed), col(InspectionRow.id)
    query = select(InspectionRow.id).where(clause).order_by(listed.desc(), id.desc()).limit(PAGE + 1)
    if after:
        query = query.where(tuple_(listed, id) < after)  # as one value, the index finds where to go on
    return select(query.subquery().c.id)


def _counted(session: Session, table: Any, value: Any, ids: Sequence[str]) -> dict[str, int]:
    """How many of these inspections' rows hold something."""
    query = select(table.inspection, func.count()).where(table.inspection.in_(ids), value != "")
    return dict(session.execute(query.group_by(table.inspection)).all())
