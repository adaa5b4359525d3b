"""Writing in a plan: who writes what and when, two at once, what is refused in a sentence, and what comes too late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, col, select

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.ids import new_id
from app.inspections import actions as inspections
from app.inspections.file import Plan
from app.places import actions as places
from app.places.actions import Named
from app.places.models import Clinic
from app.plans import actions, fields
from app.plans.models import MeasureRow, PlanAnswer
from app.plans.queries import answered_report, find
from app.plans.rules import STATES, State
from app.writing import room
from app.writing.desk import Operation
from app.writing.fields import Limit, Value
from tests.factories import a_person, a_place, an_inspector
from tests.plans import whole
from tests.plans.factories import Planned, another, measure
from tests.plans.test_rules import AS

TEXT, OTHER = "area/D/text", "area/E/text"


def op(field: str, value: object, parent: str | None = None) -> Operation:
    return Operation(new_id(), field, value, parent)


def outcomes(plan: Planned, by: Viewer, *operations: Operation) -> list[str]:
    found = [answer.outcome for answer in plan.tell(by, *operations)]
    check(plan)
    return found


def check(plan: Planned) -> None:
    with plan.database.reading() as session:
        whole.check(session, plan.plan)


def row(plan: Planned, measure: str) -> MeasureRow:
    with plan.database.reading() as session:
        return session.get_one(MeasureRow, (plan.plan, measure))


# ── Two at once ───────────────────────────────────────────────────────────────────────────


def test_two_of_the_clinic_in_one_text_are_both_kept_until_one_chooses(plan: Planned) -> None:
    first, second = op(TEXT, "Vi gör om introduktionen."), op(TEXT, "Vi inför faddrar.")
    assert [*outcomes(plan, plan.director, first), *outcomes(plan, plan.head, second)] == ["head", "sibling"]
    assert (plan.stands(TEXT), plan.clashes()) == ("Vi gör om introduktionen.", [TEXT])
    chosen = Operation(new_id(), TEXT, "Vi gör om introduktionen och inför faddrar.", first.id, [second.id])
    assert outcomes(plan, plan.head, chosen) == ["head"]
    assert plan.clashes() == []
    assert plan.content().areas == {"D": "Vi gör om introduktionen och inför faddrar."}


def test_two_who_write_in_their_own_fields_never_meet(plan: Planned) -> None:
    a, b = measure(plan, what="Introduktion"), measure(plan, plan.head, what="Faddrar")
    assert outcomes(plan, plan.head, op(f"measure/{a}/owner", "Studierektor")) == ["head"]
    assert outcomes(plan, plan.director, op(f"measure/{b}/owner", "ST-läkarna")) == ["head"]
    assert plan.clashes() == []
    assert {each.what: each.owner for each in plan.content().measures} == {
        "Introduktion": "Studierektor",
        "Faddrar": "ST-läkarna",
    }


LAST: list[tuple[str, Value, Value]] = [
    ("area", "D", "E"),
    ("criteria", ["D-F1"], ["D-F1", "E-F2"]),
    ("bank", "M01", "M02"),
    ("every", "2", "3"),
    ("per", "week", "month"),
    ("each", "trainee", "clinic"),
    ("order", "V", "k"),
]


@pytest.mark.parametrize(("name", "first", "second"), LAST, ids=[name for name, *_ in LAST])
def test_of_a_choice_the_last_one_stands(plan: Planned, name: str, first: Value, second: Value) -> None:
    id = measure(plan, what="Åtgärd")
    key = f"measure/{id}/{name}"
    assert outcomes(plan, plan.director, op(key, first)) == outcomes(plan, plan.head, op(key, second)) == ["head"]
    assert (plan.stands(key), plan.clashes()) == (second, [])


# ── A measure that is taken away ──────────────────────────────────────────────────────────


def removed(plan: Planned, **values: object) -> str:
    id = measure(plan, what="Faddersystem", owner="Läkarchef", **values)
    assert outcomes(plan, plan.director, op(f"measure/{id}/gone", "1")) == ["head"]
    assert (row(plan, id).hidden, plan.content().measures) == (True, ())
    return id


def test_a_measure_that_is_taken_away_is_gone_and_can_come_back(plan: Planned) -> None:
    id = removed(plan)
    assert outcomes(plan, plan.head, op(f"measure/{id}/gone", None)) == ["head"]
    assert [each.what for each in plan.content().measures] == ["Faddersystem"]


WRITTEN: dict[str, Callable[[Planned, str], Operation]] = {
    "on top": lambda plan, at: op(f"{at}/owner", "Studierektor", plan.said(f"{at}/owner")),
    "the same once more": lambda _, at: op(f"{at}/owner", "Läkarchef"),
    "for the first time": lambda _, at: op(f"{at}/proof", "Protokoll."),
    "beside, not having seen what stood": lambda _, at: op(f"{at}/what", "Mentorer"),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_measure_comes_back_when_a_colleague_writes_in_it_who_did_not_know(plan: Planned, how: str) -> None:
    id = removed(plan)
    plan.tell(plan.head, WRITTEN[how](plan, f"measure/{id}"))
    check(plan)
    assert (row(plan, id).hidden, len(plan.content().measures)) == (False, 1)


def test_a_measure_that_is_written_in_two_ways_and_then_taken_away_stops_nothing(plan: Planned) -> None:
    plan.put(OTHER, "Vi inför bedömningsveckor.")
    id = measure(plan, what="Faddrar")
    plan.tell(plan.head, op(f"measure/{id}/what", "Mentorer"))
    assert plan.clashes() == [f"measure/{id}/what"]
    plan.tell(plan.director, op(f"measure/{id}/gone", "1"))
    check(plan)
    assert (row(plan, id).hidden, plan.submit()) == (True, 1)


def test_what_comes_too_late_brings_no_measure_back(plan: Planned) -> None:
    plan.put(OTHER, "Vi inför bedömningsveckor.")
    id = removed(plan)
    plan.submit()
    assert outcomes(plan, plan.head, op(f"measure/{id}/what", "Mentorer")) == ["late"]
    assert (row(plan, id).hidden, plan.late()) == (True, ["Mentorer"])


# ── When ──────────────────────────────────────────────────────────────────────────────────

M = f"measure/{new_id()}"
OCCASION = f"occurrence/{new_id()}"
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


# ── Who ───────────────────────────────────────────────────────────────────────────────────


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


# ── What is refused ───────────────────────────────────────────────────────────────────────

REFUSED: list[tuple[str, Value, str]] = [
    ("area/Q/text", "x", "Området Q finns inte i st-spur/2015-8@1."),
    (f"{M}/area", "Q", "Området Q finns inte i st-spur/2015-8@1."),
    (f"{M}/criteria", ["D-F1", "AT-1"], "Kriteriet AT-1 finns inte i st-spur/2015-8@1."),
    (f"{M}/status", "klar", "klar går inte att välja. Välj Planerad, Påbörjad, Genomförd, Utgår."),
    (f"{M}/per", "dag", "dag går inte att välja. Välj vecka, månad, år."),
    (f"{M}/each", "alla", "alla går inte att välja. Välj kliniken, varje ST-läkare, varje handledare."),
    (f"{M}/times", "0", "Antal gånger: skriv ett tal från 1 till 1000."),
    (f"{M}/times", "1001", "Antal gånger: skriv ett tal från 1 till 1000."),
    (f"{M}/times", "två", "Antal gånger: skriv ett tal från 1 till 1000."),
    (f"{M}/times", "٣", "Antal gånger: skriv ett tal från 1 till 1000."),
    (f"{M}/every", "53", "Varje: skriv ett tal från 1 till 52."),
    (f"{OCCASION}/count", "-1", "Antal: skriv ett tal från 1 till 1000."),
    (f"{OCCASION}/day", None, "Dag kan ändras men inte lämnas tom."),
    (f"{OCCASION}/measure", "M01", "Åtgärden finns inte här."),
    (f"{OCCASION}/day", "i går", "i går är ingen dag."),
    (f"{M}/due", "2026-02-30", "2026-02-30 är ingen dag."),
    (f"{M}/order", "å", "Platsen går inte att läsa."),
    (f"{M}/what", ["x"], "Värdet är av fel slag: en text väntades."),
    ("plan/title", " ", "Planens rubrik kan ändras men inte lämnas tom."),
    ("plan/staff", ["12"], "skriv en dag och ett antal på varje rad"),
    ("plan/staff", ["2026-01-01 tolv"], "skriv en dag och ett antal på varje rad"),
    ("plan/staff", ["1799-01-01 12"], "skriv en dag och ett antal på varje rad"),
    ("plan/staff", ["2026-01-01 10001"], "skriv en dag och ett antal på varje rad"),
    ("plan/staff", ["20260101 12"], "skriv en dag och ett antal på varje rad"),
    ("plan/staff", ["2026-W01-1 12"], "skriv en dag och ett antal på varje rad"),
    ("plan/staff", ["2026-02-01 12", "2026-01-01 14"], "skriv dagarna i ordning, den tidigaste först"),
    ("plan/staff", ["2026-01-01 12", "2026-01-01 14"], "skriv dagarna i ordning, den tidigaste först"),
    ("measure/M01/what", "x", "Fältet finns inte här."),
    ("occurrence/1/day", "2026-01-01", "Fältet finns inte här."),
    ("plan/due", "2030-01-01", "Fältet finns inte här."),
    ("plan/state", "closed", "Fältet finns inte här."),
]


def test_each_refused_one_is_told_why_and_the_rest_of_the_batch_stands(plan: Planned) -> None:
    operations = [op(field, value) for field, value, _ in REFUSED]
    answers = plan.tell(plan.director, op(TEXT, "först"), *operations, op(OTHER, "sist"))
    assert [each.outcome for each in answers] == ["head", *["refused"] * len(REFUSED), "head"]
    assert [told for each, (_, _, told) in zip(answers[1:-1], REFUSED, strict=True) if told not in each.told] == []
    assert plan.content() == Plan(unit_line=plan.row.unit_line, areas={"D": "först", "E": "sist"})
    check(plan)


ANSWERS = [
    ("version/1/area/D/verdict", "kanske", "kanske går inte att välja. Välj Godtas, Behöver kompletteras."),
    ("version/2/area/D/verdict", "accepted", "Det svaret gäller en annan inlämning än den senaste. Ladda om sidan."),
    ("version/01/area/D/verdict", "accepted", "Det svaret gäller en annan inlämning än den senaste. Ladda om sidan."),
    ("version/1/area/Q/verdict", "accepted", "Området Q finns inte i st-spur/2015-8@1."),
]


def test_an_answer_to_what_is_not_there_is_refused(plan: Planned) -> None:
    plan.as_submitted()
    answers = plan.tell(plan.a, *(op(field, value) for field, value, _ in ANSWERS))
    assert [(each.outcome, each.told) for each in answers] == [("refused", told) for *_, told in ANSWERS]


def test_no_fitting_value_makes_a_plan_that_cannot_be_read(plan: Planned) -> None:
    """What the fields take, the plan's shape takes too, at its edges."""
    edges: list[tuple[str, Value]] = [
        ("plan/staff", ["1900-01-01 0", "9999-12-31 10000"]),
        (f"{M}/start", fields.EARLIEST),
        (f"{M}/due", "9999-12-31"),
        (f"{M}/times", "1000"),
        (f"{M}/every", "52"),
        (f"{M}/what", "\u0007" * 20_000),
        (f"{OCCASION}/measure", M[8:]),
        (f"{OCCASION}/day", "1900-01-01"),
        (f"{OCCASION}/count", "1000"),
    ]
    assert set(outcomes(plan, plan.director, *(op(field, value) for field, value in edges))) == {"head"}
    [made] = plan.content().measures
    assert (made.recurs is not None, len(made.done), len(plan.content().staff)) == (True, 1, 2)
    assert plan.submit() == 1


