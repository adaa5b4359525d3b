"""The web application, put together: the only file that knows every room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import health
from app.accounts import pages as sign_in_pages
from app.accounts.access import check_routes
from app.accounts.attempts import Attempts
from app.config import Settings
from app.db import Database
from app.inspections import api
from app.inspections.pages import area, draft, findings, history, protocol, report
from app.inspections.pages import list as list_page
from app.people import api as people_api
from app.people import own_pages
from app.people import pages as people_pages
from app.places import api as places_api
from app.places import pages as places_pages
from app.web.schemas import EVERYWHERE
from app.web.setup import install
from rubrics.library import Library

ROUTERS = (
    health.router,
    sign_in_pages.router,
    own_pages.router,
    people_pages.router,
    people_api.router,
    places_pages.router,
    places_api.router,
    list_page.router,
    draft.router,
    area.router,
    findings.router,
    history.router,
    report.router,
    protocol.router,
    api.router,
)
MAX_IMPORT = 1_500_000  # an inspection file of 1 MB, and what a form wraps around it


def create_app(settings: Settings) -> FastAPI:
    """The application on one database. Raises where a route does not say who may open it."""
    database = Database(settings.database_url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        database.close()

    app = FastAPI(title="Sporra", version="1", docs_url=None, redoc_url=None, lifespan=lifespan, responses=EVERYWHERE)
    app.state.settings, app.state.database = settings, database
    app.state.attempts = Attempts()
    app.state.library = Library(settings.rubric_folders)
    for router in ROUTERS:
        app.include_router(router)
    install(app, larger={"/inspektioner/importera": MAX_IMPORT, "/api/inspections/import": MAX_IMPORT})
    check_routes(app)
    return app
