"""Calling an application without a network: what is measured is the application, not a client."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


class Caller:
    """One person's browser, as far as the application sees it. `cookie` signs it in."""

    def __init__(self, app: Any, cookie: str = "") -> None:
        self.app, self.cookie, self.loop = app, cookie, asyncio.new_event_loop()

    def __call__(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> Got:
        return self.loop.run_until_complete(self._call(method, path, body, kind))

    async def _call(self, method: str, path: str, body: bytes, kind: str) -> Got:
        address, _, query = path.partition("?")
        headers = {"host": "localhost", "cookie": self.cookie, "content-type": kind, "accept-encoding": "gzip, br"}
        headers |= {"content-length": str(len(body)), "sec-fetch-site": "same-origin"}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 443),
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Got(sent[0]["status"], dict(sent[0]["headers"]), content)
