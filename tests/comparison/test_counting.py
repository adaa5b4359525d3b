"""Counting fairly: what is shown tells nobody a count that is hidden, whatever is laid over what.

The attacker knows the rules, and sees all that anybody is shown of the rest of the country: for every area its total,
its years and its specialities. A hidden count is safe where some other country, with another count in that place, would
have shown the very same. The attacker looks for such a country by moving units about; only one that is found counts.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.comparison import counting
from app.comparison.counting import LEAST, Guarded, guarded, small, summed

Unit = tuple[str, ...]  # its year, its speciality, and its grade in each area
World = Sequence[Unit]
FEW = (1, 2, 3, 5)  # the limits, in small: the worlds are


@dataclass(frozen=True)
class Country:
    """What everybody knows: which years, specialities and grades there can be."""

    rows: tuple[tuple[str, ...], tuple[str, ...]]  # years, specialities
    grades: tuple[tuple[str, ...], ...]  # by area

    def shown(self, world: World) -> tuple[Guarded[str], ...]:
        """Everything, in every view."""
        views = ((view, area) for area in range(len(self.grades)) for view in (0, 1))
        return tuple(guarded(table(world, view, area), LEAST) for view, area in views)

    def hidden(self, world: World) -> Iterator[tuple[int, int, str, str]]:
        """(view, area, row, grade) of each count that is neither shown nor told to be 0."""
        shown = self.shown(world)
        for i, one in enumerate(shown):
            area, view = divmod(i, 2)
            views = [each for j, each in enumerate(shown) if j % 2 == view]
            complete = any(each.rows and each.others is None for each in views)  # a row that is not there is empty
            for row in self.rows[view]:
                if row in one.rows or (complete and not any(unit[view] == row for unit in world)):
                    continue
                known = [total for total in (one.whole, one.others) if total is not None]
                for grade in self.grades[area]:
                    if all(total.get(grade) for total in known):
                        yield view, area, row, grade


def table(world: World, view: int, area: int) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for unit in world:
        counts = found.setdefault(unit[view], {})
        counts[unit[2 + area]] = counts.get(unit[2 + area], 0) + 1
    return found


def count(world: World, view: int, area: int, row: str, grade: str) -> int:
    return sum(unit[view] == row and unit[2 + area] == grade for unit in world)


# ── The attacker ──────────────────────────────────────────────────────────────────────────


def betrayed(country: Country, world: World, tries: int = 40_000) -> set[tuple[int, int, str, str]]:
    """The hidden counts for which no other country was found that would have shown the same."""
    seen = country.shown(world)
    left = {cell: count(world, *cell) for cell in country.hidden(world)}
    lot = random.Random(1)  # noqa: S311 - a lot that can be drawn again
    for _ in range(tries):
        if not left:
            break
        other = moved(country, world, lot)
        told = [cell for cell, value in left.items() if count(other, *cell) != value]
        if told and country.shown(other) == seen:
            for cell in told:
                del left[cell]
    return set(left)


def moved(country: Country, world: World, lot: random.Random) -> World:
    """Another country, a few moves away: two units change places, two rows change names, one unit moves."""
    units = [list(unit) for unit in world]
    for _ in range(lot.choice((1, 1, 2, 2, 3, 4))):
        one, other, drawn = lot.choice(units), lot.choice(units), lot.random()
        at = lot.randrange(len(one))
        if drawn < 0.5:
            one[at], other[at] = other[at], one[at]
        elif drawn < 0.65:
            view = lot.randrange(2)
            names = dict(zip(pair := lot.choices(country.rows[view], k=2), reversed(pair), strict=True))
            for unit in units:
                unit[view] = names.get(unit[view], unit[view])
        else:
            one[at] = lot.choice(country.rows[at] if at < 2 else country.grades[at - 2])
    return [tuple(unit) for unit in units]


@st.composite
def countries(draw: Callable[..., object]) -> tuple[Country, World]:
    """Small ones, lopsided as real ones are: most units in few rows, and with the best grades."""
    seed, areas = draw(st.integers(0, 2**32)), draw(st.integers(1, 2))
    assert isinstance(seed, int)
    assert isinstance(areas, int)
    lot = random.Random(seed)  # noqa: S311
    rows = (tuple("123"[: lot.randint(1, 3)]), tuple("vwxyz"[: lot.randint(2, 5)]))
    grades = tuple(tuple(lot.sample("ABCD", lot.randint(2, 4))) for _ in range(areas))
    columns = (*rows, *grades)
    shares = [[lot.random() ** 2 + 0.02 for _ in column] for column in columns]
    units = range(lot.randint(1, 40))
    return Country(rows, grades), [
        tuple(lot.choices(column, share)[0] for column, share in zip(columns, shares, strict=True)) for _ in units
    ]


@pytest.fixture(autouse=True, scope="module")
def limits() -> Iterator[None]:
    before, counting.LIMITS = counting.LIMITS, FEW
    yield
    counting.LIMITS = before


@given(countries())
def test_no_hidden_count_can_be_worked_out(made: tuple[Country, World]) -> None:
    assert betrayed(*made) == set()


def test_the_attacker_finds_what_is_betrayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a rule that hides one row and shows the total, the row is told by subtraction, and the attacker says so."""

    def naive(rows: Mapping[str, Mapping[str, int]], threshold: int) -> Guarded[str]:
        return Guarded(summed(rows.values()), {r: c for r, c in rows.items() if not small(c, threshold)})

    country = Country((("1",), ("v", "w")), (("A", "D"),))
    world = [("1", "v", "A")] * 9 + [("1", "v", "D")] * 4 + [("1", "w", "A")] * 5 + [("1", "w", "D")]
    assert betrayed(country, world) == set()
    monkeypatch.setitem(Country.shown.__globals__, "guarded", naive)
    assert betrayed(country, world) == {(1, 0, "w", "A"), (1, 0, "w", "D")}


