"""What a recurring measure has promised by a day: whole periods, parts of them, and staff who come and go."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inspections.file import Headcount, Occurrence
from app.inspections.promises import promise
from app.plans.recurrence import AHEAD, Adherence, adherence, beats, progress
from rubrics.measures import Recurs

DAY = timedelta(days=1)


def recurs(times: int, per: str, **more: Any) -> Recurs:
    return Recurs.model_validate({"times": times, "per": per, **more})


def heads(*steps: tuple[str, int]) -> list[Headcount]:
    return [Headcount(since=date.fromisoformat(since), trainees=trainees) for since, trainees in steps]


def logged(*days: str) -> list[Occurrence]:
    return [Occurrence(day=date.fromisoformat(day)) for day in days]


def kept(of: Recurs, start: str, due: str = "", today: str = "2026-12-31", **more: Any) -> Adherence:
    return adherence(
        of,
        start=date.fromisoformat(start) if start else None,
        due=date.fromisoformat(due) if due else None,
        staff=more.get("staff", ()),
        done=more.get("done", ()),
        today=date.fromisoformat(today),
    )


EPA = recurs(6, "year", each="trainee", term="EPA")
TWELVE = heads(("2026-01-01", 12))
GROWS = heads(("2026-01-01", 12), ("2026-07-01", 14))

PLANNED: list[tuple[Adherence, Fraction | int, int]] = [
    (kept(recurs(6, "year"), "2026-01-01", "2026-12-31"), 6, 6),
    (kept(recurs(6, "year"), "2024-01-01", "2024-12-31"), 6, 6),  # a leap year is a year
    (kept(recurs(6, "year"), "2026-01-01", "2027-12-31"), 12, 12),
    (kept(recurs(6, "year"), "2026-07-01", "2026-12-31"), Fraction(6 * 184, 365), 3),
    (kept(recurs(6, "year"), "2024-01-01", "2024-02-29"), Fraction(6 * 60, 366), 1),
    (kept(recurs(2, "month"), "2026-02-01", "2026-02-14"), 1, 1),  # half of February
    (kept(recurs(2, "month"), "2024-02-01", "2024-02-29"), 2, 2),
    (kept(recurs(1, "week", every=2), "2026-01-05", "2026-01-18"), 1, 1),
    (kept(recurs(1, "week", every=2), "2026-01-05", "2026-02-15"), 3, 3),
    (kept(recurs(1, "week"), "2026-12-28", "2027-01-03"), 1, 1),  # ISO week 53 of 2026
    (kept(recurs(1, "week"), "2026-12-31", "2027-01-03"), Fraction(4, 7), 1),
    (kept(recurs(3, "year", every=2), "2025-01-01", "2026-12-31"), 3, 3),
    (kept(EPA, "2026-01-01", "2026-12-31", staff=TWELVE), 72, 72),
    (kept(EPA, "2026-01-01", "2026-12-31", staff=GROWS), Fraction(6 * (181 * 12 + 184 * 14), 365), 78),
    (kept(EPA, "2025-01-01", "2025-12-31", staff=GROWS), 72, 72),  # what is written first holds backwards
    (kept(recurs(2, "year", each="supervisor"), "2026-01-01", "2026-12-31", staff=TWELVE), 2, 2),
    (kept(EPA, "2026-01-01", "2026-12-31"), 0, 0),  # nobody has said how many they are
]


@pytest.mark.parametrize(("told", "exactly", "planned"), PLANNED)
def test_what_is_planned_in_all(told: Adherence, exactly: Fraction | int, planned: int) -> None:
    assert sum(period.exactly for period in told.periods) == exactly
    assert told.planned == planned
    assert told.heads_missing == (planned == 0)


BY_NOW = [  # today, done → by now, late, the day by which the next is due
    ("2026-01-01", (), 0, 0, "2026-03-02"),
    ("2026-03-02", (), 0, 0, "2026-03-02"),  # today is not over yet
    ("2026-03-03", (), 1, 1, "2026-03-02"),
    ("2026-03-03", ("2026-01-20",), 1, 0, "2026-05-02"),
    ("2026-12-31", ("2026-01-20",), 5, 4, "2026-05-02"),
    ("2027-01-01", ("2026-01-20",), 6, 5, "2026-05-02"),
    ("2026-06-01", ("2025-12-31",), 2, 2, "2026-03-02"),  # before the first period
    ("2027-03-01", tuple(f"2026-0{month}-01" for month in range(1, 7)), 6, 0, "2027-03-02"),
    ("2026-02-01", tuple(f"2026-01-0{day}" for day in range(1, 8)), 0, 0, "2027-05-02"),  # done ahead
]


@pytest.mark.parametrize(("today", "done", "by_now", "late", "next_day"), BY_NOW)
def test_what_should_be_done_by_now(today: str, done: tuple[str, ...], by_now: int, late: int, next_day: str) -> None:
    told = kept(recurs(6, "year"), "2026-01-01", today=today, done=logged(*done))
    assert (told.by_now, told.late, str(told.next_day)) == (by_now, late, next_day)


def test_what_is_done_afterwards_makes_up_for_it() -> None:
    before = kept(recurs(2, "year"), "2026-01-01", "2026-12-31", "2027-02-01")
    after = kept(recurs(2, "year"), "2026-01-01", "2026-12-31", "2027-02-01", done=logged("2027-01-10", "2027-01-11"))
    assert (before.late, after.late, after.done, after.next_day) == (2, 0, 2, None)


def test_without_a_start_nothing_is_late_and_the_present_period_is_told_whole() -> None:
    told = kept(recurs(6, "year"), "", today="2026-11-22", done=logged("2026-03-01", "2025-03-01"))
    assert [(str(each.first), str(each.last), each.planned, each.late) for each in told.periods] == [
        ("2026-01-01", "2026-12-31", 6, 0)
    ]
    assert (told.done, told.late, told.next_day) == (1, 0, None)


def test_a_measure_that_starts_later_expects_nothing_yet() -> None:
    told = kept(recurs(6, "year"), "2027-01-01", today="2026-11-22")
    assert (told.planned, told.by_now, told.late, str(told.next_day)) == (6, 0, 0, "2027-03-02")


PERIODS = [
    (recurs(1, "week"), "2020-12-30", "2021-01-12", ["2020-12-28", "2021-01-04", "2021-01-11"]),  # week 53 of 2020
    (recurs(1, "week", every=2), "2026-12-24", "2027-01-20", ["2026-12-21", "2027-01-04", "2027-01-18"]),
    (recurs(1, "month", every=3), "2025-11-15", "2026-05-01", ["2025-11-01", "2026-02-01", "2026-05-01"]),
    (recurs(1, "year", every=2), "2023-05-01", "2026-05-01", ["2023-01-01", "2025-01-01"]),
]


@pytest.mark.parametrize(("of", "start", "due", "first_days"), PERIODS)
def test_periods_are_those_of_the_calendar_from_the_one_that_holds_the_start(
    of: Recurs, start: str, due: str, first_days: list[str]
) -> None:
    assert [str(period.first) for period in kept(of, start, due).periods] == first_days


FAR = [("8999-01-01", ""), ("9999-12-31", ""), ("2026-01-01", "9999-12-31"), ("1900-01-01", ""), ("8900-01-01", "")]


@pytest.mark.parametrize(("start", "due"), FAR)
@pytest.mark.parametrize("of", [recurs(1, "week"), recurs(1_000, "year", every=1_000), recurs(1, "month", every=999)])
def test_no_day_is_beyond_the_calendar(of: Recurs, start: str, due: str) -> None:
    told = kept(of, start, due)
    assert all(period.first.year <= max(2026, int(start[:4])) + AHEAD for period in told.periods)


# ── Properties ────────────────────────────────────────────────────────────────────────────

DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31))  # within what is looked ahead
COUNTS = st.integers(0, 40)
PROMISES = st.builds(
    recurs,
    st.integers(1, 30),
    st.sampled_from(["week", "month", "year"]),
    every=st.integers(1, 5),
    each=st.sampled_from(["clinic", "trainee", "supervisor"]),
)
STAFF = st.dictionaries(DAYS, COUNTS, max_size=5).map(
    lambda steps: [Headcount(since=day, trainees=steps[day]) for day in sorted(steps)]
)
DONE = st.lists(st.builds(Occurrence, day=DAYS, count=st.integers(1, 9)), max_size=8)


@given(of=PROMISES, start=DAYS, due=st.none() | DAYS, staff=STAFF, done=DONE, today=DAYS, later=st.integers(0, 900))
def test_time_that_passes_never_lessens_what_should_be_done(
    of: Recurs,
    start: date,
    due: date | None,
    staff: list[Headcount],
    done: list[Occurrence],
    today: date,
    later: int,
) -> None:
    now = adherence(of, start=start, due=due, staff=staff, done=done, today=today)
    then = adherence(of, start=start, due=due, staff=staff, done=done, today=today + DAY * later)
    assert now.by_now <= then.by_now
    assert now.late <= then.late
    assert (now.planned <= then.planned) if due is None else (now.planned == then.planned)
    assert now.by_now <= now.planned
    assert now.next_day == then.next_day or now.next_day is None
    assert (now.next_day is not None and now.next_day < today) == (now.late > 0) or now.next_day is None


@given(
    of=PROMISES,
    start=DAYS,
    due=st.none() | DAYS,
    staff=STAFF,
    done=DONE,
    today=DAYS,
    one=st.builds(Occurrence, day=DAYS),
)
def test_what_is_done_never_makes_anything_late(
    of: Recurs,
    start: date,
    due: date | None,
    staff: list[Headcount],
    done: list[Occurrence],
    today: date,
    one: Occurrence,
) -> None:
    before = adherence(of, start=start, due=due, staff=staff, done=done, today=today)
    after = adherence(of, start=start, due=due, staff=staff, done=[*done, one], today=today)
    assert 0 <= after.late <= before.late
    assert before.done <= after.done <= before.done + 1
    assert (before.planned, before.by_now) == (after.planned, after.by_now)
    assert before.next_day is None or after.next_day is None or before.next_day <= after.next_day


@given(of=PROMISES, start=DAYS, due=st.none() | DAYS, staff=STAFF, done=DONE, today=DAYS)
def test_periods_tile_the_time(
    of: Recurs, start: date, due: date | None, staff: list[Headcount], done: list[Occurrence], today: date
) -> None:
    told = adherence(of, start=start, due=due, staff=staff, done=done, today=today)
    if due and due < start:
        assert told.periods == ()
        return
    assert told.periods[0].first <= start <= told.periods[0].last
    assert all(after.first == before.last + DAY for before, after in pairwise(told.periods))
    assert told.periods[-1].first <= (due or max(today, start)) <= told.periods[-1].last
    within = sum(each.count for each in done if told.periods[0].first <= each.day <= told.periods[-1].last)
    assert sum(period.done for period in told.periods) == within
    for period in told.periods:
        marks = beats(period)
        assert len(marks) in (0, period.planned)
        assert list(marks) == sorted(marks, key=["done", "late", "to_come"].index)
        assert not marks or marks.count("late") == period.late


@given(of=PROMISES, start=DAYS, due=DAYS, staff=STAFF.filter(bool), at=DAYS)
def test_to_write_the_same_headcount_again_changes_nothing(
    of: Recurs, start: date, due: date, staff: list[Headcount], at: date
) -> None:
    holds = next((each.trainees for each in reversed(staff) if each.since <= at), staff[0].trainees)
    again = sorted(
        [*(each for each in staff if each.since != at), Headcount(since=at, trainees=holds)],
        key=lambda each: each.since,
    )
    same = {"start": start, "due": due, "done": (), "today": due}
    assert adherence(of, staff=staff, **same) == adherence(of, staff=again, **same)  # type: ignore[arg-type]


@given(of=PROMISES, start=DAYS, due=DAYS, count=COUNTS, joins=DAYS)
def test_who_joins_halfway_counts_for_their_days(of: Recurs, start: date, due: date, count: int, joins: date) -> None:
    each = of.model_copy(update={"each": "trainee"})
    before = [Headcount(since=date(2018, 1, 1), trainees=count)]
    after = [*before, Headcount(since=joins, trainees=count + 1)]
    told = [adherence(each, start=start, due=due, staff=staff, done=(), today=due) for staff in (before, after)]
    for old, new in zip(told[0].periods, told[1].periods, strict=True):
        days = (min(new.last, due) - max(new.first, start, joins)).days + 1
        assert new.exactly - old.exactly == Fraction(of.times * max(0, days), (new.last - new.first).days + 1)


@given(times=st.integers(1, 30), first=st.integers(2015, 2040), years=st.integers(1, 9), count=COUNTS)
def test_whole_years_add_up(times: int, first: int, years: int, count: int) -> None:
    told = adherence(
        recurs(times, "year", each="trainee"),
        start=date(first, 1, 1),
        due=date(first + years - 1, 12, 31),
        staff=[Headcount(since=date(first, 1, 1), trainees=count)],
        done=(),
        today=date(first + years, 1, 1),
    )
    assert told.planned == told.by_now == times * count * years


@given(of=PROMISES, start=DAYS, due=DAYS, staff=STAFF)
def test_day_by_day_gives_the_same(of: Recurs, start: date, due: date, staff: list[Headcount]) -> None:
    """The plain way to count it: one day after the other."""
    due = min(due, start + DAY * 400)
    told = adherence(of, start=start, due=due, staff=staff, done=(), today=due)
    for period in told.periods:
        exactly = Fraction()
        day = max(period.first, start)
        while day <= min(period.last, due):
            present = next(
                (each.trainees for each in reversed(staff) if each.since <= day), staff[0].trainees if staff else 0
            )
            exactly += of.times * (present if of.each == "trainee" else 1)
            day += DAY
        assert period.exactly == exactly / ((period.last - period.first).days + 1)


# ── Words ─────────────────────────────────────────────────────────────────────────────────

SAID = [
    (EPA, "minst 6 EPA per ST-läkare och år", "at least 6 EPA per trainee and year"),
    (recurs(2, "year", term="handledarträffar"), "minst 2 handledarträffar per år", "at least 2 handledarträffar per year"),
    (recurs(1, "week", every=2), "varannan vecka", "every other week"),
    (recurs(1, "week", every=2, term="Balintgrupp"), "Balintgrupp varannan vecka", "Balintgrupp every other week"),
    (recurs(1, "year"), "varje år", "every year"),
    (recurs(1, "year", every=2), "vartannat år", "every other year"),
    (recurs(1, "year", every=5), "vart femte år", "every 5 years"),
    (recurs(1, "month", every=6), "var sjätte månad", "every 6 months"),
    (recurs(1, "month", every=13), "var 13:e månad", "every 13 months"),
    (recurs(2, "month"), "minst 2 gånger per månad", "at least 2 times per month"),
    (recurs(1, "year", each="trainee"), "minst 1 gång per ST-läkare och år", "at least 1 time per trainee and year"),
    (recurs(2, "year", each="supervisor"), "minst 2 gånger per handledare och år", "at least 2 times per supervisor and year"),
    (recurs(3, "year", every=2), "minst 3 gånger på två år", "at least 3 times in 2 years"),
    (recurs(3, "month", every=14, each="trainee"), "minst 3 gånger per ST-läkare på 14 månader", "at least 3 times per trainee in 14 months"),
]  # fmt: skip


@pytest.mark.parametrize(("of", "swedish", "english"), SAID, ids=[said[1] for said in SAID])
def test_a_promise_is_said_in_the_fields_terms(of: Recurs, swedish: str, english: str) -> None:
    assert promise(of) == promise(of, "da") == swedish
    assert promise(of, "en-GB") == english


PROGRESS = [
    (recurs(6, "year"), "2026-01-01", "2026-11-22", 0, "1 av 6 i år"),
    (recurs(6, "year"), "2026-01-01", "2027-11-22", 0, "1 av 6 under 2026"),
    (recurs(1, "week"), "2026-01-01", "2026-01-02", 0, "1 av 1 den här veckan"),
    (recurs(1, "week"), "2025-12-29", "2026-02-02", 0, "1 av 1 vecka 1 2026"),
    (recurs(1, "week", every=2), "2025-12-29", "2026-01-02", 0, "1 av 1 de här två veckorna"),
    (recurs(1, "week", every=2), "2025-12-29", "2026-02-02", 0, "1 av 1 2025-12-29 – 2026-01-11"),
    (recurs(2, "month"), "2026-01-01", "2026-01-02", 0, "1 av 2 den här månaden"),
    (recurs(2, "month"), "2026-01-01", "2026-02-02", 0, "1 av 2 i januari 2026"),
]


@pytest.mark.parametrize(("of", "start", "today", "place", "said"), PROGRESS, ids=[row[4] for row in PROGRESS])
def test_planned_beside_done_is_said(of: Recurs, start: str, today: str, place: int, said: str) -> None:
    told = kept(of, start, today=today, done=logged("2026-01-01"))
    assert progress(told.periods[place], of, date.fromisoformat(today)) == said


def test_more_marks_than_can_be_counted_are_none() -> None:
    told = kept(
        EPA, "2026-01-01", "2026-12-31", "2026-06-01", staff=heads(("2026-01-01", 2)), done=logged("2026-02-01")
    )
    assert beats(told.periods[0]) == ("done",) + ("late",) * 3 + ("to_come",) * 8
    assert beats(kept(EPA, "2026-01-01", staff=TWELVE).periods[0]) == ()
