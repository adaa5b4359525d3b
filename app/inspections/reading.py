"""What one session reads of an inspection, in the shapes that pages and reports ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.inspections.earlier import Earlier, earlier
from app.inspections.fields import KINDS
from app.inspections.file import Inspection
from app.inspections.models import AnswerRow, AreaState, Assignment, FindingRow, InspectionRow, RegradeRow, State
from app.writing.models import AGREED
from app.writing.said import Clash, Said, clashes, voices
from reports.shown import shown

# Put together once: every page of an inspection asks them.
_OF: BindParameter[str] = bindparam("inspection")
_AREAS = select(AreaState).where(AreaState.inspection == _OF)
_ANSWERS = select(AnswerRow).where(AnswerRow.inspection == _OF)
_FINDINGS = select(FindingRow).where(FindingRow.inspection == _OF, col(FindingRow.hidden).is_(False))
_OLDEST_FIRST = (col(RegradeRow.area), col(RegradeRow.place))
_REGRADES = select(RegradeRow).where(RegradeRow.inspection == _OF).order_by(*_OLDEST_FIRST)


@dataclass(frozen=True)
class Reading:
    """Each thing once, when it is first asked for. It is as old as that: whoever has written makes another."""

    session: Session
    row: InspectionRow
    voice: str = AGREED  # whose texts beside each other are shown, with those that are agreed

    def content(self, state: State = "draft") -> Inspection:
        """The inspection as a file: four reads, whatever its size."""
        row = self.row
        made = {
            "format": "inspection/1",
            "state": state,
            "rubric": row.rubric,
            "unit": {"region": row.region_name, "hospital": row.hospital_name, "clinic": row.clinic_name},
            "specialty": row.specialty,
            "place": row.place,
            "visit": {"first_day": row.first_day, "last_day": row.last_day, "mode": row.mode or None},
            "inspectors": tuple(row.names or printed_names(self.session, row.id)),
            "findings": tuple(_finding(each) for each in self.findings),
            "areas": self._areas,
            "plan": row.plan,
        }
        return Inspection.model_validate(made)

    @cached_property
    def findings(self) -> list[FindingRow]:
        return findings(self.session, self.row.id)

    @cached_property
    def regrades(self) -> Sequence[RegradeRow]:
        return regrades(self.session, self.row.id)

    @cached_property
    def clashes(self) -> list[Clash]:
        """The fields where texts stand beside each other."""
        return clashes(self.session, self.row.id, KINDS, self.voice)

    @cached_property
    def unagreed(self) -> list[Said]:
        """What has been said alone and waits to be laid together; while they answer alone it is nobody's to know."""
        return [] if self.row.apart else voices(self.session, self.row.id)

    @cached_property
    def earlier(self) -> Earlier | None:
        """The unit's report before this one."""
        return earlier(self.session, self.row)

    @cached_property
    def _areas(self) -> dict[str, Any]:
        areas: dict[str, dict[str, Any]] = {}
        changed: dict[str, Any]
        of = {"inspection": self.row.id}
        for state in self.session.exec(_AREAS, params=of):
            said = {"narrative": state.narrative, "grade": state.grade, "grade_reason": state.grade_reason}
            areas[state.area] = {key: value for key, value in said.items() if value}
        for answer in self.session.exec(_ANSWERS, params=of):
            area = areas.setdefault(answer.area, {})
            for key, value in (("answers", answer.answer), ("comments", answer.comment)):
                if value:
                    area.setdefault(key, {})[answer.criterion] = value
        for regrade in self.regrades:
            changed = {"grade": regrade.grade, "because": regrade.because, "date": regrade.day}
            areas.setdefault(regrade.area, {}).setdefault("regrades", []).append(changed)
        return {id: areas[id] for id in sorted(areas) if areas[id]}


def _finding(row: FindingRow) -> dict[str, Any]:
    return {"kind": row.kind or "strength", "text": row.text, "area": row.area, "criteria": tuple(row.criteria)}


def printed_names(session: Session, inspection: str) -> list[str]:
    at = (Assignment.inspection == inspection, col(Assignment.ended).is_(None))
    query = select(Person.name).join(Assignment, col(Assignment.person) == Person.id).where(*at)
    return [shown(name) for name in session.exec(query.order_by(col(Assignment.place)))]


def findings(session: Session, inspection: str) -> list[FindingRow]:
    """The findings that stand, in the report's order."""
    rows = session.exec(_FINDINGS, params={"inspection": inspection}).all()
    return sorted(rows, key=lambda row: (row.order, row.id))  # by code points, as the keys are made


def regrades(session: Session, inspection: str) -> Sequence[RegradeRow]:
    """The changed grades, the oldest of each area first."""
    return session.exec(_REGRADES, params={"inspection": inspection}).all()
