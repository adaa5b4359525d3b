"""Findings: caught from any page, ordered, changed and taken away by two inspectors, with a net and without."""

import pytest
from playwright.sync_api import Page, expect

from app.ids import new_id
from app.writing.desk import Operation
from tests.browser.areas import opened
from tests.browser.axe import assert_accessible
from tests.browser.finds import ALL_SENT, adds, arrived, catches, offline, on_server, row, said, saved, texts
from tests.browser.hands import begun, look, tab_to
from tests.factories import Drafted


@pytest.fixture
def alva(alva: Page, draft: Drafted) -> Page:
    return arrived(alva, draft)


@pytest.fixture
def nils(nils: Page, draft: Drafted) -> Page:
    return arrived(nils, draft)


# ── A page that goes ─────────────────────────────────────────────────────────────────────

# After the transaction that the text of a finding goes in nothing more is kept.
DIES = """() => {
  const { put } = IDBObjectStore.prototype;
  const { transaction } = IDBDatabase.prototype;
  let gone = false;
  IDBObjectStore.prototype.put = function (value, ...more) {
    gone ||= /^finding.*text$/.test(value.field);
    return put.call(this, value, ...more);
  };
  IDBDatabase.prototype.transaction = function (names, mode, ...more) {
    if (gone && mode === "readwrite") throw new Error("the page is gone");
    return transaction.call(this, names, mode, ...more);
  };
}"""


def test_a_page_that_goes_in_the_middle_of_adding_leaves_no_half_finding(
    alva: Page, draft: Drafted, faults: list[str]
) -> None:
    alva.context.set_offline(True)
    alva.evaluate(DIES)
    alva.locator("[data-capture]:visible").last.click()
    sheet = alva.get_by_role("dialog", name="Ny iakttagelse")
    sheet.get_by_role("radio", name="Svaghet").check()
    sheet.get_by_label("Hör till").select_option("E")
    sheet.get_by_role("textbox", name="Vad såg eller hörde du?").fill("Ont om tid")
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(row(alva, "Ont om tid")).to_be_visible()
    alva.context.set_offline(False)
    arrived(alva, draft)
    faults.clear()
    weak = alva.get_by_role("region", name="Svagheter").locator(".find-text")
    expect(weak).to_have_text(["Ont om tid"])


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
    alva.get_by_text("Borttagna (1)").tap()
    assert_accessible(alva)
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
    expect(texts(nils)).to_have_text(["Skrivplats saknas för flera"])
    row(alva, "Skrivplats saknas").get_by_role("button", name="Ta bort").tap()
    expect(alva.get_by_text("Borttagen: Skrivplats saknas")).to_be_visible()
    saved(alva)
    offline(nils, False, faults)
    saved(nils)

    for page in (nils, alva):
        arrived(page, draft)
        expect(texts(page)).to_have_text(["Skrivplats saknas för flera"])
        expect(page.get_by_text("En av er tog bort den här, och texten har ändrats sedan dess.")).to_be_visible()
    assert_accessible(alva)
    alva.get_by_role("button", name="Behåll den").tap()
    expect(alva.get_by_text("En av er tog bort den här")).to_have_count(0)
    saved(alva)
    assert on_server(draft) == ["Skrivplats saknas för flera"]
    faults.clear()


def test_two_texts_in_one_finding_wait_for_a_choice(alva: Page, nils: Page, draft: Drafted, faults: list[str]) -> None:
    catches(alva, "Svaghet", "Skrivplats saknas")
    saved(alva)
    arrived(nils, draft)
    offline(nils, True, faults)
    for page, text in ((nils, "Skrivplats saknas för tre"), (alva, "Skrivplats saknas för två")):
        row(page, "Skrivplats saknas").get_by_role("link", name="Ändra").tap()
        page.get_by_role("textbox", name="Vad ni såg eller hörde").fill(text)
        page.get_by_role("button", name="Klar").tap()
        expect(texts(page)).to_have_text([text])
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
    expect(up).to_have_attribute("aria-disabled", "true")
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
    expect(page.get_by_text("1 svaghet saknar förbättringspotential")).to_be_visible()
    expect(changed.get_by_role("link", name="Ändra")).to_be_focused()


def takes_away_and_brings_back(page: Page) -> None:
    tab_to(page, page.get_by_role("button", name="Ta bort: Ljusa lokaler"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ångra")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Ändra: Ljusa lokaler")).to_be_focused()
    expect(page.get_by_text("Borttagna (1)")).to_be_hidden()


