"""An inspector fills an area from empty to owed-nothing by keyboard alone, and sees it change as she goes."""

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.config import Settings
from app.following import when_signed
from app.ids import new_id
from app.inspections import signing
from app.writing.desk import Operation
from tests.browser import finds
from tests.browser.areas import narrative, opened, stands
from tests.browser.axe import assert_accessible
from tests.browser.conftest import PHONE, TABLET, Enter, OpenPage
from tests.browser.hands import begun, look, place, tab_to
from tests.factories import RUBRIC, Drafted, an_inspection
from tests.inspections.test_signing import finished

AREA = RUBRIC.rubric.area("C")


def test_an_inspector_fills_an_area_by_keyboard(page: Page, draft: Drafted, enter: Enter) -> None:
    enter(page, draft.a).goto(f"/inspektioner/{draft.id}")
    assert_accessible(page)
    tab_to(page, page.get_by_role("link", name="C Lokaler och utrustning"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C Lokaler och utrustning")
    begun(page)
    page.evaluate("() => { window.same = true }")
    tells = page.locator("#kvar")  # the list beside the area; on a tablet it stands last
    expect(page.locator("#nu")).to_contain_text("som bäst A, som sämst D")

    writes_the_narrative(page)
    answers_everything(page)
    comments(page)
    decides_otherwise(page)

    saved(page)
    expect(tells).to_contain_text("Inget kvar i det här området.")
    assert page.evaluate("() => window.same"), "sidan laddades om"
    assert_accessible(page)
    page.reload()
    begun(page)
    everything_is_there(page)
    tab_to(page, page.get_by_role("link", name="Nästa: D Tjänstgöringens uppläggning"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("D Tjänstgöringens uppläggning")


def saved(page: Page) -> None:
    expect(page.locator(".dock[data-state=saved]")).to_be_visible()
    expect(page.locator("#sparat")).to_contain_text("Allt är sparat")


def writes_the_narrative(page: Page) -> None:
    tab_to(page, page.get_by_role("textbox", name="Beskriv området"))
    page.keyboard.type("Lokalerna är ljusa.\n\nJourrummet delas av två.")
    saved(page)  # as she pauses: nothing has to be pressed, and the focus does not move
    page.keyboard.press("Shift+Tab")  # back to a line that an answer draws anew
    expect(page.get_by_role("link", name="Till graderingen")).to_be_focused()


def answers_everything(page: Page) -> None:
    """The first with the space bar, the next by going on with an arrow."""
    assert AREA
    first, second, third = (criterion.id for criterion in AREA.criteria)
    tab_to(page, page.locator(f"#{first}-met"))
    stood = place(page.locator(f"#{first}-met"))
    page.keyboard.press("Space")
    expect(page.locator("#nu")).to_contain_text("1 av 3 svar")
    stays(page, f"{first}-met", stood)

    tab_to(page, page.locator(f"#{second}-met"))
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"#{second}-partly")).to_be_checked()
    expect(page.locator("#nu")).to_contain_text("2 av 3 svar")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"#{second}-met")).to_be_checked()

    tab_to(page, page.locator(f"#{third}-met"))
    page.keyboard.press("Space")
    expect(page.locator("#nu")).to_contain_text("förslag A")
    expect(page.locator("#forslag").get_by_text("Som sämst")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Områden")).to_contain_text("3 av 3 svar")


def stays(page: Page, id: str, stood: tuple[float, float]) -> None:
    """After a save: the focus where it was, and the part where it was on the screen."""
    saved(page)
    expect(page.locator(f"#{id}")).to_be_focused()
    look(page)
    assert place(page.locator(f"#{id}")) == stood


def comments(page: Page) -> None:
    assert AREA
    last = AREA.criteria[-1].id
    tab_to(page, page.locator(f"#{last} summary").first)
    page.keyboard.press("Enter")
    tab_to(page, page.locator(f"#k-{last}"))
    page.keyboard.type("Visad av studierektorn.")


def decides_otherwise(page: Page) -> None:
    """Another grade than the suggested one asks for a reason, at once."""
    tab_to(page, page.locator("#beslut-A"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#beslut-B")).to_be_checked()
    asked = page.get_by_text("Skriv varför ni valt B när förslaget är A")
    expect(asked).to_be_visible()
    expect(page.locator("#beslut-B")).to_be_focused()
    tab_to(page, page.get_by_role("textbox", name="Varför, om beslutet"))
    page.keyboard.type("Jourrummet räcker inte till.")
    page.keyboard.press("Tab")
    expect(asked).to_be_hidden()


def everything_is_there(page: Page) -> None:
    assert AREA
    expect(page.get_by_role("textbox", name="Beskriv området")).to_have_value(
        "Lokalerna är ljusa.\n\nJourrummet delas av två."
    )
    for criterion in AREA.criteria:
        expect(page.locator(f"#{criterion.id}-met")).to_be_checked()
    expect(page.locator(f"#k-{AREA.criteria[-1].id}")).to_have_value("Visad av studierektorn.")
    expect(page.locator("#beslut-B")).to_be_checked()
    expect(page.get_by_role("textbox", name="Varför, om beslutet")).to_have_value("Jourrummet räcker inte till.")


def test_single_keys_answer_comment_and_go_on(page: Page, draft: Drafted, enter: Enter) -> None:
    enter(page, draft.a).goto(f"/inspektioner/{draft.id}/omraden/C")
    begun(page)
    offered = page.get_by_role("button", name="Tangenter")
    expect(offered).to_be_hidden()  # at a tablet there may be none
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Tangenter")
    expect(keys).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(offered).to_be_visible()
    for key in ("j", "1", "j", "3", "c"):
        page.keyboard.press(key)
    expect(page.locator("#C-F1-met")).to_be_checked()
    expect(page.locator("#C-KI1-unmet")).to_be_checked()
    expect(page.get_by_role("textbox", name="Kommentar till KI1")).to_be_focused()
    page.keyboard.type("j1")  # in a text they are letters
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Kommentar till KI1")).to_have_value("j1")
    saved(page)

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("?")
    keys.get_by_role("checkbox").uncheck()
    keys.get_by_role("button", name="Stäng").press("Enter")
    page.locator("#C-F1-met").focus()
    page.keyboard.press("3")
    expect(page.locator("#C-F1-met")).to_be_checked()
    page.keyboard.press("Alt+4")
    expect(page.get_by_role("heading", level=1)).to_have_text("D Tjänstgöringens uppläggning")


@pytest.mark.parametrize("device", [TABLET, PHONE], ids=["tablet", "phone"])
def test_nothing_moves_as_the_first_words_are_saved(
    open_page: OpenPage, enter: Enter, draft: Drafted, device: dict[str, Any]
) -> None:
    page = opened(enter(open_page(**device), draft.a), draft)
    criteria = page.get_by_role("heading", name="Kriterier")
    box = page.get_by_role("textbox", name="Beskriv området")
    box.focus()
    stood = place(criteria)
    box.press_sequentially("Ljusa.")
    expect(page.get_by_text("Du ändrade senast").first).to_be_visible()
    assert place(criteria) == stood


# ── What was written before ───────────────────────────────────────────────────────────────

THEN, WEAKNESS = "Det är gott.", "Handledningen uteblir."


@pytest.fixture
def again(draft: Drafted) -> Drafted:
    """The unit of the draft was inspected before by the same two, and signed."""
    with draft.database.writing() as session:
        id = an_inspection(session, draft.place, draft.office, draft.a, draft.b)
    before = finished(replace(draft, id=id))
    finding = f"finding/{new_id()}"
    written = {"text": WEAKNESS, "kind": "weakness", "criteria": ["E-F1"]}
    before.write(before.a, *(Operation(new_id(), f"{finding}/{name}", value) for name, value in written.items()))
    for by in (before.a, before.b):
        seen = before.hash()
        signing.sign(before.database, by=by, inspection=before.id, seen=seen, then=when_signed(Settings()))
    return draft


def test_an_inspector_begins_from_last_time_and_from_what_others_wrote(
    alva: Page, again: Drafted, faults: list[str]
) -> None:
    opened(alva, again, "E")
    left = alva.locator(".tabs [href$='#kvar-att-gora'] .count")
    begun_too = int(left.inner_text()) + 1  # nobody has begun the area: one line; then its grade and its answers
    alva.get_by_text("Sedan förra gången").tap()
    card = alva.locator("#forra")
    expect(card).to_contain_text(WEAKNESS)
    mark, begin = alva.get_by_text("Ej omprövat"), alva.get_by_role("button", name="Börja från förra gångens text")
    expect(mark).to_be_hidden()

    begin.tap()
    expect(narrative(alva)).to_have_value(THEN)
    expect(mark).to_be_visible()
    expect(begin).to_be_hidden()
    finds.saved(alva)
    assert_accessible(alva)
    with again.database.reading() as session:
        assert stands(session, again, "area/E/narrative") == THEN

    finds.offline(alva, True, faults)  # the mark is read from the texts: it is as true without a net
    narrative(alva).fill(f"{THEN} Sett på nytt.")
    expect(mark).to_be_hidden()
    narrative(alva).fill(THEN)
    expect(mark).to_be_visible()
    narrative(alva).fill("Handledningen är ojämn.")
    stood = alva.locator("#kvar [data-part=stood]")  # the list is the server's to count
    expect(stood).to_have_text(re.compile(r"^Så stod det kl\. \d+\.\d\d\.$"))
    finds.offline(alva, False, faults)
    finds.saved(alva)
    expect(stood).to_have_text("")
    faults.clear()

    expect(left).to_have_text(str(begun_too))  # counted anew, without a reload: there is a narrative now
    answers_no(alva)
    expect(left).to_have_text(str(begun_too + 1))  # and a no without its weakness
    expect(alva.locator(".dock").get_by_role("link", name=f"Kvar: {begun_too + 1}", exact=True)).to_be_in_viewport()
    begins_from_another(alva, again)

    left.tap()
    expect(alva).to_have_url(re.compile(r"#kvar-att-gora$"))
    told = "svaghet i område E som ingen förbättringspotential svarar mot"
    expect(alva.locator("#kvar-att-gora")).to_contain_text(told)
    alva.get_by_role("link", name=told).tap()
    expect(finds.row(alva, "Handledningen uteblir ofta.")).to_be_in_viewport()


def answers_no(page: Page) -> None:
    page.locator("#E-F1 label", has_text="Ej uppfyllt").tap()
    finds.saved(page)


def begins_from_another(page: Page, draft: Drafted) -> None:
    page.locator("#E-F1 summary", has_text="Mer om F1").tap()
    page.get_by_role("link", name="Så har det skrivits i andra rapporter").first.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tidigare formuleringar")
    begun(page)
    assert_accessible(page)
    page.get_by_role("link", name="Använd som början").tap()
    sheet = page.get_by_role("dialog", name="Ny iakttagelse")
    expect(sheet.get_by_role("textbox", name="Vad såg eller hörde du?")).to_have_value(WEAKNESS)
    expect(sheet.get_by_role("radio", name="Svaghet")).to_be_checked()
    assert finds.on_server(draft) == []
    finds.adds(page, "Svaghet", "Handledningen uteblir ofta.")
    finds.saved(page)
    assert finds.on_server(draft) == ["Handledningen uteblir ofta."]
