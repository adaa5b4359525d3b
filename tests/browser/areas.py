"""An area of an inspection as those who write there use it, and see that what they wrote is safe."""

from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session

from app.writing.said import heads
from tests.browser.hands import begun
from tests.factories import Drafted

NARRATIVE = "area/C/narrative"
SAFE_SOON = 20_000  # ms: a device tries again every five seconds


def opened(page: Page, draft: Drafted, area: str = "C") -> Page:
    page.goto(f"/inspektioner/{draft.id}/omraden/{area}")
    begun(page)
    return page


def narrative(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Beskriv området")


def line(page: Page, told: str) -> None:
    expect(page.locator("#sparat")).to_contain_text(told, timeout=SAFE_SOON)


def saved(page: Page) -> None:
    expect(page.locator(".dock[data-state=saved]")).to_be_visible(timeout=SAFE_SOON)
    line(page, "Allt är sparat")


def choose(page: Page, id: str) -> None:
    """By its label, as a finger does: what lies behind the dock is brought out first."""
    page.locator(f"label:has([id='{id}'])").tap()
    expect(page.locator(f"[id='{id}']")).to_be_checked()


def leave(page: Page) -> None:
    page.get_by_role("heading", level=1).tap()


def stands(session: Session, draft: Drafted, field: str = NARRATIVE) -> object:
    return heads(session, draft.id)[field].value


def without_net(faults: list[str]) -> None:
    """The only thing that a browser may have complained of."""
    assert all("ERR_INTERNET_DISCONNECTED" in fault or "ERR_FAILED" in fault for fault in faults), faults
    faults.clear()
