"""From a link to a first key, and back in with it; codes after a password; a sign-in that is ended on another device."""

import re
from datetime import timedelta

import pyotp
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from app import audit
from app.accounts import passwords
from app.accounts.actions import invite, set_password
from app.accounts.models import Person, SignIn
from app.accounts.roles import Held, Role
from app.accounts.viewer import OFFICE, Viewer
from app.db import Database
from tests.browser.areas import SAFE_SOON, line, narrative, opened, saved, stands
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.factories import Drafted, a_person

PASSWORD = "en ganska lång mening"
TEXT = "Lokalerna är ljusa och rymliga."
CHIP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def shows(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page)


class Chip:
    """What keeps keys in a device; its owner puts a finger on it at once, unless they are away."""

    def __init__(self, page: Page) -> None:
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        self._id = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})["authenticatorId"]

    def owner_is(self, there: bool) -> None:
        self._cdp.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self._id, "enabled": there})


def test_a_first_key_from_a_link_and_in_again_with_it(page: Page, database: Database) -> None:
    with database.writing() as session:
        person = a_person(session, "Alva Exempel").id
        link = f"/valkommen/{invite(session, by=OFFICE, person=person)}"
    chip = Chip(page)
    page.goto(link)
    shows(page, "Välkommen, Alva Exempel")
    page.get_by_role("button", name="Skapa en nyckel på den här enheten").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapporter")
    page.goto("/konto")
    expect(page.get_by_role("link", name=re.compile("Chrome på Linux.*inte använd än"))).to_be_visible()
    assert_accessible(page)

    page.locator("summary.me").tap()
    chip.owner_is(there=False)
    page.get_by_role("button", name="Logga ut", exact=True).tap()
    page.get_by_role("button", name="Logga in med nyckel").tap()
    chip.owner_is(there=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapporter")
    page.goto("/konto")
    expect(page.get_by_text("med nyckel, senast sedd")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/konto")  # led to where one signs in, and the field for the address offers the key
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitt konto")

    page.get_by_role("link", name=re.compile("Chrome på Linux")).tap()
    shows(page, "Chrome på Linux")
    page.get_by_role("button", name="Ta bort nyckeln").tap()
    expect(page.get_by_role("alert").first).to_contain_text("Det är ditt enda sätt att logga in.")
    assert_accessible(page)
    page.get_by_label("Vad nyckeln ska heta").fill("Plattan hemma")
    page.get_by_role("button", name="Spara namnet").tap()
    expect(page.get_by_role("link", name=re.compile("Plattan hemma"))).to_be_visible()

    page.get_by_role("link", name="Lägg till en nyckel").tap()
    shows(page, "Ny nyckel")
    page.get_by_role("button", name="Skapa en nyckel på den här enheten").tap()
    expect(page.get_by_role("alert").first).to_have_text("Den här enheten har redan en nyckel till ditt konto.")
    assert_accessible(page)

    an_hour_passes(database)
    page.goto("/konto/losenord")
    shows(page, "Bekräfta att det är du")
    page.get_by_role("button", name="Bekräfta med nyckel").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Välj ett lösenord")


def an_hour_passes(database: Database) -> None:
    """Since it was shown who sits there."""
    with database.writing() as session:
        for row in session.exec(select(SignIn)):
            row.confirmed = audit.now() - timedelta(hours=1)


def test_who_has_sat_there_an_hour_confirms_and_sends_what_was_written(page: Page, database: Database) -> None:
    with database.writing() as session:
        email = with_password(session, a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR)))
        other = a_person(session, "Alva Exempel")
    enters(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspektioner")
    an_hour_passes(database)
    page.goto(f"/personer/{other.id}")
    page.get_by_label("Namn", exact=True).fill("Alva Ny Exempel")
    page.get_by_role("button", name="Spara", exact=True).tap()
    expect(page.get_by_text("Det är inte sparat.")).to_be_visible()
    assert_accessible(page)
    with page.expect_popup() as opened_beside:
        page.get_by_role("link", name="Bekräfta i en ny flik").tap()
    shows(opened_beside.value, "Bekräfta att det är du")
    opened_beside.value.get_by_label("Lösenord").fill(PASSWORD)
    opened_beside.value.get_by_role("button", name="Bekräfta med lösenord").tap()
    expect(opened_beside.value.get_by_role("heading", level=1)).to_have_text("Mitt konto")
    page.get_by_role("button", name="Skicka samma sak igen").tap()
    shows(page, "Alva Ny Exempel")
    page.get_by_role("button", name="Ångra").tap()
    shows(page, "Alva Exempel")


def test_codes_are_set_up_and_asked_for(page: Page, database: Database) -> None:
    with database.writing() as session:
        email = with_password(session, a_person(session, "Alva Exempel"))
    enters(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapporter")
    page.goto("/konto")
    page.get_by_role("link", name="Sätt på koder").tap()
    shows(page, "Koder vid inloggning")
    page.get_by_role("button", name="Fortsätt").tap()
    shows(page, "Lägg till i appen")
    totp = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label("Koden som appen visar").fill(totp.at(audit.now()))
    page.get_by_role("button", name="Sätt på koder").tap()
    shows(page, "Återställningskoder till Sporra")
    recovery = page.locator("code").first.inner_text()
    page.get_by_role("link", name="Jag har sparat dem").tap()
    expect(page.get_by_text("10 återställningskoder är kvar.")).to_be_visible()
    page.get_by_role("link", name="Ändra koderna").tap()
    shows(page, "Koder vid inloggning")

    page.context.clear_cookies()
    enters(page, email)
    shows(page, "Skriv koden")
    page.get_by_label("Kod").fill("000000")
    page.get_by_role("button", name="Logga in").tap()
    expect(page.get_by_role("alert").first).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Kod").fill(recovery)
    page.get_by_role("button", name="Logga in").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapporter")


def with_password(session: Session, viewer: Viewer) -> str:
    person = session.get_one(Person, viewer.id)
    set_password(session, person=person, password=passwords.hashed(PASSWORD), by=viewer.id)
    return person.email


def enters(page: Page, email: str) -> None:
    page.goto("/logga-in")
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).tap()


def test_a_sign_in_that_is_ended_elsewhere_takes_no_text_with_it(
    open_page: OpenPage, enter: Enter, draft: Drafted, database: Database
) -> None:
    with database.writing() as session:
        email = with_password(session, draft.a)
    tablet, computer = enter(open_page(), draft.a), enter(open_page(), draft.a)
    opened(tablet, draft)
    computer.goto("/konto")
    computer.get_by_role("button", name=re.compile("^Avsluta")).tap()
    expect(computer.get_by_role("button", name=re.compile("^Avsluta"))).to_have_count(0)

    narrative(tablet).fill(TEXT)
    line(tablet, "Logga in igen för att skicka 1 ändring")
    tablet.get_by_role("button", name="Visa vad").tap()
    tablet.get_by_role("link", name="Logga in igen").tap()
    expect(tablet).to_have_title("Logga in – Sporra")
    tablet.get_by_label("E-post").fill(email)
    tablet.get_by_label("Lösenord").fill(PASSWORD)
    tablet.get_by_role("button", name="Logga in", exact=True).tap()
    expect(narrative(tablet)).to_have_value(TEXT, timeout=SAFE_SOON)  # where she was, and what she wrote
    saved(tablet)
    with database.reading() as session:
        assert stands(session, draft) == TEXT
