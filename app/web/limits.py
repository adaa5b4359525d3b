"""How much one may send. Counted while it comes, so a body that does not tell its length is held to the same.

A browser that is answered before it has sent everything shows a broken connection instead of the answer. So what is
too much is still received, and thrown away, up to a point.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from time import monotonic

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge, Unreadable
from app.web.trouble import TOO_LARGE, UNREADABLE

ORDINARY = 1_000_000  # bytes; the longest form of an inspection is a fraction of it
THROWN_AWAY = 64_000_000
PATIENCE = 30.0  # seconds


class BodyLimit:
    """`larger` gives addresses that take more, by their beginning, in which * is anything:
    {"/inspektioner/*/underlag": 20_000_000}."""

    def __init__(self, app: ASGIApp, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.larger = dict(larger or {})

    def limit(self, path: str) -> int:
        return max((size for start, size in self.larger.items() if fnmatchcase(path, f"{start}*")), default=ORDINARY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        limit, got = self.limit(scope["path"]), 0
        if not in_utf8(Headers(scope=scope)):
            await _throw_away(receive)
            raise Unreadable(UNREADABLE)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            await _throw_away(receive)
            raise TooLarge(TOO_LARGE)

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > limit:
                if message.get("more_body"):
                    await _throw_away(receive)
                raise TooLarge(TOO_LARGE)
            return message

        return await self.app(scope, counted, send)


def in_utf8(headers: Headers) -> bool:
    """Browsers send forms in UTF-8. Another charset is somebody's trick to bring in what no text can hold."""
    _, *parameters = headers.get("content-type", "").lower().split(";")
    named = (each.partition("=")[2].strip(" \"'") for each in parameters if each.strip().startswith("charset"))
    return all(each in ("utf-8", "utf8", "us-ascii") for each in named)


async def _throw_away(receive: Receive) -> None:
    got, until = 0, monotonic() + PATIENCE
    while got < THROWN_AWAY and monotonic() < until:
        message = await receive()
        got += len(message.get("body", b""))
        if not message.get("more_body"):  # the end, or the browser went away
            return
