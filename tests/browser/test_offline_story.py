"""A day without a net: taken along, the browser closed and opened, another person on the same tablet, signing out."""

import re
import socket

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import delete

from app.accounts.models import SignIn
from app.db import Database
from app.web import offline
from tests.browser.areas import SAFE_SOON, stands
from tests.browser.axe import assert_accessible
from tests.browser.chromium import OFFLINE_ANYWAY
from tests.browser.conftest import PHONE, Enter, OpenPage
from tests.browser.hands import assert_fits
from tests.browser.tablets import Net, Tablet, kept_there
from tests.factories import Drafted

TEXT = "Lokalerna är ljusa."
HERE = """async (path) => {
  for (let n = 0; n < 200 && !(await caches.match(path)); n++) await new Promise((on) => setTimeout(on, 50));
}"""
GONE = """async (name) => {
  for (let n = 0; n < 200 && (await caches.keys()).includes(name); n++) await new Promise((on) => setTimeout(on, 50));
}"""


def home(draft: Drafted) -> str:
    return f"/inspektioner/{draft.id}"


def card(page: Page) -> Locator:
    return page.get_by_role("region", name="Utan nät")


def take_along(page: Page, draft: Drafted) -> None:
    page.goto(home(draft))
    card(page).get_by_role("button", name="Ta med offline").tap()
    told = re.compile(r"Finns på den här enheten sedan kl\. \d+\.\d\d\. Räcker till \d+ \w+\.")
    expect(card(page)).to_contain_text(told, timeout=SAFE_SOON)  # some twenty pages, one by one


def types(page: Page, draft: Drafted, text: str = TEXT) -> None:
    page.goto(f"{home(draft)}/omraden/C")
    expect(page.get_by_role("button", name="Spara", exact=True)).to_be_hidden()  # the script has taken over
    page.get_by_role("textbox", name="Beskriv området").fill(text)
    expect(page.locator("#sparat")).to_contain_text("1 ändring väntar på nät")


def presses_sign_out(page: Page) -> Locator:
    """Gives what is shown instead of letting her go."""
    page.locator(".who summary").tap()
    page.get_by_role("button", name="Logga ut").tap()
    return page.get_by_role("dialog")


def says_that_it_is_not_there(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sidan finns inte på den här enheten")


def test_a_day_without_a_net(tablet: Tablet, net: Net, draft: Drafted, database: Database) -> None:
    with tablet.opened() as page:
        with net.there():
            tablet.enter(page, draft.a, database).goto(home(draft))
            expect(card(page).get_by_role("button", name="Ta med offline")).to_be_visible()
            assert_accessible(page)
            take_along(page, draft)
            assert_accessible(page)
            assert_fits(page)
        types(page, draft)

    with tablet.opened() as page:  # closed over night
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Inspektioner")
        page.locator(".task-name").tap()
        in_c = page.locator(".tasks [data-area=C]")
        expect(in_c).to_contain_text("Pågår")  # she began it when the server was away already
        expect(page.get_by_text(re.compile(r"Så stod det kl\. \d+\.\d\d\."))).to_be_visible()
        expect(page.get_by_text(re.compile(r"Sidan är från kl\. \d+\.\d\d, när den senast hämtades\."))).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="Områden").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("A Verksamheten")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("A Verksamheten")
        page.get_by_role("navigation", name="Områden").get_by_role("link", name="Lokaler").tap()
        expect(page.get_by_role("textbox", name="Beskriv området")).to_have_value(TEXT)
        expect(page.locator("#kvar")).to_contain_text(re.compile(r"Så stod det kl\. \d+\.\d\d\."))
        expect(page.get_by_text("Du ändrade senast").first).to_be_visible()
        expect(page.get_by_role("link", name="Tidigare versioner")).to_have_count(0)  # the server alone has them
        for tab in ("Iakttagelser", "Rapport"):
            page.get_by_role("link", name=tab).first.tap()
            expect(page.get_by_text("när den senast hämtades")).to_be_visible()
        says_that_it_is_not_there(page, "/konto")
        expect(page.locator("#vantar")).to_have_text(
            "1 ändring väntar på nät. Den finns på den här enheten och skickas när nätet är tillbaka."
        )
        expect(page.get_by_role("link", name="Till inspektionen")).to_be_hidden()  # it is of none
        says_that_it_is_not_there(page, f"{home(draft)}/historik?falt=area/C/narrative")
        assert_accessible(page)
        assert_fits(page)
        page.get_by_role("link", name="Till inspektionen").tap()
        expect(page.get_by_text("när den senast hämtades")).to_be_visible()

        with net.there():
            page.goto(
                f"{home(draft)}/omraden/C"
            )  # what waits is sent by this page, or by the one before on its way out
            expect(page.locator("#sparat")).to_contain_text(re.compile("Allt är sparat|Senast sparat"))
            expect(page.get_by_role("textbox", name="Beskriv området")).to_have_value(TEXT)
            with database.reading() as session:
                assert stands(session, draft, "area/C/narrative") == TEXT
            expect(page.get_by_text("när den senast hämtades")).to_have_count(0)