# ── The rules, one by one ─────────────────────────────────────────────────────────────────

SHOWN: dict[str, tuple[dict[str, dict[str, int]], Guarded[str]]] = {
    "all are large": (
        {"x": {"A": 9, "D": 3}, "y": {"A": 7}},
        Guarded({"A": 16, "D": 3}, {"x": {"A": 9, "D": 3}, "y": {"A": 7}}),
    ),
    "too few in all": ({"x": {"A": 9, "D": 2}, "y": {"A": 7}}, Guarded(None)),
    "nobody": ({}, Guarded({})),
    "a small row goes with the smallest of the others": (
        {"x": {"A": 20}, "y": {"A": 6}, "z": {"A": 2}},
        Guarded({"A": 28}, {"x": {"A": 20}}, {"A": 8}),
    ),
    "rows of one size go together": (
        {"w": {"A": 6}, "x": {"A": 20}, "y": {"A": 6}, "z": {"A": 2}},
        Guarded({"A": 34}, {"x": {"A": 20}}, {"A": 14}),
    ),
    "a small count hides every row where none can take it up": (
        {"x": {"A": 20, "D": 2}, "y": {"A": 20, "D": 1}},
        Guarded({"A": 40, "D": 3}),
    ),
    "a small count in a small row is taken up": (
        {"x": {"A": 40, "D": 4}, "y": {"A": 4, "D": 1}, "z": {"A": 5, "D": 2}},
        Guarded({"A": 49, "D": 7}, {"x": {"A": 40, "D": 4}}, {"A": 9, "D": 3}),
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown(name: str) -> None:
    rows, shown = SHOWN[name]
    assert guarded(rows, 3) == shown


@given(countries(), st.integers(0, 9))
def test_nothing_that_is_shown_is_small_and_all_of_it_is_true(made: tuple[Country, World], threshold: int) -> None:
    _, world = made
    rows = table(world, 1, 0)
    shown = guarded(rows, threshold)
    every = [*shown.rows.values(), *([shown.others] if shown.others else []), *([shown.whole] if shown.whole else [])]
    assert not any(small(counts, max(threshold, LEAST)) for counts in every)
    assert all(rows[row] == counts for row, counts in shown.rows.items())
    if shown.whole:
        assert shown.whole == summed(rows.values())
        if shown.rows:
            assert summed([*shown.rows.values(), *([shown.others] if shown.others else [])]) == shown.whole
            assert shown.others is None or len(rows) - len(shown.rows) >= 2
    else:
        assert not shown.rows
        assert shown.others is None


def test_a_hidden_criterion_could_be_lacked_by_another_number_of_units() -> None:
    """Of a criterion two counts are shown, or neither: units that lack it and units that do not."""
    for asked in range(1, 40):
        hidden = [n for n in range(asked + 1) if small({"lacking": n, "other": asked - n}, LEAST)]
        assert len(hidden) != 1, asked
