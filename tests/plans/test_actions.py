"""Submitting, answering, following, closing: what stops each, what it leaves behind, and two who do it at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from app import audit
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.audit import Event
from app.errors import NotFound, Refusal, Stale
from app.ids import new_id
from app.inspections.file import Plan
from app.plans import actions
from app.plans.actions import OwesMore
from app.plans.queries import Submission, submissions
from app.plans.rules import State
from app.writing.desk import Operation
from tests.inspections.test_actions import rows
from tests.plans import whole
from tests.plans.factories import Planned, another, measure
from tests.plans.test_rules import AS

D, E = "area/D/text", "area/E/text"
SECRET = "Det här skrev någon på kliniken"


def op(field: str, value: object, parent: str | None = None) -> Operation:
    return Operation(new_id(), field, value, parent)


def owed(act: Callable[[], object]) -> list[tuple[str, str]]:
    """Where, and what, is left to do first."""
    with pytest.raises(OwesMore) as told:
        act()
    return list(told.value.left)


def read(plan: Planned) -> list[Submission]:
    """The submissions with their answers, the first one first."""
    with plan.database.reading() as session:
        return submissions(session, plan.plan)[::-1]


def details(plan: Planned, action: str) -> list[tuple[str, dict[str, Any]]]:
    with plan.database.reading() as session:
        return [(each.by, each.details) for each in audit.history(session, plan.plan) if each.action == action]


# ── Submitting ────────────────────────────────────────────────────────────────────────────


def test_an_empty_plan_is_not_submitted(plan: Planned) -> None:
    told = "Planen är tom. Skriv något om ett område, eller lägg till en åtgärd."
    assert owed(plan.submit) == [("", told)]
    measure(plan, what="Introduktion")
    assert plan.submit() == 1


def test_a_plan_that_has_been_emptied_is_empty(plan: Planned) -> None:
    plan.put(D, "Något.")
    plan.put(D, None)
    plan.put(f"measure/{measure(plan, what='x')}/gone", "1")
    assert [place for place, _ in owed(plan.submit)] == [""]


def test_two_texts_in_one_field_stop_it(plan: Planned) -> None:
    plan.put(D, "Så här.")
    plan.tell(plan.head, op(D, "Inte alls så."))
    assert owed(plan.submit) == [(D, "Fri text: ni har skrivit olika. Välj vad som gäller.")]


def test_a_measure_that_is_due_before_it_starts_stops_it_and_is_kept(plan: Planned) -> None:
    id = measure(plan, what="Faddrar", start="2026-06-01", due="2026-05-31")
    assert [told for _, told in owed(plan.submit)] == [
        "Faddrar: den ska vara klar 2026-05-31, före den börjar 2026-06-01. Rätta en av dagarna."
    ]
    assert [str(each.due) for each in plan.content().measures] == ["2026-05-31"]
    plan.put(f"measure/{id}/due", "2026-06-01")
    assert plan.submit() == 1


def test_who_read_yesterdays_plan_reads_again_before_submitting(plan: Planned) -> None:
    plan.put(D, "Som det var.")
    yesterday = plan.seen()
    plan.put(D, "Som det blev.", plan.head)
    before = plan.events()
    with pytest.raises(Stale, match="ändrat i planen sedan du läste den"):
        plan.submit(seen=yesterday)
    assert (plan.state, plan.submitted(), plan.events()) == ("draft", [], before)
    assert plan.submit() == 1


def test_what_is_changed_back_is_what_was_read(plan: Planned) -> None:
    plan.put(D, "Ett.")
    seen = plan.seen()
    plan.put(D, "Två.", plan.head)
    plan.put(D, "Ett.", plan.head)
    assert plan.submit(seen=seen) == 1


def test_a_submission_says_what_who_and_when_and_is_counted(plan: Planned) -> None:
    plan.put(D, "Vi gör om introduktionen.")
    measure(plan, what="Introduktion", area="D", criteria=["D-F3"], owner="Studierektor")
    now, seen = plan.content(), plan.seen()
    before = audit.now()
    assert plan.submit(plan.head) == 1
    [made] = plan.submitted()
    assert Plan.model_validate_json(made.content) == now
    assert (made.number, made.sha256, made.by, made.outcome, made.answered, made.answered_by) == (
        1,
        seen,
        plan.head.id,
        "",
        None,
        None,
    )
    assert before <= made.submitted <= audit.now()
    moved = {"before": "draft", "after": "submitted", "version": 1, "content": seen}
    assert details(plan, "plan:submit") == [(plan.head.id, moved)]


def test_a_submission_never_changes_while_the_plan_goes_on(plan: Planned) -> None:
    plan.as_more()
    [first] = plan.submitted()
    plan.put(D, "Vi gör om introduktionen före sommaren.")
    measure(plan, what="Faddrar")
    assert plan.submit(plan.head) == 2
    assert plan.submitted()[0] == first
    plan.judge({"D": "accepted", "E": "accepted"})
    plan.answer(plan.b)
    plan.follow()
    plan.put("plan/staff", ["2026-01-01 12"])
    assert plan.submitted()[0] == first
    second = Plan.model_validate_json(plan.submitted()[1].content)
    assert (second.areas, [each.what for each in second.measures]) == (
        {"D": "Vi gör om introduktionen före sommaren."},
        ["Faddrar"],
    )


def test_two_who_submit_at_once_make_one_submission(world: Planned) -> None:
    plan = another(world)
    plan.put(D, "Text.")
    seen = plan.seen()
    assert sorted(_both(lambda by: plan.submit(by, seen), plan.director, plan.head)) == ["1", "Stale"]
    assert [each.number for each in plan.submitted()] == [1]


def _both(act: Callable[[Viewer], object], *doers: Viewer) -> list[str]:
    """What two who press at the very same time are told."""
    start = Barrier(len(doers))

    def press(by: Viewer) -> str:
        start.wait()
        try:
            return str(act(by))
        except Refusal as told:
            return type(told).__name__

    with ThreadPoolExecutor(len(doers)) as pool:
        return list(pool.map(press, doers))


# ── Answering ─────────────────────────────────────────────────────────────────────────────


def test_a_verdict_is_owed_for_each_area_that_the_report_asks_of(plan: Planned) -> None:
    plan.as_submitted()
    assert owed(plan.answer) == [
        (
            "version/1/area/D/verdict",
            "Svara för D Tjänstgöringens uppläggning: godtas planen, eller behöver den kompletteras?",
        ),
        (
            "version/1/area/E/verdict",
            "Svara för E Handledning och uppföljning: godtas planen, eller behöver den kompletteras?",
        ),
    ]
    plan.judge({"D": "accepted"})
    assert [place for place, _ in owed(plan.answer)] == ["version/1/area/E/verdict"]


def test_a_reason_is_owed_where_more_is_asked_for(plan: Planned) -> None:
    plan.as_submitted()
    plan.judge({"D": "more", "E": "accepted"})
    told = "Skriv vad som behöver kompletteras i D Tjänstgöringens uppläggning."
    assert owed(plan.answer) == [("version/1/area/D/reason", told)]
    plan.put("version/1/area/D/reason", "När börjar ni?", plan.b)
    assert plan.answer() == "ask_more"


def test_an_area_that_nobody_asked_of_owes_its_reason_too(plan: Planned) -> None:
    plan.as_submitted()
    plan.judge({"D": "accepted", "E": "accepted", "F": "more"})
    assert [place for place, _ in owed(plan.answer)] == ["version/1/area/F/reason"]
    plan.put("version/1/area/F/verdict", None, plan.a)
    assert plan.answer() == "accept"


def test_two_inspectors_who_judge_differently_choose_first(plan: Planned) -> None:
    plan.as_submitted()
    plan.judge({"D": "accepted", "E": "accepted"})
    verdict = "version/1/area/D/verdict"
    [beside] = plan.tell(plan.b, op(verdict, "more"))
    assert (beside.outcome, owed(plan.answer)) == (
        "sibling",
        [(verdict, "Svar: ni har skrivit olika. Välj vad som gäller.")],
    )
    plan.tell(plan.b, Operation(new_id(), verdict, "accepted", plan.said(verdict), [beside.id]))
    assert plan.answer(plan.b) == "accept"


def test_an_answer_is_kept_with_its_submission_and_the_next_one_has_its_own(plan: Planned) -> None:
    plan.as_more()
    plan.put(D, "Vi börjar i mars.")
    plan.submit()
    assert [(each.row.outcome, sorted(each.answers)) for each in read(plan)] == [("more", ["D", "E"]), ("", [])]
    assert owed(plan.answer)[0][0] == "version/2/area/D/verdict"
    plan.judge({"D": "accepted", "E": "accepted"}, plan.b)
    assert plan.answer(plan.b) == "accept"
    first, second = read(plan)
    assert {area: (each.verdict, each.reason) for area, each in first.answers.items()} == {
        "D": ("more", "När?"),
        "E": ("accepted", ""),
    }
    assert {area: each.verdict for area, each in second.answers.items()} == {"D": "accepted", "E": "accepted"}
    assert (first.row.outcome, first.row.answered_by) == ("more", plan.a.id)
    assert (second.row.outcome, second.row.answered_by) == ("accepted", plan.b.id)
    assert first.row.answered
    assert second.row.answered
    assert first.row.submitted < first.row.answered < second.row.submitted < second.row.answered
    events = [(by, each["version"], each["verdicts"]) for by, each in details(plan, "plan:ask_more")]
    assert events == [(plan.a.id, 1, {"D": "more", "E": "accepted"})]


def test_two_inspectors_who_send_their_answer_at_once_send_one_and_nothing_is_lost(world: Planned) -> None:
    plan = another(world).as_submitted()
    plan.judge({"D": ("more", "När?"), "E": ("more", "Hur ofta?")})
    beside = op("version/1/area/D/reason", "Var?")
    plan.tell(plan.b, Operation(beside.id, beside.field, "Var?", plan.said(beside.field)))
    assert sorted(_both(lambda by: plan.answer(by, 1), plan.a, plan.b)) == ["Stale", "ask_more"]
    assert (plan.state, plan.events().count("plan:ask_more")) == ("more", 1)
    [late] = plan.tell(plan.b, op("version/1/area/E/reason", "Och med vem?"))
    assert (late.outcome, plan.late()) == ("late", ["Och med vem?"])
    assert {area: each.reason for area, each in read(plan)[0].answers.items()} == {"D": "Var?", "E": "Hur ofta?"}


def test_an_answer_to_an_old_submission_is_refused(plan: Planned) -> None:
    plan.as_more()
    plan.submit()
    plan.judge({"D": "accepted", "E": "accepted"})
    with pytest.raises(Stale, match="Den inlämningen väntar inte på svar: planen är inlämnad"):
        plan.answer(plan.b, version=1)
    assert plan.state == "submitted"
    [answer] = plan.tell(plan.b, op("version/1/area/D/reason", "Var?"))
    assert answer.told == "Det svaret gäller en annan inlämning än den senaste. Ladda om sidan."


# ── Following and closing ─────────────────────────────────────────────────────────────────


def test_a_plan_is_closed_when_each_measure_is_done_or_given_up_and_tells_what_became_of_it(plan: Planned) -> None:
    names = ("Faddrar", "Mentorer", "Balintgrupp")
    ids = {what: measure(plan, what=what, order=order) for what, order in zip(names, "abc", strict=True)}
    plan.as_followed()
    to_do = "sätt läget till genomförd eller utgår."
    assert owed(plan.close) == [("", f"{what}: {to_do}") for what in names]
    for what, status in zip(names, ("done", "stopped", "started"), strict=True):
        plan.put(f"measure/{ids[what]}/status", status)
    plan.put(f"measure/{ids['Faddrar']}/effect", "Alla nya ST-läkare har en fadder.")
    assert owed(plan.close) == [("", "Mentorer: skriv vad det blev."), ("", f"Balintgrupp: {to_do}")]
    plan.put(f"measure/{ids['Mentorer']}/effect", "Faddrarna räckte.")
    plan.put(f"measure/{ids['Balintgrupp']}/status", "done")
    plan.put(f"measure/{ids['Balintgrupp']}/effect", "Åtta träffar.")
    plan.close(plan.office)
    assert plan.state == "closed"


def test_two_texts_in_one_field_stop_closing_for_nobody_could_choose_afterwards(plan: Planned) -> None:
    effect = f"measure/{measure(plan, what='Faddrar', status='done')}/effect"
    plan.as_followed()
    plan.put(effect, "Det blev bra.")
    plan.tell(plan.head, op(effect, "Det blev inte bra."))
    assert owed(plan.close) == [("", "Det blev så här: ni har skrivit olika. Välj vad som gäller.")]


def test_an_accepted_plan_without_measures_is_followed_and_closed(plan: Planned) -> None:
    assert plan.as_closed().events()[-2:] == ["plan:follow", "plan:close"]


# ── Events ────────────────────────────────────────────────────────────────────────────────

Act = Callable[[Session, Planned], object]
ACTIONS: dict[str, tuple[State, Act]] = {
    "written": ("draft", lambda s, p: actions.write(s, by=p.head, plan=p.plan, operations=[op(D, SECRET)])),
    "submit": ("more", lambda s, p: actions.submit(s, by=p.head, plan=p.plan, seen=p.seen())),
    "accept": ("submitted", lambda s, p: actions.answer(s, by=p.b, plan=p.plan, version=1)),
    "follow": ("accepted", lambda s, p: actions.follow(s, by=p.head, plan=p.plan)),
    "close": ("follow_up", lambda s, p: actions.close(s, by=p.region, plan=p.plan)),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leaves_its_event_and_a_failing_one_nothing(world: Planned, name: str) -> None:
    state, act = ACTIONS[name]
    plan = AS[state](another(world))
    if state == "submitted":
        plan.judge({"D": "accepted", "E": "accepted"})
    before, events = rows(plan.database), plan.events()
    with pytest.raises(ZeroDivisionError), plan.database.writing() as session:
        _and_fail(act(session, plan), session)
    assert (rows(plan.database), plan.events(), plan.state) == (before, events, state)
    with plan.database.writing() as session:
        act(session, plan)
    assert plan.events() == [*events, f"plan:{name}"]
    assert rows(plan.database)["event"] == before["event"] + 1


def _and_fail(_done: object, session: Session) -> None:
    session.flush()
    raise ZeroDivisionError


def test_no_event_holds_what_anybody_wrote_or_is_called(plan: Planned) -> None:
    id = measure(plan, what=SECRET, how=SECRET, owner=SECRET, term=SECRET, proof=SECRET)
    plan.put(D, SECRET)
    plan.put("plan/title", SECRET)
    plan.submit()
    plan.judge({"D": ("more", SECRET), "E": "accepted"})
    plan.answer()
    plan.submit()
    plan.judge({"D": "accepted", "E": "accepted"})
    plan.answer()
    plan.follow()
    plan.put(f"measure/{id}/status", "done")
    plan.put(f"measure/{id}/effect", SECRET)
    plan.close()
    with plan.database.reading() as session:
        whole.check(session, plan.plan)
        names = session.exec(select(Person.name)).all()
        told = json.dumps([each.model_dump(mode="json") for each in session.exec(select(Event))], ensure_ascii=False)
    typed = {SECRET, *names, plan.row.unit_line}
    assert [text for text in typed if text in told] == []


# ── Nobody ────────────────────────────────────────────────────────────────────────────────


def test_a_plan_that_is_not_there_is_found_by_nobody(world: Planned) -> None:
    tries: list[Callable[[Session, str], object]] = [
        lambda s, at: actions.write(s, by=world.director, plan=at, operations=[]),
        lambda s, at: actions.submit(s, by=world.director, plan=at, seen=""),
        lambda s, at: actions.answer(s, by=world.a, plan=at, version=1),
        lambda s, at: actions.follow(s, by=world.director, plan=at),
        lambda s, at: actions.close(s, by=world.office, plan=at),
    ]
    for id in (world.id, new_id()):
        for attempt in tries:
            with pytest.raises(NotFound), world.database.writing() as session:
                attempt(session, id)
