"""Findings: caught from any page, ordered, changed and taken away by two inspectors, with a net and without."""

import pytest
from playwright.sync_api import Locator, Page, expect

from app.db import Database
from app.ids import new_id
from app.inspections.content import findings
from app.web.static_files import device
from app.writing.desk import Operation
from tests.browser.axe import assert_accessible
from tests.browser.conftest import PHONE, Enter, OpenPage
from tests.browser.hands import assert_fits, look, tab_to
from tests.factories import Drafted, drafted

ALL_SENT = 20_000  # ms: a round after the net has come back


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


@pytest.fixture
def alva(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return arrived(enter(open_page(), draft.a), draft)


@pytest.fixture
def nils(open_page: OpenPage, enter: Enter, draft: Drafted) -> Page:
    return arrived(enter(open_page(), draft.b), draft)


def arrived(page: Page, draft: Drafted, more: str = "") -> Page:
    page.goto(f"/inspektioner/{draft.id}/iakttagelser{more}")
    expect(page.locator("html[data-ready=findings]")).to_be_attached()
    return page


def catches(page: Page, kind: str, text: str) -> None:
    """Three taps and a sentence."""
    page.locator("[data-capture]:visible").last.click()
    sheet = page.get_by_role("dialog", name="Ny iakttagelse")
    sheet.get_by_role("radio", name=kind).check()
    sheet.get_by_role("textbox", name="Vad såg eller hörde du?").fill(text)
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(sheet).to_be_hidden()
    expect(row(page, text)).to_be_visible()


def row(page: Page, text: str) -> Locator:
    return page.locator(".find").filter(has=page.locator(".find-text", has_text=text))


def texts(page: Page) -> Locator:
    return page.locator(".find-text:visible")


def said(page: Page, told: str) -> None:
    expect(page.locator("#sagt")).to_have_text(told)


_SENT = """async (url) => {
  const { device } = await (await import(url)).ready;
  while ((await device.waiting()).length) await new Promise((resolve) => setTimeout(resolve, 50));
}"""


def saved(page: Page) -> None:
    page.evaluate(_SENT, device("page.js"))
    expect(page.locator("#sparat")).to_contain_text("Allt är sparat", timeout=ALL_SENT)


def offline(page: Page, so: bool, faults: list[str]) -> None:
    page.context.set_offline(so)
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in faults), faults
    faults.clear()


def on_server(draft: Drafted) -> list[str]:
    """The findings that stand, as the report has them."""
    with draft.database.reading() as session:
        rows = findings(session, draft.id)
    return [row.text for kind in ("strength", "weakness", "improvement") for row in rows if row.kind == kind]


# ── Two at once ───────────────────────────────────────────────────────────────────────────


def test_two_inspectors_write_move_and_delete_offline_and_both_keep_theirs(
    alva: Page, nils: Page, draft: Drafted, faults: list[str]
) -> None:
    for text in ("Gott kollegium", "Bra schema"):
        catches(alva, "Styrka", text)
    saved(alva)
    arrived(nils, draft)
    expect(texts(nils)).to_have_text(["Gott kollegium", "Bra schema"])

    for page in (alva, nils):
        offline(page, True, faults)
    catches(alva, "Svaghet", "Skrivplats saknas")
    catches(alva, "Svaghet", "Ont om tid")
    row(alva, "Ont om tid").get_by_role("button", name="Flytta upp").tap()
    said(alva, "Flyttad till plats 1 av 2.")
    row(alva, "Gott kollegium").get_by_role("button", name="Ta bort").tap()
    catches(nils, "Svaghet", "Jourrummet delas")
    catches(nils, "Styrka", "Ljusa lokaler")
    row(nils, "Ljusa lokaler").get_by_role("button", name="Flytta upp").tap()
    row(nils, "Bra schema").get_by_role("link", name="Ändra").tap()
    nils.get_by_label("Slag", exact=True).select_option("Svaghet")
    nils.get_by_role("button", name="Klar").tap()
    expect(alva.locator("#sparat")).to_contain_text("3 ändringar väntar på nät")
    assert_accessible(alva)

    for page in (alva, nils):
        offline(page, False, faults)
        saved(page)
    for page in (alva, nils):
        arrived(page, draft)
        expect(texts(page)).to_have_count(5)
    here = texts(alva).all_inner_texts()
    assert sorted(here) == ["Bra schema", "Jourrummet delas", "Ljusa lokaler", "Ont om tid", "Skrivplats saknas"]
    assert here.index("Ont om tid") < here.index("Skrivplats saknas")
    assert here == texts(nils).all_inner_texts() == on_server(draft)
    faults.clear()


