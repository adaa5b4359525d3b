"""Two inspectors write at the same time, the net comes and goes, a sign-in ends: nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import delete, select

from app.accounts.models import SignIn
from app.db import Database
from app.ids import new_id
from app.inspections import actions
from app.inspections.fields import KINDS
from app.writing.desk import Operation
from app.writing.models import Revision
from app.writing.said import heads, late
from tests.browser.areas import NARRATIVE, SAFE_SOON, choose, leave, line, narrative, opened, saved, stands, without_net
from tests.browser.axe import assert_accessible
from tests.browser.conftest import PHONE, ZOOMED, Enter
from tests.browser.hands import begun, tab_to
from tests.factories import Drafted

BEFORE, HERS, HIS = "Lokalerna är ljusa.", "Lokalerna är ljusa och rymliga.", "Lokalerna är ljusa men trånga."
THEIRS = "Lokalerna är ljusa, rymliga för somliga och trånga för andra."
FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""


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


def test_two_places_at_once_are_told_apart(alva: Page, nils: Page, draft: Drafted, faults: list[str]) -> None:
    opened(alva, draft)
    opened(nils, draft)
    nils.context.set_offline(True)
    for page, text, answer in ((nils, HIS, "unmet"), (alva, HERS, "met")):
        narrative(page).fill(text)
        choose(page, f"C-F1-{answer}")
    saved(alva)
    nils.context.set_offline(False)
    line(nils, "Ni har skrivit olika på 2 ställen")
    leave(nils)
    for what in ("beskrivningen", "svaret på F1"):
        expect(nils.get_by_role("region", name=f"Ni har skrivit olika här – {what}")).to_be_visible()
    assert_accessible(nils)
    without_net(faults)


def test_two_texts_are_shown_also_where_the_page_could_not_be_fetched_at_first(
    alva: Page, draft: Drafted, faults: list[str]
) -> None:
    opened(alva, draft)
    alva.route("**/omraden/C", lambda route: route.abort())
    draft.write(draft.b, Operation(new_id(), NARRATIVE, HIS))
    with alva.expect_event("requestfailed", lambda each: each.url.endswith("/omraden/C")):
        narrative(alva).fill(HERS)
        leave(alva)
    line(alva, "Ni har skrivit olika på 1 ställe")
    alva.unroute("**/omraden/C")
    expect(alva.locator(".clash")).to_contain_text(HIS, timeout=SAFE_SOON)
    without_net(faults)


def test_what_a_colleague_writes_is_shown_where_one_is_not_writing(alva: Page, nils: Page, draft: Drafted) -> None:
    opened(alva, draft)
    opened(nils, draft)
    choose(nils, "C-F1-met")
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
    choose(alva, "C-F1-unmet")
    choose(alva, "beslut-A")
    line(alva, "3 ändringar väntar på nät")
    line(alva, "Skriv vidare som vanligt.")
    expect(alva.locator("#nu")).to_contain_text("förslag D")  # the ladder is on the device
    alva.get_by_role("button", name="Visa vad").tap()
    waits = alva.get_by_role("region", name="Inte på servern än")
    expect(waits.get_by_role("listitem")).to_have_text(
        [
            re.compile(f"Beskrivning av område C: ”{HERS}”"),
            re.compile("Svar på C-F1: ”Ej uppfyllt”"),
            re.compile("Gradering av område C: ”A Inga åtgärder”"),
        ]
    )
    assert_accessible(alva)
    waits.get_by_role("button", name="Stäng").tap()

    alva.context.set_offline(False)
    saved(alva)
    with database.reading() as session:
        assert stands(session, draft) == HERS
        assert stands(session, draft, "criterion/C-F1/answer") == "unmet"
    without_net(faults)


def test_who_stood_on_what_goes_when_all_is_sent_stands_beside_it(
    alva: Page, draft: Drafted, faults: list[str]
) -> None:
    opened(alva, draft)
    show, catch = alva.get_by_role("button", name="Visa vad"), alva.locator(".dock [data-capture]")
    waits = alva.get_by_role("region", name="Inte på servern än")
    for text in (HERS, HIS):
        alva.context.set_offline(True)
        narrative(alva).fill(text)
        line(alva, "1 ändring väntar på nät")
        show.focus()
        if text == HIS:
            alva.keyboard.press("Enter")
            waits.get_by_role("button", name="Försök nu").focus()
        alva.context.set_offline(False)
        saved(alva)
        expect(waits.get_by_role("heading", level=2) if text == HIS else catch).to_be_focused()
    alva.keyboard.press("Escape")
    expect(waits).to_be_hidden()
    expect(catch).to_be_focused()
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

    def lose(route: Route) -> None:
        route.fetch()  # the server has it, and nobody hears so
        route.abort()

    alva.route("**/operations", lose)
    for i in range(1, 4):
        with alva.expect_event("requestfailed"):
            narrative(alva).fill(f"{HERS} {i}")
    alva.unroute("**/operations")
    narrative(alva).fill(f"{HERS} 4")
    saved(alva)
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
    has_room_on_a_phone(alva)
    enter(alva, draft.b)  # somebody else takes the tablet: what waits is not theirs, and is not sent as theirs
    alva.get_by_role("button", name="Försök nu").tap()
    line(alva, "Logga in igen för att skicka 1 ändring")
    enter(alva, draft.a)
    saved(alva)  # by itself: there is nothing to press any more
    with database.reading() as session:
        assert heads(session, draft.id)[NARRATIVE].person == draft.a.id


def has_room_on_a_phone(page: Page) -> None:
    """The line with most to press beside it, and the list above it."""
    size = page.viewport_size
    assert size
    page.set_viewport_size(PHONE["viewport"])
    text, dock, waits = (page.locator(part).bounding_box() for part in ("#sparat", ".dock-in", "#vantande"))
    assert text
    assert dock
    assert waits
    assert text["width"] > PHONE["viewport"]["width"] / 2
    assert waits["y"] > 0
    assert waits["y"] + waits["height"] <= dock["y"]
    page.set_viewport_size(size)


def test_a_full_device_still_sends_and_says_what_it_cannot_keep(
    alva: Page, draft: Drafted, database: Database, faults: list[str]
) -> None:
    opened(alva, draft)
    alva.evaluate(FULL)
    narrative(alva).fill(BEFORE * 200)
    saved(alva)  # there is a net, so nothing is in danger
    alva.context.set_offline(True)
    narrative(alva).fill(HERS * 200)
    line(alva, "Det får inte plats på den här enheten")
    expect(alva.locator(".dock-stop")).to_be_visible()
    assert_accessible(alva)
    alva.get_by_role("button", name="Visa vad").tap()
    expect(alva.get_by_role("region", name="Inte på servern än")).to_contain_text(HERS)
    alva.context.set_offline(False)
    saved(alva)
    with database.reading() as session:
        assert stands(session, draft) == HERS * 200
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
        assert [each.value for each in late(session, draft.id, KINDS)] == [HERS]
    without_net(faults)
    alva.set_viewport_size(ZOOMED)
    narrative(alva).focus()
    tab_to(alva, alva.locator("[id='C-KI2-met']"))  # what lies over the page hides no stop on the way
    alva.keyboard.press("Escape")
    expect(alva.get_by_role("alert")).to_be_empty()
    narrative(alva).fill(HERS + " Och till sist.")
    saved(alva)
    expect(alva.get_by_role("alert")).to_be_empty()  # it has been said


def test_what_is_typed_before_the_script_has_come_is_kept(alva: Page, draft: Drafted) -> None:
    held: list[Route] = []
    alva.route("**/area.js", lambda route: held.append(route))
    with alva.expect_request("**/area.js"):
        alva.goto(f"/inspektioner/{draft.id}/omraden/C", wait_until="commit")
    narrative(alva).fill(HERS)
    choose(alva, "C-F1-met")
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
    begun(alva)
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
