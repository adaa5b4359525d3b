"""Changing grades, without script: because of an accepted plan, and from the inspection itself."""

import pytest

from app.inspections import actions as inspections
from app.inspections import regrading
from tests.factories import an_inspection
from tests.plans.desk import Desk
from tests.plans.factories import another, measure

DAY = "2026-03-01"


@pytest.fixture
def accepted(desk: Desk) -> Desk:
    measure(desk.plan, what="Gemensamma handledarträffar", area="E", criteria=["E-F4"])
    desk.plan.as_accepted()
    return desk


def test_before_it_is_accepted_nothing_can_be_chosen(desk: Desk) -> None:
    desk.plan.as_submitted()
    page = desk.open(desk.plan.a, "/gradering")
    assert (page.status, "Graderingen kan ändras när planen är godtagen." in page.said) == (200, True)
    assert not page.tree.xpath("//form[@id='andra']")
    told = desk.browser(desk.plan.a).send(f"{desk.url}/gradering", [("grade-D", "C"), ("day", DAY)])
    assert (told.status, desk.plan.regrades()) == (409, [])


def test_an_accepted_plan_lifts_a_grade_to_be_signed(accepted: Desk) -> None:
    page = accepted.open(accepted.plan.a, "/gradering")
    assert [each.get("id") for each in page.tree.xpath("//fieldset[@class='pick']")] == ["grade-D", "grade-E"]
    [resting] = page.tree.xpath("//input[@name='measure-E'][@checked]/@value")
    assert not page.tree.xpath("//input[@name='measure-D'][@checked]")
    after = page.submit({"grade-E": "C", "day": DAY})
    assert (after.status, "Väntar på att fastställas" in after.said) == (200, True)
    [made] = accepted.plan.regrades()
    assert (made.area, made.before, made.grade, made.because, str(made.day)) == ("E", "D", "C", "plan", DAY)
    assert (made.measures, made.version) == ([resting], 2)
    assert f"/inspektioner/{accepted.plan.id}/rapport" in after.text
    accepted.plan.sign()
    signed = accepted.open(accepted.plan.a, "/gradering")
    assert "Väntar på att fastställas" not in signed.said
    assert "Handlingsplan, 1 mars 2026, av Alva Exempel. Står i rapporten från version 2." in signed.said
    assert "Bygger på: Gemensamma handledarträffar" in signed.said
    [version] = signed.tree.xpath("//fieldset[@id='grade-E']/label[1]//span[@class='small']")
    assert version.text_content().startswith("C står kvar")
    report = accepted.browser(accepted.plan.a).open(f"/inspektioner/{accepted.plan.id}/versioner/2")
    [shift] = report.tree.xpath("//li[contains(., 'E Handledning')]/*[@class='shift']")
    assert "ändrad till" in shift.text_content()


def test_it_can_be_taken_back_until_it_is_signed(accepted: Desk) -> None:
    page = accepted.open(accepted.plan.a, "/gradering").submit({"grade-D": "C", "day": DAY})
    back = page.submit(button=("area", "D"))
    assert (back.status, accepted.plan.regrades()) == (200, [])
    again = accepted.browser(accepted.plan.a).send(f"{accepted.url}/gradering/angra", [("area", "D")])
    assert again.status == 409


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"day": DAY}, "Välj en ny gradering för minst ett område."),
        ({"grade-D": "C", "day": ""}, "Skriv dagen som 2026-10-20."),
        ({"grade-D": "C", "day": "2020-01-01"}, "Ändringen kan inte vara före 2025-10-20."),
    ],
)
def test_what_cannot_be_done_is_told_and_the_form_comes_back(accepted: Desk, typed: dict[str, str], told: str) -> None:
    back = accepted.open(accepted.plan.a, "/gradering").submit(typed)
    assert (back.status, back.title[:6], told in back.said) == (422, "1 sak ", True)
    assert (back.value("grade-D"), accepted.plan.regrades()) == (typed.get("grade-D", ""), [])
    [link] = back.tree.xpath("//*[@role='alert']//li/a/@href")
    assert back.tree.xpath(f"//*[@id='{link[1:]}']")


