"""Between a plan as a file says it and its rows: whatever people write comes back as they wrote it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ids import new_ids
from app.inspections.file import Plan
from app.plans import fields
from app.plans.content import canonical, fingerprint, told, written
from app.plans.queries import submissions
from reports.shown import shown
from tests.factories import RUBRIC
from tests.plans import whole
from tests.plans.factories import Planned, another, write_down

AREAS = [area.id for area in RUBRIC.rubric.areas]
texts = st.one_of(st.text(max_size=30), st.sampled_from(["", "Text.", " ett\n\ntvå ", "null", "\x00\ud800", "=1+1"]))
lines = texts.map(lambda text: " ".join(shown(text).split()))
names = lines.filter(bool)
days = st.dates(min_value=date(1900, 1, 1))
counts = st.integers(1, 1_000)
some_days = st.none() | st.dates(min_value=date.fromisoformat(fields.EARLIEST))
done = st.builds(dict, day=days, count=counts, note=texts)
recurs = st.builds(
    dict,
    times=counts,
    every=st.integers(1, 52),
    per=st.sampled_from(["week", "month", "year"]),
    each=st.sampled_from(["clinic", "trainee", "supervisor"]),
    term=lines,
)
measures = st.builds(
    dict,
    **dict.fromkeys(("owner", "bank"), lines),
    **dict.fromkeys(("how", "why", "proof", "effect"), texts),
    what=names,
    area=st.sampled_from(["", *AREAS]),
    criteria=st.lists(st.sampled_from(sorted(RUBRIC.rubric.area_of)), max_size=3).map(tuple),
    start=some_days,
    due=some_days,
    status=st.sampled_from(["planned", "started", "done", "stopped"]),
    recurs=st.none() | recurs,
    done=st.lists(done, max_size=3, unique_by=lambda each: each["day"]).map(
        lambda found: tuple(sorted(found, key=lambda each: each["day"]))
    ),
)
staff = st.dictionaries(days, st.integers(0, 10_000), max_size=3).map(
    lambda steps: tuple({"since": day, "trainees": steps[day]} for day in sorted(steps))
)
plans = st.builds(
    dict,
    title=names,
    unit_line=lines,
    areas=st.dictionaries(st.sampled_from(AREAS), texts.filter(lambda text: bool(shown(text).strip()))),
    measures=st.lists(measures, max_size=4).map(tuple),
    staff=staff,
).map(Plan.model_validate)


@pytest.mark.hypothesis
def test_what_is_written_comes_back_from_the_rows_equal(world: Planned) -> None:
    examples = settings().max_examples // (4 if world.database.is_sqlite else 15)

    @settings(max_examples=examples)
    @given(plans)
    def holds(text: Plan) -> None:
        plan = another(world)
        plan.put("plan/unit_line", None)
        write_down(plan, plan.director, text)
        assert plan.content() == text
        assert (canonical(plan.content()), plan.seen()) == (canonical(text), fingerprint(text))
        with plan.database.reading() as session:
            whole.check(session, plan.plan)
        if not any(each.start and each.due and each.due < each.start for each in text.measures):
            _submitted(plan, text)

    holds()


def _submitted(plan: Planned, text: Plan) -> None:
    if text.areas or text.measures:
        plan.submit()
        with plan.database.reading() as session:
            assert [each.content for each in submissions(session, plan.plan)] == [told(text)]


@given(plans)
def test_a_plan_is_one_text_and_read_back_equal(plan: Plan) -> None:
    """As others read it, that is."""
    assert Plan.model_validate_json(canonical(plan)) == told(plan)


@given(plans)
def test_what_is_written_names_each_field_once(plan: Plan) -> None:
    keys = [key for key, _ in written(plan, new_ids())]
    assert len(keys) == len(set(keys))


@given(plans, plans)
def test_two_plans_have_one_fingerprint_only_if_they_are_the_same(one: Plan, other: Plan) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


@pytest.mark.parametrize("order", [[1, 2, 3], [3, 1, 2]])
def test_measures_keep_their_order(plan: Planned, order: list[int]) -> None:
    made = Plan.model_validate({"measures": tuple({"what": f"Åtgärd {n}"} for n in order)})
    write_down(plan, plan.director, made)
    assert [each.what for each in plan.content().measures] == [f"Åtgärd {n}" for n in order]
