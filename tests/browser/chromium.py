"""Debian's Chromium, as long as somebody needs it.

Playwright, as it is used here, keeps an asyncio loop running in the thread that started it, between its calls too:
`asyncio.run` is refused there meanwhile. So the fixtures end it with their package's last test, and what comes after in
the same process notices nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.tools import chromium

OFFLINE_ANYWAY = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@contextmanager
def launched() -> Iterator[Browser]:
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OFFLINE_ANYWAY)
        yield browser
        browser.close()