def test_a_talk_that_is_added_without_a_net_has_its_notes_at_once(
    tablet: Tablet, net: Net, draft: Drafted, database: Database
) -> None:
    """Also where nobody has pressed *Ta med offline*: who has seen the programme can write at its talks."""
    with tablet.opened() as page:
        with net.there():
            tablet.enter(page, draft.a, database).goto(home(draft))
            page.evaluate(HERE, home(draft))
            page.goto(f"{home(draft)}/program")
            page.evaluate(HERE, f"{home(draft)}/intervjuer/ny")
            page.evaluate(HERE, f"{home(draft)}/iakttagelser")
        says_that_it_is_not_there(page, f"{home(draft)}/underlag")
        page.get_by_role("link", name="Till inspektionen").tap()  # the first page that she saw here
        page.get_by_role("link", name="Iakttagelser").first.tap()  # never seen, and here
        expect(page.get_by_role("heading", level=1)).to_have_text("Iakttagelser")
        page.go_back()
        page.get_by_role("link", name="Program").tap()
        expect(page.locator("html[data-ready=program]")).to_be_attached()
        new = page.locator(".talk[data-new]")
        new.get_by_label("Från").fill("10:15")
        new.get_by_label("Vilka ni träffar").fill("Nya handledare")
        new.get_by_label("Rum").fill("Sal 4")
        expect(page.locator("#sparat")).to_contain_text("väntar på nät")
        page.locator(".talk").filter(has_text="Nya handledare").get_by_role("link", name="Anteckningar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nya handledare")
        expect(page.get_by_text("10.15 · Sal 4")).to_be_visible()
        page.get_by_role("textbox", name="Det som sägs").fill("De är två.")
        expect(page.locator("#sparat")).to_contain_text("väntar på nät")
        assert_accessible(page)
        assert_fits(page)

    with tablet.opened() as page:
        page.goto(f"{home(draft)}/program")
        page.locator(".talk").filter(has_text="Nya handledare").get_by_role("link", name="Anteckningar").click()
        noted = page.get_by_role("textbox", name="Det som sägs")
        expect(noted).to_have_value("De är två.")
        with net.there():
            expect(page.locator(".dock[data-state=saved]")).to_be_visible(timeout=20_000)
            page.reload()  # now the server's own
            expect(page.get_by_role("heading", level=1)).to_have_text("Nya handledare")
            expect(noted).to_have_value("De är två.")


def test_a_server_that_does_not_answer_is_no_net(tablet: Tablet, net: Net, draft: Drafted, database: Database) -> None:
    with tablet.opened() as page:
        with net.there():
            take_along(tablet.enter(page, draft.a, database), draft)
        with socket.create_server(("127.0.0.1", net.port)):  # takes the call and says nothing
            page.goto(f"{home(draft)}/omraden/C")
            expect(page.get_by_text("när den senast hämtades")).to_be_visible()


