"""Jäv: what a person's ties say about inspecting a unit. Pure.

Inspecting and inspected units have no economic, administrative or organisational ties (SOSFS 2008:17, 2015:8), and
inspectors come from another part of the country. How long a tie that has ended still counts is nowhere said: hence
`SPORRA_TIE_YEARS`. To have inspected the unit before is no tie: that happens, and is only worth knowing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class TieKind(StrEnum):
    HOME = "home"
    EMPLOYED = "employed"
    TRAINED = "trained"
    COMMISSIONED = "commissioned"
    LEADS = "leads"
    CLOSE = "close"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    TieKind.HOME: "hemregion",
    TieKind.EMPLOYED: "anställning",
    TieKind.TRAINED: "AT, BT eller ST",
    TieKind.COMMISSIONED: "uppdrag eller ersättning",
    TieKind.LEADS: "ledning eller styrelse",
    TieKind.CLOSE: "närstående eller nära vän som arbetar där",
}


class Weight(StrEnum):
    HINDERS = "hinders"
    INFORMS = "informs"


@dataclass(frozen=True)
class Unit:
    """The clinic that is inspected, with what it lies in. By ids."""

    region: str
    hospital: str
    clinic: str


@dataclass(frozen=True)
class Tie:
    """To a region, a hospital (or a region's primary care) or a clinic: what lies below that is None. `where` is it in
    words. `until` None = it lasts."""

    id: str
    kind: TieKind
    region: str
    hospital: str | None
    clinic: str | None
    where: str
    since: int | None = None
    until: int | None = None

    def lasts(self, year: int) -> bool:
        return self.until is None or self.until >= year

    def __str__(self) -> str:
        years = f"{self.since or ''}–{self.until}" if self.since and self.until else ""
        years = years or (f"sedan {self.since}" if self.since else f"till {self.until}" if self.until else "")
        return f"{self.kind.label}, {self.where}{f', {years}' if years else ''}"


def weigh(tie: Tie, unit: Unit, *, year: int, years: int) -> Weight | None:
    """What a tie means for that unit in that year; None = nothing. It hinders where it is to the clinic, to its
    hospital or to its region, and for `years` years after it ended. Whoever is employed in a region has that as their
    own: the region is the employer. A tie to another clinic of the hospital is worth knowing."""
    if _to(tie, unit) or (tie.kind is TieKind.EMPLOYED and tie.region == unit.region and tie.lasts(year)):
        return Weight.HINDERS if tie.lasts(year - years) else Weight.INFORMS
    return Weight.INFORMS if tie.hospital == unit.hospital else None


def _to(tie: Tie, unit: Unit) -> bool:
    """The unit is the place, or lies in it."""
    return (
        tie.region == unit.region
        and tie.hospital in (None, unit.hospital)
        and (tie.clinic is None or tie.clinic == unit.clinic)
    )


@dataclass(frozen=True)
class Standing:
    """How a person stands to a unit: `hinders` until somebody allows it, `informs`, and the years in which they have
    inspected it before."""

    hinders: tuple[Tie, ...] = ()
    informs: tuple[Tie, ...] = ()
    inspected: tuple[int, ...] = ()

    @property
    def bars(self) -> frozenset[str]:
        """The ids of the ties that hinder."""
        return frozenset(each.id for each in self.hinders)

    @property
    def why(self) -> str:
        return "; ".join(map(str, self.hinders))

    @property
    def worth_knowing(self) -> str:
        seen = (f"inspekterade enheten {year}" for year in self.inspected)
        return "; ".join([*seen, *map(str, self.informs)])


def standing(ties: Iterable[Tie], unit: Unit, inspected: Iterable[int] = (), *, year: int, years: int) -> Standing:
    weighed = [(weigh(each, unit, year=year, years=years), each) for each in ties]
    hinders, informs = (tuple(tie for weight, tie in weighed if weight is wanted) for wanted in Weight)
    return Standing(hinders, informs, tuple(sorted(inspected)))
