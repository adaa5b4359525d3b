"""The closed set of conditions that a rung of a ladder may name.

A condition says how many criteria, of one kind and with an answer among the rung's `of`, are tolerated:
with more of them the rung holds. So fewer never make it hold, and best and worst answers bound the
outcome. A new way for answers to count is a new function here, its name in `When` and a line in
TOLERATED (and a case in `tests/cases/`).
"""

from collections.abc import Callable
from typing import Literal

When = Literal["any", "more_than"]


def _any(n: int) -> int:  # noqa: ARG001 - all conditions are called alike
    return 0


def _more_than(n: int) -> int:
    return n


TOLERATED: dict[When, Callable[[int], int]] = {"any": _any, "more_than": _more_than}


def tolerated(when: When, n: int) -> int:
    """How many such criteria there may be without the rung holding."""
    return TOLERATED[when](n)
