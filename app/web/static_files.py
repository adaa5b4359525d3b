"""Files that are the same for everybody: style, script, font, icons.

An address carries the hash of the file (`/static/app.css?v=1f0c…`), so a browser may keep it for ever and still
never sees an old one after an upgrade. Without the right hash it must ask again each time.

The modules that keep what is typed on the device import each other, so they carry one hash together, as their
folder's name (`/static/device-1f0c…/area.js`): a page never runs parts of two editions.

Texts go as Brotli where the browser takes it: a sixth less than what gzip makes of them, on a hospital's slow net.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
TEXTS = (".js", ".css", ".svg")
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
FOREVER = "public, max-age=31536000, immutable"


@cache
def version(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def static(name: str) -> str:
    """The address of a file. A name that is not there fails here, in a test, and not as a hole in a page."""
    return f"/static/{name}?v={version(name)}"


@cache
def device_version() -> str:
    files = sorted((FOLDER / "device").glob("*.js"))
    return hashlib.sha256(b"".join(file.name.encode() + b"\0" + file.read_bytes() for file in files)).hexdigest()[:12]


def device(name: str) -> str:
    """The address of a module that runs on the device."""
    if not (FOLDER / "device" / name).is_file():
        raise FileNotFoundError(name)
    return f"/static/device-{device_version()}/{name}"


@cache
def _packed(path: str) -> bytes:
    """A stylesheet's comments stay at home: they are a tenth of what a first visit fetches of it."""
    whole = (FOLDER / path).read_bytes()
    told = _COMMENT.sub(b"", whole) if path.endswith(".css") else whole
    packed: bytes = brotli.compress(told, mode=brotli.MODE_TEXT)
    return packed


class HashedFiles(StaticFiles):
    """Starlette's static files with the long caching that the hash earns."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        folder, _, name = path.partition("/")
        if folder.startswith("device-"):
            response = await self._answer(f"device/{name}", scope)
            known = folder == f"device-{device_version()}"
        else:
            response = await self._answer(path, scope)
            asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
            known = response.status_code in (200, 304) and asked == version(path)
        response.headers["Cache-Control"] = FOREVER if known else "no-cache"
        return response

    async def _answer(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        takes = Headers(scope=scope).get("accept-encoding", "")
        if response.status_code != 200 or not path.endswith(TEXTS) or "br" not in takes:
            return response
        about = {name: response.headers[name] for name in ("content-type", "last-modified", "etag")}
        packed = {"Content-Encoding": "br", "Vary": "Accept-Encoding"}
        return Response(_packed(path), headers=about | packed)