def test_one_deletes_what_the_other_is_writing_in_and_the_page_asks(
    alva: Page, nils: Page, draft: Drafted, faults: list[str]
) -> None:
    catches(alva, "Svaghet", "Skrivplats saknas")
    saved(alva)
    arrived(nils, draft)
    offline(nils, True, faults)
    row(nils, "Skrivplats saknas").get_by_role("link", name="Ändra").tap()
    nils.get_by_role("textbox", name="Vad ni såg eller hörde").fill("Skrivplats saknas för flera")
    nils.get_by_role("button", name="Klar").tap()
    row(alva, "Skrivplats saknas").get_by_role("button", name="Ta bort").tap()
    expect(alva.get_by_text("Borttagen: Skrivplats saknas")).to_be_visible()
    saved(alva)
    offline(nils, False, faults)
    saved(nils)

    for page in (nils, alva):
        arrived(page, draft)
        expect(texts(page)).to_have_text(["Skrivplats saknas för flera"])
        expect(page.get_by_text("Någon tog bort den här medan en annan skrev vidare.")).to_be_visible()
    assert_accessible(alva)
    alva.get_by_role("button", name="Behåll den").tap()
    expect(alva.get_by_text("Någon tog bort den här")).to_have_count(0)
    saved(alva)
    assert on_server(draft) == ["Skrivplats saknas för flera"]
    faults.clear()


def test_two_texts_in_one_finding_wait_for_a_choice(alva: Page, nils: Page, draft: Drafted, faults: list[str]) -> None:
    catches(alva, "Svaghet", "Skrivplats saknas")
    saved(alva)
    arrived(nils, draft)
    offline(nils, True, faults)
    for page, text in ((alva, "Skrivplats saknas för två"), (nils, "Skrivplats saknas för tre")):
        row(page, "Skrivplats saknas").get_by_role("link", name="Ändra").tap()
        page.get_by_role("textbox", name="Vad ni såg eller hörde").fill(text)
        page.get_by_role("button", name="Klar").tap()
    saved(alva)
    offline(nils, False, faults)
    clash = nils.locator(".clash")
    expect(clash.get_by_role("heading", name="Ni har skrivit olika här")).to_be_visible(timeout=ALL_SENT)
    assert_accessible(nils)
    offline(nils, True, faults)
    clash.get_by_role("button", name="Behåll min").tap()  # chosen without a net, too
    expect(clash).to_have_count(0)
    expect(texts(nils)).to_have_text(["Skrivplats saknas för tre"])
    offline(nils, False, faults)
    saved(nils)
    assert on_server(draft) == ["Skrivplats saknas för tre"]
    faults.clear()


# ── By keyboard ───────────────────────────────────────────────────────────────────────────


def test_findings_are_written_ordered_and_changed_by_keyboard_alone(alva: Page) -> None:
    assert_accessible(alva)
    writes(alva, "ArrowLeft", "Gör om ett rum till jourrum")
    writes(alva, "Space", "Ljusa lokaler")
    writes(alva, "ArrowRight", "Jourrummet delas av två")
    writes(alva, "ArrowRight", "Skrivplats saknas")
    expect(alva.get_by_role("link", name="Iakttagelser 4")).to_be_visible()
    orders(alva)
    changes(alva)
    takes_away_and_brings_back(alva)
    saved(alva)
    alva.reload()
    expect(texts(alva)).to_have_text(
        ["Ljusa lokaler", "Jourrummet delas av två jourer", "Skrivplats saknas", "Gör om ett rum till jourrum"]
    )


def writes(page: Page, key: str, text: str) -> None:
    """The key chooses the kind: Space the first, arrows the next or, round the corner, the last."""
    page.keyboard.press("n")
    sheet = page.get_by_role("dialog", name="Ny iakttagelse")
    field = sheet.get_by_role("textbox", name="Vad såg eller hörde du?")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(sheet).to_contain_text("Välj slag")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    expect(field).to_have_value(text)  # it was kept
    page.keyboard.press("Shift+Tab")
    look(page)
    page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    expect(sheet).to_be_hidden()
    expect(row(page, text)).to_be_visible()


def orders(page: Page) -> None:
    up = page.get_by_role("button", name="Flytta upp: Skrivplats saknas")
    tab_to(page, up)
    page.keyboard.press("Enter")
    said(page, "Flyttad till plats 1 av 2.")
    weaknesses = page.get_by_role("region", name="Svagheter").locator(".find-text")
    expect(weaknesses).to_have_text(["Skrivplats saknas", "Jourrummet delas av två"])
    expect(up).to_be_focused()  # it can be pressed again at once
    page.keyboard.press("Enter")
    said(page, "Står redan först.")
    page.keyboard.press("Alt+ArrowDown")
    said(page, "Flyttad till plats 2 av 2.")
    expect(weaknesses).to_have_text(["Jourrummet delas av två", "Skrivplats saknas"])
    expect(up).to_be_focused()


