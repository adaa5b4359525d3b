"""Somebody has forgotten their password, and chooses another by a link in a letter."""

from playwright.sync_api import Page, expect

from app.accounts import passwords
from app.accounts.models import Person
from app.db import Database
from tests.browser.axe import assert_accessible
from tests.factories import a_person
from tests.mail.servers import Inbox, Mailing

PASSWORD, ANOTHER = "en ganska lång mening", "en alldeles ny mening"


def has_a_password(database: Database) -> str:
    """Her address."""
    hash = passwords.hashed(PASSWORD)
    with database.writing() as session:
        person = session.get_one(Person, a_person(session, "Alva Exempel").id)
        person.password = hash
        return person.email


def test_whoever_has_forgotten_it_is_let_in_by_a_letter(desktop: Page, database: Database, mailing: Mailing) -> None:
    page, email = desktop, has_a_password(database)
    page.goto("/logga-in")
    page.get_by_role("link", name="Jag har glömt lösenordet").click()
    assert_accessible(page)
    page.get_by_label("E-post").fill(email)
    page.get_by_role("button", name="Skicka en länk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Titta i din e-post")
    assert_accessible(page)
    mailing.round(database, inbox := Inbox())
    assert inbox.to == [email]
    page.goto(inbox.link())
    assert_accessible(page)
    for label in ("Lösenord", "Samma lösenord en gång till"):
        page.get_by_label(label, exact=True).fill(ANOTHER)
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Lösenordet är bytt.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(ANOTHER)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitt konto")  # what else still lets her in
    assert_accessible(page)
