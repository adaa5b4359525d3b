"""How a row is measured and written down."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WARM_UP = 3  # rounds


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
    return row(name, *interleaved([work, floor] if floor else [work], rounds))


def interleaved(works: Sequence[Callable[[int], object]], rounds: int, each: int = 1) -> list[list[float]]:
    """How long each took, in ms: they take turns, so that a busy machine slows all of them alike. `each`: how many times
    in a row before it is the next one's turn."""
    times: list[list[float]] = [[] for _ in works]
    for turn in range(-WARM_UP, rounds):
        for work, kept in zip(works, times, strict=True):
            for i in range(turn * each, (turn + 1) * each):
                start = time.perf_counter()
                work(i)
                kept.append((time.perf_counter() - start) * 1000)
    return [kept[WARM_UP * each :] for kept in times]


def row(name: str, times: Sequence[float], floors: Sequence[float] = ()) -> Row:
    median, least = statistics.median(times), statistics.median(floors) if floors else None
    p99 = sorted(times)[min(len(times) - 1, round(len(times) * 0.99))]
    return Row(name, "ms", median, p99, least, median / least if least else None)


def size(name: str, count: int) -> Row:
    """A row in bytes."""
    return Row(name, "B", count)
