"""A region goes from "which clinics lack individual training programmes" to the report behind; and sees it on a tablet and
on a phone, in light, in dark and on paper."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.demo.country import Size, fill
from app.places.models import Region
from rubrics.library import Library
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter
from tests.browser.hands import assert_fits, tab_to
from tests.comparison.recomputed import reports
from tests.factories import a_person


@pytest.fixture
def region(database: Database) -> Viewer:
    """Of the first region of the invented country."""
    fill(database, Library(), size=Size(60, 200, 2), seed=4, today=date(2026, 11, 22))
    with database.writing() as session:
        first = session.exec(select(Region.id).order_by(col(Region.name)).limit(1)).one()
        return a_person(session, "Ronja Region", Held(Role.REGION_OFFICE, region=first))


def test_which_clinics_lack_individual_programmes(
    desktop: Page, region: Viewer, enter: Enter, database: Database
) -> None:
    page = enter(desktop, region)
    page.goto("/")
    page.locator("summary.me").click()
    page.get_by_role("link", name="Jämför").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Graderingar, enheter och områden")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Kriterier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kriterier som oftast brister")
    assert_accessible(page)
    assert_fits(page)
    row = page.get_by_role("row").filter(has_text="individuellt utbildningsprogram som utgår")
    link = row.get_by_role("link", name="D-F3")
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enheter som saknar D-F3")
    assert_accessible(page)
    assert_fits(page)
    with database.reading() as session:
        lacking = [
            each
            for each in reports(session)
            if each.latest and each.region == region.held[0].region and each.answers["D-F3"] in ("partly", "unmet")
        ]
    units = page.locator(".tasks > li")
    expect(units).to_have_count(len(lacking))
    name = units.first.get_by_role("link").inner_text()
    units.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Tjänstgöringens uppläggning", level=3)).to_be_in_viewport()
    assert any(each.names["clinic"] in name and each.id in page.url for each in lacking)


def test_the_map_on_a_tablet_and_what_it_leads_to(page: Page, region: Viewer, enter: Enter) -> None:
    enter(page, region).goto("/jamfor")
    assert_fits(page)
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="Handledning och uppföljning")).to_be_visible()
    wide = page.evaluate("() => [...document.querySelectorAll('.tbl-wrap')].map(e => e.scrollWidth - e.clientWidth)")
    assert max(wide) <= 1, f"kartan sticker ut {wide}"
    page.get_by_label("Handlingsplan").select_option("closed")
    page.get_by_label("Ordning").select_option("kvar")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_label("Handlingsplan")).to_have_value("closed")
    expect(table.locator("tbody tr:not(.group)").first).to_contain_text("Plan avslutad")
    assert_accessible(page)
    page.get_by_label("Granskad").select_option(index=1)
    page.get_by_label("Handlingsplan").select_option("sen")
    page.get_by_label("Specialitet").select_option(index=1)
    page.get_by_role("button", name="Visa").click()
    assert_accessible(page)
    with page.expect_download() as fetching:
        page.get_by_role("link", name="Excel").click()
    assert fetching.value.suggested_filename == "sporra-jamforelse.xlsx"
    page.get_by_role("link", name="Områden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Graderingar i varje område")
    assert_accessible(page)
    assert_fits(page)


def test_the_charts_on_a_phone_and_what_there_is_to_follow_up(phone: Page, region: Viewer, enter: Enter) -> None:
    enter(phone, region).goto("/jamfor/omraden")
    expect(phone.get_by_role("img").first).to_be_visible()
    assert_accessible(phone)
    assert_fits(phone)
    phone.get_by_role("link", name="E Handledning och uppföljning").click()
    expect(phone.get_by_role("heading", name="E Handledning och uppföljning: så har det gått")).to_be_visible()
    for path, heading in (
        ("/jamfor/att-folja-upp", "Att följa upp"),
        ("/jamfor/kriterier", "Kriterier som oftast brister"),
        ("/jamfor", "Graderingar, enheter och områden"),
    ):
        phone.goto(path)
        expect(phone.get_by_role("heading", level=1)).to_have_text(heading)
        assert_accessible(phone)
        assert_fits(phone)
    unit = phone.get_by_role("table").get_by_role("row").nth(2)  # roles survive that rows have become cards
    expect(unit.get_by_role("rowheader")).to_be_visible()
    expect(unit.get_by_role("cell")).to_have_count(10)
    phone.set_viewport_size({"width": 320, "height": 640})
    assert_fits(phone)
