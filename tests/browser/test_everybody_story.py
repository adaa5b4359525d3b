"""Every page for everybody: by keyboard, on the narrowest window, enlarged, on paper, and when something is wrong."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import assert_fits, begun, look
from tests.factories import Drafted, a_person, drafted
from tests.inspections.test_signing import finished, sign

NARROW = {"viewport": {"width": 320, "height": 640}}
ENLARGED = {"viewport": {"width": 410, "height": 590}, "device_scale_factor": 2}  # a tablet at 200 %
DESKTOP_ENLARGED = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}

OFFICE = ("/platser", "/platser/specialiteter", "/platser/regioner/ny", "/personer", "/personer/ny", "/konto")
OFFICE_TOO = (
    "/inspektioner",
    "/inspektioner/ny",
    "/inspektioner/importera",
    "/protokoll",
    "/hjalp/word",
    "/konto/losenord",
)
WRITING = ("", "/omraden/E", "/iakttagelser", "/framsida", "/rapport", "/olika", "/slutsamtal")


@pytest.fixture
def draft(database: Database) -> Drafted:
    return finished(drafted(database))


@pytest.fixture
def administrator(database: Database) -> Viewer:
    with database.writing() as session:
        return a_person(session, "Kim Kansli", Held(Role.ADMINISTRATOR))


def visits(page: Page, paths: Sequence[str]) -> None:
    for path in paths:
        answer = page.goto(path)
        assert answer
        assert answer.ok, path
        assert_fits(page)
        for fold in page.locator("main summary, aside summary").all():  # also with everything unfolded
            if fold.is_visible():
                fold.click()
        assert_fits(page)


@pytest.mark.parametrize("window", [NARROW, ENLARGED, DESKTOP_ENLARGED], ids=["320", "tablet200", "desktop200"])
def test_nothing_sticks_out_sideways(
    open_page: OpenPage, enter: Enter, draft: Drafted, administrator: Viewer, window: dict[str, object]
) -> None:
    pages = [f"/inspektioner/{draft.id}{each}" for each in WRITING]
    visits(enter(open_page(**window), draft.a), pages)
    visits(enter(open_page(**window), administrator), OFFICE + OFFICE_TOO)
    for by in (draft.a, draft.b):
        sign(draft, by)
    visits(enter(open_page(**window), draft.a), [f"/inspektioner/{draft.id}/versioner/1"])


@pytest.mark.parametrize("window", [{}, NARROW], ids=["tablet", "320"])
def test_the_focus_is_seen_all_the_way_through_a_page(
    open_page: OpenPage, enter: Enter, draft: Drafted, window: dict[str, object]
) -> None:
    page = enter(open_page(**window), draft.a)
    page.goto(f"/inspektioner/{draft.id}/omraden/E")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    look(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.partition('#')[0]}#main")
    stops = 0
    while stops < 200:
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
        look(page)
        stops += 1
    assert stops > 40
    page.keyboard.press("Shift+Tab")
    for _ in range(stops // 2):
        page.keyboard.press("Shift+Tab")
        look(page)


def test_an_area_and_a_version_can_be_printed(page: Page, enter: Enter, draft: Drafted) -> None:
    enter(page, draft.a).goto(f"/inspektioner/{draft.id}/omraden/E")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Områden")).to_be_hidden()
    expect(page.locator(".dock")).to_be_hidden()
    expect(page.get_by_role("link", name="Tidigare versioner").first).to_be_hidden()
    expect(page.locator(".where")).to_be_visible()  # which inspection it is
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for by in (draft.a, draft.b):
        sign(draft, by)
    page.goto(f"/inspektioner/{draft.id}/versioner/1")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Graderingar")).to_be_visible()
    expect(page.locator("iframe")).to_be_hidden()  # a frame prints its first page alone


def test_what_is_wrong_is_told_on_a_page(page: Page, enter: Enter, draft: Drafted, faults: list[str]) -> None:
    enter(page, draft.a)
    address = f"/inspektioner/{draft.id}"
    for path, told in (("/finns-inte", "Vi hittar inte den sidan"), (f"{address}/faststall", "Det gick inte")):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(told)
        assert_accessible(page)
        assert_fits(page)

    page.goto(f"{address}/omraden/E")
    begun(page)
    text = page.get_by_role("textbox", name="Beskriv området")
    for long in ("ord " * 20_000, "a" * 1_000_000):
        text.fill(long)
        expect(page.get_by_text(re.compile(r"Texten har [\d ]+ tecken. Den får ha högst 20 000"))).to_be_visible()
        assert_accessible(page)
        page.reload()
        expect(page.get_by_text("Den finns kvar på den här enheten så länge.")).to_be_visible()
        assert text.input_value() == long
    text.fill("Kort.")
    expect(page.locator(".dock[data-state=saved]")).to_be_visible()

    page.context.set_offline(True)
    text.fill("För sent.")
    expect(page.locator("#sparat")).to_contain_text("1 ändring väntar på nät")
    for by in (draft.a, draft.b):
        sign(draft, by)
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Rapporten är fastställd", timeout=20_000)
    expect(text).to_have_value("För sent.")
    assert_accessible(page)
    page.get_by_role("link", name="Till rapporten").click()
    page.get_by_role("link", name="Läs den", exact=True).click()
    expect(page.get_by_text("För sent.")).to_be_visible()
    assert_accessible(page)
    faults.clear()  # the net was away
