"""Two inspectors write at the same time, the net comes and goes, a sign-in ends: nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlmodel import Session, delete, select

from app.accounts.models import SignIn
from app.db import Database
from app.inspections import actions
from app.writing.models import Revision
from app.writing.said import heads, late
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.factories import Drafted, drafted

BEFORE, HERS, HIS = "Lokalerna är ljusa.", "Lokalerna är ljusa och rymliga.", "Lokalerna är ljusa men trånga."
THEIRS = "Lokalerna är ljusa, rymliga för somliga och trånga för andra."
NARRATIVE = "area/C/narrative"
FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
SAFE_SOON = 20_000  # ms: a device tries again every five seconds


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


@pytest.fixture
def alva(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(), draft.a)


@pytest.fixture
def nils(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return enter(open_page(), draft.b)


def opened(page: Page, draft: Drafted, area: str = "C") -> Page:
    page.goto(f"/inspektioner/{draft.id}/omraden/{area}")
    expect(page.locator("html[data-ready=area]")).to_be_attached()
    return page


def narrative(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Beskriv området")


def line(page: Page, told: str) -> None:
    expect(page.locator("#sparat")).to_contain_text(told, timeout=SAFE_SOON)


def saved(page: Page) -> None:
    expect(page.locator(".dock[data-state=saved]")).to_be_visible(timeout=SAFE_SOON)
    line(page, "Allt är sparat")


def leave(page: Page) -> None:
    page.get_by_role("heading", level=1).tap()


def stands(session: Session, draft: Drafted, field: str = NARRATIVE) -> object:
    return heads(session, draft.id)[field].value


def without_net(faults: list[str]) -> None:
    """The only thing that a browser may have complained of."""
    assert all("ERR_INTERNET_DISCONNECTED" in fault or "ERR_FAILED" in fault for fault in faults), faults
    faults.clear()


def test_two_who_write_in_one_field_both_keep_their_text(
    alva: Page, nils: Page, draft: Drafted, faults: list[str]
) -> None:
    opened(alva, draft)
    narrative(alva).fill(BEFORE)
    saved(alva)
    opened(nils, draft)
    expect(narrative(nils)).to_have_value(BEFORE)

    nils.context.set_offline(True)
    narrative(nils).fill(HIS)
    line(nils, "1 ändring väntar på nät")
    assert_accessible(nils)
    narrative(alva).fill(HERS)
    saved(alva)
    nils.context.set_offline(False)
    line(nils, "Ni har skrivit olika på 1 ställe")
    expect(narrative(nils)).to_have_value(HIS)  # he is still in it: nothing moves under his hands
    leave(nils)

    clash = nils.locator(".clash")
    expect(clash.get_by_role("heading", name="Ni har skrivit olika här")).to_be_visible()
    for text in (BEFORE, HERS, HIS):
        expect(clash).to_contain_text(text)
    assert_accessible(nils)
    nils.get_by_role("link", name="Visa var").tap()
    expect(nils.get_by_role("heading", level=1)).to_have_text("Där ni skrivit olika")
    assert_accessible(nils)

    opened(nils, draft)
    narrative(nils).fill(THEIRS[:20])
    nils.reload()
    expect(narrative(nils)).to_have_value(THEIRS[:20])  # what is written together is kept, and settles nothing yet
    expect(clash).to_be_visible()
    narrative(nils).fill(THEIRS)
    nils.get_by_role("button", name="Spara den gemensamma texten").tap()
    expect(clash).to_have_count(0)
    expect(narrative(nils)).to_have_value(THEIRS)
    saved(nils)

    opened(alva, draft)
    expect(narrative(alva)).to_have_value(THEIRS)
    alva.get_by_role("link", name="Tidigare versioner").first.tap()
    expect(alva.get_by_role("listitem").filter(has_text="Det som gäller").locator("ins").first).to_be_visible()
    expect(alva.get_by_text("Stod bredvid en annan text")).to_be_visible()
    assert_accessible(alva)
    alva.goto(f"/inspektioner/{draft.id}/olika")
    expect(alva.get_by_text("Ni är överens")).to_be_visible()
    assert_accessible(alva)
    without_net(faults)


def test_what_a_colleague_writes_is_shown_where_one_is_not_writing(alva: Page, nils: Page, draft: Drafted) -> None:
    opened(alva, draft)
    opened(nils, draft)
    nils.locator("#C-F1-met").check(force=True)
    narrative(nils).fill(HIS)
    saved(nils)
    alva.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # as when one comes back to the page
    expect(narrative(alva)).to_have_value(HIS)
    expect(alva.locator("#C-F1-met")).to_be_checked()
    expect(alva.locator("#nu")).to_contain_text("1 av 3 svar")
    expect(alva.get_by_text("Nils Påhitt ändrade senast").first).to_be_visible()


def test_the_net_goes_away_and_comes_back(alva: Page, draft: Drafted, database: Database, faults: list[str]) -> None:
    opened(alva, draft)
    alva.context.set_offline(True)
    narrative(alva).fill(HERS)
    alva.locator("#C-F1-unmet").check(force=True)
    line(alva, "2 ändringar väntar på nät")
    line(alva, "Skriv vidare som vanligt.")
    expect(alva.locator("#nu")).to_contain_text("förslag D")  # the ladder is on the device
    alva.get_by_role("button", name="Visa vad").tap()
    waits = alva.get_by_role("region", name="Väntar på att skickas")
    expect(waits.get_by_role("listitem")).to_have_text(
        [re.compile(f"Beskrivning av område C: ”{HERS}”"), re.compile("Svar på C-F1: ”Ej uppfyllt”")]
    )
    assert_accessible(alva)
    waits.get_by_role("button", name="Stäng").tap()

    alva.context.set_offline(False)
    saved(alva)
    with database.reading() as session:
        assert stands(session, draft) == HERS
        assert stands(session, draft, "criterion/C-F1/answer") == "unmet"
    without_net(faults)


def test_what_was_typed_just_before_the_page_went_away_is_there(alva: Page, draft: Drafted, faults: list[str]) -> None:
    opened(alva, draft)
    narrative(alva).fill(HERS)
    opened(alva, draft)
    expect(narrative(alva)).to_have_value(HERS)
    alva.route("**/operations", lambda route: route.abort())
    narrative(alva).fill(THEIRS)
    alva.reload()
    expect(narrative(alva)).to_have_value(THEIRS)
    line(alva, "1 ändring väntar på nät")
    without_net(faults)


def test_the_answer_is_lost_three_times_while_she_types_on(
    alva: Page, draft: Drafted, database: Database, faults: list[str]
) -> None:
    opened(alva, draft)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if len(lost) < 3:
            lost.append(route.request.post_data or "")
            route.fetch()  # the server has it, and nobody hears so
            route.abort()
        else:
            route.continue_()

    alva.route("**/operations", lose)
    for i in range(1, 5):
        narrative(alva).fill(f"{HERS} {i}")
        alva.wait_for_timeout(400)  # a pause in the typing: what stands here is an operation
        alva.evaluate("() => dispatchEvent(new Event('online'))")
    saved(alva)
    assert len(lost) == 3
    with database.reading() as session:
        assert stands(session, draft) == f"{HERS} 4"
        kept = session.exec(select(Revision).where(Revision.subject == draft.id, Revision.field == NARRATIVE)).all()
    assert {each.outcome for each in kept} == {"head"}
    assert [each.parent for each in kept[1:]] == [each.id for each in kept[:-1]]
    without_net(faults)


def test_a_sign_in_that_ended_takes_nothing_with_it(
    alva: Page, draft: Drafted, database: Database, enter: Enter
) -> None:
    opened(alva, draft)
    with database.writing() as session:
        session.exec(delete(SignIn))
    narrative(alva).fill(HERS)
    line(alva, "Logga in igen för att skicka 1 ändring")
    alva.get_by_role("button", name="Visa vad").tap()
    expect(alva.get_by_role("link", name="Logga in igen")).to_be_visible()
    assert_accessible(alva)
    enter(alva, draft.b)  # somebody else takes the tablet: what waits is not theirs, and is not sent as theirs
    alva.get_by_role("button", name="Försök nu").tap()
    line(alva, "Logga in igen för att skicka 1 ändring")
    enter(alva, draft.a)
    alva.get_by_role("button", name="Försök nu").tap()
    saved(alva)
    with database.reading() as session:
        assert heads(session, draft.id)[NARRATIVE].person == draft.a.id


def test_a_full_device_still_sends_and_says_what_it_cannot_keep(
    alva: Page, draft: Drafted, database: Database, faults: list[str]
) -> None:
    opened(alva, draft)
    alva.evaluate(FULL)
    narrative(alva).fill(BEFORE * 200)
    saved(alva)  # there is a net, so nothing is in danger
    alva.context.set_offline(True)
    narrative(alva).fill(HERS * 200)
    line(alva, "Det här får inte plats på plattan")
    expect(alva.locator(".dock-stop")).to_be_visible()
    assert_accessible(alva)
    alva.get_by_role("button", name="Visa vad").tap()
    expect(alva.get_by_role("region", name="Väntar på att skickas")).to_contain_text(HERS)
    alva.context.set_offline(False)
    saved(alva)
    with database.reading() as session:
        assert stands(session, draft) == HERS * 200
    without_net(faults)


def test_one_field_in_two_tabs_is_typed_in_one_at_a_time(alva: Page, draft: Drafted, database: Database) -> None:
    opened(alva, draft)
    beside = opened(alva.context.new_page(), draft)
    narrative(alva).focus()
    narrative(alva).fill(HERS)
    narrative(beside).focus()
    expect(beside.get_by_text("Du skriver här i en annan flik.")).to_be_visible()
    expect(narrative(beside)).not_to_be_editable()
    leave(alva)
    expect(narrative(beside)).to_be_editable()
    expect(narrative(beside)).to_have_value(HERS)
    narrative(beside).fill(THEIRS)
    saved(beside)
    expect(narrative(alva)).to_have_value(THEIRS)
    with database.reading() as session:
        revisions = session.exec(select(Revision.outcome).where(Revision.field == NARRATIVE)).all()
        assert set(revisions) == {"head"}


def test_one_person_on_two_devices_is_told_which_text_is_from_which(
    alva: Page, open_page: OpenPage, enter: Enter, draft: Drafted, faults: list[str]
) -> None:
    phone = opened(enter(open_page(), draft.a), draft)
    opened(alva, draft)
    phone.context.set_offline(True)
    narrative(phone).fill(HIS)
    line(phone, "1 ändring väntar på nät")
    narrative(alva).fill(HERS)
    saved(alva)
    phone.context.set_offline(False)
    line(phone, "skrivit olika på 1 ställe")
    leave(phone)
    clash = phone.locator(".clash")
    expect(clash.locator(".version", has_text="trånga")).not_to_contain_text("en annan enhet")
    expect(clash.locator(".version", has_text="rymliga")).to_contain_text("skriven på en annan enhet")
    clash.locator(".version", has_text="rymliga").get_by_role("button", name=re.compile("Behåll")).tap()
    expect(clash).to_have_count(0)
    expect(narrative(phone)).to_have_value(HERS)
    saved(phone)
    without_net(faults)


def test_an_inspector_who_was_taken_off_meanwhile_has_lost_nothing(
    alva: Page, draft: Drafted, database: Database, faults: list[str]
) -> None:
    opened(alva, draft)
    alva.context.set_offline(True)
    narrative(alva).fill(HERS)
    line(alva, "1 ändring väntar på nät")
    with database.writing() as session:
        actions.staff(session, by=draft.office, inspection=draft.id, inspectors=[draft.b.id])
    alva.context.set_offline(False)
    expect(alva.get_by_role("alert")).to_contain_text("Du är inte längre inspektör här.", timeout=SAFE_SOON)
    expect(alva.locator(".dock[data-state=saved]")).to_be_visible()
    assert_accessible(alva)
    with database.reading() as session:
        assert [each.value for each in late(session, draft.id)] == [HERS]
    without_net(faults)


def test_what_is_typed_before_the_script_has_come_is_kept(alva: Page, draft: Drafted) -> None:
    held: list[Route] = []
    alva.route("**/area.js", lambda route: held.append(route))
    alva.goto(f"/inspektioner/{draft.id}/omraden/C", wait_until="commit")
    narrative(alva).fill(HERS)
    alva.locator("#C-F1-met").check(force=True)
    while not held:
        alva.wait_for_timeout(50)
    held[0].continue_()
    saved(alva)
    alva.unroute("**/area.js")
    alva.reload()
    expect(narrative(alva)).to_have_value(HERS)
    expect(alva.locator("#C-F1-met")).to_be_checked()


def test_the_front_page_is_written_like_the_rest(
    alva: Page, draft: Drafted, database: Database, faults: list[str]
) -> None:
    alva.goto(f"/inspektioner/{draft.id}/framsida")
    expect(alva.locator("html[data-ready=front]")).to_be_attached()
    alva.context.set_offline(True)
    alva.get_by_role("textbox", name="Ort", exact=True).fill("Exempelstad")
    alva.get_by_role("textbox", name="Inspektörernas namn").fill("Alva Exempel\nNils Påhitt")
    alva.get_by_label("Besökets form").select_option(label="Digitalt")
    alva.get_by_role("textbox", name="Klinik", exact=True).fill("")
    line(alva, "4 ändringar väntar på nät")
    alva.context.set_offline(False)
    line(alva, "1 text kunde inte tas emot")
    alva.get_by_role("button", name="Visa vad").tap()
    expect(alva.locator("#vantande")).to_contain_text("Klinik kan ändras men inte lämnas tom.")
    assert_accessible(alva)
    alva.get_by_role("button", name="Släng").tap()
    expect(alva.locator(".dock[data-state=saved]")).to_be_visible()
    with database.reading() as session:
        assert stands(session, draft, "front/place") == "Exempelstad"
        assert stands(session, draft, "front/mode") == "digital"
        assert stands(session, draft, "front/inspectors") == ["Alva Exempel", "Nils Påhitt"]
    without_net(faults)


def test_a_tab_of_somebody_who_has_left_is_put_away(
    alva: Page, draft: Drafted, database: Database, enter: Enter, faults: list[str]
) -> None:
    opened(alva, draft)
    alva.route("**/operations", lambda route: route.abort())
    narrative(alva).fill(HERS)
    line(alva, "1 ändring väntar på nät")
    beside = enter(alva.context.new_page(), draft.b)
    beside.goto("/inspektioner")
    expect(alva.get_by_role("heading", level=1)).to_have_text("Den här sidan är undanlagd")
    expect(narrative(alva)).to_be_hidden()
    assert_accessible(alva)
    alva.unroute("**/operations")
    beside.close()
    opened(enter(alva, draft.a), draft)
    saved(alva)
    with database.reading() as session:
        assert heads(session, draft.id)[NARRATIVE].person == draft.a.id
    without_net(faults)


@pytest.mark.parametrize(
    "answer",
    ['[{"id": "ID", "outcome": "busy", "seq": 7}]', '[{"id": "ID", "outcome": "head"}]', "[null]", "{}", "<p>Hotell"],
)
def test_what_is_no_answer_from_the_server_acknowledges_nothing(
    alva: Page, draft: Drafted, database: Database, answer: str
) -> None:
    opened(alva, draft)
    heard: list[str] = []

    def says(route: Route) -> None:
        heard.append(route.request.post_data_json["operations"][0]["id"])
        route.fulfill(body=answer.replace("ID", heard[-1]), content_type="application/json")

    alva.route("**/operations", says)
    narrative(alva).fill(HERS)
    line(alva, "1 ändring väntar på nät")
    assert heard
    alva.unroute("**/operations")
    alva.evaluate("() => dispatchEvent(new Event('online'))")
    saved(alva)
    with database.reading() as session:
        assert stands(session, draft) == HERS


def test_a_finding_that_was_being_caught_is_there_after_a_reload(alva: Page, draft: Drafted) -> None:
    opened(alva, draft)
    alva.keyboard.press("n")
    sheet = alva.get_by_role("dialog", name="Ny iakttagelse")
    sheet.get_by_role("textbox").fill(HIS)
    beside = opened(alva.context.new_page(), draft)
    alva.reload()
    expect(alva.locator("html[data-ready=area]")).to_be_attached()
    for page in (beside, alva):  # opened and closed in another tab, which never saw it, takes nothing away
        page.keyboard.press("n")
        page.keyboard.press("Escape")
    alva.reload()
    expect(alva.locator("html[data-ready=area]")).to_be_attached()
    alva.keyboard.press("n")
    expect(sheet.get_by_role("textbox")).to_have_value(HIS)
