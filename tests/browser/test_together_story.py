"""Two inspectors write at the same time, the net goes away, a sign-in ends: nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect
from sqlmodel import delete

from app.accounts.models import SignIn
from app.db import Database
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.factories import Drafted, drafted

HERS, HIS, THEIRS = "Ljusa lokaler.", "Trånga lokaler.", "Ljusa men trånga lokaler."


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


@pytest.fixture
def alva(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(), draft.a)


@pytest.fixture
def nils(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(), draft.b)


def narrative(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Beskriv området")


def line(page: Page, told: str) -> None:
    expect(page.locator("#sparat")).to_contain_text(told)


def test_two_who_write_in_one_field_both_keep_their_text(alva: Page, nils: Page, draft: Drafted) -> None:
    area = f"/inspektioner/{draft.id}/omraden/C"
    for page in (alva, nils):
        page.goto(area)
    narrative(alva).fill(HERS)
    alva.get_by_role("button", name="Spara", exact=True).tap()
    line(alva, "Allt är sparat")
    narrative(nils).fill(HIS)
    nils.get_by_role("button", name="Spara", exact=True).tap()

    expect(nils.get_by_role("heading", name="Ni har skrivit olika här")).to_be_visible()
    for text in (HERS, HIS):
        expect(nils.locator(".clash").get_by_text(text)).to_be_visible()
    assert_accessible(nils)
    nils.goto(f"/inspektioner/{draft.id}")
    nils.get_by_role("link", name=re.compile("skrivit olika")).tap()
    expect(nils.get_by_role("heading", level=1)).to_have_text("Där ni skrivit olika")
    assert_accessible(nils)
    nils.get_by_role("main").get_by_role("link").first.tap()
    narrative(nils).fill(THEIRS)
    nils.get_by_role("button", name="Spara", exact=True).tap()
    expect(nils.locator(".clash")).to_have_count(0)
    expect(narrative(nils)).to_have_value(THEIRS)
    line(nils, "Senast sparat")

    alva.goto(area)
    expect(narrative(alva)).to_have_value(THEIRS)
    alva.get_by_role("link", name="Tidigare versioner").first.tap()
    for text in (HERS, HIS, THEIRS):
        expect(alva.get_by_text(text, exact=True)).to_be_visible()
    alva.goto(f"/inspektioner/{draft.id}/olika")
    expect(alva.get_by_text("Ni är överens")).to_be_visible()
    assert_accessible(alva)


def test_the_net_goes_away_and_comes_back(alva: Page, draft: Drafted, faults: list[str]) -> None:
    alva.goto(f"/inspektioner/{draft.id}/omraden/C")
    alva.context.set_offline(True)
    narrative(alva).fill(HERS)
    line(alva, "Inte sparat än")
    save = alva.get_by_role("button", name="Spara", exact=True)
    save.tap()
    line(alva, "Väntar på nät")
    line(alva, "Det du skrivit står kvar här.")
    expect(narrative(alva)).to_have_value(HERS)
    leaving: list[str] = []

    def stay(dialog: Dialog) -> None:
        leaving.append(dialog.type)
        dialog.dismiss()

    alva.on("dialog", stay)
    alva.get_by_role("link", name="Översikt").tap()
    expect(narrative(alva)).to_have_value(HERS)
    assert leaving == ["beforeunload"]

    alva.context.set_offline(False)
    save.tap()
    line(alva, "Allt är sparat")
    alva.reload()
    expect(narrative(alva)).to_have_value(HERS)
    assert all("ERR_INTERNET_DISCONNECTED" in fault or "htmx:error" in fault for fault in faults), faults
    faults.clear()


def test_a_sign_in_that_ended_takes_nothing_with_it(
    alva: Page, draft: Drafted, database: Database, enter: Enter
) -> None:
    alva.goto(f"/inspektioner/{draft.id}/omraden/C")
    with database.writing() as session:
        session.exec(delete(SignIn))
    narrative(alva).fill(HERS)
    save = alva.get_by_role("button", name="Spara", exact=True)
    save.tap()
    line(alva, "Logga in igen för att spara")
    told = alva.get_by_role("dialog")
    expect(told).to_contain_text("Logga in i en ny flik")
    assert_accessible(alva)
    enter(alva, draft.a)  # as in a tab beside
    told.get_by_role("button", name="Stäng").tap()
    expect(narrative(alva)).to_have_value(HERS)
    save.tap()
    line(alva, "Allt är sparat")
    alva.reload()
    expect(narrative(alva)).to_have_value(HERS)
