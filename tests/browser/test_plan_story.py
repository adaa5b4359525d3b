"""A director of studies: from the notice to a submitted plan on a desktop, and a log in two taps on a phone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app import audit
from app.db import Database
from app.ids import new_id
from app.plans import fields
from app.web.swedish import local
from app.writing.desk import Operation
from tests.browser.axe import assert_accessible
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import assert_fits
from tests.factories import drafted
from tests.plans.factories import Planned, graded, plan_id, sign, with_people

UNMET = {"E-F4": "unmet", "E-F6": "unmet", "E-KI2": "partly", "D-F3": "unmet"}


@pytest.fixture
def plan(database: Database) -> Planned:
    world = with_people(drafted(database))
    world.write(world.a, *(Operation(new_id(), f"criterion/{id}/answer", answer) for id, answer in UNMET.items()))
    graded(world)
    sign(world)
    return replace(world, plan=plan_id(world))


def test_from_the_notice_to_a_submitted_plan(desktop: Page, plan: Planned, enter: Enter) -> None:
    enter(desktop, plan.director).goto("/")
    expect(desktop.get_by_role("heading", name="Er handlingsplan väntar")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("link", name="Börja planera").click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Planera vad ni ska göra")
    expect(desktop.get_by_text("0 av 4 kriterier har en åtgärd.")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("link", name=re.compile("Hitta en åtgärd +för E-F6")).click()
    expect(desktop.get_by_label("Visa åtgärder för")).to_have_value("E-F6")
    desktop.get_by_role("button", name=re.compile("Lägg till i planen ?: ")).first.click()
    first = desktop.locator(".measure").first
    expect(first.get_by_text("saker saknas")).to_be_visible()
    assert_accessible(desktop)
    first.get_by_label("Ansvarig").fill("Studierektor")
    first.get_by_label("Ansvarig").blur()
    expect(desktop.get_by_text("Allt är sparat")).to_be_visible()
    expect(desktop.get_by_text(re.compile("[12] av 4 kriterier har en åtgärd."))).to_be_visible()
    desktop.get_by_label("Fri text om området").fill("Vi börjar med dokumentationen.")
    desktop.get_by_label("Fri text om området").blur()
    expect(desktop.get_by_text("Allt är sparat")).to_be_visible()
    desktop.get_by_label("Egen åtgärd").fill("Handledarträffar")
    desktop.get_by_role("button", name="Lägg till", exact=True).click()
    expect(desktop.locator(".measure")).to_have_count(2)
    desktop.get_by_role("link", name=re.compile("Ändra ?: Handledarträffar")).click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Handledarträffar")
    assert_accessible(desktop)
    desktop.get_by_role("checkbox", name=re.compile("E-F4")).check()
    desktop.get_by_role("textbox", name="Ansvarig").fill("Studierektor")
    desktop.get_by_text("Återkommer den?").click()
    desktop.get_by_role("textbox", name="Antal gånger").fill("2")
    desktop.get_by_role("textbox", name="Det som räknas").fill("handledarträffar")
    desktop.get_by_role("textbox", name="Så visar vi det").fill("Kallelse och närvaro.")
    desktop.get_by_role("button", name="Spara").last.click()
    expect(desktop.get_by_text("Nu: minst 2 handledarträffar per år.")).to_be_visible()
    expect(desktop.get_by_text("Allt är sparat")).to_be_visible()
    desktop.reload()
    desktop.get_by_role("link", name="Tidigare versioner").or_(desktop.get_by_text("Tidigare versioner")).first.click()
    desktop.get_by_role("link", name="Ansvarig").click()
    assert_accessible(desktop)
    desktop.goto(f"/planer/{plan.plan}/atgarder")
    assert_accessible(desktop)
    desktop.goto(f"/planer/{plan.plan}")
    desktop.get_by_role("link", name="Läs planen och lämna in").click()
    expect(desktop.frame_locator("iframe").get_by_text("Vi börjar med dokumentationen.")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Lämna in planen").click()
    expect(desktop.get_by_text("Inspektörerna läser den och svarar.")).to_be_visible()
    assert_accessible(desktop)
    assert (plan.state, len(plan.submitted())) == ("submitted", 1)
    assert plan.submitted()[0].content.count("Vi börjar med dokumentationen.") == 1


def test_an_occasion_is_logged_in_two_taps_on_a_phone(phone: Page, plan: Planned, enter: Enter) -> None:
    measure, began = new_id(), local(audit.now()).date() - timedelta(days=200)
    promised = {"what": "Handledarträff", "area": "E", "times": "6", "per": "year", "start": str(began)}
    for name, value in promised.items():
        plan.put(f"measure/{measure}/{name}", value)
    plan.as_accepted()
    enter(phone, plan.director)
    phone.goto("/")  # the first tap: the way in
    expect(phone.get_by_role("heading", name="Behöver en knuff")).to_be_visible()
    assert_accessible(phone)
    assert_fits(phone)
    phone.get_by_role("button", name=re.compile("Logga i dag ?: Handledarträff")).tap()  # the second
    expect(phone.get_by_text("Loggad i dag.")).to_be_visible()
    assert_accessible(phone)
    assert logged(plan) == [(local(audit.now()).date(), 1)]
    phone.get_by_role("button", name=re.compile("Ångra ?: Handledarträff")).tap()
    expect(phone.get_by_text("Loggad i dag.")).not_to_be_visible()
    assert logged(plan) == []
    phone.get_by_role("link", name=re.compile("Annat datum, flera eller en anteckning ?: Handledarträff")).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Handledarträff")
    assert_accessible(phone)
    assert_fits(phone)
    phone.get_by_label("Antal", exact=True).fill("2")
    phone.get_by_label("Anteckning").fill("Två grupper samma dag.")
    phone.get_by_role("button", name="Logga", exact=True).tap()
    expect(phone.get_by_text("Loggat (1)")).to_be_visible()
    assert logged(plan) == [(local(audit.now()).date(), 2)]


def test_two_at_the_clinic_write_in_one_text(open_page: OpenPage, plan: Planned, enter: Enter) -> None:
    area = f"/planer/{plan.plan}/omraden/E"
    one, other = enter(open_page(), plan.director), enter(open_page(), plan.head)
    for person in (one, other):
        person.goto(area)
    for person, text in ((one, "Studierektorns ord."), (other, "Chefens ord.")):
        person.get_by_label("Fri text om området").fill(text)
        person.get_by_role("button", name="Spara").last.click()
    expect(one.get_by_text("Allt är sparat")).to_be_visible()
    expect(other.get_by_role("heading", name="Ni har skrivit olika här")).to_be_visible()
    assert_accessible(other)
    other.get_by_role("button", name=re.compile("Behåll min")).click()
    expect(other.get_by_role("heading", name="Ni har skrivit olika här")).not_to_be_visible()
    assert plan.stands(fields.TEXT.key(area="E")) == "Chefens ord."


def logged(plan: Planned) -> list[tuple[object, int]]:
    return [(each.day, each.count) for one in plan.content().measures for each in one.done]
