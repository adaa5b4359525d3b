"""From a template and its facts to an answer. The one place that knows Jinja.

A template is named by its room: `places/tree.html` is `app/places/templates/tree.html`. Names that a template uses
and nobody gave are errors, and everything is escaped: text that people wrote is never markup. Every form that changes
something says whom it was drawn for (`app.web.sent.WHOSE`), without its template having to think of it.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.ext import Extension
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.web.sent import WHOSE
from app.web.static_files import device, static
from app.web.swedish import FILTERS

ROOMS = {folder.parent.name: folder for folder in sorted(Path(__file__).parents[1].glob("*/templates"))}
POSTS = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')


class SayWhose(Extension):
    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        whose = f'<input type="hidden" name="{WHOSE}" value="{{{{ viewer.id }}}}">'
        return POSTS.sub(lambda form: f"{form[0]}{{% if viewer %}}{whose}{{% endif %}}", source)


@cache  # a page has a hundred of them, of a dozen sorts
def icon(name: str, kind: str = "") -> Any:
    """A picture of the sprite, as markup."""
    return templates.get_template("web/icon.html").module.icon(name, kind)  # type: ignore[attr-defined]


def _environment() -> Environment:
    made = Environment(
        loader=PrefixLoader({name: FileSystemLoader(folder) for name, folder in ROOMS.items()}),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[SayWhose],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals |= {"static": static, "device": device, "icon": icon}
    return made


templates = _environment()


def draw(request: Request, template: str, **context: Any) -> str:
    """The text of a template. `viewer` is whoever looks (see accounts), or None."""
    viewer = getattr(request.state, "viewer", None)
    return templates.get_template(template).render({"request": request, "viewer": viewer, **context})


def page(
    request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """The answer that a template makes; a whole page extends `web/layout.html`.

    It says whose it is, for the worker that keeps pages on a device (`static/sw.js`).
    """
    viewer = getattr(request.state, "viewer", None)
    whose = {"Sporra-Person": viewer.id} if viewer else {}
    return HTMLResponse(draw(request, template, **context), status, {**whose, **(headers or {})})


# A piece that htmx swaps in is drawn just so, from the template that the page itself includes. Two names, because a
# route should say which of the two it answers with.
part = page


def wants_part(request: Request) -> bool:
    """htmx asks for a piece, unless it replaces the whole body (a boosted link or a restored page)."""
    asked_by_htmx = request.headers.get("hx-request") == "true"
    return asked_by_htmx and request.headers.get("hx-request-type", "partial") == "partial"
