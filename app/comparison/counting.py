"""Counting fairly: what may be shown of counts that are about units one may not read one by one. Pure.

A table has a row for each year, say, with the number of units that have each grade. Shown are its total, and rows; and
what is shown must tell nobody a count below the threshold, by subtraction neither. Three rules, in this order:

1. The total stands only where each of its counts is 0 or reaches the threshold. Else nothing stands.
2. Small rows are put together into one, "the others", by how many units they have in all, never by their grades. The
   smallest of the rows that are large enough goes with them (all of that size, or a name would tell), so that the
   others are never one alone, and nobody can tell from the limit how large each is.
3. All rows stand, or none: as soon as one count would be small, the limit of rule 2 is raised, and where no limit
   helps the rows are left out. So what is hidden always has company in its row and in its column, and can be moved
   about there without anything that is shown becoming another. (Held by an attacker in the tests.)

A count of 0 is no secret: it is about nobody.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

R = TypeVar("R", bound=Hashable)
Counts = Mapping[str, int]

LEAST = 3  # a lower threshold would leave only one value that a hidden count could have
LIMITS = (2, 5, 10, 25, 50, 100, 250)  # of rule 2, in thresholds


@dataclass(frozen=True)
class Guarded(Generic[R]):
    """What may be shown of a table. `whole` is None where not even the total may; `others` where all rows stand by
    themselves; `rows` is empty where only the total stands."""

    whole: Counts | None
    rows: Mapping[R, Counts] = field(default_factory=dict)
    others: Counts | None = None


def guarded(table: Mapping[R, Counts], threshold: int) -> Guarded[R]:
    """`table`: row → grade → how many. A threshold below LEAST is taken as LEAST."""
    threshold = max(threshold, LEAST)
    present = {row: counts for row, counts in table.items() if sum(counts.values())}
    whole = summed(present.values())
    if small(whole, threshold):
        return Guarded(None)
    for limit in LIMITS:
        others = _together(present, limit * threshold)
        if len(others) == len(present):
            break
        merged = summed(present[row] for row in others) if others else None
        alone = {row: counts for row, counts in present.items() if row not in others}
        if not any(small(counts, threshold) for counts in (*alone.values(), merged or {})):
            return Guarded(whole, alone, merged)
    return Guarded(whole)


def small(counts: Counts, threshold: int) -> bool:
    """Whether some of them are about so few units that they would be known."""
    return any(0 < count < threshold for count in counts.values())


def summed(rows: Iterable[Counts]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in rows:
        total.update(counts)
    return dict(total)


def _together(table: Mapping[R, Counts], limit: int) -> set[R]:
    """The rows below the limit, and with them the smallest of those that are not."""
    sizes = {row: sum(counts.values()) for row, counts in table.items()}
    below = {row for row, size in sizes.items() if size < limit}
    smallest = min((size for size in sizes.values() if size >= limit), default=0)
    return {row for row, size in sizes.items() if size <= smallest} | below if below else below


def tallied(rows: Iterable[tuple[R, str, int]]) -> dict[R, dict[str, int]]:
    """(row, grade, how many) → row → grade → how many."""
    found: dict[R, dict[str, int]] = {}
    for row, grade, count in rows:
        found.setdefault(row, {})[grade] = count
    return found
