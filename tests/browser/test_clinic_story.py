"""A clinic's director of studies reads the report on a phone, and another clinic's finds nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter
from tests.browser.hands import assert_fits
from tests.factories import Drafted, a_person, a_place, drafted
from tests.inspections.test_signing import PRIVATE, finished, sign


@pytest.fixture
def signed(database: Database) -> Drafted:
    draft = finished(drafted(database))
    for by in (draft.a, draft.b):
        sign(draft, by)
    return draft


def a_director(database: Database, clinic: str) -> Viewer:
    with database.writing() as session:
        return a_person(session, "Stina Studie", Held(Role.DIRECTOR_OF_STUDIES, clinic=clinic))


def test_a_director_reads_the_report_on_a_phone(phone: Page, signed: Drafted, enter: Enter, tmp_path: Path) -> None:
    enter(phone, a_director(signed.database, signed.place.clinic)).goto("/inspektioner")
    expect(phone.get_by_text("Här ligger de fastställda rapporterna.")).to_be_visible()
    assert_accessible(phone)
    assert_fits(phone)
    phone.get_by_role("listitem").get_by_role("link", name="kliniken").first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Rapporten, version 1")
    assert_accessible(phone)
    assert_fits(phone)
    expect(phone.locator(".lead")).to_contain_text("Alva Exempel och Nils Påhitt")
    with phone.context.expect_page() as opening:
        phone.get_by_role("link", name="Läs rapporten i en egen flik").click()
    expect(opening.value.get_by_text("Det är gott.")).to_be_visible()
    assert_fits(opening.value)
    for name in ("PDF", "Inspektionsfil"):
        with phone.expect_download() as fetching:
            phone.get_by_role("link", name=name).click()
        fetching.value.save_as(tmp_path / name)
        assert PRIVATE.encode() not in (tmp_path / name).read_bytes()
    phone.get_by_role("link", name="Om du ändrar i Word-filen").click()
    assert_accessible(phone)
    assert_fits(phone)
    phone.goto("/protokoll")
    assert_accessible(phone)
    assert_fits(phone)


def test_a_foreign_clinic_finds_nothing(phone: Page, signed: Drafted, enter: Enter) -> None:
    with signed.database.writing() as session:
        elsewhere = a_place(session, "Främmande")
    enter(phone, a_director(signed.database, elsewhere.clinic)).goto("/inspektioner")
    expect(phone.get_by_text("Inga rapporter än")).to_be_visible()
    assert_accessible(phone)
    address = f"/inspektioner/{signed.id}"
    for path in ("", "/rapport", "/versioner/1", "/versioner/1/visa", "/versioner/1/hamta/docx", "/fil", "/omraden/A"):
        answer = phone.goto(address + path)
        assert answer
        assert answer.status == 404
        expect(phone.get_by_role("heading", level=1)).to_have_text("Vi hittar inte den sidan")
        assert "Exempel" not in phone.get_by_role("main").inner_text()
    assert_accessible(phone)
