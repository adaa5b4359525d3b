"""A browser that gives little and takes back what it gave: nothing that was typed goes with it."""

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from app.web import offline
from tests.browser.areas import line, narrative, opened, saved, stands, without_net
from tests.browser.hands import begun
from tests.factories import Drafted

TEXT = "Lokalerna är ljusa."
NO_STORAGE = """() => {
  const get = () => { throw new DOMException("denied", "SecurityError"); };
  Object.defineProperty(globalThis, "localStorage", { get });
}"""
SOON = """() => {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (work, wait, ...given) => setTimeout(work, wait < 10_000 ? wait : 0, ...given);
}"""


def runs_first(page: Page, script: str) -> None:
    page.add_init_script(f"({script})()")


def signs_out(page: Page) -> None:
    page.locator(".who summary").tap()
    page.get_by_role("button", name="Logga ut").tap()


def test_a_database_that_is_thrown_away_under_an_open_page(
    alva: Page, draft: Drafted, database: Database, faults: list[str]
) -> None:
    opened(alva, draft)
    alva.context.set_offline(True)
    narrative(alva).fill(TEXT)
    line(alva, "1 ändring väntar på nät")
    about = {"origin": alva.evaluate("() => location.origin"), "storageTypes": "indexeddb"}
    alva.context.new_cdp_session(alva).send("Storage.clearDataForOrigin", about)
    alva.get_by_role("button", name="Visa vad").tap()
    alva.get_by_role("button", name="Försök nu").tap()
    expect(alva.locator("#vantande")).to_contain_text("Det gick inte än.")
    line(alva, "1 ändring väntar på nät")
    alva.context.set_offline(False)
    saved(alva)
    with database.reading() as session:
        assert stands(session, draft) == TEXT
    without_net(faults)


def test_a_window_that_remembers_nothing_is_written_in_like_any_other(
    alva: Page, draft: Drafted, database: Database
) -> None:
    runs_first(alva, NO_STORAGE)
    opened(alva, draft)
    narrative(alva).fill(TEXT)
    saved(alva)
    alva.get_by_role("heading", level=1).tap()
    alva.keyboard.press("n")
    expect(alva.locator("#fanga")).to_be_visible()
    alva.keyboard.press("Escape")
    expect(alva.locator("#fanga")).to_be_hidden()
    alva.keyboard.press("?")
    alva.locator("#tangenter input[type=checkbox]").uncheck()
    with database.reading() as session:
        assert stands(session, draft) == TEXT


def test_whatever_answers_on_the_way_signs_nobody_out(alva: Page, draft: Drafted) -> None:
    alva.goto(f"/inspektioner/{draft.id}")
    begun(alva)
    alva.route("**/logga-ut", lambda route: route.fulfill(status=302, headers={"Location": "/halsa"}))
    signs_out(alva)
    expect(alva.get_by_role("dialog")).to_contain_text("Det går inte att logga ut utan nät")
    alva.unroute("**/logga-ut")
    alva.get_by_role("button", name="Stäng").tap()
    signs_out(alva)  # the menu had closed
    expect(alva.get_by_role("heading", name="Logga in")).to_be_visible()


def test_a_worker_that_does_not_answer_keeps_nobody_here(
    alva: Page, draft: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = offline.worker_text().replace("event.ports[0].postMessage(answer)", "answer")
    monkeypatch.setattr(offline, "worker_text", lambda: silent)
    runs_first(alva, SOON)
    alva.goto(f"/inspektioner/{draft.id}")
    alva.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    begun(alva)
    signs_out(alva)
    expect(alva.get_by_role("heading", name="Logga in")).to_be_visible()
