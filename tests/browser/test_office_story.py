"""The office sets up a visit, from an empty database: places, people with their first passwords, the inspection."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.accounts import passwords
from app.accounts.models import Person
from app.accounts.roles import Held, Role
from app.db import Database
from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.factories import a_person
from tests.mail.servers import Inbox, Mailing

PASSWORD = "en ganska lång mening"


@pytest.fixture
def office(database: Database) -> str:
    """The first administrator's address, as `sporra user add` leaves it."""
    hash = passwords.hashed(PASSWORD)
    with database.writing() as session:
        person = session.get_one(Person, a_person(session, "Kim Kansli", Held(Role.ADMINISTRATOR)).id)
        person.password = hash
        return person.email


def test_the_office_sets_up_a_visit(
    desktop: Page, open_page: OpenPage, office: str, database: Database, mailing: Mailing
) -> None:
    signs_in(desktop, office)
    adds_the_places(desktop)
    links = [adds_an_inspector(desktop, "Alva Exempel"), invites_an_inspector(desktop, database, mailing)]
    alva, nils = (chooses_a_password(open_page(), link) for link in links)
    finds_the_link_used_up(open_page(), links[0])
    tells_a_tie(desktop, "Nils Påhitt")
    takes_in_a_list(desktop)
    sets_up_the_visit(desktop)
    hands_over(desktop)
    for inspector in (alva, nils):
        inspector.goto("/inspektioner")
        inspector.get_by_role("link", name="Medicinkliniken, Exempelstads lasarett").click()
        expect(inspector.get_by_text("0 av 8 områden är graderade")).to_be_visible()
        expect(inspector.get_by_role("link", name="Byt inspektörer")).to_have_count(0)
    says_that_she_has_no_tie(alva)
    reads_who_has_done_what(alva)
    tells_her_own(alva)
    changes_her_password(alva)
    reads_what_has_happened(desktop)
    leaves(desktop)


def signs_in(page: Page, email: str) -> None:
    page.goto("/platser")
    expect(page).to_have_title("Logga in – Sporra")
    assert_accessible(page)
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill("fel lösenord helt")
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Platser")  # where she was going


