"""The real report, from a file to a signed version: the office takes it in, two inspectors sign it, and it is fetched."""

import hashlib
import re
from pathlib import Path

import boxes  # type: ignore[import-not-found]
import golden  # type: ignore[import-not-found]
import pytest
from playwright.sync_api import Page, expect

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.inspections import disk
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import begun
from tests.factories import a_person, a_place, an_inspector
from tests.paths import KALMAR

CAUSE = "Ett ord i område A var fel."
GRADES = {id: area.standing for id, area in disk.read(KALMAR)[1].areas.items() if area.standing}


@pytest.fixture
def people(database: Database) -> tuple[Viewer, Viewer, Viewer]:
    """The office and two inspectors of one speciality."""
    with database.writing() as session:
        place = a_place(session)
        a, b = (an_inspector(session, place, name) for name in ("Alva Exempel", "Nils Påhitt"))
        return a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR)), a, b


@pytest.fixture
def second(database: Database) -> Viewer:
    """One more of the office, since some things take two."""
    with database.writing() as session:
        return a_person(session, "Kim Kansli", Held(Role.ADMINISTRATOR))


def test_the_real_report_is_taken_in_signed_fetched_and_withheld(
    desktop: Page,
    open_page: OpenPage,
    people: tuple[Viewer, Viewer, Viewer],
    second: Viewer,
    enter: Enter,
    tmp_path: Path,
) -> None:
    office, a, b = people
    address = takes_in_the_file(enter(desktop, office))
    alva, nils = enter(open_page(), a), enter(open_page(), b)

    alva.goto(f"{address}/rapport")
    assert_accessible(alva)
    signs(alva)
    expect(alva.get_by_text("Alva Exempel: har fastställt")).to_be_visible()
    nils_changes_a_text(nils, address)
    alva.goto(address)
    assert_accessible(alva)
    alva.get_by_role("link", name="Läs den igen och fastställ på nytt").click()
    expect(alva.get_by_text("Texten har ändrats sedan du fastställde.")).to_be_visible()
    assert_accessible(alva)
    nils_takes_it_back(nils)

    alva.reload()
    signs(alva)
    nils.goto(f"{address}/rapport")
    signs(nils)
    expect(nils.get_by_role("heading", level=1)).to_have_text("Rapporten, version 1")
    assert_accessible(nils)
    signed = fetches(nils, "Word", tmp_path / "first.docx")
    says_what_the_real_one_says(signed)
    nils.goto(f"{address}/versioner/1/visa")
    expect(nils.get_by_text("Utkast")).to_have_count(0)

    alva.goto(f"{address}/rapport")
    assert_accessible(alva)
    opens_a_correction(alva)
    alva.goto(f"{address}/versioner/1")
    later = fetches(alva, "Word", tmp_path / "later.docx")
    assert later.read_bytes() == signed.read_bytes()
    the_checksum_is_told(alva, later)

    kim = enter(open_page(), second)
    proposes_to_withhold(desktop, address)
    confirms(kim)
    alva.goto(f"{address}/versioner/1")
    expect(alva.get_by_text("Versionen är innehållen")).to_be_visible()
    assert_accessible(alva)
    looks_at_the_data_of(desktop, a)


