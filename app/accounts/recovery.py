"""A forgotten password: the page asks for an address, and says the same whoever has it, or nobody.

It does the same too: one row is written with what was typed. Whether anybody has that address is looked up later, by
the sender, whom nobody waits for.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from app import audit
from app.accounts.access import Db, Tries, anyone, host, seconds_to
from app.accounts.actions import RECOVERY
from app.accounts.signing_in import NOBODY
from app.accounts.whence import network
from app.mail import queue
from app.typed import LONGEST
from app.web.render import page

router = APIRouter(
    prefix="/glomt", default_response_class=HTMLResponse, include_in_schema=False, dependencies=[anyone()]
)


@router.get("")
def forgotten(request: Request) -> Response:
    return _page(request)


@router.post("")
def ask(request: Request, database: Db, tries: Tries, email: Annotated[str, Form()] = "") -> Response:
    address = email.strip().lower()
    if until := tries.until_recovery(network(host(request))):
        return _page(request, 429, {"Retry-After": str(seconds_to(until))}, until=until)
    if _could_be_one(address) and _sends(request) and tries.may_be_written_to(address):
        with database.writing() as session:
            queue.put(session, kind=RECOVERY, by=audit.SYSTEM, address=address)
            audit.record(session, by=audit.SYSTEM, action="person:recovery_asked", subject=NOBODY)
    return _page(request, asked=True)


def _could_be_one(address: str) -> bool:
    return "@" in address and len(address) <= LONGEST and address.isprintable()


def _sends(request: Request) -> bool:
    sends: bool = request.app.state.post.sends
    return sends


def _page(request: Request, status: int = 200, headers: dict[str, str] | None = None, **facts: object) -> Response:
    about = {"asked": False, "until": None, "sends": _sends(request), **facts}
    return page(request, "accounts/forgotten.html", status, headers, **about)
