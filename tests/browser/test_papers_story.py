"""Pictures and documents: taken without a net and there when it comes back, added and taken away, with script and without."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from app.db import Database
from app.inspections.models import Attachment
from tests.browser.areas import SAFE_SOON, line, opened, saved, without_net
from tests.browser.axe import assert_accessible
from tests.browser.conftest import PHONE, Enter, OpenPage
from tests.browser.hands import begun, look
from tests.browser.papers import beside, photographs, upload
from tests.browser.tablets import Net, Tablet
from tests.factories import Drafted
from tests.papers import files


def rows(database: Database) -> list[Attachment]:
    with database.reading() as session:
        return list(session.exec(select(Attachment)))


def test_a_photo_taken_without_a_net_arrives_when_it_is_back(
    tablet: Tablet, net: Net, draft: Drafted, database: Database
) -> None:
    with tablet.opened() as page:
        with net.there():
            tablet.enter(page, draft.a, database).goto(f"/inspektioner/{draft.id}")
            page.get_by_role("button", name="Ta med offline").tap()
            expect(page.get_by_text(re.compile("Finns på den här enheten sedan"))).to_be_visible(timeout=SAFE_SOON)
        opened(page, draft)
        photographs(page)
        expect(beside(page)).to_contain_text("Finns på den här enheten och skickas av sig själv.")
        line(page, "1 ändring väntar på nät")
        page.get_by_role("button", name="Visa vad").tap()
        expect(page.locator("#vantande")).to_contain_text("Underlag om C-F1")
        assert_accessible(page)
        page.get_by_role("button", name="Stäng", exact=True).tap()
        page.locator(".who summary").tap()
        page.get_by_role("button", name="Logga ut").tap()
        expect(page.get_by_role("dialog")).to_contain_text("1 ändring är inte skickad än")

    with tablet.opened() as page:  # closed over night
        opened(page, draft)
        line(page, "1 ändring väntar på nät")
        with net.there():
            saved(page)
            expect(beside(page).locator("summary")).to_contain_text("Underlag (1)")
            [row] = rows(database)
            assert (row.about, row.by, row.type) == ("C-F1", draft.a.id, "image/jpeg")
            beside(page).locator("summary").click()
            picture = beside(page).locator("img")
            expect(picture).to_be_visible()
            assert picture.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 60
            assert_accessible(page)


def test_the_list_of_all_with_script(
    alva: Page, draft: Drafted, database: Database, faults: list[str], tmp_path: Path
) -> None:
    alva.goto(f"/inspektioner/{draft.id}/underlag")
    begun(alva)
    expect(alva.get_by_text("Inget underlag än")).to_be_visible()
    assert_accessible(alva)
    form = alva.locator("#ny")
    form.get_by_role("button", name="Lägg till").tap()
    expect(form).to_contain_text("Välj filen som ska läggas till.")
    form.get_by_label("Fil", exact=True).set_input_files(upload("Lokal riktlinje.pdf", files.PDF, "text/html"))
    form.get_by_label("Hör till").select_option("area/C")
    form.get_by_role("button", name="Lägg till").tap()
    listed = alva.locator("#tillagda")
    expect(listed.get_by_role("link", name="Lokal riktlinje")).to_be_visible()
    expect(form).to_contain_text("Tillagd.")
    assert_accessible(alva)
    with alva.expect_download() as download:
        listed.get_by_role("link", name="Lokal riktlinje").tap()
    assert download.value.suggested_filename == "Lokal riktlinje.pdf"
    download.value.save_as(tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == files.PDF

    listed.get_by_role("button", name="Spara med ärendet Lokal riktlinje").tap()
    expect(listed).to_contain_text("Sparas med ärendet.")
    listed.get_by_role("button", name="Ta bort Lokal riktlinje").tap()
    expect(listed.get_by_role("heading", name="Borttaget")).to_be_visible()
    assert_accessible(alva)
    alva.get_by_role("button", name="Hämta tillbaka Lokal riktlinje").tap()
    expect(listed.get_by_role("link", name="Lokal riktlinje")).to_be_visible()

    begun(alva)
    form.get_by_label("Fil", exact=True).set_input_files(upload("bild.jpg", b"<script>alert(1)</script>"))
    form.get_by_role("button", name="Lägg till").tap()
    line(alva, "1 sak kunde inte tas emot")
    alva.get_by_role("button", name="Visa vad").tap()
    expect(alva.locator("[data-part=refusals]")).to_contain_text("Spara filen som en sådan.")
    expect(alva.get_by_role("button", name="Försök nu")).to_be_hidden()  # nothing waits
    expect(alva.get_by_role("button", name="Kopiera texterna")).to_be_hidden()
    assert_accessible(alva)
    alva.get_by_role("button", name="Släng").tap()
    expect(alva.locator("[data-part=refusals] li")).to_have_count(0)
    assert len(rows(database)) == 1
    assert faults == []


def test_a_net_that_breaks_on_the_way(alva: Page, draft: Drafted, database: Database, faults: list[str]) -> None:
    opened(alva, draft)
    alva.context.set_offline(True)
    photographs(alva)
    line(alva, "1 ändring väntar")
    stood = alva.locator("#kvar [data-part=stood]")
    expect(stood).to_have_text(re.compile(r"^Så stod det kl\. \d+\.\d\d\.$"))  # though no text waits
    alva.context.set_offline(False)
    saved(alva)
    expect(stood).to_be_empty()
    assert len(rows(database)) == 1
    without_net(faults)


def test_on_a_phone_by_keyboard(open_page: OpenPage, enter: Enter, draft: Drafted) -> None:
    page = enter(open_page(**PHONE), draft.a)
    opened(page, draft)
    fold = beside(page)
    fold.locator("summary").press("Enter")
    fold.locator("input[type=file]").focus()
    look(page)
    assert_accessible(page)


@pytest.fixture
def plain(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(java_script_enabled=False), draft.a)


def test_without_script(plain: Page, draft: Drafted) -> None:
    opened_plain = f"/inspektioner/{draft.id}/omraden/C"
    plain.goto(opened_plain)
    beside(plain).locator("summary").click()
    expect(plain.get_by_text("Lägg till bild").first).to_be_hidden()
    beside(plain).get_by_role("link", name="Lägg till en fil om F1").click()
    form = plain.locator("#ny")
    expect(form.get_by_label("Hör till")).to_have_value("C-F1")
    form.get_by_role("button", name="Lägg till").click()
    expect(plain).to_have_title(re.compile("^1 sak att rätta: Underlag"))
    form.get_by_label("Fil", exact=True).set_input_files(upload("Köket.jpg", files.photo()))
    form.get_by_role("button", name="Lägg till").click()
    expect(plain.locator("#tillagda").get_by_role("link", name="Köket")).to_be_visible()
    plain.get_by_role("button", name="Ta bort Köket").click()
    plain.get_by_role("button", name="Hämta tillbaka Köket").click()
    expect(plain.get_by_text("Borttaget")).to_have_count(0)
