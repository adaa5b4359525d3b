"""A plan whose report is withheld stays, and every page of it opens."""

from fastapi.testclient import TestClient

from app.accounts.roles import Held, Role
from app.following import when_withheld
from app.inspections import withholding
from tests.factories import a_person
from tests.forms import at_a_browser
from tests.plans.factories import Planned


def test_a_plan_outlives_the_report_that_it_answers(plan: Planned, site: TestClient) -> None:
    plan.put("area/E/text", "Vi gör något åt det.")
    with plan.database.writing() as session:
        second = a_person(session, "Kim Kansli", Held(Role.ADMINISTRATOR))
        withholding.propose(session, by=plan.office, inspection=plan.id, number=1, reason="secrecy")
    with plan.database.writing() as session:
        withholding.withhold(session, by=second, inspection=plan.id, number=1, then=when_withheld)
    director = at_a_browser(site, plan.database, plan.director)
    pages = ["/min-klinik", "/planer", f"/inspektioner/{plan.id}/plan"]
    pages += [f"/planer/{plan.plan}{each}" for each in ("", "/atgarder", "/omraden/E", "/historik?falt=area/E/text")]
    assert {each: director.open(each).status for each in pages} == dict.fromkeys(pages, 200)
    assert "Vi gör något åt det." in director.open(f"/planer/{plan.plan}/omraden/E").text
    assert "Versionen är innehållen" in director.open(f"/inspektioner/{plan.id}/versioner/1").text
