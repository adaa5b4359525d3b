"""Drift: whether mail goes out, what could not be sent, and how the work goes that is done by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.accounts import codes
from app.accounts.access import Db, here, may
from app.accounts.actions import ADDRESS_CHANGED, CHANGED, INVITATION, LINK_MADE, RECOVERY
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.jobs import Work, turns
from app.mail import queue
from app.mail.post import TROUBLES, InFolder
from app.people import queries
from app.web.render import page

router = APIRouter(prefix="/drift", default_response_class=HTMLResponse, include_in_schema=False)

KINDS = {
    INVITATION: "Inbjudan",
    RECOVERY: "Länk till nytt lösenord",
    CHANGED: "Besked om bytt lösenord",
    LINK_MADE: "Besked om en länk",
    codes.OFF: "Besked om avstängda koder",
    ADDRESS_CHANGED: "Besked till den förra adressen",
}


@dataclass(frozen=True)
class Shown:
    """A letter in the demonstration's folder."""

    to: str
    subject: str
    at: datetime
    text: str


@router.get("")
def upkeep(request: Request, viewer: Annotated[Viewer, may(Permission.ADMINISTER)], database: Db) -> Response:  # noqa: ARG001
    works: Sequence[Work] = request.app.state.works
    with database.reading() as session:
        mails, worked = queue.waiting(session), turns(session)
        names = queries.names(session, {each.person for each in mails if each.person})
    mail: dict[str, Any] = {"mails": mails, "names": names, "kinds": KINDS, "troubles": TROUBLES}
    mail |= {"post": request.app.state.post, "folder": _folder(request)}
    return page(request, "people/upkeep.html", **mail, works=[(each.name, worked.get(each.name)) for each in works])


def _folder(request: Request) -> list[Shown] | None:
    """The letters of the demonstration; None = there is no such folder, or not for whoever asks. A reader of them can
    come in as anybody. So there are none but beside the default file (`Settings.mail_folder`), whose people are
    invented, and they are shown on this very machine alone, where those people sign in."""
    post = request.app.state.post
    if not isinstance(post, InFolder) or not here(request):
        return None
    return [_shown(each) for each in post.newest()]


def _shown(message: EmailMessage) -> Shown:
    text = message.get_body(("plain",))
    said = text.get_content() if isinstance(text, EmailMessage) else ""
    return Shown(message["To"], message["Subject"], message["Date"].datetime, said)