def adds_the_places(page: Page) -> None:
    assert_accessible(page)
    page.get_by_role("link", name="Lägg till en region").click()
    assert_accessible(page)
    saves(page, "Region Exempel")
    page.get_by_role("link", name="Specialiteter").click()
    assert_accessible(page)
    page.get_by_role("link", name="Lägg till en specialitet").click()
    assert_accessible(page)
    saves(page, "Internmedicin")
    page.get_by_role("link", name="Platser").first.click()
    page.get_by_role("link", name="Sjukhus eller primärvård i Region Exempel").click()
    assert_accessible(page)
    saves(page, "Exempelstads lasarett")
    page.get_by_role("link", name="Klinik i Exempelstads lasarett").click()
    assert_accessible(page)
    page.get_by_label("Internmedicin").check()
    saves(page, "Medicinklinken")
    page.get_by_role("link", name="Medicinklinken").click()
    assert_accessible(page)
    expect(page.get_by_label("Internmedicin")).to_be_checked()
    saves(page, "Medicinkliniken")
    expect(page.get_by_text("Medicinklinken heter nu Medicinkliniken.")).to_be_visible()
    expect(page.get_by_role("button", name="Ångra")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Platser").first.click()
    expect(page.get_by_role("link", name="Medicinkliniken")).to_be_visible()
    closes_a_place(page)
    closes_a_speciality_there(page)
    page.get_by_role("link", name=re.compile("^Region Exempel")).click()
    assert_accessible(page)
    page.get_by_label("Namn").fill(" ")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    assert_accessible(page)


def closes_a_place(page: Page) -> None:
    """One that has ended, and was not; and one that stays closed."""
    for name in ("Gamla kliniken", "Nedlagda kliniken"):
        page.get_by_role("link", name="Klinik i Exempelstads lasarett").click()
        saves(page, name)
        page.get_by_role("link", name=name).click()
        page.get_by_role("link", name=f"Stäng {name}").click()
        assert_accessible(page)
        page.get_by_label("Från och med").fill("2026-03-03")
        page.get_by_role("button", name="Ja, stäng").click()
        expect(page.get_by_role("heading", name="Stängd sedan 3 mars 2026")).to_be_visible()
        assert_accessible(page)
        if name == "Gamla kliniken":
            page.get_by_role("button", name="Öppna igen").click()
            expect(page.get_by_role("link", name=f"Stäng {name}")).to_be_visible()
        page.get_by_role("link", name="Platser").first.click()
    page.get_by_text("Stängda i Exempelstads lasarett (1)").click()
    expect(page.get_by_role("link", name="Nedlagda kliniken")).to_contain_text("Stängd sedan 3 mars 2026")
    assert_accessible(page)


def closes_a_speciality_there(page: Page) -> None:
    page.get_by_role("link", name="Medicinkliniken").click()
    page.get_by_role("link", name="Stäng Internmedicin här").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stäng Internmedicin vid Medicinkliniken")
    assert_accessible(page)
    page.get_by_label("Från och med").fill("2026-03-03")
    page.get_by_role("button", name="Ja, stäng").click()
    expect(page.get_by_role("button", name="Öppna igen Internmedicin här")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Öppna igen Internmedicin här").click()
    expect(page.get_by_role("link", name="Stäng Internmedicin här")).to_be_visible()
    page.get_by_role("link", name="Platser").first.click()


def saves(page: Page, name: str) -> None:
    page.get_by_label("Namn", exact=True).fill(name)
    page.get_by_role("button", name="Spara").click()


def adds_an_inspector(page: Page, name: str) -> str:
    page.goto("/personer")
    assert_accessible(page)
    page.get_by_role("link", name="Lägg till en person").click()
    assert_accessible(page)
    page.get_by_label("Namn").fill(name)
    page.get_by_label("E-post").fill(f"{name.split()[0].lower()}@exempel.se")
    page.get_by_role("button", name="Lägg till och visa länken").click()
    assert_accessible(page)
    link = page.get_by_label("Länken").input_value()
    page.get_by_role("link", name="Fortsätt till rollerna").click()
    assert_accessible(page)
    gives_the_role(page)
    return link


def gives_the_role(page: Page) -> None:
    page.get_by_role("link", name="Inspektör").click()
    assert_accessible(page)
    page.get_by_label("Specialitet").select_option("Internmedicin")
    page.get_by_role("button", name="Ge rollen").click()
    expect(page.get_by_role("button", name="Avsluta")).to_be_visible()


def invites_an_inspector(page: Page, database: Database, mailing: Mailing) -> str:
    """By mail: the first letter does not arrive."""
    page.goto("/personer/ny")
    page.get_by_label("Namn").fill("Nils Påhitt")
    page.get_by_label("E-post").fill("nils@exempel.se")
    page.get_by_role("button", name="Lägg till och skicka inbjudan").click()
    expect(page.get_by_text("Inbjudan är på väg")).to_be_visible()
    assert_accessible(page)
    mailing.round(database, Inbox({"nils@exempel.se": "550 No such user"}))
    page.goto("/drift")
    assert_accessible(page)
    page.get_by_role("link", name="Nils Påhitt").click()
    expect(page.get_by_text("Inbjudan kom inte fram")).to_be_visible()
    assert_accessible(page)
    gives_the_role(page)
    takes_it_back(page)
    page.get_by_role("button", name="Skicka inbjudan").click()
    expect(page.get_by_text("Inbjudan är på väg")).to_be_visible()
    mailing.round(database, inbox := Inbox())
    page.goto("/personer?visa=inbjudna")
    expect(page.get_by_text(re.compile(r"inbjuden \d"))).to_have_count(2)
    assert_accessible(page)
    return inbox.link()


def takes_it_back(page: Page) -> None:
    page.get_by_text("Ta tillbaka inbjudan", exact=True).click()
    assert_accessible(page)
    page.get_by_role("button", name="Ja, ta tillbaka inbjudan").click()
    expect(page.get_by_text("Inte inbjuden än.")).to_be_visible()


def chooses_a_password(page: Page, link: str) -> Page:
    page.goto(link)
    assert_accessible(page)
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.get_by_label("Samma lösenord en gång till").fill("en annan lång mening")
    page.get_by_role("button", name="Spara och logga in").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    assert_accessible(page)
    for label in ("Lösenord", "Samma lösenord en gång till"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Spara och logga in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspektioner")
    assert_accessible(page)
    return page


def finds_the_link_used_up(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Länken går inte att använda")
    assert_accessible(page)


def tells_a_tie(page: Page, name: str) -> None:
    page.goto("/personer")
    page.get_by_label("Sök på namn eller e-post").fill(name)
    page.get_by_role("button", name="Sök").click()
    expect(page.get_by_role("link", name="Visa alla")).to_be_visible()
    expect(page.locator("main li")).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("link", name=name).click()
    page.go_back()
    expect(page.get_by_label("Sök på namn eller e-post")).to_have_value(name)
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Lägg till ett band").click()
    assert_accessible(page)
    page.get_by_label("Hemregion").check()
    page.get_by_label("Till vad?").select_option("Medicinkliniken")
    page.get_by_role("button", name="Lägg till bandet").click()
    expect(page.get_by_role("alert").first).to_contain_text("En hemregion är en region.")
    assert_accessible(page)
    page.get_by_label("Till vad?").select_option("Region Exempel")
    page.get_by_role("button", name="Lägg till bandet").click()
    expect(page.get_by_text("Hemregion, Region Exempel", exact=True)).to_be_visible()
    assert_accessible(page)


def takes_in_a_list(page: Page) -> None:
    """More people, from a file: looked at, done, invited."""
    page.goto("/platser/lista")
    assert_accessible(page)
    page.goto("/personer/lista")
    assert_accessible(page)
    rows = "Namn;E-post;Roll;Specialitet\nSiv Ek;siv@exempel.se;inspektör;Internmedicin\nAlva Exempel;alva@annan.se;;\n;;chef;\n"
    file: FilePayload = {"name": "personer.csv", "mimeType": "text/csv", "buffer": rows.encode("cp1252")}
    page.get_by_label("Fil", exact=True).set_input_files(file)
    page.get_by_role("button", name="Visa vad som ändras").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Det här ändras")
    expect(page.get_by_text("Någon som heter så har alva@exempel.se.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Gör 2 ändringar").click()
    expect(page.get_by_text("2 ändringar är gjorda")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Bjud in dem som inte är inbjudna").click()
    assert_accessible(page)
    page.get_by_label("Alva Exempel").uncheck()
    page.get_by_role("button", name="Bjud in dem").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 inbjudan på väg")
    expect(page.get_by_text("siv@exempel.se")).to_be_visible()
    assert_accessible(page)
    page.goto("/personer?visa=inte-inbjudna")
    expect(page.get_by_role("link", name="alva@annan.se")).to_be_visible()
    expect(page.get_by_role("link", name="Siv Ek")).to_have_count(0)
    assert_accessible(page)


def sets_up_the_visit(page: Page) -> None:
    page.goto("/inspektioner")
    page.get_by_role("link", name="Lägg upp en inspektion").click()
    assert_accessible(page)
    page.get_by_label("Klinik och specialitet").select_option("Medicinkliniken · Internmedicin")
    page.get_by_role("button", name="Fortsätt").click()
    assert_accessible(page)
    page.get_by_label("Granskningsmodell").select_option(index=0)
    page.get_by_label("Första dagen").fill("2026-10-20")
    page.get_by_label("Sista dagen").fill("2026-10-19")
    page.get_by_label("Ort", exact=True).fill("Exempelstad")
    page.get_by_label("Alva Exempel").check()
    page.get_by_role("button", name="Lägg upp inspektionen").click()
    expect(page.get_by_role("alert").first).to_contain_text("Besöket slutar före den första dagen")
    assert_accessible(page)
    page.get_by_label("Sista dagen").fill("2026-10-21")
    page.get_by_role("button", name="Lägg upp inspektionen").click()
    expect(page.get_by_text("20–21 oktober 2026").first).to_be_visible()
    assert_accessible(page)


def hands_over(page: Page) -> None:
    """One more inspector, and the front page as it was set up."""
    page.get_by_role("link", name="Byt inspektörer").click()
    assert_accessible(page)
    page.get_by_label("Nils Påhitt Har band: hemregion, Region Exempel.").check()
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nils Påhitt har band till enheten")
    assert_accessible(page)
    page.get_by_label("Varför är det ändå rätt?").fill("De andra två var där förra gången.")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Varför det är rätt: De andra två var där förra gången.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Framsidan").click()
    assert_accessible(page)
    expect(page.get_by_label("Ort", exact=True)).to_have_value("Exempelstad")


def reads_who_has_done_what(page: Page) -> None:
    page.get_by_role("link", name="Vem har gjort vad").click()
    expect(page.get_by_text("Kim Kansli lade upp inspektionen")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert taken.value.suggested_filename.endswith(".csv")


def reads_what_has_happened(page: Page) -> None:
    page.get_by_text("Kim Kansli").first.click()
    page.get_by_role("link", name="Händelser").click()
    expect(page.get_by_text("Alva Exempel hämtade händelserna")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Vem").fill("alva@exempel.se")  # the list brought another Alva
    page.get_by_label("Vad").select_option("Valde lösenord")
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="valde lösenord")).to_have_count(2)
    expect(page.get_by_label("Vem")).to_have_value("Alva Exempel")
    assert_accessible(page)


def says_that_she_has_no_tie(page: Page) -> None:
    assert_accessible(page)
    page.get_by_role("link", name="Svara om band", exact=True).click()
    assert_accessible(page)
    page.get_by_text("Jag har ett band till enheten").click()
    expect(page.get_by_label("Till vad?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Jag har inget band till enheten").click()
    expect(page.get_by_text("har svarat att du inte har något band.")).to_be_visible()
    assert_accessible(page)


def tells_her_own(page: Page) -> None:
    page.goto("/konto")
    assert_accessible(page)
    page.get_by_role("link", name="Lägg till ett band").click()
    assert_accessible(page)
    page.get_by_label("Anställning").check()
    page.get_by_label("Till vad?").select_option("Exempelstads lasarett")
    page.get_by_label("Från år").fill("2015")
    page.get_by_label("Till år").fill("2018")
    page.get_by_role("button", name="Lägg till bandet").click()
    expect(page.get_by_text("Anställning, Exempelstads lasarett, 2015–2018", exact=True)).to_be_visible()


def changes_her_password(page: Page) -> None:
    page.get_by_text("Alva Exempel").first.click()
    page.get_by_role("link", name="Mitt konto").click()
    assert_accessible(page)
    page.get_by_role("link", name="Byt lösenord").click()
    assert_accessible(page)
    for label in ("Nytt lösenord", "Samma lösenord en gång till"):
        page.get_by_label(label, exact=True).fill(f"{PASSWORD} till")
    page.get_by_role("button", name="Byt lösenord").click()
    expect(page.get_by_text("Lösenordet är bytt.")).to_be_visible()
    assert_accessible(page)


def leaves(page: Page) -> None:
    page.get_by_text("Kim Kansli").first.click()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
