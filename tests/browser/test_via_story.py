"""Alva signs in with what she has at work, at a real provider, and lets a program of hers in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts.actions import invite
from app.accounts.viewer import OFFICE
from app.config import Settings
from app.db import Database
from app.main import create_app
from app.people import actions as people
from app.people.schemas import PersonIn
from tests.accounts.entering import PASSWORD as OWN_PASSWORD
from tests.accounts.entering import enrol
from tests.accounts.providers import PASSWORD, real, told
from tests.browser.axe import assert_accessible
from tests.browser.serving import served
from tests.serving import free_port


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """With a provider, which knows where it may lead back to."""
    port = free_port()
    ours = f"http://localhost:{port}"
    with real(tmp_path, f"{ours}/logga-in/via/exempel/tillbaka") as issuer:
        application = create_app(Settings(database_url, public=ours, oidc=told(tmp_path, issuer)))
        with served(application, port) as address:
            yield address


def test_alva_signs_in_with_what_she_has_at_work(database: Database, page: Page, phone: Page) -> None:
    enrol(database, "alva@exempel.se")
    page.goto("/logga-in")
    assert_accessible(page)
    is_told_what_to_do(phone)
    links_her_account(page)
    signs_in_with_it(page)
    lets_a_program_in(page)
    takes_it_all_back(page)
    accepts_without_a_password(phone, database)


def signs_in_over_there(page: Page) -> None:
    """Where nothing is ours: its looks come from yet another site, which there is none of here."""
    expect(page).to_have_title(re.compile("NanoIDP"))
    page.get_by_label("Username").fill("alva")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def leaves_for(page: Page, button: str) -> None:
    page.context.route("https://cdn.jsdelivr.net/**", lambda route: route.fulfill(body="", content_type="text/css"))
    page.get_by_role("button", name=button).click()


def is_told_what_to_do(page: Page) -> None:
    """Nothing is linked yet."""
    page.goto("/logga-in?till=/konto")
    leaves_for(page, "Logga in med Region Exempel")
    signs_in_over_there(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggningen blev inte klar")
    expect(page.get_by_text("inte kopplad till något konto")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Till inloggningen").click()
    expect(page.get_by_role("heading", name="Logga in")).to_be_visible()


def links_her_account(page: Page) -> None:
    page.get_by_label("E-post").fill("alva@exempel.se")
    page.get_by_label("Lösenord").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.goto("/konto")
    page.get_by_role("link", name="Koppla inloggningen").click()
    assert_accessible(page)
    leaves_for(page, "Koppla inloggningen hos Region Exempel")
    signs_in_over_there(page)
    expect(page.get_by_text("Inloggningen är kopplad.")).to_be_visible()
    expect(page.get_by_text("Ingen roll än")).to_be_visible()  # whatever the provider says


def signs_in_with_it(page: Page) -> None:
    page.get_by_text("Alva Exempel").first.click()
    page.get_by_role("button", name="Logga ut", exact=True).click()
    expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
    page.goto("/konto")
    leaves_for(page, "Logga in med Region Exempel")
    signs_in_over_there(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitt konto")  # where she was going


def lets_a_program_in(page: Page) -> None:
    page.get_by_role("link", name="Gör en API-nyckel").click()
    assert_accessible(page)
    page.get_by_label("Vad ska den användas till?").fill(" ")
    page.get_by_role("button", name="Gör nyckeln").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    page.get_by_label("Vad ska den användas till?").fill("Regionens uppföljning")
    page.get_by_label("Läsa", exact=True).check()
    page.get_by_role("button", name="Gör nyckeln").click()
    assert_accessible(page)
    token = page.get_by_label("Nyckeln", exact=True).input_value()
    told = page.request.get("/api/me", headers={"authorization": f"Bearer {token}"})
    assert told.json()["email"] == "alva@exempel.se"
    page.get_by_role("link", name="Jag har kopierat den").click()
    expect(page.get_by_text("Användes senast")).to_be_visible()
    assert_accessible(page)


def takes_it_all_back(page: Page) -> None:
    page.get_by_role("button", name="Ta bort nyckeln Regionens uppföljning").click()
    expect(page.get_by_text("API-nyckeln är borttagen.")).to_be_visible()
    page.get_by_role("link", name="Ändra inloggningen").click()
    assert_accessible(page)
    page.get_by_role("button", name="Ta bort inloggningen genom Region Exempel").click()
    expect(page.get_by_text("Inloggningen är borttagen.")).to_be_visible()


def accepts_without_a_password(page: Page, database: Database) -> None:
    with database.writing() as session:
        nils = people.add(session, by=OFFICE, new=PersonIn(name="Nils Påhitt", email="nils@exempel.se"))
        token = invite(session, by=OFFICE, person=nils)
    page.goto(f"/valkommen/{token}")
    assert_accessible(page)
    leaves_for(page, "Använd inloggningen hos Region Exempel")
    signs_in_over_there(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapporter")  # he has no role yet