# ── From where one is ─────────────────────────────────────────────────────────────────────


def test_a_finding_is_caught_beside_the_criterion_that_one_answers(alva: Page, draft: Drafted) -> None:
    page = opened(alva, draft)
    page.locator("#C-KI1-unmet").check()
    page.locator(".dock").get_by_role("link", name="Iakttagelse").tap()
    sheet = page.get_by_role("dialog", name="Ny iakttagelse")
    expect(sheet.get_by_label("Hör till")).to_have_value("C")
    expect(sheet.get_by_role("checkbox", name="C-KI1")).to_be_checked()
    assert_accessible(page)
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(sheet).to_contain_text("Skriv vad du såg eller hörde.")
    assert_accessible(page)
    sheet.get_by_role("radio", name="Svaghet").check()
    sheet.get_by_role("textbox").fill("Skrivplats saknas")
    sheet.get_by_role("button", name="Lägg till och skriv en till").tap()
    expect(sheet).to_contain_text("Tillagd. Skriv nästa.")
    adds(page, "Förbättringspotential", "Ordna två skrivplatser")
    expect(page.get_by_role("link", name="Iakttagelser 2")).to_be_visible()
    arrived(page, draft)
    expect(row(page, "Skrivplats saknas")).to_contain_text("1. Ordna två skrivplatser")
    expect(row(page, "Ordna två skrivplatser")).to_contain_text("Svarar mot 1. Skrivplats saknas")


def test_a_criterion_that_is_not_met_offers_to_write_the_weakness(
    alva: Page, draft: Drafted, faults: list[str]
) -> None:
    page = opened(alva, draft)
    page.locator("#C-KI1-unmet").check()
    offer = page.get_by_role("region", name="Svaghet för C-KI1")
    expect(page.locator("#C-KI1-unmet")).to_be_focused()  # it does not call for attention
    weakness = offer.get_by_role("textbox", name="Svaghet", exact=True)
    expect(weakness).to_be_hidden()
    offer.get_by_role("button", name="Skriv svagheten").tap()
    expect(weakness).to_be_focused()
    weakness.fill("Skrivplats saknas")
    assert_accessible(page)
    offer.get_by_role("button", name="Inte nu").tap()
    page.reload()
    expect(weakness).to_have_value("Skrivplats saknas")
    offer.get_by_role("textbox", name="Vad kan de göra?").fill("Ordna två skrivplatser")
    offer.get_by_role("button", name="Lägg till").tap()
    expect(offer).to_contain_text("Tillagd.")
    expect(page.get_by_role("link", name="Iakttagelser 2")).to_be_visible()
    said_of = page.locator("#C-KI1 [data-written]")
    expect(said_of).to_have_text("1 svaghet1 förbättringspotential")
    drawn = said_of.inner_html()
    saved(page)
    page.reload()
    assert said_of.inner_html() == drawn  # as the server draws it
    begun(page)
    expect(offer).to_have_count(0)
    page.context.set_offline(True)
    page.locator("#C-KI1-unmet").focus()
    page.keyboard.press("n")
    adds(page, "Svaghet", "Ont om tid")
    expect(said_of).to_have_text("2 svagheter1 förbättringspotential")
    assert_accessible(page)
    page.context.set_offline(False)
    saved(page)
    faults.clear()
    assert on_server(draft) == ["Skrivplats saknas", "Ont om tid", "Ordna två skrivplatser"]
    said_of.get_by_role("link", name="1 förbättringspotential om C-KI1").tap()
    expect(row(page, "Ordna två skrivplatser")).to_be_in_viewport()


# ── The same page ─────────────────────────────────────────────────────────────────────────

_DRAWN = """async () => {
  const fresh = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  return [document, fresh].map((each) => {
    const part = document.createElement("div");
    part.append(...[...each.querySelectorAll("[data-part=lacking], .finds-cols")].map((one) => one.cloneNode(true)));
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
    assert "1 svaghet</b>saknar förbättringspotential" in drawn
    assert drawn.count("Svarar mot") == drawn.count("Väg framåt") == drawn.count("Ingen väg framåt") == 1


def written(draft: Drafted, kind: str, text: str, area: str, criteria: list[str]) -> None:
    finding = new_id()
    values = {"text": text, "kind": kind, "area": area, "criteria": criteria, "order": kind[0] + text[0]}
    draft.write(draft.b, *(Operation(new_id(), f"finding/{finding}/{name}", each) for name, each in values.items()))
