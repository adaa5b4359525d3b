"""A komplettering: an inspector asks for more, the clinic submits again, the plan is accepted and lifts a D to a C that
both inspectors sign; at last the region closes it."""

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import assert_fits, place
from tests.plans.factories import Planned, measure, planned

REASON = "Säg när programmen är skrivna, och vem som följer upp dem."


@pytest.fixture
def plan(database: Database) -> Planned:
    made = planned(database)
    made.put("area/D/text", "Vi inför individuella utbildningsprogram.")
    made.put("area/E/text", "Vi ses varje vecka.")
    return made


@pytest.fixture
def promised(plan: Planned) -> str:
    """The one measure in it, which is submitted."""
    id = measure(plan, what="Gemensamma handledarträffar", area="E", criteria=["E-F4"], owner="studierektorn")
    plan.submit()
    return id


def test_a_plan_is_completed_accepted_and_lifts_a_grade(
    page: Page, phone: Page, desktop: Page, open_page: OpenPage, plan: Planned, promised: str, enter: Enter
) -> None:
    alva, address = enter(page, plan.a), f"/planer/{plan.plan}"
    finds_it_in_the_list(alva, address)
    asks_for_more(alva)
    reads_the_answer(enter(phone, plan.director), address)
    plan.put("area/D/text", "Vi inför individuella utbildningsprogram före 1 juni.")
    plan.submit()

    nils = enter(desktop, plan.b)
    accepts(nils, address)
    lifts_the_grade(nils)
    signs(nils)
    alva.goto(f"/inspektioner/{plan.id}/rapport")
    signs(alva)
    expect(alva.get_by_role("heading", level=1)).to_have_text("Rapporten, version 2")
    assert_accessible(alva)
    expect(alva.get_by_role("listitem").filter(has_text="D Tjänstgöringens uppläggning")).to_contain_text("C")
    alva.get_by_role("link", name="Ändra en gradering").click()
    expect(alva.get_by_role("heading", name="Ändrat tidigare")).to_be_visible()
    alva.get_by_text("A Verksamheten: A").click()
    assert_accessible(alva)
    assert_fits(alva)
    closes(enter(open_page(), plan.region), address, plan, promised)


def finds_it_in_the_list(page: Page, address: str) -> None:
    page.goto("/")
    page.locator("summary.me").click()
    page.get_by_role("link", name="Handlingsplaner").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handlingsplaner")
    assert_accessible(page)
    page.get_by_role("link", name="Väntar på svar").click()
    page.locator(f"a[href='{address}']").click()
    page.get_by_role("link", name="Svara", exact=True).click()
    assert_accessible(page)
    assert_fits(page)


def asks_for_more(page: Page) -> None:
    """Saved while it is written; what is missing is told; then sent."""
    d, e = (page.get_by_role("group", name=f"Räcker planen för {letter} ") for letter in "DE")
    d.get_by_text("Behöver kompletteras").click()
    expect(page.locator("#sparat")).to_contain_text("Allt är sparat")
    before = place(page.locator("h1"))
    expect(page.locator("#besvarat")).to_contain_text("1 av 2 områden har svar")
    assert place(page.locator("h1")) == before
    page.get_by_role("button", name="Skicka svaret").click()
    summary = page.get_by_role("alert").first
    expect(summary).to_be_focused()
    expect(page).to_have_title("2 saker att rätta: Svara på planen, " + where(page) + " – Sporra")
    assert_accessible(page)
    summary.get_by_role("link", name="Skriv vad som behöver kompletteras i D ").click()
    reason = page.locator("textarea[name$='/area/D/reason']")
    expect(reason).to_be_focused()
    e.get_by_text("Godtas", exact=True).click()
    expect(page.locator("#besvarat")).to_contain_text("2 av 2")
    reason.fill(REASON)
    page.get_by_role("button", name="Skicka svaret").click()  # typed just before: it goes along
    expect(page.get_by_text("Ni bad om en komplettering")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Tidigare versioner").first.click()
    expect(page.get_by_text(REASON)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Tillbaka").click()
    expect(reason).to_have_value(REASON)


def where(page: Page) -> str:
    return page.locator(".where b").inner_text().removeprefix("Handlingsplan, ")


def reads_the_answer(page: Page, address: str) -> None:
    """At the clinic, on a phone."""
    page.goto(f"{address}/versioner/1")
    expect(page.get_by_text(REASON)).to_be_visible()
    page.get_by_text("Kontrollsumma").click()
    assert_accessible(page)
    assert_fits(page)
    page.goto(f"{address}/historik?falt=area/D/text")
    expect(page.get_by_text("Vi inför individuella utbildningsprogram.")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as fetching:
        page.goto(f"{address}/versioner/1")
        page.get_by_role("link", name="Word").click()
    assert fetching.value.suggested_filename.startswith("handlingsplan-")


def accepts(page: Page, address: str) -> None:
    """By keyboard."""
    page.goto(f"{address}/svar")
    expect(page.get_by_text("Ni svarade på version 1: Behöver kompletteras")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text("Kliniken har inte ändrat något här sedan version 1.")).to_have_count(1)
    for letter in "DE":
        page.get_by_role("group", name=f"Räcker planen för {letter} ").get_by_role("radio").first.focus()
        page.keyboard.press("Space")
    expect(page.locator("#besvarat")).to_contain_text("2 av 2")
    assert_accessible(page)
    page.get_by_role("button", name="Skicka svaret").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Planen är godtagen. Svaret skickades")).to_be_visible()
    assert_accessible(page)


def lifts_the_grade(page: Page) -> None:
    page.get_by_role("link", name="Ändra graderingen").click()
    expect(page.get_by_text("Det blir en ny version av rapporten.")).to_be_visible()
    assert_accessible(page)
    d = page.get_by_role("group", name="Ny gradering av D ")
    d.locator("input[value='C']").check()
    page.get_by_text("Åtgärder som ändringen bygger på").first.click()
    page.get_by_role("group", name="Åtgärder för D ").get_by_label("Gemensamma handledarträffar").check()
    assert_accessible(page)
    page.get_by_role("button", name="Ändra graderingen").click()
    expect(page.get_by_role("heading", name="Väntar på att fastställas")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Läs och fastställ rapporten").click()


def signs(page: Page) -> None:
    page.get_by_role("button", name="Fastställ rapporten").click()
    expect(page.get_by_text("har fastställt").or_(page.get_by_text("Rapporten, version 2")).first).to_be_visible()


def closes(page: Page, address: str, plan: Planned, promised: str) -> None:
    """What is left is the clinic's to do; then it is the region's to close."""
    plan.follow()
    page.goto(f"{address}/avsluta")
    expect(page.get_by_text("Gemensamma handledarträffar: sätt läget")).to_be_visible()
    assert_accessible(page)
    plan.put(f"measure/{promised}/status", "done")
    plan.put(f"measure/{promised}/effect", "Fyra träffar hölls.")
    page.reload()
    page.get_by_role("button", name="Avsluta planen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Planen är avslutad")
    assert_accessible(page)
