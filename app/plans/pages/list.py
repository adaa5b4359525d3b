"""The list of plans: what waits, and for whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.plans.lists import GROUPS, PAGE, listed, read_mark
from app.plans.pages.frame import standing
from app.web.render import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Reading = Annotated[Viewer, may(Permission.READ_PLAN)]


@router.get("/planer")
def plans(request: Request, viewer: Reading, database: Db, efter: str = "", lage: str = "") -> Response:
    chosen = lage if lage in GROUPS else ""
    with database.reading() as session:
        lines = listed(session, viewer, read_mark(efter), only=chosen)
    shown = lines[:PAGE]
    asked = f"&lage={chosen}" if chosen else ""
    facts: dict[str, Any] = {
        "lines": [(each, standing(each.row)) for each in shown],
        "groups": [("", "Alla"), *((name, group.label) for name, group in GROUPS.items())],
        "chosen": chosen,
        "later": f"/planer?efter={shown[-1].mark}{asked}" if len(lines) > PAGE else "",
        "first": f"/planer{f'?lage={chosen}' if chosen else ''}" if efter else "",
    }
    return page(request, "plans/list.html", **facts)
