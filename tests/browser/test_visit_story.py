"""A visit from beginning to end: two inspectors, a tablet each, hours without a net, one report with every word."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from app.inspections import disk
from app.inspections.queries import versions
from app.inspections.signing import file_of
from tests.browser.areas import SAFE_SOON, line, narrative, opened
from tests.browser.axe import assert_accessible
from tests.browser.finds import adds
from tests.browser.tablets import Net, NewTablet, Tablet
from tests.factories import RUBRIC, Drafted, drafted, taken_in
from tests.paths import DEMO

HERS = "Lokalerna är ändamålsenliga och ljusa."
HIS = "Lokalerna är ändamålsenliga men trånga."
THEIRS = "Lokalerna är ändamålsenliga, ljusa men trånga."
STRENGTH, WEAKNESS = "Bibliotek finns i huset.", "Jourrummet delas av två."


@pytest.fixture
def visit(database: Database) -> Drafted:
    """All but signed."""
    file = disk.read(DEMO)[1]
    areas = {id: review.model_copy(update={"regrades": ()}) for id, review in file.areas.items()}
    return taken_in(drafted(database), file.model_copy(update={"state": "draft", "plan": None, "areas": areas}))


def at(page: Page, visit: Drafted, where: str = "") -> Page:
    page.goto(f"/inspektioner/{visit.id}{where}")
    return page


def arrives(tablet: Tablet, page: Page, visit: Drafted, who: str, database: Database) -> None:
    """The evening before: signed in, and everything taken along."""
    tablet.enter(page, {"a": visit.a, "b": visit.b}[who], database)
    at(page, visit).get_by_role("button", name="Ta med offline").tap()
    expect(page.get_by_text(re.compile("Finns på den här enheten sedan"))).to_be_visible(timeout=SAFE_SOON)


def catches(page: Page, kind: str, text: str) -> None:
    page.get_by_role("region", name="Sparat läge").locator("[data-capture]").tap()
    adds(page, kind, text)


def signs(page: Page, visit: Drafted) -> None:
    at(page, visit, "/rapport").get_by_role("button", name="Fastställ rapporten").tap()


def test_two_tablets_and_one_report(new_tablet: NewTablet, net: Net, visit: Drafted, database: Database) -> None:
    hers, his = new_tablet(), new_tablet()
    with net.there(), hers.opened() as alva, his.opened() as nils:
        arrives(hers, alva, visit, "a", database)
        arrives(his, nils, visit, "b", database)

    with hers.opened() as alva:  # in a room without a net
        narrative(opened(alva, visit)).fill(HERS)
        catches(alva, "Styrka", STRENGTH)
        line(alva, "2 ändringar väntar på nät")
    with his.opened() as nils:
        narrative(opened(nils, visit)).fill(HIS)
        catches(nils, "Svaghet", WEAKNESS)
        line(nils, "2 ändringar väntar på nät")

    with net.there(), hers.opened() as alva:  # home again, after a restart
        opened(alva, visit)
        line(alva, "Allt är sparat")
        expect(narrative(alva)).to_have_value(HERS)
    with net.there(), his.opened() as nils:
        opened(nils, visit)
        line(nils, "Ni har skrivit olika på 1 ställe")
        expect(nils.locator(".clash ins, .clash del")).not_to_have_count(0)
        assert_accessible(nils)
        nils.get_by_role("group", name="Börja från").get_by_role("button", name="min").tap()
        expect(narrative(nils)).to_have_value(HIS)
        narrative(nils).fill(THEIRS)
        nils.get_by_role("button", name="Spara den gemensamma texten").tap()
        line(nils, "Allt är sparat")
        expect(nils.locator(".clash")).to_have_count(0)
        signs(nils, visit)
        with hers.opened() as alva:
            signs(alva, visit)
            expect(alva.get_by_role("heading", level=1)).to_have_text("Rapporten, version 1")
            assert_accessible(alva)

    with visit.database.reading() as session:
        report = file_of(versions(session, visit.id)[0], RUBRIC.rubric, "txt").decode()
    whole = " ".join(report.split())
    for text in (THEIRS, STRENGTH, WEAKNESS):
        assert whole.count(text) == 1
    for text in (HERS, HIS):
        assert text not in whole
