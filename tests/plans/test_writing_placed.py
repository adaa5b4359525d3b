"""What was written in a plan, read where it has been placed: under the unit's name of then, and as rows."""

from sqlmodel import Session, col, select

from app.inspections.file import Plan
from app.places import actions as places
from app.places.actions import Named
from app.places.models import Clinic
from app.plans.models import PlanAnswer
from app.plans.queries import answered_report
from tests.plans.factories import Planned


def test_a_unit_renamed_in_the_middle_keeps_its_old_name_in_report_and_plan(plan: Planned) -> None:
    plan.as_submitted()
    line = plan.content().unit_line
    with plan.database.writing() as session:
        clinic = plan.place.clinic
        before = session.get_one(Clinic, clinic).name
        new = Named(name=f"Nya kliniken {plan.plan[:8]}")
        places.rename(session, by=plan.office, kind=Clinic, id=clinic, new=new)
    try:
        assert line.startswith(before)
        assert (plan.content().unit_line, _printed(plan)) == (line, line)
        with plan.database.reading() as session:
            assert answered_report(session, plan.row).unit.clinic == before
        plan.judge({"D": "accepted", "E": "accepted"})
        assert plan.answer(plan.b) == "accept"
    finally:
        with plan.database.writing() as session:
            places.rename(session, by=plan.office, kind=Clinic, id=clinic, new=Named(name=before))


def _printed(plan: Planned) -> str:
    return Plan.model_validate_json(plan.submitted()[0].content).unit_line


def test_answers_are_placed_by_submission_and_area(plan: Planned) -> None:
    plan.as_more()
    with plan.database.reading() as session:
        assert _answers(session, plan) == [(1, "D", "more", "När?"), (1, "E", "accepted", "")]


def _answers(session: Session, plan: Planned) -> list[tuple[int, str, str, str]]:
    rows = session.exec(select(PlanAnswer).where(PlanAnswer.plan == plan.plan).order_by(col(PlanAnswer.area)))
    return [(each.version, each.area, each.verdict, each.reason) for each in rows]