def test_another_person_on_the_same_tablet(tablet: Tablet, net: Net, draft: Drafted, database: Database) -> None:
    with tablet.opened() as page:
        with net.there():
            take_along(tablet.enter(page, draft.a, database), draft)
        types(page, draft)
        with net.there():
            with database.writing() as session:
                session.exec(delete(SignIn))  # hers has ended
            page.goto(home(draft))
            expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
        says_that_it_is_not_there(page, home(draft))  # nobody's tablet shows nothing

        with net.there():
            tablet.enter(page, draft.b, database).goto(f"{home(draft)}/omraden/C")
            expect(page.get_by_role("textbox", name="Beskriv området")).to_have_value("")
            expect(page.locator("#sparat")).not_to_contain_text("väntar")
        says_that_it_is_not_there(page, f"{home(draft)}/omraden/C")
        expect(page.get_by_text("väntar på nät")).to_be_hidden()

        with net.there():
            assert presses_sign_out(back_home(page, draft)).count() == 0
            expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
            tablet.enter(page, draft.a, database).goto(f"{home(draft)}/omraden/C")
            expect(page.get_by_role("textbox", name="Beskriv området")).to_have_value(TEXT)
            expect(page.locator("#sparat")).to_contain_text("Allt är sparat")


def back_home(page: Page, draft: Drafted) -> Page:
    page.goto(home(draft))
    return page


def test_nobody_signs_out_from_what_has_not_been_sent(
    tablet: Tablet, net: Net, draft: Drafted, database: Database
) -> None:
    with tablet.opened(permissions=["clipboard-read", "clipboard-write"]) as page:
        with net.there():
            take_along(tablet.enter(page, draft.a, database), draft)
        types(page, draft)
        sheet = presses_sign_out(page)
        expect(sheet.get_by_role("heading")).to_have_text("1 ändring är inte skickad än")
        expect(page.get_by_role("button", name="Logga ut", exact=True)).to_be_hidden()  # the menu has closed
        over = sheet.evaluate("sheet => sheet.getBoundingClientRect().bottom")
        assert over <= page.locator(".dock").evaluate("dock => dock.getBoundingClientRect().top")
        assert_accessible(page)
        sheet.get_by_role("button", name="Försök skicka nu").tap()
        expect(sheet).to_contain_text("Nätet är inte tillbaka än. Inget är borta.")
        sheet.get_by_role("button", name="Kopiera texterna").tap()
        expect(sheet).to_contain_text("Texterna är kopierade.")
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert copied == f"Beskrivning av område C\n{TEXT}"
        page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
        expect(page.locator(".who summary")).to_be_focused()

        with net.there():
            sheet = presses_sign_out(page)
            sheet.get_by_role("button", name="Försök skicka nu").tap()
            expect(sheet.get_by_role("heading")).to_have_text("Allt är skickat")
            assert_accessible(page)
            sheet.get_by_role("button", name="Logga ut").tap()
            expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
        assert [name for name in kept_there(page.context) if not name.startswith("sporra-static-")] == []
        says_that_it_is_not_there(page, home(draft))


def test_where_there_is_no_clipboard_the_texts_are_there_to_mark(
    tablet: Tablet, net: Net, draft: Drafted, database: Database
) -> None:
    with tablet.opened() as page:
        with net.there():
            take_along(tablet.enter(page, draft.a, database), draft)
        types(page, draft)
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')) }")
        sheet = presses_sign_out(page)
        sheet.get_by_role("button", name="Kopiera texterna").tap()
        text = sheet.get_by_role("textbox", name="Markera och kopiera härifrån")
        expect(text).to_have_value(f"Beskrivning av område C\n{TEXT}")
        expect(text).to_be_focused()
        assert_accessible(page)


