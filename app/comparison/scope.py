"""What somebody compares: which units' reports they may read one by one, and what they chose to look at.

A choice that cannot be understood matches nothing; it is never an error, and stays in the address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col, select

from app.accounts.roles import TABLE, Permission, Reach
from app.accounts.viewer import Viewer
from app.comparison.models import Compared, ComparedArea, ComparedCriterion
from app.ids import is_id
from app.plans.models import PlanRow
from app.plans.rules import STATES, WRITTEN

Prepared = type[Compared] | type[ComparedArea] | type[ComparedCriterion]

LATE, NONE = "sen", "ingen"
PLANS: dict[str, str] = {
    LATE: "Sen",
    **{state: text.capitalize() for state, text in STATES.items()},
    NONE: "Ingen plan",
}
BY_NAME, BY_WORK = "namn", "kvar"
NAMES = {
    "rubric": "modell",
    "speciality": "specialitet",
    "hospital": "sjukhus",
    "year": "ar",
    "plan": "plan",
    "criterion": "kriterium",
    "area": "omrade",
    "order": "ordning",
    "page": "sida",
}


@dataclass(frozen=True)
class Scope:
    """The regions whose units one compares; None = every one."""

    regions: frozenset[str] | None

    def own(self, table: Any) -> ColumnElement[bool]:
        return true() if self.regions is None else table.region.in_(self.regions)

    def others(self, table: Any) -> ColumnElement[bool]:
        """The units of everybody else: never one that is among one's own."""
        return false() if self.regions is None else table.region.not_in(self.regions)


def scope_of(viewer: Viewer) -> Scope:
    """From the permission table. Who may compare nothing compares no region."""
    reaches = [(TABLE[held.role].get(Permission.COMPARE), held) for held in viewer.held]
    if any(reach is Reach.EVERYTHING for reach, _ in reaches):
        return Scope(None)
    return Scope(frozenset(held.region for reach, held in reaches if reach is Reach.REGION and held.region))


@dataclass(frozen=True)
class Filters:
    """As it stands in the address. "" = everything. `rubric` is a family: the rubric's id without its edition."""

    rubric: str = ""
    speciality: str = ""
    hospital: str = ""
    year: str = ""
    plan: str = ""
    criterion: str = ""
    area: str = ""
    order: str = ""
    page: str = ""

    def address(self, path: str, **changed: str) -> str:
        """A path with these choices, some of them changed."""
        now = replace(self, **changed)
        given = {name: getattr(now, key) for key, name in NAMES.items() if getattr(now, key)}
        return f"{path}?{urlencode(given)}" if given else path

    @property
    def narrowed(self) -> bool:
        """Whether anything but the rubric is chosen: then not all units count."""
        return any((self.speciality, self.hospital, self.year, self.plan))

    @property
    def number(self) -> int:
        """Of the page, from 1."""
        return int(self.page) if self.page.isascii() and self.page.isdigit() and len(self.page) < 7 else 1

    def matching(self, table: Any, today: date) -> Iterator[ColumnElement[bool]]:
        """What the choices demand of a row, but for the rubric and the criterion."""
        for column, id in ((table.speciality, self.speciality), (table.hospital, self.hospital)):
            if id:
                yield column == id if is_id(id) else false()
        if self.year:
            is_year = self.year.isascii() and self.year.isdigit() and len(self.year) <= 4
            yield table.year == int(self.year) if is_year else false()
        if self.plan:
            yield _of_plan(table, self.plan, today)


def _of_plan(table: Any, plan: str, today: date) -> Any:
    found = select(PlanRow.inspection)
    if plan == NONE:
        return table.inspection.not_in(found)
    if plan == LATE:
        found = found.where(col(PlanRow.state).in_(WRITTEN), col(PlanRow.due) < today)
    elif plan in STATES:
        found = found.where(PlanRow.state == plan)
    else:
        return false()
    return table.inspection.in_(found)
