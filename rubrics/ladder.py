"""The closed set of conditions that a rung of a ladder may name.

A condition is asked of the criteria of one kind whose answer is among the rung's `of`. A new way
for answers to count is a new function here and a line in CONDITIONS (and a case in `tests/cases/`).
Each must be monotone: fewer such criteria never make it hold. Best and worst answers bound the
outcome only then.
"""

from collections.abc import Callable
from typing import Literal

When = Literal["any", "more_than"]


def _any(hits: int, n: int) -> bool:  # noqa: ARG001 - all conditions are called alike
    return hits > 0


def _more_than(hits: int, n: int) -> bool:
    return hits > n


CONDITIONS: dict[When, Callable[[int, int], bool]] = {"any": _any, "more_than": _more_than}


def tolerated(when: When, n: int) -> int:
    """How many such criteria there may be before the condition holds."""
    return next(hits for hits in range(n + 2) if CONDITIONS[when](hits + 1, n))
