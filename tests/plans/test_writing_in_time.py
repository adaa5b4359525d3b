"""Who writes what in a plan, and when."""

from dataclasses import replace
from datetime import date

import pytest

from app.accounts.roles import Held, Role
from app.errors import NotFound
from app.ids import new_id
from app.inspections import actions as inspections
from app.plans import actions, fields
from app.plans.queries import find
from app.plans.rules import STATES, State
from tests.factories import a_person, a_place, an_inspector
from tests.plans.factories import Planned, another
from tests.plans.test_rules import AS
from tests.plans.writing import OCCASION, TEXT, M, check, op, outcomes

PROMISED = {TEXT: "x", f"{M}/what": "x", f"{M}/how": "x", f"{M}/start": "2026-01-01", f"{M}/proof": "x"}
PROMISED |= {"plan/unit_line": "x", f"{M}/gone": "x", f"{M}/criteria": "D-F1"}
TRACKED = {f"{M}/owner": "x", f"{M}/due": "2026-06-01", f"{M}/status": "done", f"{M}/effect": "x"}
TRACKED |= {
    "plan/staff": "2026-01-01 12",
    f"{OCCASION}/measure": M[8:],
    f"{OCCASION}/day": "2026-02-01",
    f"{OCCASION}/count": "2",
}
TRACKED |= {f"{OCCASION}/note": "x", f"{OCCASION}/gone": "x"}
LISTS = {f"{M}/criteria", "plan/staff"}
OPEN: dict[State, set[str]] = {
    "draft": {*PROMISED, *TRACKED},
    "submitted": set(),
    "more": {*PROMISED, *TRACKED},
    "accepted": {*TRACKED},
    "follow_up": {*TRACKED},
    "closed": set(),
}


@pytest.mark.parametrize("state", STATES)
def test_the_clinic_writes_promises_first_and_what_became_of_them_later(world: Planned, state: State) -> None:
    plan = AS[state](another(world))
    before = plan.seen()
    written = PROMISED | TRACKED
    operations = [op(key, [value] if key in LISTS else value, plan.said(key)) for key, value in written.items()]
    answers = dict(zip(written, outcomes(plan, plan.director, *operations), strict=True))
    assert {key for key, outcome in answers.items() if outcome == "head"} == OPEN[state]
    assert {key for key, outcome in answers.items() if outcome == "late"} == written.keys() - OPEN[state]
    assert (plan.seen() == before) == (not OPEN[state])


@pytest.mark.parametrize("state", STATES)
def test_the_inspectors_write_their_answer_while_a_submission_waits(world: Planned, state: State) -> None:
    plan = AS[state](another(world))
    version = str(plan.row.version)
    keys = [kind.key(version=version, area="D") for kind in fields.ANSWER]
    operations = [op(keys[0], "more", plan.said(keys[0])), op(keys[1], "Nytt skäl.", plan.said(keys[1]))]
    assert outcomes(plan, plan.a, *operations) == ["head" if state == "submitted" else "late"] * 2


def test_what_came_too_late_is_kept_shown_and_changes_nothing_until_it_is_taken_up(plan: Planned) -> None:
    plan.as_submitted()
    late = op(TEXT, "Skrivet utan nät.", plan.said(TEXT))
    assert outcomes(plan, plan.head, late, late) == ["late", "late"]
    assert (plan.late(), plan.stands(TEXT)) == (["Skrivet utan nät."], "Vi gör om introduktionen.")
    plan.judge({"D": ("more", "När?"), "E": "accepted"})
    plan.answer()
    on_top = op(TEXT, "Skrivet utan nät, och mer.", late.id)  # their device goes on from what it sent, over what stands
    assert outcomes(plan, plan.head, on_top) == ["head"]
    assert (plan.clashes(), plan.stands(TEXT)) == ([], "Skrivet utan nät, och mer.")


def test_a_plan_is_written_and_submitted_after_its_deadline_as_before(plan: Planned) -> None:
    with plan.database.writing() as session:
        find(session, plan.plan).row.due = date(2020, 1, 1)
    assert outcomes(plan, plan.director, op(TEXT, "Sent, men gott.")) == ["head"]
    assert (plan.submit(), plan.state, plan.row.due) == (1, "submitted", date(2020, 1, 1))


def test_the_clinic_and_the_inspectors_write_each_their_own(plan: Planned) -> None:
    plan.as_submitted()
    verdict, reason = (kind.key(version="1", area="D") for kind in fields.ANSWER)
    theirs = plan.tell(plan.director, op(verdict, "accepted"), op(reason, "x"))
    ours = plan.tell(plan.a, op(TEXT, "x"), op(f"measure/{new_id()}/what", "x"), op(verdict, "accepted"))
    assert [each.outcome for each in theirs] == ["refused", "refused"]
    assert [each.outcome for each in ours] == ["refused", "refused", "head"]
    assert theirs[0].told == "Svar: det är inspektörerna som svarar här."
    assert ours[0].told == "Fri text: det är kliniken som skriver här."
    check(plan)


def test_an_inspector_who_has_handed_over_gets_an_answer_kept(plan: Planned) -> None:
    plan.as_submitted()
    with plan.database.writing() as session:
        inspections.correct(session, by=plan.a, inspection=plan.id, cause="x")
        inspections.staff(session, by=plan.office, inspection=plan.id, inspectors=[plan.a.id])
    verdict, reason = (kind.key(version="1", area="D") for kind in fields.ANSWER)
    assert outcomes(plan, plan.b, op(verdict, "more"), op(reason, "När?"), op(TEXT, "x")) == ["late", "late", "refused"]
    assert plan.late() == ["När?", "more"]


def test_who_has_nothing_to_write_there_learns_nothing(plan: Planned) -> None:
    with plan.database.writing() as session:
        elsewhere = a_place(session, f"Fjärran {plan.plan[:8]}")
        strangers = [
            a_person(session, "Annan Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=elsewhere.clinic)),
            a_person(session, "Annan Chef", Held(Role.HEAD_OF_CLINIC, clinic=elsewhere.clinic)),
            an_inspector(session, plan.place, "Främmande"),
        ]
    before = plan.events()
    for by in (*strangers, plan.region, plan.office, plan.coordinator, replace(plan.director, held=())):
        for id in (plan.plan, plan.id, new_id()):
            with pytest.raises(NotFound) as told, plan.database.writing() as session:
                actions.write(session, by=by, plan=id, operations=[op(TEXT, "x")])
            assert plan.plan not in told.value.told
    assert (plan.events(), plan.stands(TEXT)) == (before, None)
