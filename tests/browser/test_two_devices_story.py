"""One person at two devices, in two tabs, and gone from a tablet that another takes over: each text stays whose it is."""

import re

from playwright.sync_api import Page, expect
from sqlmodel import select

from app.db import Database
from app.writing.models import Revision
from app.writing.said import heads
from tests.browser.areas import NARRATIVE, leave, line, narrative, opened, saved, without_net
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import begun
from tests.factories import Drafted

HERS, HIS = "Lokalerna är ljusa och rymliga.", "Lokalerna är ljusa men trånga."
THEIRS = "Lokalerna är ljusa, rymliga för somliga och trånga för andra."


def test_one_field_in_two_tabs_is_typed_in_one_at_a_time(alva: Page, draft: Drafted, database: Database) -> None:
    opened(alva, draft)
    beside = opened(alva.context.new_page(), draft)
    narrative(alva).focus()
    narrative(alva).fill(HERS)
    narrative(beside).focus()
    expect(beside.get_by_text("Du skriver här i en annan flik.")).to_be_visible()
    expect(narrative(beside)).not_to_be_editable()
    assert_accessible(beside)
    leave(alva)
    expect(narrative(beside)).to_be_editable()
    expect(narrative(beside)).to_have_value(HERS)
    narrative(beside).fill(THEIRS)
    saved(beside)
    expect(narrative(alva)).to_have_value(THEIRS)
    with database.reading() as session:
        revisions = session.exec(select(Revision.outcome).where(Revision.field == NARRATIVE)).all()
        assert set(revisions) == {"head"}


def test_one_person_on_two_devices_is_told_which_text_is_from_which(
    alva: Page, open_page: OpenPage, enter: Enter, draft: Drafted, faults: list[str]
) -> None:
    phone = opened(enter(open_page(), draft.a), draft)
    opened(alva, draft)
    phone.context.set_offline(True)
    narrative(phone).fill(HIS)
    line(phone, "1 ändring väntar på nät")
    narrative(alva).fill(HERS)
    saved(alva)
    phone.context.set_offline(False)
    line(phone, "skrivit olika på 1 ställe")
    leave(phone)
    clash = phone.locator(".clash")
    expect(clash.locator(".version", has_text="trånga")).not_to_contain_text("en annan enhet")
    expect(clash.locator(".version", has_text="rymliga")).to_contain_text("från en annan enhet")
    clash.locator(".version", has_text="rymliga").get_by_role("button", name=re.compile("Behåll")).tap()
    expect(clash).to_have_count(0)
    expect(narrative(phone)).to_have_value(HERS)
    saved(phone)
    without_net(faults)


def test_a_tab_of_somebody_who_has_left_is_put_away(
    alva: Page, draft: Drafted, database: Database, enter: Enter, faults: list[str]
) -> None:
    opened(alva, draft)
    alva.route("**/operations", lambda route: route.abort())
    narrative(alva).fill(HERS)
    line(alva, "1 ändring väntar på nät")
    beside = enter(alva.context.new_page(), draft.b)
    beside.goto("/inspektioner")
    expect(alva.get_by_role("heading", level=1)).to_have_text("Den här sidan är undanlagd")
    expect(narrative(alva)).to_be_hidden()
    assert_accessible(alva)
    alva.unroute("**/operations")
    beside.close()
    opened(enter(alva, draft.a), draft)
    saved(alva)
    with database.reading() as session:
        assert heads(session, draft.id)[NARRATIVE].person == draft.a.id
    without_net(faults)


def test_a_finding_that_was_being_caught_is_there_after_a_reload(alva: Page, draft: Drafted) -> None:
    opened(alva, draft)
    alva.keyboard.press("n")
    sheet = alva.get_by_role("dialog", name="Ny iakttagelse")
    sheet.get_by_role("textbox").fill(HIS)
    beside = opened(alva.context.new_page(), draft)
    alva.reload()
    begun(alva)
    for page in (beside, alva):  # opened and closed in another tab, which never saw it, takes nothing away
        page.keyboard.press("n")
        page.keyboard.press("Escape")
    alva.reload()
    begun(alva)
    alva.keyboard.press("n")
    expect(sheet.get_by_role("textbox")).to_have_value(HIS)
