"""What a tie means for a unit: the rule as a table of cases. 2026, and ended ties hinder for five years."""

import pytest

from app.people.independence import Tie, TieKind, Unit, Weight, standing, weigh

UNIT = Unit(region="R", hospital="R1", clinic="R1a")
HINDERS, INFORMS, NOTHING = Weight.HINDERS, Weight.INFORMS, None
ANYTHING = [kind for kind in TieKind if kind is not TieKind.HOME]


def tie(kind: TieKind, at: str, until: int | None = None) -> Tie:
    """To a place by its name: R is a region, R1 a hospital in it, R1a a clinic there."""
    return Tie("t", kind, at[:1], at[:2] if len(at) > 1 else None, at if len(at) > 2 else None, at, None, until)


CASES = [
    # the own region
    (TieKind.HOME, "R", None, HINDERS),
    (TieKind.HOME, "S", None, NOTHING),
    (TieKind.HOME, "R", 2021, HINDERS),
    (TieKind.HOME, "R", 2020, INFORMS),
    # the clinic, its hospital, its region; how long ago
    *((kind, at, until, HINDERS) for kind in ANYTHING for at in ("R1a", "R1", "R") for until in (None, 2026, 2021)),
    *((kind, at, until, INFORMS) for kind in ANYTHING for at in ("R1a", "R1", "R") for until in (2020, 1990)),
    # another clinic of the hospital
    (TieKind.TRAINED, "R1b", None, INFORMS),
    (TieKind.EMPLOYED, "R1b", 2025, INFORMS),
    (TieKind.EMPLOYED, "R1b", 1990, INFORMS),
    # another hospital of the region: whoever is employed there now has the region as their own
    (TieKind.EMPLOYED, "R2", None, HINDERS),
    (TieKind.EMPLOYED, "R2a", None, HINDERS),
    (TieKind.EMPLOYED, "R1b", None, HINDERS),
    (TieKind.EMPLOYED, "R2a", 2026, HINDERS),
    (TieKind.EMPLOYED, "R2a", 2025, NOTHING),
    *((kind, "R2a", None, NOTHING) for kind in ANYTHING if kind is not TieKind.EMPLOYED),
    # elsewhere, under like names
    *((kind, at, None, NOTHING) for kind in ANYTHING for at in ("S", "S1", "S1a")),
]


@pytest.mark.parametrize(("kind", "at", "until", "means"), CASES)
def test_what_a_tie_means(kind: TieKind, at: str, until: int | None, means: Weight | None) -> None:
    assert weigh(tie(kind, at, until), UNIT, year=2026, years=5) is means


def test_to_have_inspected_before_is_information_and_no_bar() -> None:
    found = standing([], UNIT, [2019, 2012], year=2026, years=5)
    assert (found.bars, found.worth_knowing) == (frozenset(), "inspekterade enheten 2012; inspekterade enheten 2019")


def test_a_standing_tells_apart_what_hinders_and_what_informs() -> None:
    ties = [tie(TieKind.EMPLOYED, "R1a", 2024), tie(TieKind.TRAINED, "R1a", 1999), tie(TieKind.CLOSE, "S1a")]
    found = standing(ties, UNIT, year=2026, years=5)
    assert (found.why, found.worth_knowing) == ("anställning, R1a, till 2024", "AT, BT eller ST, R1a, till 1999")


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [(None, None, ""), (2015, None, ", sedan 2015"), (None, 2019, ", till 2019"), (2015, 2019, ", 2015–2019")],
)
def test_a_tie_in_words(since: int | None, until: int | None, told: str) -> None:
    assert str(Tie("t", TieKind.HOME, "R", None, None, "Region R", since, until)) == f"hemregion, Region R{told}"
