"""What is sent goes as Brotli where the browser takes it, else as gzip: a seventh less of a page, and sooner made.

Starlette decides what is worth packing, and says so in the headers; it knows gzip alone.
"""

from functools import cached_property

import brotli
from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware, IdentityResponder
from starlette.types import Receive, Scope, Send

QUALITY = 5  # of 11: the first that beats gzip in both size and time


class Packing(GZipMiddleware):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "br" in Headers(scope=scope).get("accept-encoding", ""):
            types = self.exclude_content_types
            await _Brotli(self.app, self.minimum_size, exclude_content_types=types)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Brotli(IdentityResponder):
    content_encoding = "br"

    @cached_property
    def compressor(self) -> brotli.Compressor:
        return brotli.Compressor(quality=QUALITY)

    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        return await run_sync(self._compress, body, more_body)  # a large one would hold up everybody else

    def _compress(self, body: bytes, more_body: bool) -> bytes:
        packed: bytes = self.compressor.process(body)
        end: bytes = self.compressor.flush() if more_body else self.compressor.finish()
        return packed + end
