"""The grades that an accepted plan earns: chosen here, printed in the report's next version, and signed there."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.roles import Permission
from app.errors import Refusal
from app.inspections import regrading
from app.inspections.models import InspectionRow
from app.inspections.pages.regrades import NO_DAY, events, offers, sent_changes, sent_day
from app.inspections.rules import areas_to_answer
from app.plans import actions
from app.plans.access import Here, on_plan
from app.plans.content import measures
from app.plans.models import MeasureRow
from app.plans.pages.frame import frame, today
from app.plans.queries import answered_report, submission
from app.web.render import page
from app.writing.forms import Filled
from rubrics.model import Area

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Regrading = Annotated[Here, on_plan(Permission.REGRADE)]


@router.get("/planer/{plan}/gradering")
def regrade(request: Request, here: Regrading) -> Response:
    with here.database.reading() as session:
        return page(request, "plans/regrade.html", **_facts(session, here))


@router.post("/planer/{plan}/gradering")
def change(request: Request, here: Regrading, filled: Filled) -> Response:
    day, status = sent_day(filled), 422
    problems = [] if day else [("day", NO_DAY)]
    if day:
        try:
            with here.database.writing() as session:
                chosen = sent_changes(filled, here.rubric(session))
                actions.regrade(session, by=here.viewer, plan=here.row.id, changes=chosen, day=day)
            return RedirectResponse(f"{here.url}/gradering#vantar", 303)
        except Refusal as error:
            if error.status == 404:
                raise
            problems, status = [("andra", error.told)], error.status
    with here.database.reading() as session:
        facts = _facts(session, here, filled)
    return page(request, "plans/regrade.html", status, **facts | {"problems": problems})


@router.post("/planer/{plan}/gradering/angra")
def undo(here: Regrading, area: Annotated[str, Form()] = "") -> Response:
    with here.database.writing() as session:
        regrading.let_stand(session, by=here.viewer, inspection=here.row.inspection, area=area)
    return RedirectResponse(f"{here.url}/gradering", 303)


def _facts(session: Session, here: Here, filled: FormData | None = None) -> dict[str, Any]:
    row, rubric = here.row, here.rubric(session)
    inspection = session.get_one(InspectionRow, row.inspection)
    last, promised = submission(session, row), measures(session, row.id)
    told = events(session, inspection, rubric)
    asked = areas_to_answer(answered_report(session, row), rubric)
    made = offers(session, inspection, rubric, told, asked)
    return {
        **frame(session, here, "gradering"),
        "is_accepted": bool(last and last.row.outcome == "accepted"),
        "offers": [(each, _rests(each.area, promised, filled)) for each in made],
        "measures": [(each.id, each.what or "(utan rubrik)") for each in promised],
        "names": {each.id: each.what for each in [*promised, *measures(session, row.id, hidden=True)]},
        "told": told,
        "today": today(),
        "typed": filled or {},
        "problems": [],
    }


def _rests(area: Area, promised: list[MeasureRow], filled: FormData | None) -> list[str]:
    """The measures that are ticked: as they were sent, else those that answer something in the area."""
    if filled is not None:
        return [str(each) for each in filled.getlist(f"measure-{area.id}")]
    return [each.id for each in promised if each.area == area.id or set(area.kinds) & set(each.criteria)]
