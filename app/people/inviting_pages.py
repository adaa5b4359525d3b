"""Inviting several people in one go: by mail where that is sent, else with links to hand over."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.people import inviting
from app.people.inviting import Invited
from app.web.render import page

ADMINISTERS = may(Permission.ADMINISTER, fresh="")  # it shows links that let people in
Admin = Annotated[Viewer, ADMINISTERS]

router = APIRouter(
    prefix="/personer/bjud-in",
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[ADMINISTERS],
)


def sends(request: Request) -> bool:
    sends: bool = request.app.state.post.sends
    return sends


@router.get("")
def choose(request: Request, database: Db) -> Response:
    with database.reading() as session:
        people, count = inviting.lacking(session)
    return page(request, "people/invite.html", people=people, count=count, sends=sends(request))


@router.post("")
def invite(request: Request, viewer: Admin, database: Db, people: Annotated[tuple[str, ...], Form()] = ()) -> Response:
    by_mail = sends(request)
    with database.writing() as session:
        invited = inviting.invite_several(session, by=viewer, people=people, by_mail=by_mail)
    return _handed_over(request, invited, chosen=len(people), by_mail=by_mail)


def _handed_over(request: Request, invited: list[Invited], *, chosen: int, by_mail: bool) -> Response:
    """Who gets a letter; or the links, shown here once."""
    links = [(each.person, each.token and str(request.url_for("welcome", token=each.token))) for each in invited]
    return page(request, "people/invited.html", links=links, others=chosen - len(links), by_mail=by_mail)
