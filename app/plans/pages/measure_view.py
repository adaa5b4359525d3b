"""A measure as pages show it: its four facts, what it lacks, and what is done beside what is promised. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from app.inspections.file import Measure, Plan
from app.inspections.promises import promise
from app.plans.coverage import LACKS, Coverage, Lack, lacking
from app.plans.fields import STATUSES
from app.plans.models import MeasureRow, OccurrenceRow
from app.plans.recurrence import Adherence, Beat, Period, adherence, beats, progress
from app.web.swedish import day

SOON = timedelta(days=60)


@dataclass(frozen=True)
class MeasureView:
    """`sentences` are what coverage says of it; `logged` what was done, the first day first."""

    row: MeasureRow
    measure: Measure
    plan: Plan
    logged: Sequence[OccurrenceRow]
    sentences: Sequence[str]
    today: date

    @property
    def id(self) -> str:
        return self.row.id

    @cached_property
    def lacks(self) -> tuple[Lack, ...]:
        return lacking(self.measure)

    @property
    def lack_sentences(self) -> list[str]:
        return [LACKS[each] for each in self.lacks]

    @property
    def status(self) -> str:
        return STATUSES[self.measure.status]

    @property
    def is_over(self) -> bool:
        return self.measure.status in ("done", "stopped")

    @property
    def when(self) -> str:
        return when(self.measure)

    @cached_property
    def adherence(self) -> Adherence | None:
        """None where it is done once."""
        one = self.measure
        if not one.recurs:
            return None
        given = {"start": one.start, "due": one.due, "staff": self.plan.staff, "done": one.done, "today": self.today}
        return adherence(one.recurs, **given)  # type: ignore[arg-type]  # each of its own type

    @property
    def period(self) -> Period | None:
        """The present one; the last where the measure's time is over."""
        told = self.adherence
        return (told.at(self.today) or (told.periods[-1] if told.periods else None)) if told else None

    @property
    def beats(self) -> tuple[Beat, ...]:
        return beats(self.period) if self.period else ()

    @property
    def progress(self) -> str:
        return progress(self.period, self.measure.recurs, self.today) if self.period and self.measure.recurs else ""

    @property
    def late(self) -> str:
        """What is late, as a word or two; "" where nothing is."""
        if self.is_over:
            return ""
        if self.adherence:
            return f"{self.adherence.late} efter plan" if self.adherence.late else ""
        due = self.measure.due
        return f"Skulle vara klart {day(due)}" if due and due < self.today else ""

    @property
    def is_judged(self) -> bool:
        """Whether it can be said that it holds or does not: something was due by now, or has been done."""
        told = self.adherence
        return bool(told.by_now or told.done) if told else bool(self.measure.due)

    @property
    def next_day(self) -> date | None:
        """When the next occasion is due, where that is soon."""
        if self.is_over:
            return None
        soon = self.adherence.next_day if self.adherence else self.measure.due
        return soon if soon and self.today <= soon <= self.today + SOON else None


def when(measure: Measure) -> str:
    """`minst 2 handledarträffar per år, från 1 mars 2027`; "" where nothing is said."""
    told = [promise(measure.recurs)] if measure.recurs else []
    if measure.start:
        told.append(f"från {day(measure.start)}")
    if measure.due:
        told.append(f"{'till' if measure.recurs else 'klart'} {day(measure.due)}")
    return ", ".join(told)


def views(
    rows: Sequence[MeasureRow],
    plan: Plan,
    logged: Mapping[str, Sequence[OccurrenceRow]],
    covered: Coverage,
    today: date,
) -> list[MeasureView]:
    """`rows` in the order of the plan's measures, of which they are the rows."""
    said: dict[int, list[str]] = {}
    for each in covered.too_little:
        said.setdefault(each.measure, []).append(each.sentence)
    return [
        MeasureView(row, measure, plan, logged.get(row.id, ()), said.get(i, ()), today)
        for i, (row, measure) in enumerate(zip(rows, plan.measures, strict=True))
    ]
