"""What two inspectors do at their tablets from the evening before a visit until the report is signed."""

import re
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from app.web.static_files import device
from tests.browser.areas import SAFE_SOON, narrative
from tests.browser.finds import row, said, saved
from tests.browser.hands import begun
from tests.browser.talks import last, talk, to_finding
from tests.factories import Drafted

_ENTER = """async ([url, written]) => {
  const { device, subject } = await (await import(url)).ready;
  const { fields } = await device.see(subject);
  for (const [field, value] of written) await device.write({ subject, field, value, parent: fields.get(field)?.revision });
}"""


def goes(page: Page, path: str) -> None:
    """To the page as the server has it: where that is slow to answer the tablet shows the one that it keeps."""
    page.goto(path)
    while page.locator("body[data-kept]").count():
        page.reload()


# ── Before the visit ──────────────────────────────────────────────────────────────────────


def plans_a_talk(page: Page, *, day: str, begins: str, ends: str, role: str, who: str, room: str) -> None:
    """In the part of the programme that is open for the next one."""
    new = last(page)
    new.get_by_label("Dag").fill(day)
    new.get_by_label("Från").fill(begins)
    new.get_by_label("Till").fill(ends)
    new.get_by_label("Roll").select_option(role)
    new.get_by_label("Vilka ni träffar").fill(who)
    new.get_by_label("Rum").fill(room)
    page.get_by_role("heading", level=1).tap()
    saved(page)


def takes_along(page: Page, draft: Drafted) -> None:
    page.goto(f"/inspektioner/{draft.id}")
    page.get_by_role("button", name="Ta med offline").tap()
    expect(page.get_by_text(re.compile("Finns på den här enheten sedan"))).to_be_visible(timeout=SAFE_SOON)


# ── In a talk ─────────────────────────────────────────────────────────────────────────────


def sits_down_in(page: Page, draft: Drafted, whom: str) -> None:
    page.goto(f"/inspektioner/{draft.id}/program")
    begun(page)
    talk(page, whom).get_by_role("link", name="Anteckningar").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(whom)
    begun(page)


def notes(page: Page, text: str, criterion: str = "") -> None:
    """What is said, or what is said of a criterion."""
    if criterion and page.locator(f"#o-{criterion[0]}").get_attribute("open") is None:
        page.locator(f"#o-{criterion[0]} > summary").tap()
    named = f"Din anteckning om {criterion}" if criterion else "Det som sägs"
    page.get_by_role("textbox", name=named).fill(text)


def makes_a_finding_of_it(page: Page, kind: str, text: str, criterion: str = "") -> None:
    """Of one's own note: what it is, and as the report shall have it."""
    to_finding(page, criterion or "fritt").tap()
    sheet = page.get_by_role("dialog", name="Ny iakttagelse")
    if criterion:
        expect(sheet.get_by_role("checkbox", name=criterion)).to_be_checked()
    catches(sheet, kind, text)


def catches(sheet: Locator, kind: str, text: str) -> None:
    if kind:
        sheet.get_by_role("radio", name=kind).check()
    sheet.get_by_role("textbox", name="Vad såg eller hörde du?").fill(text)
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(sheet).to_be_hidden()


# ── In an area ────────────────────────────────────────────────────────────────────────────


def answers(page: Page, criterion: str, answer: str) -> None:
    page.locator(f"label:has([id='{criterion}-{answer}'])").tap()
    expect(page.locator(f"[id='{criterion}-{answer}']")).to_be_checked()


def comments(page: Page, criterion: str, text: str) -> None:
    page.locator(f"[id='{criterion}'] summary").filter(has_text="Kommentar").tap()
    page.get_by_role("textbox", name=f"Kommentar till {criterion.partition('-')[2]}", exact=True).fill(text)


def describes(page: Page, text: str) -> None:
    narrative(page).fill(text)


def grades(page: Page, letter: str, why: str = "") -> None:
    """`why` is asked for where the decision is another than the suggestion."""
    page.locator(f"label:has(#beslut-{letter})").tap()
    if why:
        page.get_by_role("textbox", name="Varför, om beslutet skiljer sig").fill(why)


def is_done_alone(page: Page, draft: Drafted) -> None:
    """With what they answer each alone."""
    goes(page, f"/inspektioner/{draft.id}/jamka")
    begun(page)
    page.locator("label", has_text="Jag är klar").tap()


# ── Findings ──────────────────────────────────────────────────────────────────────────────


def answers_the_weakness(page: Page, weakness: str, text: str) -> None:
    """With a way forward, from the line that says that there is none."""
    row(page, weakness).get_by_role("link", name="Skriv en").tap()
    catches(page.get_by_role("dialog", name="Ny iakttagelse"), "", text)
    expect(row(page, weakness)).to_contain_text(text[:20])


def writes_what_is_offered(page: Page, criterion: str, weakness: str, improvement: str) -> None:
    """Below a criterion that is not met."""
    offer = page.get_by_role("region", name=f"Svaghet för {criterion}")
    offer.get_by_role("button", name="Skriv svagheten").tap()
    offer.get_by_role("textbox", name="Svaghet", exact=True).fill(weakness)
    offer.get_by_role("textbox", name="Vad kan de göra?").fill(improvement)
    offer.get_by_role("button", name="Lägg till").tap()
    expect(offer).to_contain_text("Tillagd.")


def moves_up(page: Page, kinds: str, text: str, to: int) -> None:
    """One place at a time, as far as that, in the list of its kind."""
    texts = page.get_by_role("region", name=kinds).locator(".find-text").all_inner_texts()
    for place in range(texts.index(text), to - 1, -1):
        row(page, text).get_by_role("button", name="Flytta upp").tap()
        said(page, f"Flyttad till plats {place} av {len(texts)}.")


# ── All the rest ──────────────────────────────────────────────────────────────────────────


def enters(page: Page, written: Iterable[tuple[str, object]]) -> None:
    """What would take a person a day to type, through the page's own end of the write path."""
    page.evaluate(_ENTER, [device("page.js"), list(written)])
    saved(page)


def signs(page: Page, draft: Drafted) -> None:
    goes(page, f"/inspektioner/{draft.id}/rapport")
    page.get_by_role("button", name="Fastställ rapporten").tap()


def fetches(page: Page, format: str, to: Path) -> Path:
    with page.expect_download() as fetching:
        page.get_by_role("link", name=re.compile(f"^{format}")).first.tap()
    fetching.value.save_as(to)
    return to
