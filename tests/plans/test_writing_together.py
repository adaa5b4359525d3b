"""Two of the clinic who write in one plan, also where a measure is taken away meanwhile."""

from collections.abc import Callable

import pytest

from app.ids import new_id
from app.writing.desk import Operation
from app.writing.fields import Value
from tests.plans.factories import Planned, measure
from tests.plans.writing import OTHER, TEXT, check, op, outcomes, row


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
