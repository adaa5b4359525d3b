"""What a plan does not take is told in a sentence, and how much it takes."""

import pytest

from app.ids import new_id
from app.inspections.file import Plan
from app.plans import actions, fields
from app.writing import room
from app.writing.fields import Limit, Value
from tests.plans.factories import Planned
from tests.plans.writing import OCCASION, OTHER, TEXT, M, check, op, outcomes

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
