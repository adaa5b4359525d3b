"""A browser that runs no script: an inspector writes, saves by pressing Spara, and sees it."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.ids import new_id
from app.writing.desk import Operation
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import place
from tests.factories import Drafted


@pytest.fixture
def plain(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(java_script_enabled=False), draft.a)


def test_an_inspector_does_it_all_without_script(plain: Page, draft: Drafted) -> None:
    page, address = plain, f"/inspektioner/{draft.id}"
    page.goto(address)
    page.get_by_role("link", name="C Lokaler och utrustning").click()
    text = page.get_by_role("textbox", name="Beskriv området")
    text.fill("Lokalerna är ljusa.")
    page.locator("#C-F1-unmet").check()
    page.locator("#beslut-A").check()
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(text).to_have_value("Lokalerna är ljusa.")
    expect(page.locator("#sparat")).to_contain_text("Senast sparat")
    expect(page.locator("#nu")).to_contain_text("1 av 3 svar")
    expect(page.get_by_text("Skriv varför ni valt A")).to_be_visible()

    page.locator("#C-F1").get_by_text("Mer om F1").click()
    page.get_by_role("button", name="Ta bort svaret på F1").click()
    expect(page.locator("#nu")).to_contain_text("0 av 3 svar")

    page.goto(f"{address}/iakttagelser")
    page.get_by_role("radio", name="Styrka").check()
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page).to_have_title(f"1 sak att rätta: Iakttagelser, {unit(page)} – Sporra")
    page.get_by_role("textbox", name="Vad såg eller hörde du?").fill("Ljusa lokaler")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.locator(".find-text")).to_have_text("Ljusa lokaler")
    page.get_by_role("button", name="Ta bort: Ljusa lokaler").click()
    page.get_by_text("Borttagna (1)").click()
    page.get_by_role("button", name="Hämta tillbaka").click()
    expect(page.locator(".find-text")).to_have_text("Ljusa lokaler")

    page.goto(f"{address}/framsida")
    inside = place(page.get_by_label("Region"))[1] - place(page.locator("#framsida"))[1]
    assert inside < 60  # the card's own room and the label, and nothing that is not seen
    page.get_by_label("Ort", exact=True).fill("Exempelstad")
    page.get_by_label("Första dagen").fill("2026-10-20")
    page.get_by_role("button", name="Spara").last.click()
    expect(page.get_by_label("Ort", exact=True)).to_have_value("Exempelstad")
    page.get_by_role("link", name="Rapport", exact=True).click()
    page.get_by_role("button", name="Fastställ rapporten").click()
    expect(page.get_by_role("heading", name="saker behöver rättas innan det går att fastställa")).to_be_visible()


def test_the_closing_talk_is_held_without_script(plain: Page, draft: Drafted) -> None:
    for kind, text in (("strength", "Ljusa lokaler"), ("weakness", "Skrivplats saknas")):
        finding = f"finding/{new_id()}"
        told = {"text": text, "kind": kind, "area": "C"}
        draft.write(draft.a, *(Operation(new_id(), f"{finding}/{name}", value) for name, value in told.items()))
    page = plain
    page.goto(f"/inspektioner/{draft.id}/slutsamtal")
    expect(page.get_by_role("region", name="Styrkor")).to_contain_text("Ljusa lokaler")
    expect(page.get_by_role("region", name="Svagheter")).to_contain_text("Skrivplats saknas")
    expect(page.get_by_role("heading", name="Gradering")).to_be_hidden()
    page.get_by_role("radio", name="Med gradering").check()
    expect(page.get_by_role("heading", name="Gradering")).to_be_visible()
    expect(page.get_by_role("button", name="Skriv ut")).to_be_hidden()  # it needs the script
    page.get_by_role("link", name="Tillbaka").click()
    expect(page).to_have_url(re.compile(rf"/inspektioner/{draft.id}$"))


def unit(page: Page) -> str:
    return page.locator(".where b").inner_text()


def test_a_report_that_owes_something_says_what(page: Page, enter: Enter, draft: Drafted) -> None:
    """With script: the summary has the focus, and each line leads to where it is mended."""
    enter(page, draft.a).goto(f"/inspektioner/{draft.id}/rapport")
    page.get_by_role("button", name="Fastställ rapporten").click()
    summary = page.get_by_role("alert").first
    expect(summary).to_be_focused()
    assert_accessible(page)
    summary.get_by_role("link", name="uppgift saknas på framsidan: ort").click()
    expect(page.get_by_label("Ort", exact=True)).to_be_visible()
