"""A text that is written together in place of two: never called saved before it is, and hers also when he has chosen."""

import pytest
from playwright.sync_api import Page, Route, expect

from app.db import Database
from app.ids import new_id
from app.writing.desk import Operation
from app.writing.said import history
from tests.browser.areas import NARRATIVE, SAFE_SOON, line, narrative, opened, saved, stands
from tests.browser.axe import assert_accessible
from tests.browser.conftest import ZOOMED
from tests.browser.finds import arrived, on_server
from tests.browser.finds import saved as all_sent
from tests.browser.hands import begun, look, tab_to
from tests.factories import Drafted

HERS, HIS = "Lokalerna är ljusa och rymliga.", "Lokalerna är ljusa men trånga."
EARLY = "Lokalerna är ljusa. Och trånga."
THEIRS = "Lokalerna är ljusa, rymliga för somliga."
GRADE = "area/C/grade"
FINDING = f"finding/{new_id()}/text"
NEWS = "() => document.dispatchEvent(new Event('visibilitychange'))"  # as when one comes back to the page


def clashing(draft: Drafted, field: str) -> tuple[str, str]:
    """Two texts in a field (or two grades), hers first; their operations."""
    hers, his = new_id(), new_id()
    said = ("A", "D") if field == GRADE else (HERS, HIS)
    draft.write(draft.a, Operation(hers, field, said[0]))
    draft.write(draft.b, Operation(his, field, said[1]))
    return hers, his


def he_chooses(draft: Drafted, field: str, hers: str, his: str) -> None:
    draft.write(draft.b, Operation(new_id(), field, HIS, parent=hers, settles=[his]))


def signs_out(page: Page) -> None:
    page.locator(".who summary").tap()
    page.get_by_role("button", name="Logga ut").tap()


def test_what_is_written_together_is_not_called_saved(alva: Page, draft: Drafted) -> None:
    clashing(draft, NARRATIVE)
    opened(alva, draft)
    narrative(alva).fill(THEIRS)
    line(alva, "1 text ni skriver ihop är inte sparad än")
    expect(alva.get_by_role("link", name="Visa var")).to_be_visible()
    assert_accessible(alva)
    signs_out(alva)
    sheet = alva.get_by_role("dialog")
    expect(sheet.get_by_role("heading")).to_have_text("1 text ni skriver ihop är inte sparad än")
    expect(sheet).to_contain_text("Det ligger kvar på den här enheten.")
    assert_accessible(alva)
    sheet.get_by_role("button", name="Stäng").tap()
    alva.get_by_role("button", name="Spara den gemensamma texten").tap()
    saved(alva)


def test_what_is_typed_before_what_she_has_begun_is_shown_again_is_kept_too(alva: Page, draft: Drafted) -> None:
    clashing(draft, NARRATIVE)
    opened(alva, draft)
    narrative(alva).fill(THEIRS)
    line(alva, "1 text ni skriver ihop är inte sparad än")
    held: list[Route] = []
    alva.route("**/area.js", lambda route: held.append(route))
    with alva.expect_request("**/area.js"):
        alva.reload(wait_until="commit")
    narrative(alva).fill(EARLY)
    held[0].continue_()
    expect(narrative(alva)).to_have_value(THEIRS)
    alva.get_by_role("button", name="Spara den gemensamma texten").tap()
    saved(alva)
    with draft.database.reading() as session:
        assert [said.value for said in history(session, draft.id, NARRATIVE)][:2] == [THEIRS, EARLY]


def test_by_keyboard_at_200_percent_she_comes_to_where_they_differ_and_stays_there(alva: Page, draft: Drafted) -> None:
    alva.set_viewport_size(ZOOMED)
    clashing(draft, NARRATIVE)
    clashing(draft, GRADE)
    alva.goto(f"/inspektioner/{draft.id}/olika")
    tab_to(alva, alva.get_by_role("link", name="Gradering, C"))
    alva.keyboard.press("Enter")
    begun(alva)
    expect(alva.locator("#grad-olika")).to_be_in_viewport()
    tab_to(alva, alva.locator("#gradering").get_by_role("button", name="Behåll Nils"))
    alva.keyboard.press("Enter")
    line(alva, "Ni har skrivit olika på 1 ställe")
    expect(alva.locator("#beslut-D")).to_be_focused()
    tab_to(alva, alva.get_by_role("link", name="Visa var"))
    alva.keyboard.press("Enter")
    expect(alva.get_by_role("heading", level=1)).to_have_text("Där ni skrivit olika")
    tab_to(alva, alva.get_by_role("link", name="Beskrivning av området, C"))
    alva.keyboard.press("Enter")
    begun(alva)
    expect(alva.locator("#narr-olika")).to_be_in_viewport()
    tab_to(alva, alva.get_by_role("button", name="Nils", exact=True))
    alva.keyboard.press("Enter")
    expect(narrative(alva)).to_be_focused()
    alva.keyboard.press("Control+End")
    alva.keyboard.type(" Och ljusa.")
    tab_to(alva, alva.get_by_role("button", name="Spara den gemensamma texten"))
    alva.keyboard.press("Enter")
    saved(alva)
    expect(narrative(alva)).to_be_focused()
    look(alva)
    expect(narrative(alva)).to_have_value(f"{HIS} Och ljusa.")


