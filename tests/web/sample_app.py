"""A tiny application with one way into each kind of answer. Knows no feature, like the room it tests."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from jinja2 import FileSystemLoader, PrefixLoader
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.errors import Busy, NotAllowed, SignedOut
from app.web.render import page, templates
from app.web.setup import install

assert isinstance(templates.loader, PrefixLoader)
templates.loader.mapping = {**templates.loader.mapping, "sample": FileSystemLoader(Path(__file__).parent / "sample")}


@dataclass(frozen=True)
class Viewer:
    id: str = "anna"
    name: str = "Anna Exempel"
    initials: str = "AE"
    links: tuple[tuple[str, str], ...] = (("Mitt konto", "/delar"),)


PROBLEMS = [("datum", "Ange ett datum, till exempel 19 oktober 2026"), ("slag", "Välj ett slag")]


FAILURES: dict[str, Callable[[], Exception]] = {
    "upptagen": lambda: Busy("Vänta lite.", retry_after=3),
    "last": lambda: OperationalError("UPDATE", {}, Exception("database is locked")),
    "borta": lambda: OperationalError("SELECT", {}, Exception("connection refused")),
    "utloggad": SignedOut,
    "nekad": lambda: NotAllowed("Bara huvudinspektören fastställer."),
    "trasig": lambda: KeyError("19121212-1212"),
}


def sample_app() -> FastAPI:
    app = FastAPI()
    install(app, larger={"/stor": 3_000_000})

    @app.get("/delar")
    def parts(request: Request) -> HTMLResponse:
        request.state.viewer = Viewer()
        return page(request, "sample/every_part.html", problems=PROBLEMS)

    @app.post("/skicka")
    def send(text: Annotated[str, Form()] = "") -> PlainTextResponse:
        return PlainTextResponse(text[:20])

    @app.post("/stor")
    async def receive(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    @app.get("/fel/{kind}")
    @app.get("/api/fel/{kind}")
    def fail_reading(kind: str) -> None:
        raise FAILURES[kind]()

    @app.post("/fel/{kind}")
    @app.post("/trasig")
    def fail_writing(kind: str = "trasig", text: Annotated[str, Form()] = "") -> None:  # noqa: ARG001
        raise FAILURES[kind]()

    @app.get("/egen-policy")
    def own_policy() -> PlainTextResponse:
        return PlainTextResponse("x", headers={"Content-Security-Policy": "sandbox", "Cache-Control": "max-age=5"})

    @app.get("/nummer/{number}")
    @app.get("/api/nummer/{number}")
    def numbered(number: int, page_size: int = 5) -> PlainTextResponse:
        return PlainTextResponse(str(number + page_size))

    return app


def client(**options: Any) -> TestClient:
    return TestClient(sample_app(), follow_redirects=False, **options)
