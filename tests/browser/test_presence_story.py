"""Two inspectors in one inspection see where the other is."""

from playwright.sync_api import Page, expect

from tests.browser.areas import SAFE_SOON, opened
from tests.browser.axe import assert_accessible
from tests.browser.conftest import PHONE
from tests.browser.hands import assert_fits, place
from tests.factories import Drafted


def test_the_colleague_is_shown_beside_the_area_she_is_on(alva: Page, nils: Page, draft: Drafted) -> None:
    for page, area in ((alva, "E"), (nils, "C")):
        for _ in ("the image of the inspection", "what is new since, with who is here"):
            opened(page, draft, area)
    there = nils.locator("#rail [data-present=E]")
    expect(there).to_contain_text(draft.a.initials)
    expect(there).to_contain_text(f"{draft.a.name.split()[0]} är här")
    expect(nils.locator("#rail [data-present=C]")).to_have_text("")
    beside = nils.locator(".sheet-head [data-present]")
    expect(beside).to_have_text("")
    assert_accessible(nils)
    nils.set_viewport_size(PHONE["viewport"])  # where there is no rail
    opened(nils, draft, "E")
    stood = place(nils.locator("#nu"))
    expect(beside).to_have_text(f"{draft.a.name.split()[0]} är här", timeout=SAFE_SOON)
    assert place(nils.locator("#nu")) == stood  # nothing moves
    assert_fits(nils)