def changes(page: Page) -> None:
    tab_to(page, page.get_by_role("link", name="Ändra: Jourrummet delas av två"))
    page.keyboard.press("Enter")
    text = page.get_by_role("textbox", name="Vad ni såg eller hörde")
    expect(text).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Control+End")
    page.keyboard.type(" jourer")
    kind = page.get_by_label("Slag", exact=True)
    tab_to(page, kind)
    for key, region in (("End", "Förbättringspotential"), ("ArrowUp", "Svagheter")):  # the focus goes along
        page.keyboard.press(key)
        expect(page.get_by_role("region", name=region).get_by_label("Slag", exact=True)).to_be_focused()
    area = page.get_by_label("Område", exact=True).filter(visible=True)
    tab_to(page, area)
    page.keyboard.type("C")
    tab_to(page, page.get_by_role("checkbox", name="C-KI1"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Klar"))
    page.keyboard.press("Enter")
    changed = row(page, "Jourrummet delas av två jourer")
    expect(changed.get_by_role("link", name="C-KI1")).to_be_visible()
    expect(changed).to_contain_text("Ingen väg framåt än")
    expect(changed.get_by_role("link", name="Ändra")).to_be_focused()


def takes_away_and_brings_back(page: Page) -> None:
    tab_to(page, page.get_by_role("button", name="Ta bort: Ljusa lokaler"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ångra")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Ändra: Ljusa lokaler")).to_be_focused()
    expect(page.get_by_text("Borttagna (1)")).to_be_hidden()


# ── By hand ───────────────────────────────────────────────────────────────────────────────


def test_a_row_is_dragged_within_its_list_and_to_another(open_page: OpenPage, enter: Enter, draft: Drafted) -> None:
    page = arrived(enter(open_page(viewport={"width": 1440, "height": 900}), draft.a), draft)
    for kind, text in (("Styrka", "Ett"), ("Styrka", "Två"), ("Styrka", "Tre"), ("Svaghet", "Fyra")):
        catches(page, kind, text)
    drags(page, "Tre", row(page, "Ett"), -5)
    said(page, "Flyttad till plats 1 av 3.")
    expect(texts(page)).to_have_text(["Tre", "Ett", "Två", "Fyra"])
    drags(page, "Ett", row(page, "Fyra"), 110)
    said(page, "Flyttad till plats 2 av 2 bland svagheterna.")
    expect(texts(page)).to_have_text(["Tre", "Två", "Fyra", "Ett"])
    saved(page)
    assert on_server(draft) == ["Tre", "Två", "Fyra", "Ett"]


def drags(page: Page, text: str, to: Locator, below: float) -> None:
    """To `below` px under the top of another row."""
    grip, target = row(page, text).locator(".find-grip").bounding_box(), to.bounding_box()
    assert grip
    assert target
    page.mouse.move(grip["x"] + 10, grip["y"] + 20)
    page.mouse.down()
    for share in (0.3, 0.7, 1):
        x, y = target["x"] + 15, target["y"] + below
        page.mouse.move(grip["x"] + share * (x - grip["x"]), grip["y"] + share * (y - grip["y"]))
    page.mouse.up()


def test_a_finger_drags_on_a_phone_and_the_page_stays_still(open_page: OpenPage, enter: Enter, draft: Drafted) -> None:
    page = arrived(enter(open_page(**PHONE), draft.a), draft)
    for text in ("Ett", "Två", "Tre"):
        catches(page, "Styrka", text)
    page.evaluate("() => scrollTo(0, 350)")
    grip, target = row(page, "Tre").locator(".find-grip").bounding_box(), row(page, "Ett").bounding_box()
    assert grip
    assert target
    finger = page.context.new_cdp_session(page)
    x, y = grip["x"] + 10, grip["y"] + 20

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", (x, y))
    for share in (0.2, 0.6, 1):
        touch("touchMove", (x, y + share * (target["y"] - 5 - y)))
    touch("touchEnd")
    said(page, "Flyttad till plats 1 av 3.")
    expect(texts(page)).to_have_text(["Tre", "Ett", "Två"])
    assert page.evaluate("() => scrollY") == 350
    assert_fits(page)
    assert_accessible(page)


# ── From where one is ─────────────────────────────────────────────────────────────────────


def test_a_finding_is_caught_beside_the_criterion_that_one_answers(
    open_page: OpenPage, enter: Enter, draft: Drafted
) -> None:
    page = enter(open_page(), draft.a)
    page.goto(f"/inspektioner/{draft.id}/omraden/C")
    expect(page.locator("html[data-ready=area]")).to_be_attached()
    page.locator("#C-KI1-unmet").check()
    page.locator(".dock").get_by_role("link", name="Iakttagelse").tap()
    sheet = page.get_by_role("dialog", name="Ny iakttagelse")
    expect(sheet.get_by_label("Hör till")).to_have_value("C")
    expect(sheet.get_by_role("checkbox", name="C-KI1")).to_be_checked()
    assert_accessible(page)
    sheet.get_by_role("radio", name="Svaghet").check()
    sheet.get_by_role("textbox").fill("Skrivplats saknas")
    sheet.get_by_role("button", name="Lägg till och skriv en till").tap()
    expect(sheet).to_contain_text("Tillagd. Skriv nästa.")
    sheet.get_by_role("radio", name="Förbättringspotential").check()
    sheet.get_by_role("textbox").fill("Ordna två skrivplatser")
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(page.get_by_role("link", name="Iakttagelser 2")).to_be_visible()
    arrived(page, draft)
    expect(row(page, "Skrivplats saknas")).to_contain_text("1. Ordna två skrivplatser")
    expect(row(page, "Ordna två skrivplatser")).to_contain_text("Svarar mot 1. Skrivplats saknas")


def test_a_criterion_that_is_not_met_offers_to_write_the_weakness(
    open_page: OpenPage, enter: Enter, draft: Drafted
) -> None:
    page = enter(open_page(), draft.a)
    page.goto(f"/inspektioner/{draft.id}/omraden/C")
    expect(page.locator("html[data-ready=area]")).to_be_attached()
    page.locator("#C-KI1-unmet").check()
    offer = page.get_by_role("region", name="Svaghet för C-KI1")
    expect(page.locator("#C-KI1-unmet")).to_be_focused()  # it does not call for attention
    offer.get_by_role("textbox", name="Svaghet", exact=True).fill("Skrivplats saknas")
    assert_accessible(page)
    offer.get_by_role("button", name="Inte nu").tap()
    page.reload()
    expect(offer.get_by_role("textbox", name="Svaghet", exact=True)).to_have_value("Skrivplats saknas")
    offer.get_by_role("textbox", name="Vad kan de göra?").fill("Ordna två skrivplatser")
    offer.get_by_role("button", name="Lägg till").tap()
    expect(offer).to_contain_text("Tillagd.")
    expect(page.get_by_role("link", name="Iakttagelser 2")).to_be_visible()
    saved(page)
    page.reload()
    expect(page.locator("html[data-ready=area]")).to_be_attached()
    expect(offer).to_have_count(0)
    assert on_server(draft) == ["Skrivplats saknas", "Ordna två skrivplatser"]


# ── The same page ─────────────────────────────────────────────────────────────────────────

_DRAWN = """async () => {
  const fresh = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  return [document, fresh].map((each) => {
    const part = each.querySelector(".finds-cols").cloneNode(true);
    for (const one of part.querySelectorAll("input[name=seen]")) one.remove();
    return part.outerHTML.replace(/>\\s+/g, ">").replace(/\\s+</g, "<");
  });
}"""


def test_the_device_draws_what_the_server_would(alva: Page, draft: Drafted) -> None:
    written(draft, "weakness", "Skrivplats saknas för flera av ST-läkarna på kliniken", "C", ["C-KI1", "E-F4"])
    written(draft, "improvement", "Ordna två\n\nskrivplatser", "", ["C-KI1"])
    written(draft, "weakness", "Ingen svarar", "E", ["E-F1"])
    arrived(alva, draft)
    catches(alva, "Svaghet", "Ont om tid")
    row(alva, "Ont om tid").get_by_role("button", name="Flytta upp").tap()
    said(alva, "Flyttad till plats 2 av 3.")
    saved(alva)
    drawn, fresh = alva.evaluate(_DRAWN)
    assert drawn == fresh
    assert drawn.count("Svarar mot") == drawn.count("Väg framåt") == drawn.count("Ingen väg framåt") == 1


def written(draft: Drafted, kind: str, text: str, area: str, criteria: list[str]) -> None:
    finding = new_id()
    values = {"text": text, "kind": kind, "area": area, "criteria": criteria, "order": kind[0] + text[0]}
    draft.write(draft.b, *(Operation(new_id(), f"finding/{finding}/{name}", each) for name, each in values.items()))
