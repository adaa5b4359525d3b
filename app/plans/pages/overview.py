"""The plan as a whole: how it stands, what is to do next, and by whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.roles import Permission
from app.errors import NotFound
from app.ids import new_id
from app.inspections.access import Here as Inspected
from app.inspections.access import on_inspection
from app.inspections.models import RegradeRow
from app.inspections.pages.badges import badge
from app.inspections.reading import regrades
from app.plans import content, fields
from app.plans.access import Here, on_plan
from app.plans.coverage import Found
from app.plans.pages.frame import frame
from app.plans.pages.work import Work, here_work
from app.plans.queries import Submission, plan_of, submissions
from app.plans.rules import TRANSITIONS
from app.web.render import page
from rubrics.model import Area

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Reading = Annotated[Here, on_plan(Permission.READ_PLAN)]


@router.get("/planer/{plan}")
def overview(request: Request, here: Reading) -> Response:
    with here.database.reading() as session:
        return page(request, "plans/overview.html", **_facts(session, here))


@router.get("/inspektioner/{inspection}/plan", response_class=RedirectResponse)
def of_inspection(here: Annotated[Inspected, on_inspection(Permission.READ_PLAN)]) -> Response:
    with here.database.reading() as session:
        plan = plan_of(session, here.row.id)
    if not plan:
        raise NotFound("Inspektionen har ingen handlingsplan.")
    return RedirectResponse(f"/planer/{plan.id}", 303)


def _facts(session: Session, here: Here) -> dict[str, Any]:
    work = here_work(session, here)
    state = here.row.state
    return {
        **frame(session, here, "planen"),
        "work": work,
        "badges": {each.area.id: badge(work.rubric, each.grade) for each in work.covered.found if each.area},
        "lines": [_line(work, each, each.area) for each in work.asked if each.area],
        "changed": {each.area: badge(work.rubric, each.grade) for each in _regrades(session, here)},
        "submissions": [(each, _by(session, each)) for each in submissions(session, here.row.id)],
        "verdicts": fields.VERDICTS,
        "regrades": _regrades(session, here),
        "hidden": content.measures(session, here.row.id, hidden=True) if here.may(Permission.WRITE_PLAN) else [],
        "moves": [move for (at, move), step in TRANSITIONS.items() if at == state and here.may(step.permission)],
        "writes": here.may(Permission.WRITE_PLAN) and fields.is_open(fields.TEXT, state),
        "answers": here.may(Permission.ANSWER_PLAN),
        "form": new_id(),
    }


def _regrades(session: Session, here: Here) -> list[RegradeRow]:
    """The changes that are signed, since the report that the plan answers."""
    last, asked = here.found.inspection.last_version, here.row.report
    return [each for each in regrades(session, here.row.inspection) if asked < each.version <= last]


def _line(work: Work, found: Found, area: Area) -> tuple[Found, int, bool]:
    """An area that needs an answer: how many measures it has, and whether the clinic has written in its own words."""
    return found, len(work.in_area(area.id)), bool(work.plan.areas.get(area.id))


def _by(session: Session, each: Submission) -> str:
    return session.get_one(Person, each.row.by).name
