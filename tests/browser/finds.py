"""The findings' page and the sheet in which one is caught, as those who write there use them."""

from playwright.sync_api import Locator, Page, expect

from app.inspections.reading import findings
from app.web.static_files import device
from tests.browser.hands import begun
from tests.factories import Drafted

ALL_SENT = 20_000  # ms: a round after the net has come back
_SENT = """async (url) => {
  const { device } = await (await import(url)).ready;
  while ((await device.waiting()).length) await new Promise((resolve) => setTimeout(resolve, 50));
}"""


def arrived(page: Page, draft: Drafted, more: str = "") -> Page:
    page.goto(f"/inspektioner/{draft.id}/iakttagelser{more}")
    begun(page)
    return page


def catches(page: Page, kind: str, text: str) -> None:
    """Three taps and a sentence."""
    page.locator("[data-capture]:visible").last.click()
    adds(page, kind, text)
    expect(row(page, text)).to_be_visible()


def adds(page: Page, kind: str, text: str) -> None:
    """The sheet closes when the finding is safe on the device, never before."""
    sheet = page.get_by_role("dialog", name="Ny iakttagelse")
    sheet.get_by_role("radio", name=kind).check()
    sheet.get_by_role("textbox", name="Vad såg eller hörde du?").fill(text)
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(sheet).to_be_hidden()
    expect(page.locator(".dock-told")).to_contain_text(f"{kind} tillagd")


def row(page: Page, text: str) -> Locator:
    return page.locator(".find").filter(has=page.locator(".find-text", has_text=text))


def texts(page: Page) -> Locator:
    return page.locator(".find-text:visible")


def said(page: Page, told: str) -> None:
    expect(page.locator("#sagt")).to_have_text(told)


def saved(page: Page) -> None:
    page.evaluate(_SENT, device("page.js"))
    expect(page.locator("#sparat")).to_contain_text("Allt är sparat", timeout=ALL_SENT)


def offline(page: Page, so: bool, faults: list[str]) -> None:
    page.context.set_offline(so)
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in faults), faults
    faults.clear()


def on_server(draft: Drafted) -> list[str]:
    """The findings that stand, as the report has them."""
    with draft.database.reading() as session:
        rows = findings(session, draft.id)
    return [row.text for kind in ("strength", "weakness", "improvement") for row in rows if row.kind == kind]
