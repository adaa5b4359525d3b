"""Devices in Debian's Chromium: the shipped modules, with a net that the test holds in its hands.

lab      the page in which they run; its modules come from an application of their own
world    the server that they write to, on each of the databases
tablet   one person's, with an inspection of its own; `colleague` is the other inspector's
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.config import Settings
from app.main import create_app
from app.web.static_files import device
from tests.browser.chromium import launched
from tests.browser.serving import served
from tests.databases import Kind, SQLite
from tests.devices.tablet import Tablet
from tests.devices.world import Lab, World

SCRIPT = Path(__file__).parent / "lab.js"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def modules(sqlite: SQLite) -> Iterator[str]:
    """The address of an application that serves the modules, and that nothing is written to."""
    url = sqlite.migrated()
    with served(create_app(Settings(url))) as address:
        yield address
    sqlite.drop(url)


@pytest.fixture(scope="package")
def lab(browser: Browser, modules: str) -> Iterator[Lab]:
    page = browser.new_page()
    page.goto(f"{modules}/logga-in")
    page.evaluate(SCRIPT.read_text(), [device("outbox.js"), device("typing.js")])
    yield Lab(page)
    page.close()


@pytest.fixture(scope="session")
def world(kind: Kind) -> Iterator[World]:
    url = kind.migrated()
    with World(url) as world:
        yield world
    kind.drop(url)


@pytest.fixture
def tablet(world: World, lab: Lab) -> Iterator[Tablet]:
    draft = world.draft()
    tablet = Tablet(world, lab, draft, draft.a).open()
    yield tablet
    lab("storage", state="")
    lab.forget([tablet.name])


@pytest.fixture
def colleague(tablet: Tablet) -> Tablet:
    """Forgotten with the first one: one page runs both."""
    return replace(tablet, person=tablet.draft.b).open()
