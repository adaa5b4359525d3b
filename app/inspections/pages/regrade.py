"""Changing grades from the inspection itself: after a revisit, or because one was wrong. A handlingsplan that led to a
change has a page of its own."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app import audit
from app.accounts.roles import Permission
from app.errors import Unacceptable
from app.inspections import regrading
from app.inspections.access import Here, on_inspection
from app.inspections.pages.frame import frame
from app.inspections.pages.regrades import CAUSES, NO_DAY, events, offers, sent_changes, sent_day
from app.web.render import page
from app.web.swedish import local
from app.writing.forms import Filled
from rubrics.model import Cause

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Regrading = Annotated[Here, on_inspection(Permission.REGRADE)]


@router.get("/inspektioner/{inspection}/gradering")
def regrade(request: Request, here: Regrading) -> Response:
    with here.database.reading() as session:
        return page(request, "inspections/regrade.html", **_facts(session, here))


@router.post("/inspektioner/{inspection}/gradering")
def change(request: Request, here: Regrading, filled: Filled) -> Response:
    day, because = sent_day(filled), _because(filled)
    problems = [] if day else [("day", NO_DAY)]
    if not because:
        problems.append(("because", "Välj varför graderingen ändras."))
    if day and because:
        try:
            with here.database.writing() as session:
                chosen = sent_changes(filled, here.rubric(session))
                regrading.regrade(
                    session, by=here.viewer, inspection=here.row.id, because=because, changes=chosen, day=day
                )
            return RedirectResponse(f"{here.url}/gradering#vantar", 303)
        except Unacceptable as error:
            problems.append(("andra", error.told))
    with here.database.reading() as session:
        facts = _facts(session, here, filled)
    return page(request, "inspections/regrade.html", 422, **facts | {"problems": problems})


@router.post("/inspektioner/{inspection}/gradering/angra")
def undo(here: Regrading, area: Annotated[str, Form()] = "") -> Response:
    with here.database.writing() as session:
        regrading.let_stand(session, by=here.viewer, inspection=here.row.id, area=area)
    return RedirectResponse(f"{here.url}/gradering", 303)


def _because(filled: FormData) -> Cause | None:
    given = str(filled.get("because", ""))
    return next((cause for cause in CAUSES if cause == given), None)


def _facts(session: Session, here: Here, filled: FormData | None = None) -> dict[str, Any]:
    rubric = here.rubric(session)
    told = events(session, here.row, rubric)
    there = here.row.has_version
    return {
        **frame(session, here, "rapport"),
        "offers": offers(session, here.row, rubric, told) if there else [],
        "told": told,
        "causes": [(each, words) for each, words in CAUSES.items() if each != "plan"],
        "today": local(audit.now()).date(),
        "typed": filled or {},
        "problems": [],
    }
