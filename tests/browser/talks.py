"""The programme and the notes of its talks, as those who are at them use them."""

from playwright.sync_api import Locator, Page

from tests.browser.hands import begun
from tests.factories import Drafted


def at(page: Page, draft: Drafted, where: str) -> Page:
    page.goto(f"/inspektioner/{draft.id}/{where}")
    begun(page)
    return page


def talk(page: Page, told: str) -> Locator:
    return page.locator(".talk").filter(has=page.get_by_role("heading", name=told))


def last(page: Page) -> Locator:
    """The one that is being made."""
    return page.locator(".talk:has(details[open])").last


def to_finding(page: Page, about: str) -> Locator:
    """Of one's own note."""
    return page.locator(f"[data-about='{about}'] > .since-row > [data-part=finding]").get_by_role(
        "link", name="Gör till iakttagelse"
    )
