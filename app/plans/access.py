"""Who may open an address about one plan: each asks for a permission on that very plan."""

from dataclasses import dataclass
from typing import Any

from fastapi import BackgroundTasks, Depends, Request
from sqlmodel import Session

from app.accounts.access import Db, Gate, who
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.inspections.rubric_copy import rubric_of
from app.plans.models import PlanRow
from app.plans.queries import Found, found
from rubrics.model import Rubric


@dataclass(frozen=True)
class Here:
    """A plan that the viewer has come to, and may see."""

    viewer: Viewer
    database: Database
    found: Found

    @property
    def row(self) -> PlanRow:
        return self.found.row

    @property
    def url(self) -> str:
        return f"/planer/{self.row.id}"

    def may(self, permission: Permission) -> bool:
        return self.viewer.may(permission, self.found.whose)

    def rubric(self, session: Session) -> Rubric:
        return rubric_of(session, self.row.rubric_sha256)


class _OnPlan(Gate):
    """Lets through whoever has one of the permissions: the clinic and the inspectors meet at some addresses.
    `former`: for what inspectors write. One who has handed over still gets it kept."""

    def __init__(self, permission: Permission, *others: Permission, former: bool = False) -> None:
        self.permission, self.others = permission, others
        self._asked = (permission, *others)
        self.former = former

    def __call__(self, request: Request, database: Db, later: BackgroundTasks, plan: str) -> Here:
        with database.reading() as session:
            viewer = who(request, session.connection(), later)
            here = Here(viewer, database, found(session, plan, viewer, *self._asked, former=self.former))
            here.rubric(session)  # read here the first time, and not while the writer is held
            return here


def on_plan(permission: Permission, *others: Permission) -> Any:
    """`here: Annotated[Here, on_plan(Permission.READ_PLAN)]`, in a route whose path has {plan}."""
    return Depends(_OnPlan(permission, *others))


def as_inspector(permission: Permission, *others: Permission) -> Any:
    return Depends(_OnPlan(permission, *others, former=True))
