"""Each inspector's word on whether they have a tie to the unit, and what who staffs and the others are told of it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from app.accounts.roles import Permission
from app.inspections.access import Here, on_inspection
from app.inspections.declaring import Independence, declare, independence
from app.inspections.pages.frame import frame
from app.people.schemas import TieIn
from app.people.tie_pages import EMPTY, KINDS, Sent
from app.people.ties import unit_of
from app.places.models import Clinic, Hospital, Region
from app.typed import Unfit, wrong
from app.web.render import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Declaring = Annotated[Here, on_inspection(Permission.SIGN)]
After = Literal["", "rapport"]  # where one came from, and goes on


@router.get("/inspektioner/{inspection}/band")
def ask(request: Request, here: Declaring, efter: str = "") -> Response:
    return _asked(request, here, "rapport" if efter == "rapport" else "")


@router.post("/inspektioner/{inspection}/band")
def none(here: Declaring, efter: Annotated[After, Form()] = "") -> Response:
    """No tie but those that stand there."""
    with here.database.writing() as session:
        declare(session, by=here.viewer, inspection=here.row.id, tie_years=here.tie_years)
    return _on(here, efter)


@router.post("/inspektioner/{inspection}/band/nytt")
def one(request: Request, here: Declaring, typed: Sent, efter: Annotated[After, Form()] = "") -> Response:
    try:
        new = TieIn.model_validate(typed)
        with here.database.writing() as session:
            declare(session, by=here.viewer, inspection=here.row.id, new=new, tie_years=here.tie_years)
    except (ValidationError, Unfit) as error:
        return _asked(request, here, efter, typed, wrong(error))
    return _on(here, efter)


def _on(here: Here, after: After) -> Response:
    return RedirectResponse(f"{here.url}/rapport#faststall" if after else f"{here.url}#oberoende", 303)


def _asked(
    request: Request,
    here: Here,
    after: After,
    typed: Mapping[str, str] = EMPTY,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    with here.database.reading() as session:
        found = independence(session, here.row, tie_years=here.tie_years)
        facts: dict[str, Any] = {
            **frame(session, here, "oversikt"),
            "own": next(each for each in found if each.person == here.viewer.id),
            "places": _places(session, here),
            "kinds": KINDS,
            "typed": typed,
            "after": after,
        }
    return page(request, "inspections/declare.html", 422 if wrong else 200, **facts, wrong=wrong or {})


def _places(session: Session, here: Here) -> list[tuple[str, str]]:
    unit = unit_of(session, here.row.clinic)
    named = (
        session.get_one(Clinic, unit.clinic),
        session.get_one(Hospital, unit.hospital),
        session.get_one(Region, unit.region),
    )
    return [(each.id, each.name) for each in named]


def shown_independence(session: Session, here: Here) -> list[Independence]:
    """For the overview, of everybody who inspects: to them, and to who decides who does."""
    if not (here.may(Permission.SIGN) or here.may(Permission.STAFF)):
        return []
    found = independence(session, here.row, tie_years=here.tie_years)
    asked = here.row.state == "draft" and not here.row.old_report
    return found if asked or any(each.said or each.motive for each in found) else []
