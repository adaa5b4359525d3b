"""When a plan opens by itself, when it is brought along, and when there is none."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from app import audit
from app.accounts.roles import Held, Role
from app.db import Database
from app.ids import new_id
from app.inspections import actions as inspections
from app.inspections import disk
from app.inspections.file import AreaReview, Inspection, Plan
from app.plans.models import PlanRow
from app.plans.opening import in_months
from app.web.swedish import local
from app.writing import said
from app.writing.desk import Operation
from tests.factories import RUBRIC, Drafted, a_person, an_inspection, drafted, taken_in
from tests.paths import KALMAR
from tests.plans.factories import Planned, graded, plan_id, planned, sign, sign_quickly, with_people

BEST = {area.id: area.offered[0] for area in RUBRIC.rubric.areas}


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


def row(draft: Drafted) -> PlanRow:
    with draft.database.reading() as session:
        return session.exec(select(PlanRow).where(PlanRow.inspection == draft.id)).one()


def today() -> date:
    return local(audit.now()).date()


def test_a_report_that_asks_something_opens_a_plan_by_itself(draft: Drafted) -> None:
    graded(draft)
    assert plan_id(draft) is None
    sign(draft)
    found = row(draft)
    assert found == PlanRow(
        id=found.id,
        inspection=draft.id,
        report=1,
        clinic=draft.place.clinic,
        region=draft.place.region,
        speciality=draft.place.speciality,
        rubric_sha256=RUBRIC.sha256,
        state="draft",
        opened=today(),
        due=in_months(today(), 3),
        version=0,
        title="Handlingsplan",
        unit_line=found.unit_line,
        staff=[],
    )
    with draft.database.reading() as session:
        events = {each.action: (each.by, each.details) for each in audit.history(session, found.id)}
        standing = {field: one.value for field, one in said.heads(session, found.id).items()}
        inspection = [each.action for each in audit.history(session, draft.id)]
    assert events["plan:opened"] == (draft.b.id, {"inspection": draft.id, "due": str(found.due)})
    assert standing == {"plan/title": "Handlingsplan", "plan/unit_line": found.unit_line}  # fields like any other
    assert found.unit_line.split(", ")[0].endswith("kliniken")
    assert inspection[-1] == "inspection:signed"


ASKS = [("A", "D"), ("B", "C"), ("F", "C"), ("H", "D")]


@pytest.mark.parametrize(("area", "grade"), ASKS)
def test_one_grade_that_recommends_or_demands_something_is_enough(draft: Drafted, area: str, grade: str) -> None:
    graded(draft, {**BEST, area: grade})
    sign_quickly(draft)
    assert plan_id(draft)


@pytest.mark.parametrize("grades", [BEST, {**BEST, "B": "B", "D": "B", "E": "B"}], ids=["all A", "A and B"])
def test_grades_that_ask_nothing_open_none(draft: Drafted, grades: dict[str, str]) -> None:
    graded(draft, grades)
    sign(draft)
    assert plan_id(draft) is None


IN_MONTHS = [
    ("2026-11-30", 3, "2027-02-28"),
    ("2027-11-30", 3, "2028-02-29"),
    ("2026-10-31", 1, "2026-11-30"),
    ("2026-10-31", 2, "2026-12-31"),
    ("2026-12-31", 2, "2027-02-28"),
    ("2026-09-30", 3, "2026-12-30"),
    ("2026-12-01", 12, "2027-12-01"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2026-01-15", 0, "2026-01-15"),
    ("2026-01-15", 60, "2031-01-15"),
]


@pytest.mark.parametrize(("day", "months", "due"), IN_MONTHS)
def test_a_deadline_is_so_many_months_later_or_the_last_day_of_a_month_that_is_too_short(
    day: str, months: int, due: str
) -> None:
    assert in_months(date.fromisoformat(day), months) == date.fromisoformat(due)


@pytest.mark.parametrize("months", [1, 5])
def test_the_deadline_follows_the_setting(draft: Drafted, months: int) -> None:
    graded(draft)
    sign(draft, months)
    assert row(draft).due == in_months(today(), months)


# ── A correction ──────────────────────────────────────────────────────────────────────────


def correct(draft: Drafted, area: str, grade: str) -> None:
    with draft.database.writing() as session:
        inspections.correct(session, by=draft.a, inspection=draft.id, cause="Fel bokstav.")
        key = f"area/{area}/grade"
        seen = said.heads(session, draft.id)[key].revision
        [answer] = inspections.write(
            session, by=draft.a, inspection=draft.id, operations=[Operation(new_id(), key, grade, seen)]
        )
        assert answer.outcome == "head"


def test_a_plan_opens_once_and_lives_on_through_a_correction(database: Database) -> None:
    plan = planned(database)
    plan.put("area/D/text", "Vi har börjat.")
    correct(plan, "F", "C")
    sign(plan)
    assert (plan_id(plan), plan.row.report, plan.stands("area/D/text")) == (plan.plan, 1, "Vi har börjat.")
    assert plan.events().count("plan:opened") == 1


def test_a_correction_whose_new_version_asks_opens_a_plan_for_that_version(draft: Drafted) -> None:
    graded(draft, BEST)
    sign(draft)
    correct(draft, "E", "D")
    assert plan_id(draft) is None
    sign(draft)
    assert row(draft).report == 2


# ── An old report that is taken in ────────────────────────────────────────────────────────


def kalmar(draft: Drafted, **changed: object) -> Planned:
    """The real report, signed, with its own plan."""
    _, file = disk.read(KALMAR)
    taken = taken_in(draft, Inspection.model_validate(vars(file) | changed))
    sign(taken)
    id = plan_id(taken)
    assert id
    return replace(with_people(taken), plan=id)


def test_an_old_report_with_regrades_brings_its_plan_along_as_accepted(draft: Drafted) -> None:
    _, file = disk.read(KALMAR)
    plan = kalmar(draft)
    assert (plan.state, plan.row.version, plan.row.report, plan.row.due) == ("accepted", 1, 1, plan.row.opened)
    assert plan.content() == file.plan
    [submission] = plan.submitted()
    assert Plan.model_validate_json(submission.content) == file.plan
    assert (submission.sha256, submission.outcome) == (plan.seen(), "accepted")
    assert [each for each in plan.events() if each != "plan:written"] == ["plan:opened", "plan:brought_along"]


def test_a_brought_plan_is_followed_as_any_other(draft: Drafted) -> None:
    plan = kalmar(draft)
    plan.follow()
    plan.close()
    assert plan.state == "closed"


def test_a_plan_that_has_changed_no_grade_yet_waits_for_its_answer(draft: Drafted) -> None:
    _, file = disk.read(KALMAR)
    decided = {area: review.model_copy(update={"regrades": ()}) for area, review in file.areas.items()}
    plan = kalmar(draft, areas=decided)
    assert (plan.state, plan.submitted()[0].outcome) == ("submitted", "")
    plan.judge({"D": "accepted", "E": "accepted"})
    assert (plan.answer(), plan.state) == ("accept", "accepted")


def test_a_regrade_for_another_reason_accepts_no_plan(draft: Drafted) -> None:
    changed = AreaReview.model_validate({"grade": "D", "regrades": [{"grade": "C", "because": "revisit"}]})
    plan = kalmar(draft, areas={"D": changed})
    assert plan.state == "submitted"


BROUGHT = {
    "no title and no unit": Plan(title="", areas={"E": "Text."}),
    "nothing at all": Plan(),
    "as much as a file may say": Plan.model_validate(
        {
            "measures": ({"what": "Balint", "recurs": {"times": 1_000, "every": 1_000, "per": "year"}},),
            "staff": ({"since": "1900-01-01", "trainees": 0}, {"since": "9999-12-31", "trainees": 10_000}),
        }
    ),
    "spaces at its ends": Plan(areas={"E": "  Text.\n\n\tMer. "}),
}


@pytest.mark.parametrize("name", BROUGHT)
def test_a_brought_plan_is_kept_to_the_letter(draft: Drafted, name: str) -> None:
    plan = kalmar(draft, plan=BROUGHT[name])
    [submission] = plan.submitted()
    assert Plan.model_validate_json(submission.content) == plan.content() == BROUGHT[name]


def test_a_line_is_written_as_one_line_and_stands_in_the_submission_as_it_came(draft: Drafted) -> None:
    brought = Plan(title="En\nplan", areas={"E": "Text."})
    plan = kalmar(draft, plan=brought)
    assert plan.content() == brought.model_copy(update={"title": "En plan"})
    assert Plan.model_validate_json(plan.submitted()[0].content) == brought


def test_an_old_report_without_a_plan_opens_one(draft: Drafted) -> None:
    decided = {"E": AreaReview(grade="D")}
    plan = kalmar(draft, areas=decided, plan=None)
    assert (plan.state, plan.submitted()) == ("draft", [])


# ── Who is told that it is there ──────────────────────────────────────────────────────────


def test_two_inspections_of_a_clinic_have_a_plan_each(database: Database) -> None:
    first = planned(database)
    with database.writing() as session:
        id = an_inspection(session, first.place, first.office, first.a, first.b)
        a_person(session, "Kim Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=first.place.clinic))
    second = replace(first, id=id)
    graded(second)
    sign(second)
    assert len({first.plan, plan_id(second), None}) == 3
