"""The closing talk in front of a clinic: read from far away, printed, and with what was written without a net."""

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from tests.browser.axe import assert_accessible
from tests.browser.finds import arrived, catches, offline, saved
from tests.browser.hands import assert_fits
from tests.browser.tablets import Net, Tablet
from tests.factories import Drafted


def closing(page: Page, draft: Drafted) -> Page:
    page.goto(f"/inspektioner/{draft.id}/slutsamtal")
    page.wait_for_selector("[data-ready=closing]")
    return page


def test_grades_are_shown_when_chosen_and_never_the_next_time(alva: Page, draft: Drafted) -> None:
    catches(arrived(alva, draft), "Styrka", "Gott kollegium")
    saved(alva)
    page = closing(alva, draft)
    expect(page.get_by_role("heading", name="Gradering")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("radio", name="Med gradering").check()
    expect(page.get_by_role("heading", name="Gradering")).to_be_visible()
    begins = page.locator(".closing-grades .grade").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().x)"
    )
    assert len(set(begins)) == 1  # one below the other, also beside a long name
    assert_accessible(page)
    page.reload()
    expect(page.get_by_role("heading", name="Gradering")).to_be_hidden()
    expect(page.get_by_role("radio", name="Utan gradering")).to_be_checked()


def test_what_one_writes_without_a_net_is_shown(alva: Page, draft: Drafted, faults: list[str]) -> None:
    catches(arrived(alva, draft), "Styrka", "Gott kollegium")
    saved(alva)
    shown = closing(alva, draft)
    expect(shown.get_by_text("Gott kollegium")).to_be_visible()
    beside = arrived(alva.context.new_page(), draft)
    offline(alva, True, faults)
    catches(beside, "Svaghet", "Skrivplats saknas")
    expect(shown.get_by_role("region", name="Svagheter")).to_contain_text("Skrivplats saknas")
    faults.clear()


def test_it_is_held_from_the_tablet_when_the_net_is_gone(
    tablet: Tablet, net: Net, draft: Drafted, database: Database
) -> None:
    with tablet.opened() as page:
        with net.there():
            catches(arrived(tablet.enter(page, draft.a, database), draft), "Styrka", "Gott kollegium")
            saved(page)
            page.goto(f"/inspektioner/{draft.id}")
            page.get_by_role("button", name="Ta med offline").tap()
            expect(page.locator("#ta-med [data-part=told]")).to_contain_text("Finns på den här enheten")
        catches(arrived(page, draft), "Svaghet", "Skrivplats saknas")
        for shown in (closing(page, draft), page):
            expect(shown.get_by_role("region", name="Styrkor")).to_contain_text("Gott kollegium")
            expect(shown.get_by_role("region", name="Svagheter")).to_contain_text("Skrivplats saknas")
            shown.get_by_role("radio", name="Med gradering").check()
            expect(shown.get_by_role("heading", name="Gradering")).to_be_visible()
            shown.reload()
            shown.wait_for_selector("[data-ready=closing]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_a_zoomed_tablet_in_both_schemes(alva: Page, draft: Drafted, scheme: str) -> None:
    catches(arrived(alva, draft), "Förbättringspotential", "Regelbundna handledarträffar " * 8)
    saved(alva)
    alva.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = closing(alva, draft)
    for width in (320, 410, 820):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
    assert_accessible(page)


def test_on_paper_there_is_no_navigation_and_each_part_has_its_own_sheet(alva: Page, draft: Drafted) -> None:
    page = closing(alva, draft)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Tillbaka")).to_be_hidden()
    expect(page.get_by_role("button", name="Skriv ut")).to_be_hidden()
    breaks = page.locator(".closing section").evaluate_all("all => all.map(each => getComputedStyle(each).breakBefore)")
    assert breaks == ["auto", "page", "page", "page"]
