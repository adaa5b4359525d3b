"""Whatever goes wrong, a person gets a page in Swedish, htmx a part of one, and a program JSON. Never a traceback.

Nothing that was typed may be lost on the way: a form that could not be taken care of is given back in the answer.
"""

import logging
import traceback
from collections.abc import Callable
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc as database
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import NotYours, Refusal, SignedOut, Unconfirmed
from app.web.render import page, part, wants_part
from app.web.sent import Sent, read_sent
from app.web.trouble import Trouble, trouble

log = logging.getLogger(__name__)

FORESEEN: tuple[type[Exception], ...] = (
    Refusal,
    HTTPException,
    RequestValidationError,
    ClientDisconnect,
    database.OperationalError,
    database.InterfaceError,
    database.TimeoutError,
)
KEPT = 1_000_000  # bytes of a form that are kept to be given back


async def answer(request: Request, error: Exception) -> Response:
    """The handler of every exception in FORESEEN: those are caught where the form has already been read."""
    reading = request.method in ("GET", "HEAD")
    told = trouble(error, reading=reading)
    request.state.not_theirs = isinstance(error, NotYours)  # for the history of events, when the answer has left
    if told.status >= 500:
        _write_down(request, error, told)
    if wants_json(request):
        return _json(error, told)
    if wants_part(request):
        # The form that was sent is still on the screen: it must not be swapped away by its own error.
        swap = {"HX-Retarget": "#trouble", "HX-Reswap": "innerHTML"}
        return _drawn(part, request, "web/error_part.html", told, None, _headers(error, told) | swap)
    if isinstance(error, SignedOut) and reading:
        return RedirectResponse(f"/logga-in?till={quote(_address(request))}", 303)
    # What was too large has been thrown away: reading it would wait for ever.
    sent = await read_sent(request) if told.status != 413 else None
    if isinstance(error, Unconfirmed) and not (sent and sent.whole and sent.texts):  # a button, to be pressed once more
        return RedirectResponse(f"/konto/bekrafta?till={quote(error.page or _address(request))}", 303)
    return _drawn(page, request, "web/error.html", told, sent, _headers(error, told))


def _drawn(
    draw: Callable[..., Response],
    request: Request,
    template: str,
    told: Trouble,
    sent: Sent | None,
    headers: dict[str, str],
) -> Response:
    try:
        return draw(request, template, told.status, headers, trouble=told, sent=sent)
    except Exception:  # whoever looks may be a row of the database that has just gone away
        request.state.viewer = None
        return draw(request, template, told.status, headers, trouble=told, sent=sent)


def wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("application/json" in accepted and "text/html" not in accepted)


def _json(error: Exception, told: Trouble) -> Response:
    body: dict[str, object] = {"status": told.status, "title": told.title, "told": told.told}
    if told.reference:
        body["reference"] = told.reference
    if isinstance(error, RequestValidationError):
        body["fields"] = [{"where": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in error.errors()]
    return JSONResponse({"error": body}, told.status, _headers(error, told))


def _headers(error: Exception, told: Trouble) -> dict[str, str]:
    kept = dict(error.headers or {}) if isinstance(error, HTTPException) else {}  # Allow, with a 405
    return kept | ({"Retry-After": str(told.retry_after)} if told.retry_after else {})


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _write_down(request: Request, error: Exception, told: Trouble) -> None:
    """Where it broke, for us. Never the exception's own text, which may quote what somebody wrote."""
    route = getattr(request.scope.get("route"), "path", "no route")  # the pattern: an address may hold a secret link
    frames = _our_frames(error) if told.reference else ""
    known = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    name = type(error).__qualname__
    log.error("%s %s %s %s %s %s\n%s", told.status, told.reference, request.method, route, name, known, frames)


def _our_frames(error: Exception) -> str:
    """The way through our own code, and where it ended."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames[:-1] if "site-packages" not in frame.filename]
    return "".join(traceback.format_list([*ours, *frames[-1:]]))


class Unbroken:
    """The last net: answers what no handler foresaw, and what the middleware inside it refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        heard, started = Heard(receive), False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, heard, watched)
        except Exception as error:
            if started:  # half an answer cannot be taken back: the server cuts the connection, and that is seen
                raise
            response = await answer(Request(scope, heard.again), error)
            await response(scope, receive, send)
        return None


class Heard:
    """Listens along to a request, so that a short body can be read once more after everything else has failed."""

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.messages: list[Message] = []
        self.size = 0

    async def __call__(self) -> Message:
        message = await self.receive()
        self.size += len(message.get("body", b""))
        self.messages.append(message)
        if self.size > KEPT:
            self.messages = [{"type": "http.disconnect"}]  # too long to keep: then there is nothing to read again
        return message

    async def again(self) -> Message:
        return self.messages.pop(0) if self.messages else await self.receive()


def install(app: FastAPI) -> None:
    for foreseen in FORESEEN:
        app.add_exception_handler(foreseen, answer)
