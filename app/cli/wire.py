"""What comes before there is a request: uvicorn waits for ever for a head that does not end, and keeps all of it."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 20.0  # seconds for a request's first lines, all together
SILENCE = 60.0  # seconds in the middle of a body: a tablet's net may be away for a while
LONGEST_HEAD = 65_536  # bytes


class Guarded(HttpToolsProtocol):
    """Ends the connection of whoever begins a request and does not go on with it."""

    _late: asyncio.TimerHandle | None = None
    _in_body = False
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        self._came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_body:
            self._wait(SILENCE)
        elif not self._late:
            self._wait(HEAD)
        super().data_received(data)
        if self._late and not self._in_body:
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._end()

    def on_headers_complete(self) -> None:
        self._in_body, self._head = True, 0
        self._wait(SILENCE)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._came()
        super().on_message_complete()

    def _wait(self, seconds: float) -> None:
        self._came()
        self._late = self.loop.call_later(seconds, self._end)

    def _came(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        self._came()
        self.transport.abort()
