"""A signed version that must not be kept: one of the office proposes, another decides, here."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.access import may
from app.accounts.models import Person
from app.accounts.roles import Permission
from app.errors import Unacceptable
from app.inspections import withholding
from app.inspections.access import Here, Withdrawing
from app.inspections.pages.frame import frame
from app.inspections.pages.report import Number, Receiving, version_of
from app.inspections.withholding import MAX_NOTE, REASONS
from app.web.render import page

PATH = "/inspektioner/{inspection}/versioner/{number}/hall-inne"

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[may(Permission.ADMINISTER, fresh=PATH)],
)

Typed = Annotated[str, Form()]


@router.get(PATH)
def withhold(request: Request, here: Receiving, number: Number) -> Response:
    return _drawn(request, here, number)


@router.post(PATH)
def propose(request: Request, here: Receiving, number: Number, reason: Typed = "", note: Typed = "") -> Response:
    def do(session: Session, about: dict[str, Any]) -> None:
        withholding.propose(session, **about, reason=reason, note=note)

    return _done(request, here, number, do, {"reason": reason, "note": note})


@router.post(f"{PATH}/bekrafta")
def confirm(request: Request, here: Receiving, number: Number, then: Withdrawing, later: BackgroundTasks) -> Response:
    answer = _done(request, here, number, lambda s, about: withholding.withhold(s, **about, then=then))
    later.add_task(here.database.sweep)
    return answer


@router.post(f"{PATH}/ta-tillbaka")
def withdraw(request: Request, here: Receiving, number: Number) -> Response:
    return _done(request, here, number, lambda s, about: withholding.withdraw(s, **about))


def _done(
    request: Request,
    here: Here,
    number: int,
    do: Callable[[Session, dict[str, Any]], None],
    typed: dict[str, str] | None = None,
) -> Response:
    """Done, and the page once more; or the page with what stood in the way, and what was typed."""
    about: dict[str, Any] = {"by": here.viewer, "inspection": here.row.id, "number": number}
    try:
        with here.database.writing() as session:
            do(session, about)
    except Unacceptable as error:
        return _drawn(request, here, number, typed, error.told)
    return RedirectResponse(f"{here.url}/versioner/{number}/hall-inne", 303)


def _drawn(request: Request, here: Here, number: int, typed: dict[str, str] | None = None, told: str = "") -> Response:
    with here.database.reading() as session:
        waits = withholding.proposal(session, here.row.id, number)
        facts = {
            **frame(session, here, "rapport"),
            "version": version_of(session, here.found, number),
            "last": here.found.last_version == number and here.row.state == "signed",
            "waits": waits,
            "by": session.get_one(Person, waits.proposed_by).name if waits else "",
            "own": bool(waits and waits.proposed_by == here.viewer.id),
            "reasons": REASONS,
            "most": MAX_NOTE,
            "typed": typed or {"reason": "", "note": ""},
            "problems": [("forslag" if waits else "reason", told)] if told else [],
        }
    return page(request, "inspections/withhold.html", 422 if told else 200, **facts)
