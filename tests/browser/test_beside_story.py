"""The report beside the text on a wide window: as it will be read, where one writes, and only when it is wanted."""

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Response, expect

from tests.browser.areas import narrative, opened, saved, without_net
from tests.browser.axe import assert_accessible
from tests.browser.conftest import DESKTOP, Enter, OpenPage
from tests.browser.hands import assert_fits, begun
from tests.factories import Drafted

LONG = "\n\n".join(f"Stycke {n}. " + "Lokalerna är ljusa och ligger nära varandra. " * 6 for n in range(1, 9))


@pytest.fixture
def asked() -> list[int]:
    """The size of each report that has come, as it came over the net."""
    return []


@pytest.fixture
def wide(open_page: OpenPage, enter: Enter, draft: Drafted, asked: list[int]) -> Page:
    page = enter(open_page(**DESKTOP), draft.a)
    page.on("response", lambda answer: _note(answer, asked))
    return page


def _note(answer: Response, asked: list[int]) -> None:
    if answer.url.endswith("/rapport/bredvid"):
        asked.append(int(answer.headers.get("content-length", 0)))


def opener(page: Page) -> Locator:
    return page.get_by_role("button", name="Rapporten bredvid")


def report(page: Page) -> FrameLocator:
    return page.frame_locator("#bredvid iframe")


def told(page: Page, text: str) -> None:
    expect(page.locator("#bredvid [data-part=told]")).to_have_text(re.compile(text), timeout=20_000)


def test_what_is_written_is_read_beside_it(wide: Page, draft: Drafted, asked: list[int], faults: list[str]) -> None:
    page = opened(wide, draft)
    assert asked == []  # nobody has wished for it
    opener(page).click()
    heading = report(page).get_by_role("heading", name="C Lokaler och utrustning", level=3)
    expect(heading).to_be_in_viewport()
    told(page, "Som den läses nu")
    assert_accessible(page)
    for width in (1200, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)

    narrative(page).fill(LONG)
    saved(page)
    last = report(page).get_by_text("Stycke 8.")
    expect(last).to_be_in_viewport()  # where the caret is
    page.locator("#C-F1-met").check(force=True)
    expect(report(page).locator(".group li").filter(has_text=first_criterion(page)).first).to_be_in_viewport()
    saved(page)
    page.locator("#beslut-A").check(force=True)
    choice = report(page).locator("h3:has-text('Lokaler och utrustning') ~ .choice").first
    expect(choice).to_be_in_viewport()
    expect(choice.locator(".ticked")).to_have_count(1)
    assert len(asked) == 3  # it was opened, the text, and the decision: an answer is in no report

    # Whoever reads on elsewhere is left there, to the pixel, whatever grows above it.
    far = report(page).get_by_role("heading", level=3).last
    far.evaluate("part => scrollTo(0, part.offsetTop - 100)")
    before = far.evaluate("part => part.getBoundingClientRect().top")
    narrative(page).evaluate("part => part.setSelectionRange(0, 0)")
    other = page.context.new_page()
    opened(other, draft, "A")
    narrative(other).fill(LONG)
    saved(other)
    other.close()
    expect(report(page).get_by_text("Stycke 8.")).to_have_count(2, timeout=20_000)
    assert far.evaluate("part => part.getBoundingClientRect().top") == pytest.approx(before, abs=1)
    assert len(asked) == 4

    page.context.set_offline(True)
    page.locator(".crit").nth(1).get_by_role("radio").first.check(force=True)
    told(page, r"Utan nät: som den var kl\. \d+\.\d\d\.")
    expect(report(page).get_by_text("Stycke 8.").first).to_be_attached()
    page.context.set_offline(False)
    saved(page)
    told(page, "Som den läses nu")
    without_net(faults)


def test_it_is_remembered_closed_and_never_asked_for_where_it_has_no_room(
    wide: Page, draft: Drafted, asked: list[int]
) -> None:
    page = opened(wide, draft)
    opener(page).click()
    told(page, "Som den läses nu")
    page.set_viewport_size({"width": 1180, "height": 820})
    opened(page, draft, "E")
    expect(opener(page)).to_be_hidden()
    expect(page.locator("#bredvid")).to_be_hidden()
    assert len(asked) == 1
    page.set_viewport_size({"width": 1200, "height": 820})  # the tablet is turned
    told(page, "Som den läses nu")
    assert len(asked) == 2
    page.locator("#bredvid").get_by_role("button", name="Stäng").click()
    expect(opener(page)).to_be_focused()
    narrative(page).fill("Ingen läser bredvid.")
    saved(page)
    page.reload()
    begun(page)
    expect(page.locator("#bredvid")).to_be_hidden()
    assert len(asked) == 2


def first_criterion(page: Page) -> str:
    return page.locator("#C-F1 .crit-q span").last.inner_text()
