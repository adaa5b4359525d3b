"""Where a clinic's people come in: what waits for them, what needs a push, what is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, col, select

from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.ids import new_id
from app.inspections.models import Version
from app.inspections.rubric_copy import rubric_of
from app.inspections.rules import areas_to_answer
from app.plans.models import PlanRow
from app.plans.pages.frame import standing, today
from app.plans.pages.measure_view import MeasureView
from app.plans.pages.work import Work, work
from app.plans.queries import answered_report
from app.plans.rules import TRACKED, WRITTEN
from app.web.render import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Clinics = Annotated[Viewer, may(Permission.WRITE_PLAN)]
MOST = 20  # plans on the page: a clinic has one or two that live


@dataclass(frozen=True)
class Line:
    """A plan on the page. `work` is read of those that are followed, `asked` of those that are written."""

    row: PlanRow
    report: Version  # what is drafted now may be another
    state: tuple[str, str]
    asked: int = 0
    work: Work | None = None

    @property
    def clinic(self) -> str:
        """By the name that it has in the report."""
        return self.report.clinic_name

    @property
    def url(self) -> str:
        return f"/planer/{self.row.id}"

    @property
    def moving(self) -> Sequence[MeasureView]:
        return [each for each in self.work.measures if not each.is_over] if self.work else ()

    @property
    def coming(self) -> list[tuple[date, MeasureView]]:
        soon = [(day, each) for each in self.moving if (day := each.next_day) is not None]
        return sorted(soon, key=lambda pair: pair[0])[:5]


@router.get("/min-klinik")
def start(request: Request, viewer: Clinics, database: Db, loggad: str = "") -> Response:
    with database.reading() as session:
        lines = [_line(session, row) for row in _plans(session, viewer)]
    facts: dict[str, Any] = {
        "lines": lines,
        "writing": [line for line in lines if line.row.state in WRITTEN],
        "following": [line for line in lines if line.work],
        "others": [line for line in lines if line.row.state not in WRITTEN and not line.work],
        "first_name": viewer.name.split()[0],
        "form": new_id(),
        "loggad": loggad,
        "today": today(),
        "logs": True,
    }
    return page(request, "plans/start.html", **facts)


def _plans(session: Session, viewer: Viewer) -> Sequence[PlanRow]:
    """Those of the viewer's clinics: what is written first, then what is followed."""
    clinics = {held.clinic for held in viewer.held if held.clinic}
    mine = select(PlanRow).where(col(PlanRow.clinic).in_(clinics)).order_by(col(PlanRow.opened).desc(), PlanRow.id)
    return session.exec(mine.limit(MOST)).all()


def _line(session: Session, row: PlanRow) -> Line:
    rubric = rubric_of(session, row.rubric_sha256)
    known = (row, session.get_one(Version, (row.inspection, row.report)), standing(row))
    if row.state in TRACKED:
        return Line(*known, work=work(session, row, rubric))
    asked = len(areas_to_answer(answered_report(session, row), rubric)) if row.state in WRITTEN else 0
    return Line(*known, asked=asked)
