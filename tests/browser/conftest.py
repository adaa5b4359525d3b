"""A person at a device, in Debian's Chromium, against the application on a real port.

    page, phone, desktop    one person each, signed out; `page` is a tablet held upright
    open_page(**options)    one more: every call is a browser of its own, so two of them are two people
    server                  the application's address, on `database`; it sends mail in a story that takes `mailing`
    enter(page, viewer)     lets somebody in, past the page where one signs in
    draft, alva, nils       an empty inspection, and its two inspectors, signed in at a tablet each
    net, new_tablet         for a tablet that is restarted, on a net that goes away (tablets.py); `tablet` is one
    faults                  what the browser complained of; anything in it at the end fails the story
    stories                 which stories have been told in this run, and what they showed to axe

Written on playwright alone: pytest-playwright makes every run of pytest import it, and brings a hundred options
that we do not use. These stories run on SQLite: what differs between the databases is tested below the browser.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

from app.accounts import sessions
from app.accounts.viewer import Viewer
from app.config import Settings
from app.db import Database
from app.main import create_app
from tests.browser.chromium import OFFLINE_ANYWAY, launched
from tests.browser.serving import served
from tests.browser.stories import Stories
from tests.browser.tablets import Net, NewTablet, Tablet
from tests.databases import SQLite
from tests.factories import Drafted, drafted
from tests.serving import SECRET
from tests.tools import chromium

TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "has_touch": False}
ZOOMED: ViewportSize = {"width": 640, "height": 512}  # a desk's screen of 1280 × 1024 at 200 %
SWEDEN: dict[str, Any] = {"locale": "sv-SE", "timezone_id": "Europe/Stockholm", "reduced_motion": "reduce"}

OpenPage = Callable[..., Page]
Enter = Callable[[Page, Viewer], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def stories(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stories:
    folder = tmp_path_factory.getbasetemp()
    return Stories(folder if worker_id == "master" else folder.parent)


@pytest.fixture(autouse=True)
def _noted(request: pytest.FixtureRequest, stories: Stories) -> Iterator[None]:
    yield
    stories.note(request.node.nodeid)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def kind(sqlite: SQLite) -> SQLite:
    return sqlite


@pytest.fixture
def server(request: pytest.FixtureRequest, database_url: str) -> Iterator[str]:
    mail = request.getfixturevalue("mailing").settings if "mailing" in request.fixturenames else {}
    with served(create_app(Settings(database_url, secrets=(SECRET,), **mail))) as address:
        yield address


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """A story in which one is meant to happen (the net goes away, say) looks at it and clears the list."""
    faults: list[str] = []
    yield faults
    assert faults == []


@pytest.fixture
def open_page(browser: Browser, server: str, faults: list[str]) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": server, **SWEDEN, **TABLET, **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        _listen(context, faults)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(**PHONE)


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    return open_page(**DESKTOP)


@pytest.fixture
def enter(database: Database, server: str) -> Enter:
    def enter(page: Page, viewer: Viewer) -> Page:
        with database.writing() as session:
            token = sessions.start(session, viewer.id)
        page.context.add_cookies([{"name": "sporra", "value": token, "url": server}])
        return page

    return enter


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


@pytest.fixture
def alva(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(), draft.a)


@pytest.fixture
def nils(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(), draft.b)


@pytest.fixture
def net(database_url: str) -> Net:
    return Net(database_url)


@pytest.fixture
def new_tablet(browser: Browser, tmp_path: Path, net: Net) -> Iterator[NewTablet]:
    tablets: list[Tablet] = []

    def new_tablet() -> Tablet:
        options = {"executable_path": chromium(), "args": OFFLINE_ANYWAY, **SWEDEN, **TABLET}
        tablets.append(Tablet(browser, tmp_path / f"tablet-{len(tablets)}", net, options))
        return tablets[-1]

    yield new_tablet
    assert [tablet.faults for tablet in tablets] == [[] for _ in tablets]


@pytest.fixture
def tablet(new_tablet: NewTablet) -> Tablet:
    return new_tablet()


def _listen(context: BrowserContext, faults: list[str]) -> None:
    """A broken policy (CSP) is an error in the console."""

    def console(message: ConsoleMessage) -> None:
        # Chromium writes every 4xx there too, also a form's own 422: `answered` knows which of them are wrong.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"{message.page and message.page.url}: {message.text}")

    def answered(response: Response) -> None:
        told_on_screen = response.request.resource_type in ("document", "fetch", "xhr")
        if response.status >= 500 or (response.status >= 400 and not told_on_screen):
            faults.append(f"{response.status} {response.request.method} {response.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the browser gave up by itself: a download, or a page that was left
            faults.append(f"{request.failure} {request.url}")

    context.on("console", console)
    context.on("weberror", lambda error: faults.append(f"{error.page and error.page.url}: {error.error}"))
    context.on("response", answered)
    context.on("requestfailed", failed)
