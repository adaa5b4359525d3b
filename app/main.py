"""The web application, put together: the only file that knows every room."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.routing import BaseRoute

from app import health
from app.accounts import code_pages, confirm_pages, passkey_pages, providers, recovery, via_pages
from app.accounts import pages as sign_in_pages
from app.accounts.access import check_routes
from app.accounts.attempts import Attempts
from app.accounts.described import describe
from app.accounts.pending import CHALLENGE_LASTS, HALF_LASTS, Challenge, Half, Pending
from app.accounts.sessions import Limits
from app.comparison import pages as comparison_pages
from app.config import Settings
from app.db import Database
from app.events import pages as events_pages
from app.events.reads import Witness
from app.following import what_became, when_signed, when_withheld
from app.inspections import api
from app.inspections.pages import (
    agreeing,
    area,
    closing,
    declare,
    draft,
    findings,
    history,
    notes,
    papers,
    program,
    protocol,
    regrade,
    report,
    used,
    withhold,
)
from app.inspections.pages import list as list_page
from app.inspections.presence import Presence
from app.jobs import Loop
from app.locked import Locker
from app.mail.post import post
from app.papers.storage import Folder
from app.people import api as people_api
from app.people import inviting_pages as people_inviting
from app.people import list_pages as people_list
from app.people import own_pages, tie_pages, token_pages, upkeep_pages
from app.people import pages as people_pages
from app.places import api as places_api
from app.places import list_pages as places_list
from app.places import pages as places_pages
from app.places import unit_pages as places_units
from app.plans import api as plans_api
from app.plans.pages import answer as plan_answer
from app.plans.pages import area as plan_area
from app.plans.pages import follow as plan_follow
from app.plans.pages import history as plan_history
from app.plans.pages import list as plan_list
from app.plans.pages import measures as plan_measures
from app.plans.pages import overview as plan_overview
from app.plans.pages import regrade as plan_regrade
from app.plans.pages import start as clinic_start
from app.plans.pages import submit as plan_submit
from app.plans.pages import versions as plan_versions
from app.plans.under_way import under_way
from app.privacy import pages as privacy_pages
from app.recurring import recurring
from app.web.schemas import EVERYWHERE
from app.web.sent import note_whose
from app.web.setup import install
from rubrics.library import Library

ROUTERS = (
    api.router,  # first, since saving is asked for most: routes are tried in their order
    health.router,
    sign_in_pages.router,
    confirm_pages.router,
    passkey_pages.router,
    code_pages.router,
    recovery.router,
    via_pages.router,
    own_pages.router,
    people_list.router,
    people_inviting.router,
    token_pages.router,
    people_pages.router,
    tie_pages.router,
    people_api.router,
    upkeep_pages.router,
    places_list.router,
    places_pages.router,
    places_units.router,
    places_api.router,
    list_page.router,
    draft.router,
    declare.router,
    area.router,
    findings.router,
    closing.router,
    used.router,
    papers.router,
    program.router,
    notes.router,
    agreeing.router,
    history.router,
    report.router,
    withhold.router,
    regrade.router,
    protocol.router,
    clinic_start.router,
    plan_overview.router,
    plan_area.router,
    plan_measures.router,
    plan_submit.router,
    plan_list.router,
    plan_answer.router,
    plan_regrade.router,
    plan_versions.router,
    plan_history.router,
    plan_follow.router,
    plans_api.router,
    comparison_pages.router,
    events_pages.router,
    privacy_pages.router,
)
MAX_IMPORT = 1_500_000  # an inspection file of 1 MB, and what a form wraps around it
MAX_BATCH = 5_000_000  # a day's writing sent at once; a text of a million characters is refused by itself
STOPS_WITHIN = 3.0  # seconds: what is being done beside the requests is done again, where it was not finished
MAX_LIST = 2_500_000  # a list of 2 MB, and what a form wraps around it
MAX_FILE = 15_500_000  # an attachment of 15 MB, and what a form wraps around it


@cache
def _routes() -> Sequence[BaseRoute]:
    """Every address, and what is asked of whoever comes there: the same in every application, and the third of a second
    that they take is taken once. Raises where a route does not say who may open it."""
    made = APIRouter(responses=EVERYWHERE, dependencies=[Depends(note_whose)])
    for router in ROUTERS:
        made.include_router(router)
    check_routes(made.routes)
    return made.routes


def create_app(settings: Settings, *, working: bool = False) -> FastAPI:
    """The application on one database; `working`: it also does what is done again and again beside the requests. Raises
    DataError where what it is told of regions' sign-ins cannot be used."""
    connected = _connections(settings)
    database, works = Database(settings.database_url), recurring(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loop = Loop(database, works)
        if working:
            loop.start()
        yield
        if working:
            loop.stop(STOPS_WITHIN)
        database.close()

    about: dict[str, Any] = {"title": "Sporra", "version": "1", "docs_url": None, "redoc_url": None}
    app = FastAPI(**about, routes=list(_routes()), lifespan=lifespan)
    app.state.settings, app.state.database = settings, database
    app.state.attempts = Attempts()
    app.state.limits, app.state.locker = Limits.of(settings), Locker(settings.secrets)
    app.state.challenges, app.state.halves = Pending[Challenge](CHALLENGE_LASTS), Pending[Half](HALF_LASTS)
    app.state.connections = connected
    app.state.library = Library(settings.rubric_folders)
    app.state.presence = Presence()
    app.state.storage = Folder(settings.files_folder)
    app.state.post, app.state.works = post(settings), works
    app.state.when_signed = when_signed(settings)
    app.state.when_withheld = when_withheld
    app.state.what_became = what_became
    app.state.under_way = under_way
    larger = {"/inspektioner/importera": MAX_IMPORT, "/api/inspections/": MAX_BATCH}
    larger |= {"/platser/lista": MAX_LIST, "/personer/lista": MAX_LIST}
    files = {"/inspektioner/*/underlag": MAX_FILE, "/api/inspections/*/attachments/": MAX_FILE}
    install(app, larger=larger | files)
    app.add_middleware(Witness, database=database)
    describe(app)
    return app


def _connections(settings: Settings) -> dict[str, Any]:
    if not settings.oidc:
        return {}
    from app.accounts.oidc import Connection  # a quarter of a second to load, for the few that have such sign-ins

    return {each.id: Connection(each) for each in providers.read(settings.oidc, os.environ, settings.public)}