# ── How much ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sort", ["measure", "occurrence"])
def test_a_plan_holds_so_many(plan: Planned, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(actions.LIMITS, sort, Limit(2, "Det är nog så."))
    name, value = {"measure": ("what", "x"), "occurrence": ("day", "2026-01-01")}[sort]
    ids = [new_id() for _ in range(3)]
    answers = plan.tell(plan.director, *(op(f"{sort}/{id}/{name}", value) for id in ids))
    assert [(each.outcome, each.told) for each in answers] == [
        ("head", ""),
        ("head", ""),
        ("refused", "Det är nog så."),
    ]
    more = {"measure": ("owner", "x"), "occurrence": ("count", "2")}[sort]
    assert outcomes(plan, plan.director, op(f"{sort}/{ids[0]}/{more[0]}", more[1])) == ["head"]


def test_as_many_occasions_as_a_plan_takes_can_be_read_though_they_are_of_one_measure() -> None:
    most = actions.LIMITS["occurrence"].most
    assert (
        len(Plan.model_validate({"measures": ({"what": "x", "done": ({"day": "2026-01-01"},) * most},)}).measures) == 1
    )


def test_the_texts_together_have_their_limit_and_can_be_shortened(
    plan: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MAX_TEXT", 1_000)
    assert outcomes(plan, plan.director, op(TEXT, "a" * 600), op(OTHER, "b" * 600)) == ["head", "refused"]
    plan.put(TEXT, "a" * 100)
    assert outcomes(plan, plan.director, op(OTHER, "b" * 600)) == ["head"]


# ── A unit that is renamed ────────────────────────────────────────────────────────────────


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


# ── Answers as rows ───────────────────────────────────────────────────────────────────────


def test_answers_are_placed_by_submission_and_area(plan: Planned) -> None:
    plan.as_more()
    with plan.database.reading() as session:
        assert _answers(session, plan) == [(1, "D", "more", "När?"), (1, "E", "accepted", "")]


def _answers(session: Session, plan: Planned) -> list[tuple[int, str, str, str]]:
    rows = session.exec(select(PlanAnswer).where(PlanAnswer.plan == plan.plan).order_by(col(PlanAnswer.area)))
    return [(each.version, each.area, each.verdict, each.reason) for each in rows]