def takes_in_the_file(page: Page) -> str:
    page.goto("/inspektioner")
    page.get_by_role("link", name="Läs in en fil").click()
    page.get_by_label("Klinik och specialitet").select_option(index=1)
    page.get_by_role("button", name="Fortsätt").click()
    expect(page.get_by_label("Inspektionsfil")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Läs in filen").click()
    expect(page).to_have_title("2 saker att rätta: Läs in en inspektion – Sporra")
    expect(page.get_by_role("alert").first).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Inspektionsfil").set_input_files(KALMAR)
    page.get_by_label("Alva Exempel").check()
    page.get_by_label("Nils Påhitt").check()
    page.get_by_role("button", name="Läs in filen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad som är gjort och vad som återstår")
    assert_accessible(page)
    return page.url


def signs(page: Page) -> None:
    page.get_by_role("button", name="Fastställ rapporten").click()


def nils_changes_a_text(page: Page, address: str) -> None:
    page.goto(f"{address}/omraden/A")
    begun(page)
    text = page.get_by_role("textbox", name="Beskriv området")
    text.press("ControlOrMeta+End")
    text.press_sequentially(" Och mer.")
    expect(page.locator(".dock[data-state=saved]")).to_be_visible()


def nils_takes_it_back(page: Page) -> None:
    """By the text's own history."""
    page.reload()
    page.get_by_role("region", name="Beskriv området").get_by_role("link", name="Tidigare versioner").click()
    assert_accessible(page)
    page.get_by_role("button", name="Ta tillbaka den här").click()
    expect(page.get_by_text("Det som gäller")).to_be_visible()
    page.get_by_role("link", name="Tillbaka").click()
    expect(page.get_by_role("textbox", name="Beskriv området")).not_to_have_value(re.compile("Och mer."))


def fetches(page: Page, format: str, to: Path) -> Path:
    with page.expect_download() as fetching:
        page.get_by_role("link", name=format).first.click()
    fetching.value.save_as(to)
    return to


def says_what_the_real_one_says(report: Path) -> None:
    """Its 176 lines, and the grades that it shows."""
    assert golden.main(str(report), str(golden.KALMAR)) == 0
    ticked = {area: text[0] for ticked, area, text in boxes.boxes(str(report)) if ticked}
    assert ticked == GRADES


def opens_a_correction(page: Page) -> None:
    page.get_by_label("Varför rättas den?").fill(CAUSE)
    page.get_by_role("button", name="Öppna en rättelse").click()
    expect(page.get_by_text(CAUSE)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad som är gjort och vad som återstår")
    assert_accessible(page)


def the_checksum_is_told(page: Page, file: Path) -> None:
    """The checksum on the page is the one of the file that was fetched."""
    for fold in page.get_by_text("Kontrollsumma").all():
        fold.click()
    expect(page.get_by_text(f"SHA-256: {hashlib.sha256(file.read_bytes()).hexdigest()}")).to_be_visible()


def proposes_to_withhold(page: Page, address: str) -> None:
    page.goto(f"{address}/versioner/1")
    page.get_by_role("link", name="Versionen får inte finnas kvar").click()
    assert_accessible(page)
    page.get_by_role("button", name="Föreslå").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Den har uppgifter som omfattas av sekretess").check()
    page.get_by_role("button", name="Föreslå").click()
    expect(page.get_by_text("Nu behöver en annan administratör")).to_be_visible()
    assert_accessible(page)


def confirms(page: Page) -> None:
    """From the page where the office sees what waits."""
    page.goto("/inspektioner")
    page.get_by_role("link", name="Personuppgifter").click()
    assert_accessible(page)
    page.get_by_role("link", name="Version 1, föreslaget").click()
    assert_accessible(page)
    page.get_by_role("button", name="Bekräfta och radera innehållet").click()
    expect(page.get_by_text("Versionen är innehållen.")).to_be_visible()
    assert_accessible(page)


def looks_at_the_data_of(page: Page, person: Viewer) -> None:
    page.goto(f"/personer/{person.id}")
    page.get_by_text("Stäng kontot", exact=True).click()
    page.get_by_role("button", name="Ja, stäng kontot").click()
    page.get_by_role("link", name="Personuppgifter: hämta eller radera").click()
    assert_accessible(page)
    with page.expect_download() as fetching:
        page.get_by_role("button", name="Hämta uppgifterna").click()
    assert fetching.value.suggested_filename == "personuppgifter.zip"
    page.get_by_role("button", name=f"Radera uppgifterna om {person.name}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uppgifter om Borttagen person 1")
    assert_accessible(page)
