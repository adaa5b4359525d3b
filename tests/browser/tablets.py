"""A tablet that keeps what its browser was given, over restarts; and a net that comes and goes.

The net goes by the server going: nothing tells the browser so, as in life.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from app.accounts import sessions
from app.accounts.viewer import Viewer
from app.config import Settings
from app.db import Database
from app.main import create_app
from tests.browser.serving import served
from tests.serving import free_port

UNTIL = 24 * 60 * 60  # seconds that a sign-in's cookie lasts, so that it is there after a restart


class Net:
    def __init__(self, database_url: str) -> None:
        self.database_url, self.port = database_url, free_port()
        self.address = f"http://localhost:{self.port}"

    @contextmanager
    def there(self) -> Iterator[None]:
        with served(create_app(Settings(self.database_url)), self.port):
            yield


class Tablet:
    """One browser's own folder. `opened` is the time from opening the browser to closing it."""

    def __init__(self, browser: Browser, folder: Path, net: Net, options: dict[str, Any]) -> None:
        self.browser, self.folder, self.net, self.options = browser, folder, net, options
        self.faults: list[str] = []

    @contextmanager
    def opened(self, **more: Any) -> Iterator[Page]:
        options = {"base_url": self.net.address, **self.options, **more}
        context = self.browser.browser_type.launch_persistent_context(self.folder, **options)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)
        try:
            yield context.pages[0]
        finally:
            context.close()

    def enter(self, page: Page, viewer: Viewer, database: Database) -> Page:
        """Somebody signs in on this tablet, instead of whoever was."""
        with database.writing() as session:
            token = sessions.start(session, viewer.id)
        cookie: Any = {"name": "sporra", "value": token, "url": self.net.address, "expires": time.time() + UNTIL}
        page.context.add_cookies([cookie])
        return page


NewTablet = Callable[[], Tablet]


def kept_there(context: BrowserContext) -> dict[str, int]:
    """The names of a browser's caches, and how many answers each holds."""
    found: dict[str, int] = context.pages[0].evaluate(
        """async () => {
          const names = await caches.keys();
          const counted = names.map(async (name) => [name, (await (await caches.open(name)).keys()).length]);
          return Object.fromEntries(await Promise.all(counted));
        }"""
    )
    return found
