"""What a browser needs to carry Sporra along: the worker that keeps pages, how it is installed, and a page in reserve.

The same for everybody, like `/static`: nothing here knows who asks. The worker's own knowledge is in `static/sw.js`;
here it is told which files the pages of this edition use. A new edition is thereby a new worker, and the browser
notices by itself.
"""

import hashlib
import json
from functools import cache

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.web.render import page
from app.web.static_files import FOLDER, device, static

ABSENT = "/utan-nat"  # shown where a page is neither on the net nor on the device
USED = (".css", ".js", ".svg", ".woff2")  # of static files: what pages load, so neither licences nor icons for a shelf
SURFACE = "#ffffff"  # the page's head in app.css, in light; in dark see layout.html
PAPER = "#f5f4ef"
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
ROUND = ("icon-maskable-512.png", "512x512", "maskable")


def install(app: FastAPI) -> None:
    for path, answer in (("/sw.js", worker), ("/manifest.webmanifest", manifest), (ABSENT, absent)):
        app.add_route(path, answer, methods=["GET"])


async def worker(_: Request) -> Response:
    """Asked for again each time: a browser that kept an old worker would keep all that it serves."""
    return Response(worker_text(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def worker_text() -> str:
    rules, files = (FOLDER / "sw.js").read_text(encoding="utf-8"), json.dumps([*_files(), ABSENT])
    edition = hashlib.sha256((rules + files).encode()).hexdigest()[:12]
    return f'const EDITION = "{edition}";\nconst FILES = {files};\nconst ABSENT = "{ABSENT}";\n{rules}'


def _files() -> list[str]:
    found = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.suffix in USED)
    modules = [device(path.name) for path in found if path.parent.name == "device"]
    return [*(static(str(path)) for path in found if path.parent.name != "device" and path.name != "sw.js"), *modules]


async def manifest(_: Request) -> Response:
    icons = [
        {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for name, sizes, purpose in (*ICONS, ROUND)
    ]
    told = {
        "id": "/",
        "name": "Sporra",
        "short_name": "Sporra",
        "lang": "sv",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": SURFACE,
        "icons": icons,
    }
    headers = {"Cache-Control": "no-cache"}
    return JSONResponse(told, headers=headers, media_type="application/manifest+json")


async def absent(request: Request) -> Response:
    return page(request, "web/absent.html")
