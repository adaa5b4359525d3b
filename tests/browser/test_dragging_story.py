"""A finding is dragged by its grip to another place or another list, with a mouse and with a finger."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import DESKTOP, PHONE, Enter, OpenPage
from tests.browser.finds import arrived, catches, on_server, row, said, saved, texts
from tests.browser.hands import assert_fits
from tests.factories import Drafted


def test_a_row_is_dragged_within_its_list_and_to_another(open_page: OpenPage, enter: Enter, draft: Drafted) -> None:
    page = arrived(enter(open_page(viewport=DESKTOP["viewport"]), draft.a), draft)
    for kind, text in (("Styrka", "Ett"), ("Styrka", "Två"), ("Styrka", "Tre"), ("Svaghet", "Fyra")):
        catches(page, kind, text)
    drags(page, "Tre", row(page, "Ett"), -5)
    said(page, "Flyttad till plats 1 av 3.")
    expect(texts(page)).to_have_text(["Tre", "Ett", "Två", "Fyra"])
    drags(page, "Ett", row(page, "Fyra"), 110)
    said(page, "Flyttad till plats 2 av 2 bland svagheterna.")
    expect(texts(page)).to_have_text(["Tre", "Två", "Fyra", "Ett"])
    saved(page)
    assert on_server(draft) == ["Tre", "Två", "Fyra", "Ett"]


def drags(page: Page, text: str, to: Locator, below: float) -> None:
    """To `below` px under the top of another row."""
    grip, target = row(page, text).locator(".find-grip").bounding_box(), to.bounding_box()
    assert grip
    assert target
    page.mouse.move(grip["x"] + 10, grip["y"] + 20)
    page.mouse.down()
    for share in (0.3, 0.7, 1):
        x, y = target["x"] + 15, target["y"] + below
        page.mouse.move(grip["x"] + share * (x - grip["x"]), grip["y"] + share * (y - grip["y"]))
    page.mouse.up()


def test_a_finger_drags_on_a_phone_and_the_page_stays_still(open_page: OpenPage, enter: Enter, draft: Drafted) -> None:
    page = arrived(enter(open_page(**PHONE), draft.a), draft)
    for text in ("Ett", "Två", "Tre"):
        catches(page, "Styrka", text)
    page.evaluate("() => scrollTo(0, 350)")
    grip, target = row(page, "Tre").locator(".find-grip").bounding_box(), row(page, "Ett").bounding_box()
    assert grip
    assert target
    finger = page.context.new_cdp_session(page)
    x, y = grip["x"] + 10, grip["y"] + 20

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", (x, y))
    for share in (0.2, 0.6, 1):
        touch("touchMove", (x, y + share * (target["y"] - 5 - y)))
    touch("touchEnd")
    said(page, "Flyttad till plats 1 av 3.")
    expect(texts(page)).to_have_text(["Tre", "Ett", "Två"])
    assert page.evaluate("() => scrollY") == 350
    assert_fits(page)
    assert_accessible(page)
