"""A grade that is changed because of a plan: what is refused, what can be taken back, and the version that it makes."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from app.accounts.models import Person
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.audit import Event
from app.errors import NotFound, Refusal, Stale, Unacceptable
from app.ids import new_id
from app.inspections import actions as inspections
from app.inspections import queries, regrading, signing
from app.inspections.file import Inspection, Plan
from app.inspections.models import InspectionRow, RegradeRow
from app.inspections.reading import Reading
from app.inspections.regrading import Change
from app.writing.desk import Operation
from app.writing.said import heads
from rubrics.model import Cause
from tests.factories import an_inspection
from tests.inspections.test_actions import rows
from tests.plans.factories import PRIVATE, VISIT, Planned, another, measure

DAY = date(2026, 3, 1)
SECRET = "Det här skrev någon på kliniken"


@pytest.fixture
def plan(world: Planned) -> Planned:
    """Accepted, with a measure in it."""
    made = another(world, quickly=False)
    measure(made, what="Faddrar", how=SECRET, area="D")
    return made.as_accepted()


def report(plan: Planned) -> InspectionRow:
    with plan.database.reading() as session:
        return queries.find(session, plan.id).row


def version(plan: Planned, number: int) -> Inspection:
    """A signed version, as its file says it."""
    return Inspection.model_validate_json(plan.files(number)["json"])


def standing(plan: Planned) -> dict[str, str]:
    with plan.database.reading() as session:
        now = Reading(session, queries.find(session, plan.id).row).content()
        return {area: review.standing for area, review in now.areas.items() if area in "DE"}


def measures(plan: Planned) -> list[str]:
    """Their ids."""
    with plan.database.reading() as session:
        return [key.split("/")[1] for key in heads(session, plan.plan) if key.endswith("/what")]


def refused(plan: Planned, sort: type[Refusal], *changes: Change, day: date = DAY, by: Viewer | None = None) -> str:
    """Why; and nothing has changed."""
    before = rows(plan.database), report(plan), plan.regrades()
    with pytest.raises(sort) as told:
        plan.regrade(*changes, day=day, by=by)
    assert (rows(plan.database), report(plan), plan.regrades()) == before
    assert type(told.value) is sort
    return told.value.told


# ── What is refused ───────────────────────────────────────────────────────────────────────

REFUSED: dict[str, tuple[list[Change], str]] = {
    "a grade that the area does not offer": ([Change("A", "B")], "B går inte att välja i område A: välj A, D."),
    "a grade that nobody knows": ([Change("E", "Q")], "Q går inte att välja i område E: välj A, B, C, D."),
    "the grade that stands": ([Change("E", "D")], "Område E har redan D. Välj en annan, eller låt det stå."),
    "an area of another rubric": ([Change("Q", "C")], "Området Q finns inte i st-spur/2015-8@1."),
    "one that is wrong among others": (
        [Change("D", "C"), Change("E", "D")],
        "Område E har redan D. Välj en annan, eller låt det stå.",
    ),
    "none at all": ([], "Välj en ny gradering för minst ett område."),
    "a measure that is not in the plan": (
        [Change("E", "C", [SECRET])],
        "En av åtgärderna finns inte i planen. Ladda om sidan och välj igen.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(plan: Planned, name: str) -> None:
    changes, told = REFUSED[name]
    assert refused(plan, Unacceptable, *changes) == told


def test_a_day_before_the_visit_is_refused(plan: Planned) -> None:
    told = f"Ändringen kan inte vara före {VISIT}. Välj en senare dag."
    assert refused(plan, Unacceptable, Change("E", "C"), day=date(2025, 10, 19)) == told
    plan.regrade(Change("E", "C"), day=VISIT)
    assert standing(plan)["E"] == "C"


@pytest.mark.parametrize("as_far", [lambda plan: plan, Planned.as_submitted, Planned.as_more])
def test_a_plan_that_is_not_accepted_changes_no_grade(world: Planned, as_far: Callable[[Planned], Planned]) -> None:
    told = "Planen är inte godtagen än. Graderingen kan ändras när den är det."
    assert refused(as_far(another(world)), Stale, Change("E", "C")) == told


def test_inspectors_and_office_regrade_and_nobody_else(plan: Planned) -> None:
    others = (plan.director, plan.head, plan.region, plan.coordinator)
    for by in others:
        with pytest.raises(NotFound):
            plan.regrade(Change("E", "C"), by=by)
    for by, grade in ((plan.a, "C"), (plan.b, "B"), (plan.office, "A")):
        plan.regrade(Change("E", grade), by=by)
    assert [(each.grade, each.by) for each in plan.regrades()] == [("A", plan.office.id)]


# ── Until it is signed ────────────────────────────────────────────────────────────────────


def test_a_regrade_waits_for_the_inspectors_and_readers_see_the_version_before(plan: Planned) -> None:
    [faddrar] = measures(plan)
    plan.regrade(Change("D", "C", [faddrar]), Change("E", "B"), day=DAY)
    row = report(plan)
    assert (row.state, row.version, row.cause) == ("draft", 2, "Ändrad gradering efter handlingsplan.")
    assert row.plan == plan.content().model_dump(mode="json", exclude_defaults=True)
    found = [
        (r.area, r.place, r.before, r.grade, r.because, r.day, r.version, r.by, r.measures) for r in plan.regrades()
    ]
    assert found == [
        ("D", 0, "D", "C", "plan", DAY, 2, plan.a.id, [faddrar]),
        ("E", 0, "D", "B", "plan", DAY, 2, plan.a.id, []),
    ]
    assert list(plan.files(2)) == []


def test_the_last_one_before_signing_replaces_the_one_before(plan: Planned) -> None:
    plan.regrade(Change("E", "C"))
    plan.regrade(Change("E", "B"), by=plan.b, day=date(2026, 3, 2))
    [only] = plan.regrades()
    assert (only.before, only.grade, only.by, only.day) == ("D", "B", plan.b.id, date(2026, 3, 2))
    assert report(plan).version == 2


def let_stand(plan: Planned, area: str, by: Viewer | None = None) -> None:
    with plan.database.writing() as session:
        regrading.let_stand(session, by=by or plan.b, inspection=plan.id, area=area)


def test_it_can_be_taken_back_until_it_is_signed(plan: Planned) -> None:
    plan.regrade(Change("D", "C"), Change("E", "C"))
    let_stand(plan, "E")
    assert (standing(plan), [each.area for each in plan.regrades()]) == ({"D": "C", "E": "D"}, ["D"])
    with pytest.raises(Stale, match="ingen ändring av området som väntar"):
        let_stand(plan, "E")
    plan.sign()
    with pytest.raises(Stale):
        let_stand(plan, "D")
    assert version(plan, 2).review("D").standing == "C"


def test_when_the_last_one_is_taken_back_version_1_stands_as_it_stood(plan: Planned) -> None:
    before = report(plan).model_dump()
    plan.regrade(Change("D", "C"))
    let_stand(plan, "D")
    assert (report(plan).model_dump(), plan.regrades()) == (before, [])
    assert plan.events(plan.id)[-1] == "inspection:correction_closed"
    plan.regrade(Change("D", "B"))
    plan.sign()
    assert version(plan, 2).review("D").standing == "B"


def test_a_draft_that_somebody_has_written_in_stays_open_without_the_appendix(plan: Planned) -> None:
    plan.regrade(Change("D", "C"))
    text = "area/A/narrative"
    plan.write(plan.a, Operation(new_id(), text, "Något mer.", head(plan, text)))
    let_stand(plan, "D")
    assert (report(plan).state, report(plan).version, report(plan).plan) == ("draft", 2, None)
    plan.sign()
    assert version(plan, 2).plan is None


def test_what_it_is_changed_from_follows_the_decision_in_the_draft(plan: Planned) -> None:
    plan.regrade(Change("E", "C"))
    grade = "area/E/grade"
    plan.write(plan.a, Operation(new_id(), grade, "B", head(plan, grade)))
    assert [(each.before, each.grade) for each in plan.regrades()] == [("B", "C")]
    plan.write(plan.a, Operation(new_id(), grade, "C", head(plan, grade)))
    with pytest.raises(signing.OwesMore) as owes:
        plan.sign()
    told = "ändrad gradering i område E är densamma som den beslutade: ångra ändringen, eller beslutet"
    assert [each.text for each in owes.value.left] == [told]


def test_a_day_that_has_not_been_is_refused(plan: Planned) -> None:
    with pytest.raises(Unacceptable, match="Dagen har inte varit än"):
        plan.regrade(Change("E", "C"), day=date(2062, 3, 1))
    assert (report(plan).state, plan.regrades()) == ("signed", [])


def head(plan: Planned, field: str) -> str | None:
    with plan.database.reading() as session:
        found = heads(session, plan.id).get(field)
        return found.revision if found else None


def test_a_regrade_takes_back_a_signature_that_was_given_to_another_content(plan: Planned) -> None:
    plan.regrade(Change("D", "C"))
    signing.sign(plan.database, by=plan.a, inspection=plan.id, seen=plan.hash())
    plan.regrade(Change("E", "C"))
    assert plan.events(plan.id)[-2:] == ["inspection:regraded", "inspection:signature_taken_back"]
    signing.sign(plan.database, by=plan.a, inspection=plan.id, seen=plan.hash())
    let_stand(plan, "E")
    assert plan.events(plan.id)[-2:] == ["inspection:regrade_taken_back", "inspection:signature_taken_back"]


# ── Signed ────────────────────────────────────────────────────────────────────────────────


def test_the_next_version_tells_of_it_and_has_the_plan_as_its_appendix(plan: Planned) -> None:
    first = plan.files(1)
    accepted = Plan.model_validate_json(plan.submitted()[0].content)
    plan.regrade(Change("D", "C"), Change("E", "B"))
    plan.sign()
    made = version(plan, 2)
    assert made.plan == accepted
    assert {area: [(r.grade, r.because, r.date) for r in made.review(area).regrades] for area in "DE"} == {
        "D": [("C", "plan", DAY)],
        "E": [("B", "plan", DAY)],
    }
    assert [made.review(area).grade for area in "DE"] == ["D", "D"]
    text = plan.files(2)["txt"].decode()
    assert "Verksamheten har efter granskningen inkommit med handlingsplan, se bilaga." in " ".join(text.split())
    assert SECRET in text
    assert SECRET not in first["txt"].decode()
    assert plan.files(1) == first


def test_the_appendix_is_what_was_accepted_and_not_what_has_been_written_since(plan: Planned) -> None:
    accepted = Plan.model_validate_json(plan.submitted()[0].content)
    [faddrar] = measures(plan)
    plan.put(f"measure/{faddrar}/status", "done")
    plan.regrade(Change("D", "C"))
    plan.sign()
    assert version(plan, 2).plan == accepted != plan.content()


def test_a_second_regrade_stands_on_the_first_and_both_are_told(plan: Planned) -> None:
    plan.regrade(Change("D", "C"))
    plan.sign()
    assert refused(plan, Unacceptable, Change("D", "C")).startswith("Område D har redan C.")
    early = refused(plan, Unacceptable, Change("D", "B"), day=date(2026, 2, 28))
    assert early == f"Ändringen kan inte vara före {DAY}. Välj en senare dag."
    plan.follow()
    second = plan.files(2)
    plan.regrade(Change("D", "B"), day=date(2026, 9, 1))
    plan.sign()
    assert [(r.place, r.before, r.grade, r.version) for r in plan.regrades()] == [(0, "D", "C", 2), (1, "C", "B", 3)]
    assert [each.grade for each in version(plan, 3).review("D").regrades] == ["C", "B"]
    assert plan.files(2) == second


def test_a_closed_plan_can_still_earn_a_grade(world: Planned) -> None:
    plan = another(world, quickly=False).as_closed()
    plan.regrade(Change("E", "A"))
    assert standing(plan)["E"] == "A"


def test_a_regrade_is_told_by_ids_and_words_and_never_by_texts(plan: Planned) -> None:
    [faddrar] = measures(plan)
    plan.regrade(Change("D", "C", [faddrar]))
    with plan.database.reading() as session:
        events = list(session.exec(select(Event)))
        names = session.exec(select(Person.name)).all()
    told = {each.action: each.details for each in events if each.subject in (plan.id, plan.plan)}
    assert told["inspection:regraded"] == {
        "area": "D",
        "before": "D",
        "grade": "C",
        "because": "plan",
        "measures": [faddrar],
    }
    assert told["plan:regraded"] == {"areas": ["D"]}
    quoted = json.dumps([each.model_dump(mode="json") for each in events], ensure_ascii=False)
    assert [text for text in (SECRET, PRIVATE, *names) if text in quoted] == []


# ── In the middle of a correction, and for other reasons ──────────────────────────────────


def test_a_regrade_joins_a_correction_that_is_open(plan: Planned) -> None:
    with plan.database.writing() as session:
        inspections.correct(session, by=plan.a, inspection=plan.id, cause="Ett ord var fel.")
        inspections.write(
            session,
            by=plan.a,
            inspection=plan.id,
            operations=[Operation(new_id(), "area/F/narrative", "Internutbildning finns.")],
        )
    plan.regrade(Change("E", "C"))
    assert (report(plan).version, report(plan).cause) == (2, "Ett ord var fel.")
    plan.sign()
    made = version(plan, 2)
    assert (made.review("E").standing, made.review("F").narrative) == ("C", "Internutbildning finns.")


OTHER: list[tuple[Cause, str]] = [
    ("revisit", "Ändrad gradering efter återbesök."),
    ("correction", "Rättad gradering."),
]


@pytest.mark.parametrize(("because", "cause"), OTHER)
def test_a_grade_is_changed_for_another_reason_without_a_plan(plan: Planned, because: Cause, cause: str) -> None:
    with plan.database.writing() as session:
        change = [Change("E", "B")]
        regrading.regrade(session, by=plan.a, inspection=plan.id, because=because, changes=change, day=DAY)
    assert (report(plan).cause, report(plan).plan) == (cause, None)
    plan.sign()
    assert version(plan, 2).review("E").regrades[-1].because == because


def test_the_first_draft_is_graded_and_not_regraded(plan: Planned) -> None:
    with plan.database.writing() as session:
        draft = replace(plan, id=an_inspection(session, plan.place, plan.office, plan.a, plan.b))
    with pytest.raises(Stale, match="Sätt graderingen i området i stället"), plan.database.writing() as session:
        regrading.regrade(
            session, by=plan.a, inspection=draft.id, because="revisit", changes=[Change("E", "B")], day=DAY
        )
    with plan.database.reading() as session:
        assert session.exec(select(RegradeRow).where(RegradeRow.inspection == draft.id)).all() == []


def test_the_regrade_permission_is_the_inspectors_own_inspections(plan: Planned) -> None:
    with plan.database.reading() as session:
        whose = queries.find(session, plan.id).whose
    may = {
        each.name
        for each in (plan.a, plan.b, plan.office, plan.director, plan.region)
        if each.may(Permission.REGRADE, whose)
    }
    assert may == {plan.a.name, plan.b.name, plan.office.name}
