"""A plan's last steps: the clinic begins to follow it up, and the region or the office closes it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.roles import Permission
from app.plans import actions
from app.plans.access import Here, on_plan
from app.plans.actions import OwesMore
from app.plans.pages.frame import frame
from app.plans.queries import find
from app.web.render import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Writing = Annotated[Here, on_plan(Permission.WRITE_PLAN)]
Closing = Annotated[Here, on_plan(Permission.FOLLOW_PLAN)]


@router.post("/planer/{plan}/folj")
def follow(here: Writing) -> Response:
    with here.database.writing() as session:
        actions.follow(session, by=here.viewer, plan=here.row.id)
    return RedirectResponse(here.url, 303)


@router.get("/planer/{plan}/avsluta")
def closing(request: Request, here: Closing) -> Response:
    with here.database.reading() as session:
        left = actions.left_to_close(session, here.row)
    return _page(request, here, 200, left)


@router.post("/planer/{plan}/avsluta")
def close(request: Request, here: Closing) -> Response:
    try:
        with here.database.writing() as session:
            actions.close(session, by=here.viewer, plan=here.row.id)
    except OwesMore as error:
        return _page(request, here, 422, [told for _, told in error.left])
    return RedirectResponse(f"{here.url}/avsluta", 303)


def _page(request: Request, here: Here, status: int, left: Sequence[str]) -> Response:
    with here.database.reading() as session:
        now = Here(here.viewer, here.database, find(session, here.row.id))
        facts = {**frame(session, now, ""), "left": left, "pressed": status != 200}
    return page(request, "plans/close.html", status, **facts)
