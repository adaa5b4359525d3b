"""Texts that were used before about a criterion, to be looked up and begun with: nothing is put in unseen."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.accounts.roles import Permission
from app.inspections.access import Here, on_inspection
from app.inspections.fields import FINDING_KINDS
from app.inspections.pages.frame import frame
from app.inspections.used import used
from app.web.render import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_WORK)]


@router.get("/inspektioner/{inspection}/formuleringar")
def looked_up(request: Request, here: Seeing, kriterium: str = "") -> Response:
    with here.database.reading() as session:
        rubric = here.rubric(session)
        area = rubric.area(rubric.area_of.get(kriterium, ""))
        found = used(session, here.viewer, but=here.row, rubric=rubric, criterion=kriterium) if area else []
        areas, kinds = rubric.areas, FINDING_KINDS.items()
        facts = {
            **frame(session, here, "iakttagelser"),
            "area": area,
            "criterion": next((each for each in area.criteria if each.id == kriterium), None) if area else None,
            "options": [(each.name, [(one.id, f"{one.id} {one.text}") for one in each.criteria]) for each in areas],
            "found": [(name, [each for each in found if each.row.kind == kind]) for kind, name in kinds],
            "any": bool(found),
            "writes": here.writes,
        }
    return page(request, "inspections/used.html", **facts)
