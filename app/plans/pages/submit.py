"""The plan as it will read, what it could still say, and the button that submits it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.roles import Permission
from app.errors import Stale
from app.inspections.pages.badges import badge
from app.plans import actions, fields
from app.plans.access import Here, on_plan
from app.plans.actions import OwesMore
from app.plans.content import fingerprint
from app.plans.pages.frame import frame
from app.plans.pages.work import here_work
from app.web.render import page

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Writing = Annotated[Here, on_plan(Permission.WRITE_PLAN)]


@router.get("/planer/{plan}/lamna-in")
def review(request: Request, here: Writing) -> Response:
    with here.database.reading() as session:
        return page(request, "plans/submit.html", **_facts(session, here))


@router.post("/planer/{plan}/lamna-in")
def submit(request: Request, here: Writing, content: Annotated[str, Form()]) -> Response:
    try:
        with here.database.writing() as session:
            actions.submit(session, by=here.viewer, plan=here.row.id, seen=content)
    except OwesMore as error:
        return _again(request, here, 422, [(_mended_at(here, place), told) for place, told in error.left])
    except Stale as error:
        return _again(request, here, 409, [("#lamna-in", error.told)])
    return RedirectResponse(here.url, 303)


def _again(request: Request, here: Here, status: int, problems: list[tuple[str, str]]) -> Response:
    with here.database.reading() as session:
        return page(request, "plans/submit.html", status, **_facts(session, here) | {"problems": problems})


def _mended_at(here: Here, place: str) -> str:
    """The page of a field, by its key."""
    sort, _, rest = place.partition("/")
    match sort:
        case "area":
            return f"{here.url}/omraden/{rest.partition('/')[0]}"
        case "measure":
            return f"{here.url}/atgarder/{rest.partition('/')[0]}"
        case _:
            return f"{here.url}/atgarder"


def _facts(session: Session, here: Here) -> dict[str, Any]:
    work = here_work(session, here)
    return {
        **frame(session, here, "planen"),
        "work": work,
        "badges": {each.area.id: badge(work.rubric, each.grade) for each in work.covered.found if each.area},
        "unfinished": [each for each in work.measures if each.lacks],
        "content": fingerprint(work.plan),
        "writes": fields.is_open(fields.TEXT, here.row.state),
        "problems": [],
    }