def test_what_she_has_begun_is_there_after_she_has_signed_out(alva: Page, draft: Drafted) -> None:
    opened(alva, draft)
    alva.keyboard.press("n")
    alva.get_by_role("textbox", name="Vad såg eller hörde du?").fill("Halvskrivet")
    line(alva, "1 påbörjad text är inte sparad än")
    alva.keyboard.press("Escape")
    signs_out(alva)
    sheet = alva.get_by_role("dialog")
    expect(sheet.get_by_role("heading")).to_have_text("1 påbörjad text är inte sparad än")
    sheet.get_by_role("button", name="Logga ut").tap()
    expect(alva.get_by_role("heading", name="Logga in")).to_be_visible()
    kept = alva.evaluate(
        """async (name) => {
          const asked = indexedDB.open(name);
          const db = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
          const all = db.transaction("drafts").objectStore("drafts").getAll();
          return new Promise((done) => (all.onsuccess = () => done(all.result.map(({ value }) => value.text))));
        }""",
        f"sporra-{draft.a.id}",
    )
    assert kept == ["Halvskrivet"]


@pytest.mark.parametrize("choice", ["Spara min text i stället", "Släng min text"])
def test_he_chooses_while_she_writes_them_together(alva: Page, draft: Drafted, database: Database, choice: str) -> None:
    both = clashing(draft, NARRATIVE)
    opened(alva, draft)
    narrative(alva).fill(THEIRS)
    line(alva, "1 text ni skriver ihop är inte sparad än")
    he_chooses(draft, NARRATIVE, *both)
    alva.evaluate(NEWS)
    told = alva.get_by_text("Nils Påhitt har valt medan texten skrevs ihop.")
    expect(told).to_be_visible(timeout=SAFE_SOON)  # while she is still in it
    expect(told).to_contain_text(HIS)
    expect(narrative(alva)).to_have_value(THEIRS)
    assert_accessible(alva)
    alva.reload()
    expect(told).to_be_visible()
    expect(alva.locator(".clash")).to_have_count(0)
    expect(narrative(alva)).to_have_value(THEIRS)
    with database.reading() as session:
        assert stands(session, draft) == HIS  # hers waits for her
    alva.get_by_role("button", name=choice).tap()
    expect(told).to_have_count(0)
    left = THEIRS if choice.startswith("Spara") else HIS
    expect(narrative(alva)).to_have_value(left)
    expect(alva.locator(".dock[data-state=draft]")).to_have_count(0)
    if left == THEIRS:
        saved(alva)
    with database.reading() as session:
        assert stands(session, draft) == left
    alva.reload()
    expect(narrative(alva)).to_have_value(left)
    expect(alva.locator(".clash")).to_have_count(0)


def test_he_chooses_while_she_writes_a_finding_together(alva: Page, draft: Drafted) -> None:
    both = clashing(draft, FINDING)
    draft.write(draft.a, Operation(new_id(), FINDING.replace("/text", "/kind"), "strength"))
    arrived(alva, draft)
    alva.get_by_role("textbox", name="Vad ni såg eller hörde").fill(THEIRS)
    line(alva, "1 text ni skriver ihop är inte sparad än")
    he_chooses(draft, FINDING, *both)
    alva.evaluate(NEWS)
    told = alva.get_by_text("Nils Påhitt har valt medan texten skrevs ihop.")
    expect(told).to_be_visible(timeout=SAFE_SOON)
    assert_accessible(alva)
    alva.get_by_role("button", name="Spara min text i stället").tap()
    expect(alva.locator(".find-text")).to_have_text(THEIRS)
    all_sent(alva)
    assert on_server(draft) == [THEIRS]