def test_without_a_net_nobody_signs_out_at_all(tablet: Tablet, net: Net, draft: Drafted, database: Database) -> None:
    with tablet.opened() as page:
        with net.there():
            take_along(tablet.enter(page, draft.a, database), draft)
        page.goto(home(draft))
        sheet = presses_sign_out(page)
        expect(sheet.get_by_role("heading")).to_have_text("Det går inte att logga ut utan nät")
        assert_accessible(page)
        page.goto(f"{home(draft)}/omraden/C")
        expect(page.get_by_role("textbox", name="Beskriv området")).to_be_visible()


def test_signing_out_everywhere_waits_for_nothing_and_loses_nothing(
    tablet: Tablet, net: Net, draft: Drafted, database: Database
) -> None:
    with tablet.opened() as page:
        with net.there():
            take_along(tablet.enter(page, draft.a, database), draft)
        types(page, draft)
        page.goto("/inspektioner")  # where nothing is sent from
        with net.there():
            page.goto("/konto")
            page.get_by_text("Logga ut överallt", exact=True).tap()
            page.get_by_role("button", name="Ja, logga ut överallt").tap()
            expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
            assert f"sporra-pages-{draft.a.id}" not in kept_there(page.context)
            tablet.enter(page, draft.a, database).goto(f"{home(draft)}/omraden/C")
            expect(page.get_by_role("textbox", name="Beskriv området")).to_have_value(TEXT)
            expect(page.locator("#sparat")).to_contain_text("Allt är sparat")


def test_a_new_edition_of_the_server_replaces_what_was_taken(
    tablet: Tablet, net: Net, draft: Drafted, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tablet.opened() as page:
        with net.there():
            take_along(tablet.enter(page, draft.a, database), draft)
        before = kept_there(page.context)
        newer = offline.worker_text().replace('EDITION = "', 'EDITION = "newer-')
        monkeypatch.setattr(offline, "worker_text", lambda: newer)
        with net.there():
            page.goto(home(draft))
            expect(card(page)).to_contain_text("Finns på den här enheten")
            old = next(name for name in before if name.startswith("sporra-static-"))
            page.evaluate(GONE, old)
            now = kept_there(page.context)
            pages = f"sporra-pages-{draft.a.id}"
            assert (old in now, now[pages]) == (False, before[pages])


def test_an_address_without_encryption_says_why_and_keeps_nothing(
    tablet: Tablet, net: Net, draft: Drafted, database: Database
) -> None:
    tablet.options["args"] = [*OFFLINE_ANYWAY, "--host-resolver-rules=MAP sporra.example 127.0.0.1"]
    net.address = f"http://sporra.example:{net.port}"
    with net.there(), tablet.opened() as page:
        tablet.enter(page, draft.a, database).goto(home(draft))
        expect(card(page)).to_contain_text("Sporra nås här utan kryptering")
        expect(card(page).get_by_role("button")).to_be_hidden()
        assert_accessible(page)
        presses_sign_out(page)
        expect(page.get_by_role("heading", name="Logga in")).to_be_visible()


def test_a_window_that_keeps_no_pages_says_so(open_page: OpenPage, enter: Enter, draft: Drafted) -> None:
    page = open_page(**PHONE)
    page.add_init_script("navigator.serviceWorker.register = () => Promise.reject(new Error('not here'))")
    enter(page, draft.a).goto(home(draft))
    expect(card(page)).to_contain_text("Webbläsaren sparar inga sidor här.")
    assert_accessible(page)
    assert_fits(page)


def test_whoever_does_not_write_is_not_asked_and_keeps_nothing(page: Page, enter: Enter, draft: Drafted) -> None:
    enter(page, draft.office).goto(home(draft))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(card(page)).to_have_count(0)
    assert kept_there(page.context) == {}
