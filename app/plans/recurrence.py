"""What a measure that recurs has promised, day by day, beside what is done. Pure.

*Periods.* A promise is kept per period: `every` ISO weeks, calendar months or calendar years, counted from the
one that holds the start. Within a period the promise comes due evenly, day by day, and exactly (as fractions):
on each day from start to due it grows by times × heads / the days of the whole period. So a period that the
measure only touches counts for its part, and so does an ST-läkare who joins halfway.

*Heads.* For `each: trainee` the clinic's headcount of the day; what is written first holds backwards too, since
nobody has said otherwise. Without a headcount nothing can be said, and nothing is late. `each: supervisor` is
counted as the clinic: how many supervisors there are is written nowhere.

*Whole numbers.* What is planned in all is rounded half up, as people round. What should be done by now is
rounded down, and today does not count until it is over: nobody is told "late" while there is time left.

*Late* looks at the whole: what is done afterwards makes up for a period before. Without a start nothing is late.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from app.inspections.file import Headcount, Occurrence
from app.inspections.promises import number
from rubrics.measures import Per, Recurs

Beat = Literal["done", "late", "to_come"]

MAX_BEATS = 12  # more rings are not counted at a glance
AHEAD = 10  # years after this one (or that of a later start) that are looked at: nobody plans beyond them
_LAST_START = date(8900, 1, 1)  # a thousand years beyond it the calendar ends
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """`first` and `last` are those of the whole period, also where the measure only touches it."""

    first: date
    last: date
    exactly: Fraction
    exactly_by_now: Fraction
    done: int

    @property
    def planned(self) -> int:
        return _half_up(self.exactly)

    @property
    def by_now(self) -> int:
        return int(self.exactly_by_now)

    @property
    def late(self) -> int:
        return max(0, self.by_now - self.done)


@dataclass(frozen=True)
class Adherence:
    """A measure's promise beside what is done. `next_day` is the day by whose end the next occasion is due: it
    lies in the past when that is late, and is None when nothing more is promised."""

    periods: tuple[Period, ...]  # in order, without gaps; the last holds the due day, else today (or a later start)
    planned: int
    by_now: int
    done: int
    next_day: date | None
    heads_missing: bool = False  # it is promised for each ST-läkare, and nobody has written how many they are

    @property
    def late(self) -> int:
        return max(0, self.by_now - self.done)

    def at(self, day: date) -> Period | None:
        """The period that holds the day."""
        return next((period for period in self.periods if period.first <= day <= period.last), None)


def adherence(
    recurs: Recurs,
    *,
    start: date | None,
    due: date | None,
    staff: Sequence[Headcount],
    done: Sequence[Occurrence],
    today: date,
) -> Adherence:
    """Without a start the period that holds today is told, whole, and nothing is expected of it yet. What was done
    before the first period is not counted; what is done after the due day is."""
    heads_missing = recurs.each == "trainee" and not staff
    begin = start or _unit(recurs.per, today)
    if begin > _LAST_START or (due and due < begin):
        return Adherence((), 0, 0, _Log(done).since(date.min), None, heads_missing)
    promised = _Promise(recurs, begin, due, staff if recurs.each == "trainee" else (), heads_missing)
    horizon = date(max(today, begin).year + AHEAD, 12, 31)
    until = min(due or max(today, begin), horizon)
    log, expected = _Log(done), today - _DAY if start else None
    periods = tuple(_told(promised, log, first, last, expected) for first, last in promised.periods(until))
    counted = log.since(periods[0].first)
    exactly = sum((period.exactly for period in periods), Fraction())
    by_now = int(sum((period.exactly_by_now for period in periods), Fraction()))
    next_day = promised.day_of(counted + 1, horizon) if start else None
    return Adherence(periods, _half_up(exactly), by_now, counted, next_day, heads_missing)


def beats(period: Period) -> tuple[Beat, ...]:
    """A mark for each promised occasion of a period: done, late or to come. None where they are too many to be
    counted at a glance: then the text alone says it."""
    if period.planned > MAX_BEATS:
        return ()
    done = min(period.done, period.planned)
    marks: tuple[tuple[Beat, int], ...] = (("done", done), ("late", period.late), ("to_come", period.planned))
    return tuple(beat for beat, count in marks for _ in range(count))[: period.planned]


def progress(period: Period, recurs: Recurs, today: date) -> str:
    """`4 av 6 i år`, `1 av 1 de här två veckorna`, `5 av 6 under 2025`."""
    return f"{period.done} av {period.planned} {_when(period, recurs, today)}"


# ── The promise, day by day ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Promise:
    recurs: Recurs
    begin: date
    due: date | None
    staff: Sequence[Headcount]
    heads_missing: bool

    def periods(self, until: date) -> Iterator[tuple[date, date]]:
        """The periods from the first to the one that holds `until`."""
        first = _unit(self.recurs.per, self.begin)
        while first <= until:
            last = _end(self.recurs, first)
            yield first, last
            first = last + _DAY

    def between(self, first: date, last: date, until: date) -> Fraction:
        """What a period promises from its first day to `until`, both counted."""
        days = sum((heads * span for _, heads, span in self._steps(max(first, self.begin), min(last, until))), 0)
        return Fraction(days * self.recurs.times, (last - first).days + 1)

    def day_of(self, number: int, until: date) -> date | None:
        """The day by whose end so many should be done."""
        before = Fraction()
        for first, last in self.periods(until):
            rate = Fraction(self.recurs.times, (last - first).days + 1)
            for day, heads, span in self._steps(max(first, self.begin), last):
                if heads and before + rate * heads * span >= number:
                    return day + _DAY * (_up((number - before) / (rate * heads)) - 1)
                before += rate * heads * span
        return None

    def _steps(self, first: date, last: date) -> Iterator[tuple[date, int, int]]:
        """The days from first to last as runs with one headcount: first day, heads, days."""
        last = min(last, self.due) if self.due else last
        turns = [step.since for step in self.staff if first < step.since <= last]
        for day, end in zip([first, *turns], [*(turn - _DAY for turn in turns), last], strict=True):
            if day <= end:
                yield day, self._heads(day), (end - day).days + 1

    def _heads(self, day: date) -> int:
        if not self.staff:
            return 0 if self.heads_missing else 1
        return next((step.trainees for step in reversed(self.staff) if step.since <= day), self.staff[0].trainees)


class _Log:
    """How much was done from a day on, whatever the number of occurrences."""

    def __init__(self, done: Sequence[Occurrence]) -> None:
        by_day = sorted(done, key=lambda each: each.day)
        self._days = [each.day for each in by_day]
        self._sums = [0, *accumulate(each.count for each in by_day)]

    def since(self, day: date) -> int:
        return self._sums[-1] - self._sums[bisect_left(self._days, day)]


def _told(promised: _Promise, log: _Log, first: date, last: date, expected: date | None) -> Period:
    by_now = promised.between(first, last, expected) if expected else Fraction()
    done = log.since(first) - log.since(last + _DAY)
    return Period(first, last, promised.between(first, last, last), by_now, done)


# ── The calendar ──────────────────────────────────────────────────────────────────────────


def _unit(per: Per, day: date) -> date:
    """The first day of the ISO week, month or year that holds the day."""
    match per:
        case "week":
            return day - _DAY * day.weekday()
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)


def _end(recurs: Recurs, first: date) -> date:
    """The last day of a period, given its first."""
    match recurs.per:
        case "week":
            return first + _DAY * (7 * recurs.every - 1)
        case "month":
            years, month = divmod(first.month - 1 + recurs.every, 12)
            return date(first.year + years, month + 1, 1) - _DAY
        case "year":
            return date(first.year + recurs.every, 1, 1) - _DAY


# ── Whole numbers and words ───────────────────────────────────────────────────────────────


def _half_up(exactly: Fraction) -> int:
    return int(exactly + Fraction(1, 2))


def _up(exactly: Fraction) -> int:
    return -int(-exactly // 1)


_NOW: dict[Per, str] = {"week": "den här veckan", "month": "den här månaden", "year": "i år"}
_THESE: dict[Per, str] = {"week": "veckorna", "month": "månaderna", "year": "åren"}
_MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]


def _when(period: Period, recurs: Recurs, today: date) -> str:
    if period.first <= today <= period.last:
        return _NOW[recurs.per] if recurs.every == 1 else f"de här {number(recurs.every)} {_THESE[recurs.per]}"
    if recurs.every > 1:
        return f"{period.first} – {period.last}"
    year, week, _ = period.first.isocalendar()
    match recurs.per:
        case "week":
            return f"vecka {week} {year}"
        case "month":
            return f"i {_MONTHS[period.first.month - 1]} {period.first.year}"
        case "year":
            return f"under {period.first.year}"
