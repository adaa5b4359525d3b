"""What the write path takes from whom: what it refuses, what it makes storable, and what it only keeps."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.errors import NotFound, TooLarge
from app.ids import new_id
from app.inspections import actions, queries
from app.inspections.fields import KINDS
from app.inspections.models import AreaState
from app.writing import said
from app.writing.desk import Operation
from tests.factories import Drafted, a_person, an_inspector
from tests.writing import whole

TEXT = "area/E/narrative"
OTHER = "area/F/narrative"
FINDING = "finding/2f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a57"

REFUSED: list[tuple[str, Any, str]] = [
    ("area/Q/narrative", "x", "Området Q finns inte"),
    ("area/E/poem", "x", "Fältet finns inte här"),
    ("front/region/x", "x", "Fältet finns inte här"),
    ("criterion/E-F9/answer", "met", "Kriteriet E-F9 finns inte"),
    ("criterion/E-F1/answer", "maybe", "maybe går inte att välja"),
    ("criterion/E-F1/answer", ["met"], "en text väntades"),
    ("area/A/grade", "B", "B går inte att välja för området A"),
    ("area/E/narrative", 7, "en text väntades"),
    ("area/E/narrative", {"a": 1}, "en text väntades"),
    ("area/E/narrative", "x" * 20_001, "20 001 tecken"),
    ("front/inspectors", "Alva", "en lista med texter väntades"),
    ("front/inspectors", ["Alva", 1], "en lista med texter väntades"),
    ("front/inspectors", ["x"] * 2_001, "fler än 2 000"),
    ("front/first_day", "igår", "är ingen dag"),
    ("front/first_day", "2026-02-30", "är ingen dag"),
    ("front/first_day", "0026-02-03", "är ingen dag"),
    ("front/clinic", " ", "kan ändras men inte lämnas tom"),
    ("front/mode", "teleport", "går inte att välja"),
    (f"{FINDING}/kind", "", "kan ändras men inte lämnas tom"),
    (f"{FINDING}/kind", "praise", "går inte att välja"),
    (f"{FINDING}/criteria", ["E-F1", "Z"], "Kriteriet Z finns inte"),
    ("finding/\x00/text", "x", "Fältet finns inte här"),
    ("finding/\ud800/text", "x", "Fältet finns inte här"),
    ("finding/hemlig text/text", "x", "Fältet finns inte här"),
]


def test_each_refused_one_is_told_why_and_the_others_stand(draft: Drafted) -> None:
    operations = [Operation(new_id(), field, value) for field, value, _ in REFUSED]
    answers = draft.write(draft.a, Operation(new_id(), TEXT, "först"), *operations, Operation(new_id(), OTHER, "sist"))
    assert [answer.outcome for answer in answers] == ["head", *["refused"] * len(REFUSED), "head"]
    for answer, (_, _, told) in zip(answers[1:-1], REFUSED, strict=True):
        assert told in answer.told
    with draft.database.reading() as session:
        assert len(said.history(session, draft.id, TEXT)) == 1
        whole.check(session, draft.id)


@pytest.mark.parametrize("id", ["", "1", "hemlig text", "\x00", "\ud800", "x" * 2_000])
def test_an_operation_needs_an_id_that_was_made_for_it(draft: Drafted, id: str) -> None:
    bad, good = draft.write(draft.a, Operation(id, TEXT, "x"), Operation(new_id(), OTHER, "y"))
    assert (bad.outcome, good.outcome) == ("refused", "head")


@pytest.mark.parametrize("strange", ["", "\x00", "\ud800", "x" * 2_000])
def test_a_strange_parent_or_tip_is_one_that_nobody_knows(draft: Drafted, strange: str) -> None:
    first, second = draft.write(
        draft.a, Operation(new_id(), TEXT, "x"), Operation(new_id(), TEXT, "y", strange, [strange])
    )
    assert (first.outcome, second.outcome) == ("head", "sibling")


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), datetime(2026, 1, 1)])  # noqa: DTZ001
def test_a_clock_that_tells_no_time_costs_nobody_a_text(draft: Drafted, at: datetime) -> None:
    [answer] = draft.write(draft.a, Operation(new_id(), TEXT, "x", at=at))
    assert answer.outcome == "head"


STORED = [
    ("a\r\nb\rc\n", "a\nb\nc\n"),
    ("\x00 \x07 \x9f \ud800 \ufffe \uffff", "□U+0000 □U+0007 □U+009F □U+D800 □U+FFFE □U+FFFF"),
    ("🙂" * 20_000, "🙂" * 20_000),
    ("\x07" * 20_000, "□U+0007" * 20_000),
    (" \n\t ", None),
    ("'; DROP TABLE head; -- % :x {0}", "'; DROP TABLE head; -- % :x {0}"),
]


@pytest.mark.parametrize(("sent", "kept"), STORED, ids=ascii)
def test_a_text_is_made_storable_in_one_way(draft: Drafted, sent: str, kept: str | None) -> None:
    [answer] = draft.write(draft.a, Operation(new_id(), TEXT, sent))
    [again] = draft.write(draft.b, Operation(new_id(), TEXT, kept))  # equal, so no conflict
    assert (answer.outcome, again.outcome) == ("head", "head")
    with draft.database.reading() as session:
        assert [said.value for said in said.history(session, draft.id, TEXT)] == [kept, kept]
        assert session.get_one(AreaState, (draft.id, "E")).narrative == (kept or "")


def test_200_at_a_time(draft: Drafted) -> None:
    many = [Operation(new_id(), TEXT, str(i)) for i in range(201)]
    with pytest.raises(TooLarge):
        draft.write(draft.a, *many)
    with draft.database.reading() as session:
        assert said.history(session, draft.id, TEXT) == []
    assert len(draft.write(draft.a, *many[:200])) == 200
    with draft.database.reading() as session:
        whole.check(session, draft.id)


def test_a_batch_may_hold_the_same_operation_twice(draft: Drafted) -> None:
    twice = Operation(new_id(), TEXT, "x")
    first, again = draft.write(draft.a, twice, twice)
    assert first == again
    with draft.database.reading() as session:
        assert len(said.history(session, draft.id, TEXT)) == 1


# ── Other inspections, other people ───────────────────────────────────────────────────────


def test_a_known_id_from_another_doer_is_refused(draft: Drafted) -> None:
    once = Operation(new_id(), TEXT, "x")
    assert [draft.write(by, once)[0].outcome for by in (draft.a, draft.b)] == ["head", "refused"]


def test_nothing_is_read_from_another_inspection_through_a_parent(draft: Drafted, start: Drafted) -> None:
    secret, *_ = start.write(start.a, Operation(new_id(), OTHER, f"hemligt {new_id()}"))
    draft.write(draft.a, Operation(new_id(), OTHER, "öppet"))
    [beside] = draft.write(draft.b, Operation(new_id(), OTHER, "mitt", parent=secret.id, settles=[secret.id]))
    assert beside.outcome == "sibling"
    with draft.database.reading() as session:
        [clash] = said.clashes(session, draft.id, KINDS)
        assert clash.before is None
    [taken] = draft.write(draft.a, Operation(secret.id, OTHER, "x"))
    assert taken.outcome == "refused"


def test_who_has_nothing_to_write_there_learns_nothing(draft: Drafted) -> None:
    with draft.database.writing() as session:
        stranger = an_inspector(session, draft.place, "Främmande")
    for id in (draft.id, new_id()):
        with pytest.raises(NotFound), draft.database.writing() as session:
            actions.write(session, by=stranger, inspection=id, operations=[Operation(new_id(), TEXT, "x")])


def coordinator(draft: Drafted) -> Viewer:
    with draft.database.writing() as session:
        return a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=draft.place.speciality))


def sign(draft: Drafted) -> None:
    """Signed, as far as the write path looks at it."""
    with draft.database.writing() as session:
        queries.find(session, draft.id).row.state = "signed"


def test_the_coordinator_writes_the_front_page_alone(draft: Drafted) -> None:
    sam = coordinator(draft)
    batch = Operation(new_id(), "front/place", "Orten"), Operation(new_id(), TEXT, "x")
    assert [answer.outcome for answer in draft.write(sam, *batch)] == ["head", "refused"]
    sign(draft)
    late = Operation(new_id(), "front/place", "Staden"), Operation(new_id(), TEXT, "x")
    assert [answer.outcome for answer in draft.write(sam, *late)] == ["late", "refused"]


def test_what_comes_after_signing_is_kept_and_changes_nothing(draft: Drafted) -> None:
    first = Operation(new_id(), TEXT, "fastställt")
    before = draft.write(draft.a, first)
    sign(draft)
    hash = draft.hash()
    after = Operation(new_id(), TEXT, "för sent", parent=first.id)
    assert [answer.outcome for answer in draft.write(draft.b, after, after)] == ["late", "late"]
    assert draft.write(draft.a, first) == before
    assert draft.hash() == hash
    with draft.database.reading() as session:
        assert [(said.value, said.by) for said in said.late(session, draft.id, KINDS)] == [("för sent", draft.b.name)]
        assert said.clashes(session, draft.id, KINDS) == []
        whole.check(session, draft.id)


@pytest.mark.parametrize("still", [None, Role.COORDINATOR], ids=["gone", "still the coordinator"])
def test_what_comes_from_an_inspector_removed_since_is_kept_and_changes_nothing(
    draft: Drafted, still: Role | None
) -> None:
    [before] = draft.write(draft.b, Operation(new_id(), TEXT, "medan jag var med"))
    with draft.database.writing() as session:
        actions.staff(session, by=draft.office, inspection=draft.id, inspectors=[draft.a.id])
    held = (Held(still, speciality=draft.place.speciality),) if still else ()
    b = replace(draft.b, held=draft.b.held + held)
    [after] = draft.write(b, Operation(new_id(), TEXT, "skrivet utan nät", parent=before.id))
    [again] = draft.write(b, Operation(before.id, TEXT, "medan jag var med"))
    assert (after.outcome, again) == ("late", before)
    with draft.database.reading() as session:
        assert session.get_one(AreaState, (draft.id, "E")).narrative == "medan jag var med"


def test_what_comes_from_an_inspector_whose_role_has_ended_is_kept_too(draft: Drafted) -> None:
    [answer] = draft.write(replace(draft.b, held=()), Operation(new_id(), TEXT, "skrivet utan nät"))
    assert answer.outcome == "late"
