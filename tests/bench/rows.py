"""How a row is measured and written down."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`median` and `p99` in `unit`; `floor` likewise; `ratio` = median / floor. None where it does not apply."""

    name: str
    unit: str
    median: float
    p99: float | None = None
    floor: float | None = None
    ratio: float | None = None


def timed(
    name: str, work: Callable[[int], object], floor: Callable[[int], object] | None = None, rounds: int = 100
) -> Row:
    """A row in ms. Both functions are told the round, so that they can work on changed data each time."""
    times: list[float] = []
    floors: list[float] = []
    for i in range(-3, rounds):  # three rounds to warm up
        for function, kept in ((work, times), (floor, floors)):
            if function:
                start = time.perf_counter()
                function(i)
                kept.append((time.perf_counter() - start) * 1000)
    times, floors = sorted(times[3:]), sorted(floors[3:])
    median = statistics.median(times)
    least = statistics.median(floors) if floors else None
    p99 = times[min(len(times) - 1, round(len(times) * 0.99))]
    return Row(name, "ms", median, p99, least, median / least if least else None)


def size(name: str, count: int) -> Row:
    """A row in bytes."""
    return Row(name, "B", count)
