"""A finding is written or mended: what is typed is kept, however early one begins and whatever the net does then."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from app.ids import new_id
from app.writing.desk import Operation
from app.writing.said import heads
from tests.browser.areas import without_net
from tests.browser.finds import ALL_SENT, arrived, on_server, row, saved, texts
from tests.browser.hands import begun
from tests.factories import Drafted

HERS, HIS = "Skrivplats saknas för två", "Skrivplats saknas för tre"
FINDING = new_id()

# Somebody who types at the very moment that the field is there.
QUICK = """(text) => new MutationObserver((_, watch) => {
  const field = document.querySelector("[data-part=mend] textarea");
  if (!field) return;
  watch.disconnect();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.getElementById("omrade"), { childList: true, subtree: true })"""


def written(draft: Drafted, text: str = "Skrivplats saknas") -> str:
    """A weakness that stands; its text's operation."""
    id = new_id()
    values = {"kind": "weakness", "area": "E", "order": "V"}
    rest = [Operation(new_id(), f"finding/{FINDING}/{name}", value) for name, value in values.items()]
    draft.write(draft.a, Operation(id, f"finding/{FINDING}/text", text), *rest)
    return id


def before_its_script(page: Page, draft: Drafted, where: str = f"?andra={FINDING}") -> Callable[[], None]:
    """The page as the server draws it, with the finding open. Its script comes when what this gives is called."""
    held: list[Route] = []
    page.route("**/capture.js", lambda route: held.append(route))  # without it the others do not begin
    with page.expect_request("**/capture.js"):
        page.goto(f"/inspektioner/{draft.id}/iakttagelser{where}", wait_until="commit")

    def comes() -> None:
        held[0].continue_()
        page.unroute("**/capture.js")

    return comes


def test_what_is_typed_as_soon_as_there_is_a_field_is_kept(alva: Page, draft: Drafted) -> None:
    written(draft)
    arrived(alva, draft)
    alva.evaluate(QUICK, HERS)
    row(alva, "Skrivplats saknas").get_by_role("link", name="Ändra").tap()
    text = alva.get_by_role("textbox", name="Vad ni såg eller hörde")
    expect(text).to_be_focused()
    expect(text).to_have_value(HERS)
    alva.get_by_role("button", name="Klar").tap()
    expect(texts(alva)).to_have_text([HERS])
    saved(alva)
    assert on_server(draft) == [HERS]


def test_what_is_typed_before_the_script_has_come_is_kept(alva: Page, draft: Drafted) -> None:
    written(draft)
    script_comes = before_its_script(alva, draft)
    text = alva.get_by_role("textbox", name="Vad ni såg eller hörde")
    alva.get_by_label("Slag", exact=True).select_option("Styrka")
    alva.get_by_text("Kriterier som den rör").tap()
    alva.get_by_role("checkbox", name="E-F1").check()
    text.fill(HERS)
    script_comes()
    done = alva.get_by_role("button", name="Klar")
    expect(done).to_be_visible()
    expect(text).to_be_focused()  # one types on
    expect(text).to_have_value(HERS)
    expect(alva.get_by_role("checkbox", name="E-F1")).to_be_checked()
    done.tap()
    strong = alva.get_by_role("region", name="Styrkor")
    expect(strong.locator(".find-text")).to_have_text([HERS])
    expect(strong.get_by_role("link", name="E-F1")).to_be_visible()
    saved(alva)
    assert on_server(draft) == [HERS]


def test_what_is_typed_of_a_new_one_before_the_script_has_come_is_kept(alva: Page, draft: Drafted) -> None:
    script_comes = before_its_script(alva, draft, "?omrade=C#ny")
    alva.get_by_role("radio", name="Svaghet").check()
    alva.get_by_role("textbox", name="Vad såg eller hörde du?").fill(HERS)
    script_comes()
    sheet = alva.get_by_role("dialog", name="Ny iakttagelse")
    text = sheet.get_by_role("textbox", name="Vad såg eller hörde du?")
    expect(text).to_have_value(HERS)
    expect(text).to_be_focused()  # one types on
    expect(sheet.get_by_role("radio", name="Svaghet")).to_be_checked()
    expect(sheet.get_by_label("Hör till")).to_have_value("C")
    expect(alva.locator("#sparat")).to_contain_text("1 påbörjad text är inte sparad än")
    alva.reload()
    expect(text).to_have_value(HERS)
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(texts(alva)).to_have_text([HERS])
    saved(alva)
    assert on_server(draft) == [HERS]


def test_what_the_browser_remembers_of_the_page_is_not_taken_for_what_is_typed(alva: Page, draft: Drafted) -> None:
    written(draft)
    alva.goto(f"/inspektioner/{draft.id}/iakttagelser?andra={FINDING}")
    begun(alva)
    text = alva.get_by_role("textbox", name="Vad ni såg eller hörde")
    text.fill(HERS)
    saved(alva)
    assert on_server(draft) == [HERS]
    alva.goto(f"/inspektioner/{draft.id}/olika")
    with draft.database.reading() as session:
        hers = heads(session, draft.id)[f"finding/{FINDING}/text"].revision
    draft.write(draft.b, Operation(new_id(), f"finding/{FINDING}/text", HIS, parent=hers))
    alva.go_back()
    begun(alva)
    expect(text).to_have_value(HIS)
    alva.get_by_role("button", name="Klar").tap()
    expect(texts(alva)).to_have_text([HIS])
    assert on_server(draft) == [HIS]


def test_what_a_colleague_writes_before_the_script_has_come_is_shown_beside(alva: Page, draft: Drafted) -> None:
    seen = written(draft)
    script_comes = before_its_script(alva, draft)
    alva.get_by_role("textbox", name="Vad ni såg eller hörde").fill(HERS)
    draft.write(draft.b, Operation(new_id(), f"finding/{FINDING}/text", HIS, parent=seen))
    script_comes()
    alva.get_by_role("button", name="Klar").tap()
    clash = alva.locator(".clash")
    expect(clash).to_contain_text(HERS, timeout=ALL_SENT)
    expect(clash).to_contain_text(HIS)


def test_two_texts_are_shown_also_where_the_net_went_before_they_came(
    alva: Page, draft: Drafted, faults: list[str]
) -> None:
    seen = written(draft)
    arrived(alva, draft)
    address = f"**/{draft.id}/iakttagelser"
    alva.route(address, lambda route: route.abort())
    draft.write(draft.b, Operation(new_id(), f"finding/{FINDING}/text", HIS, parent=seen))
    row(alva, "Skrivplats saknas").get_by_role("link", name="Ändra").tap()
    with alva.expect_event("requestfailed", lambda each: each.url.endswith("/iakttagelser")):
        alva.get_by_role("textbox", name="Vad ni såg eller hörde").fill(HERS)
        alva.get_by_role("button", name="Klar").tap()
    expect(alva.locator("#sparat")).to_contain_text("Ni har skrivit olika på 1 ställe", timeout=ALL_SENT)
    alva.unroute(address)
    expect(alva.locator(".clash")).to_contain_text(HERS, timeout=ALL_SENT)
    without_net(faults)
