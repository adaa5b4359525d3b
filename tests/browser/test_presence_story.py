"""Two inspectors in one inspection see where the other is."""

from playwright.sync_api import Page, expect

from tests.browser.areas import opened
from tests.browser.axe import assert_accessible
from tests.factories import Drafted


def test_the_colleague_is_shown_beside_the_area_she_is_on(alva: Page, nils: Page, draft: Drafted) -> None:
    for page, area in ((alva, "E"), (nils, "C")):
        for _ in ("the image of the inspection", "what is new since, with who is here"):
            opened(page, draft, area)
    there = nils.locator("#rail [data-present=E]")
    expect(there).to_contain_text(draft.a.initials)
    expect(there).to_contain_text(f"{draft.a.name.split()[0]} är här")
    expect(nils.locator("#rail [data-present=C]")).to_have_text("")
    assert_accessible(nils)