def test_a_grade_that_is_not_offered_is_refused(accepted: Desk) -> None:
    told = accepted.browser(accepted.plan.a).send(f"{accepted.url}/gradering", [("grade-D", "Z"), ("day", DAY)])
    assert (told.status, "går inte att välja i område D" in told.said) == (422, True)


# ── From the inspection ───────────────────────────────────────────────────────────────────


def _from_the_inspection(desk: Desk) -> str:
    return f"/inspektioner/{desk.plan.id}/gradering"


def test_a_revisit_changes_a_grade_of_any_area(desk: Desk) -> None:
    page = desk.browser(desk.plan.office).open(_from_the_inspection(desk))
    assert [each.get("value") for each in page.tree.xpath("//input[@name='because']")] == ["revisit", "correction"]
    assert len(page.tree.xpath("//fieldset[@class='pick']")) == 8
    after = page.submit({"because": "revisit", "grade-D": "B", "day": DAY})
    assert (after.status, "Väntar på att fastställas" in after.said) == (200, True)
    assert [(each.area, each.because) for each in desk.plan.regrades()] == [("D", "revisit")]
    assert after.submit(button=("area", "D")).status == 200
    assert desk.plan.regrades() == []


def test_why_it_changes_must_be_chosen(desk: Desk) -> None:
    back = desk.browser(desk.plan.a).open(_from_the_inspection(desk)).submit({"grade-D": "B", "day": DAY})
    assert (back.status, "Välj varför graderingen ändras." in back.said) == (422, True)
    assert back.value("grade-D") == "B"


def test_a_plan_is_the_cause_from_its_own_page_alone_where_its_acceptance_is_known(accepted: Desk) -> None:
    accepted.plan.regrade(regrading.Change("E", "C"))
    page = accepted.browser(accepted.plan.a).open(_from_the_inspection(accepted))
    assert page.tree.xpath("//input[@name='because'][@value='plan']") == []
    after = page.person.send(page.url, [("because", "plan"), ("grade-D", "B"), ("day", DAY)])
    assert (after.status, "Gör den från planen, när den är godtagen." in after.said) == (422, True)
    assert [each.area for each in accepted.plan.regrades()] == ["E"]


def test_before_the_first_signature_there_is_nothing_to_change(desk: Desk) -> None:
    with desk.plan.database.writing() as session:
        drafted = an_inspection(session, desk.plan.place, desk.plan.office, desk.plan.a)
    page = desk.browser(desk.plan.a).open(f"/inspektioner/{drafted}/gradering")
    assert (page.status, "Ingen gradering att ändra" in page.said) == (200, True)
    sent = [("because", "revisit"), ("grade-D", "B"), ("day", DAY)]
    assert desk.browser(desk.plan.a).send(page.url, sent).status == 409


def test_the_way_there_is_shown_to_those_who_may(desk: Desk) -> None:
    with desk.plan.database.writing() as session:
        inspections.correct(session, by=desk.plan.a, inspection=desk.plan.id, cause="Ett ord.")
    for viewer, shown in ((desk.plan.a, True), (desk.plan.director, False), (desk.plan.region, False)):
        page = desk.browser(viewer).open(f"/inspektioner/{desk.plan.id}/versioner/1")
        assert (f'href="{_from_the_inspection(desk)}"' in page.text) == shown
    assert _from_the_inspection(desk) in desk.browser(desk.plan.a).open(f"/inspektioner/{desk.plan.id}/rapport").text


def test_nobody_changes_a_grade_of_another_plan(desk: Desk) -> None:
    other = another(desk.plan).as_accepted()
    desk.open(desk.plan.a, "/gradering")
    assert other.regrades() == []
