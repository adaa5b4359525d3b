"""Which improvement answers which weakness: nobody writes that down, so it is read from the criteria that both are
linked to. Pure. `static/device/listing.js` makes the same of what a device knows."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

ANSWERS = {"weakness": "improvement", "improvement": "weakness"}


class Linked(Protocol):
    """A finding, as a row or in a file."""

    @property
    def kind(self) -> str: ...
    @property
    def criteria(self) -> Sequence[str]: ...


Other = TypeVar("Other", bound=Linked)


def tied(one: Linked, others: Iterable[Other]) -> list[Other]:
    """The findings at the other end: what answers a weakness, what an improvement answers."""
    wanted, linked = ANSWERS.get(one.kind), set(one.criteria)
    return [each for each in others if each.kind == wanted and linked & set(each.criteria)]


def lacks(one: Linked, others: Iterable[Linked]) -> bool:
    """A weakness that nothing answers, though it is linked. Of one that is not linked nobody can tell."""
    return one.kind == "weakness" and bool(one.criteria) and not tied(one, others)
