"""Two inspectors answer each alone, say that they are done, and lay it together."""

import re

from playwright.sync_api import Page, expect

from app.db import Database
from tests.browser.areas import SAFE_SOON, choose, line, opened, saved, stands, without_net
from tests.browser.axe import assert_accessible
from tests.browser.hands import assert_fits_narrow, begun, look
from tests.factories import Drafted

HIS, HERS = "Sagt av handledare.", "Sagt av ST-läkarna."
COMMENT = "criterion/C-F1/comment"


def _agreeing(page: Page, draft: Drafted) -> Page:
    page.goto(f"/inspektioner/{draft.id}/jamka")
    begun(page)
    return page


def _answers(page: Page, draft: Drafted, answer: str, comment: str, grade: str) -> None:
    opened(page, draft)
    choose(page, f"C-F1-{answer}")
    choose(page, "C-KI1-met")
    choose(page, f"beslut-{grade}")
    page.locator("#C-F1 summary", has_text="Kommentar").tap()
    page.locator("#k-C-F1").fill(comment)
    saved(page)


def _sees_nothing_of_the_other(page: Page, draft: Drafted) -> None:
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # asks for what is new
    opened(page, draft)
    expect(page.locator("#nu")).to_contain_text("2 av 3 svar")
    expect(page.locator("#C-F1-met")).to_be_checked()
    expect(page.locator("#k-C-F1")).to_have_value(HERS)
    expect(page.locator("#forslag")).to_contain_text("dina svar")


def _without_a_net_it_says_from_when_it_is(page: Page) -> None:
    """Whether all are done is the server's to tell."""
    stood = page.get_by_text(re.compile(r"Så stod det kl\. \d+\.\d\d\. Har alla blivit klara sedan dess visas svaren"))
    expect(stood).to_be_hidden()
    page.context.set_offline(True)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(stood).to_be_visible()
    assert_accessible(page)
    page.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(stood).to_be_hidden()


def _say_that_they_are_done(alva: Page, nils: Page, draft: Drafted) -> None:
    for page in (alva, nils):
        _agreeing(page, draft)
        expect(page.get_by_role("heading", level=1)).to_have_text("Jämka ihop")
    assert_accessible(alva)
    assert_fits_narrow(alva)
    alva.locator("label", has_text="Jag är klar").tap()
    expect(alva.get_by_role("button", name="Jag är inte klar än")).to_be_visible()
    expect(alva.get_by_role("listitem").filter(has_text=draft.a.name)).to_contain_text("Klar")
    expect(alva.get_by_role("listitem").filter(has_text=draft.b.name)).to_contain_text("Svarar")
    saved(alva)
    expect(alva.locator("main > .tasks")).to_contain_text("Klar")
    expect(alva.locator("main")).not_to_contain_text(HIS)
    _without_a_net_it_says_from_when_it_is(alva)
    nils.locator("label", has_text="Jag är klar").tap()
    for page in (nils, alva):
        if page == alva:
            alva.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_text("kvar att jämka ihop")).to_be_visible(timeout=SAFE_SOON)
        begun(page)
    expect(alva.locator("main > [role=status]")).to_contain_text("4 kvar")
    assert_accessible(alva)
    alva.emulate_media(color_scheme="dark")
    assert_accessible(alva)
    assert_fits_narrow(alva)


def _agree_by_touch(alva: Page, nils: Page) -> None:
    """Without a net; the other sees it when there is one."""
    alva.context.set_offline(True)
    alva.get_by_role("button", name="Ta 1 svar där ni är överens").tap()
    alva.get_by_role("button", name="Ta båda").tap()
    expect(alva.locator("#k-C-F1")).to_have_value(f"{HERS}\n\n{HIS}")
    choose(alva, "C-F1-partly")
    expect(alva.locator("main > [role=status]")).to_contain_text("1 kvar")
    expect(alva.locator("#C-F1")).to_contain_text("Klart")
    line(alva, "3 ändringar väntar på nät")
    alva.context.set_offline(False)
    saved(alva)
    nils.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(nils.locator("main > [role=status]")).to_contain_text("1 kvar", timeout=SAFE_SOON)


def _agree_by_keyboard(nils: Page) -> None:
    expect(nils.get_by_role("link", name="Se vad som återstår")).to_be_hidden()
    nils.locator("#beslut-C-A").focus()
    nils.keyboard.press("ArrowDown")
    look(nils)
    saved(nils)
    expect(nils.get_by_role("link", name="Se vad som återstår")).to_be_visible()


def test_two_answer_alone_and_agree_afterwards(
    alva: Page, nils: Page, draft: Drafted, database: Database, faults: list[str]
) -> None:
    opened(nils, draft)  # a page that was drawn before anybody had set it
    alva.goto(f"/inspektioner/{draft.id}")
    alva.get_by_role("link", name="Tillsammans").tap()
    expect(alva.get_by_role("heading", level=1)).to_have_text("Framsidan")
    begun(alva)
    alva.get_by_label("Svar och graderingar").select_option("1")
    opened(alva, draft)
    expect(alva.locator("#for-sig")).to_contain_text("Ni svarar var för sig")
    _answers(alva, draft, "met", HERS, "A")
    choose(nils, "C-KI2-met")
    saved(nils)
    nils.locator("#C-KI2 summary", has_text="Mer om").tap()
    nils.get_by_role("button", name="Ta bort svaret på KI2").tap()
    _answers(nils, draft, "unmet", HIS, "D")
    _sees_nothing_of_the_other(alva, draft)
    assert_accessible(alva)
    assert_fits_narrow(alva)

    _say_that_they_are_done(alva, nils, draft)
    _agree_by_touch(alva, nils)
    _agree_by_keyboard(nils)
    with database.reading() as session:
        assert stands(session, draft, "criterion/C-F1/answer") == "partly"
        assert stands(session, draft, "criterion/C-KI1/answer") == "met"
        assert stands(session, draft, COMMENT) == f"{HERS}\n\n{HIS}"
        assert stands(session, draft, "area/C/grade") == "B"
    _agreeing(nils, draft)
    expect(nils.get_by_text("Inget att jämka ihop")).to_be_visible()
    assert_accessible(nils)
    opened(alva, draft)
    expect(alva.locator("#C-F1-partly")).to_be_checked()
    without_net(faults)
