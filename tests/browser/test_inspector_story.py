"""An inspector fills an area from empty to owed-nothing by keyboard alone, and sees it change as she goes."""

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter
from tests.browser.hands import look, place, tab_to
from tests.factories import RUBRIC, Drafted, drafted

AREA = RUBRIC.rubric.area("C")


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


def test_an_inspector_fills_an_area_by_keyboard(page: Page, draft: Drafted, enter: Enter) -> None:
    enter(page, draft.a).goto(f"/inspektioner/{draft.id}")
    assert_accessible(page)
    tab_to(page, page.get_by_role("link", name="C Lokaler och utrustning"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C Lokaler och utrustning")
    page.evaluate("() => { window.same = true }")
    tells = page.locator("#kvar")  # the list beside the area; on a tablet it stands last
    expect(page.locator("#nu")).to_contain_text("som bäst A, som sämst D")

    writes_the_narrative(page)
    answers_everything(page)
    comments(page)
    decides_otherwise(page)

    expect(page.locator("#sparat")).to_contain_text("Allt är sparat")
    expect(tells).to_contain_text("Inget kvar i det här området.")
    assert page.evaluate("() => window.same"), "sidan laddades om"
    assert_accessible(page)
    page.reload()
    everything_is_there(page)


def writes_the_narrative(page: Page) -> None:
    tab_to(page, page.get_by_role("textbox", name="Beskriv området"))
    page.keyboard.type("Lokalerna är ljusa.\n\nJourrummet delas av två.")
    expect(page.locator("#sparat")).to_contain_text("Inte sparat än")
    page.keyboard.press("Shift+Tab")  # back to a line that the save draws anew
    expect(page.locator("#sparat")).to_contain_text("Allt är sparat")
    expect(page.get_by_role("link", name="Till graderingen")).to_be_focused()


def answers_everything(page: Page) -> None:
    """The first with the space bar, the next by going on with an arrow."""
    assert AREA
    first, second, third = (criterion.id for criterion in AREA.criteria)
    tab_to(page, page.locator(f"#{first}-met"))
    expect(page.locator("#sparat")).to_contain_text("Allt är sparat")
    stood = place(page.locator(f"#{first}-met"))
    page.keyboard.press("Space")
    expect(page.locator("#nu")).to_contain_text("1 av 3 svar")
    stays(page, f"{first}-met", stood)

    tab_to(page, page.locator(f"#{second}-met"))
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"#{second}-partly")).to_be_checked()
    expect(page.locator("#nu")).to_contain_text("2 av 3 svar")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"#{second}-met")).to_be_checked()

    tab_to(page, page.locator(f"#{third}-met"))
    page.keyboard.press("Space")
    expect(page.locator("#nu")).to_contain_text("förslag A")
    expect(page.locator("#forslag")).not_to_contain_text("Som sämst")
    expect(page.get_by_role("navigation", name="Områden")).to_contain_text("3 av 3 svar")


def stays(page: Page, id: str, stood: tuple[float, float]) -> None:
    """After a save: the focus where it was, and the part where it was on the screen."""
    expect(page.locator("#sparat")).to_contain_text("Allt är sparat")
    expect(page.locator(f"#{id}")).to_be_focused()
    look(page)
    assert place(page.locator(f"#{id}")) == stood


def comments(page: Page) -> None:
    assert AREA
    last = AREA.criteria[-1].id
    tab_to(page, page.locator(f"#{last} summary").first)
    page.keyboard.press("Enter")
    tab_to(page, page.locator(f"#k-{last}"))
    page.keyboard.type("Visad av studierektorn.")


def decides_otherwise(page: Page) -> None:
    """Another grade than the suggested one asks for a reason, at once."""
    tab_to(page, page.locator("#beslut-A"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#beslut-B")).to_be_checked()
    asked = page.get_by_text("Skriv varför ni valt B när förslaget är A")
    expect(asked).to_be_visible()
    expect(page.locator("#beslut-B")).to_be_focused()
    tab_to(page, page.get_by_role("textbox", name="Varför, om beslutet"))
    page.keyboard.type("Jourrummet räcker inte till.")
    page.keyboard.press("Tab")
    expect(asked).to_have_count(0)


def everything_is_there(page: Page) -> None:
    assert AREA
    expect(page.get_by_role("textbox", name="Beskriv området")).to_have_value(
        "Lokalerna är ljusa.\n\nJourrummet delas av två."
    )
    for criterion in AREA.criteria:
        expect(page.locator(f"#{criterion.id}-met")).to_be_checked()
    expect(page.locator(f"#k-{AREA.criteria[-1].id}")).to_have_value("Visad av studierektorn.")
    expect(page.locator("#beslut-B")).to_be_checked()
    expect(page.get_by_role("textbox", name="Varför, om beslutet")).to_have_value("Jourrummet räcker inte till.")


def test_an_inspector_writes_and_orders_findings_by_keyboard(page: Page, draft: Drafted, enter: Enter) -> None:
    enter(page, draft.a).goto(f"/inspektioner/{draft.id}/iakttagelser?omrade=C")
    assert_accessible(page)
    adds(page, "ArrowLeft", "Förbättringspotential", "Gör om ett rum till jourrum")
    adds(page, "Space", "Styrka", "Ljusa lokaler")
    adds(page, "ArrowRight", "Svaghet", "Jourrummet delas av två")
    adds(page, "ArrowRight", "Svaghet", "Skrivplats saknas")
    expect(page.get_by_role("link", name="Iakttagelser 4")).to_be_visible()

    up = page.get_by_role("button", name="Flytta upp: Skrivplats saknas")
    tab_to(page, up)
    page.keyboard.press("Enter")
    weaknesses = (
        page.get_by_role("region", name="Svagheter").get_by_role("listitem").filter(has=page.locator(".find-text"))
    )
    expect(weaknesses.first).to_contain_text("Skrivplats saknas")
    expect(up).to_be_focused()  # it can be pressed again at once
    expect(up).to_have_accessible_description("Flyttad till plats 1 av 2")

    tab_to(page, page.get_by_role("link", name="Ändra: Jourrummet delas av två"))
    page.keyboard.press("Enter")
    text = page.get_by_role("textbox", name="Vad ni såg eller hörde")
    expect(text).to_be_visible()
    tab_to(page, text)
    assert_accessible(page)
    page.keyboard.press("End")
    page.keyboard.type(" jourer")
    tab_to(page, page.get_by_role("button", name="Spara").filter(visible=True).last)
    page.keyboard.press("Enter")
    expect(weaknesses.last).to_contain_text("Jourrummet delas av två jourer")
    page.reload()
    expect(page.locator(".find-text")).to_have_text(
        ["Ljusa lokaler", "Skrivplats saknas", "Jourrummet delas av två jourer", "Gör om ett rum till jourrum"]
    )


def adds(page: Page, key: str, kind: str, text: str) -> None:
    """The key chooses the kind: Space the first, arrows the next or, round the corner, the last."""
    tab_to(page, page.get_by_role("radio", name="Styrka"))
    page.keyboard.press(key)
    expect(page.get_by_role("radio", name=kind)).to_be_checked()
    tab_to(page, page.get_by_role("textbox", name="Vad såg eller hörde du?"))
    page.keyboard.type(text)
    tab_to(page, page.get_by_role("button", name="Lägg till och skriv en till"))
    page.keyboard.press("Enter")
    expect(page.locator(".find-text").filter(has_text=text)).to_be_visible()
