"""Last of the stories: whether they have been everywhere."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import RouteContext, iter_route_contexts

from app.config import Settings
from app.main import create_app
from tests.browser.stories import Stories

HERE = Path(__file__).parent


def test_every_page_has_been_under_axe(request: pytest.FixtureRequest, stories: Stories, database_url: str) -> None:
    items = [item for item in request.session.items if item.path.parent == HERE]
    if {item.path for item in items} != set(HERE.glob("test_*.py")):
        pytest.skip("alla berättelser har inte körts")
    shown = stories.under_axe([item.nodeid for item in items if item is not request.node])
    left = unseen(create_app(Settings(database_url)), shown)
    assert not left, "\n".join(["Ingen berättelse har haft de här sidorna under axe:", *left])


def unseen(app: FastAPI, paths: set[str]) -> list[str]:
    """The pages of which there was none among the paths. A path belongs to the first route that takes it."""
    routes = [route for route in iter_route_contexts(app.routes) if "GET" in (route.methods or ())]
    taken = {next((route.path for route in routes if route.path_regex.match(path)), None) for path in paths}
    return [str(route.path) for route in routes if is_page(route) and route.path not in taken]


def is_page(route: RouteContext) -> bool:
    return getattr(route, "response_class", None) is HTMLResponse
