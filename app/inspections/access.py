"""Who may open an address about one inspection: each asks for a permission on that very inspection."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, Request
from sqlmodel import Session

from app.accounts.access import Db, Gate, who
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.inspections.earlier import WhatBecame
from app.inspections.fields import KINDS
from app.inspections.models import InspectionRow
from app.inspections.presence import Presence
from app.inspections.queries import Found, found
from app.inspections.reading import Reading
from app.inspections.rubric_copy import rubric_of
from app.inspections.signing import WhenSigned
from app.inspections.withholding import WhenWithheld
from app.papers.storage import Storage
from app.writing.fields import FieldKind
from app.writing.models import AGREED
from app.writing.said import Said
from rubrics.library import Library
from rubrics.model import Rubric


@dataclass(frozen=True)
class Here:
    """An inspection that the viewer has come to, and may see."""

    viewer: Viewer
    database: Database
    found: Found
    tie_years: int  # for which an ended tie still hinders

    @property
    def row(self) -> InspectionRow:
        return self.found.row

    @property
    def url(self) -> str:
        return f"/inspektioner/{self.row.id}"

    def may(self, permission: Permission) -> bool:
        return self.viewer.may(permission, self.found.whose)

    @property
    def writes(self) -> bool:
        """What the viewer writes in areas and findings takes effect now."""
        return self.row.state == "draft" and self.may(Permission.WRITE)

    @property
    def reads(self) -> list[FieldKind]:
        """The kinds of fields that the viewer may read here."""
        return [kind for kind in KINDS if self.may(kind.reads)]

    @property
    def voice(self) -> str:
        """The voice in which the viewer answers and grades here now, and reads what is not agreed."""
        return self.viewer.id if self.row.apart else AGREED

    @property
    def only(self) -> str:
        """As `voice`, of what was ever said: "" = all of it may be read."""
        return self.viewer.id if self.row.apart else ""

    def hears(self, said: Said) -> bool:
        """Not what another says alone, while they do so."""
        return not self.row.apart or said.voice in (AGREED, self.viewer.id)

    def reading(self, session: Session) -> Reading:
        """What is read of it here, as the viewer sees it."""
        return Reading(session, self.row, self.voice)

    def rubric(self, session: Session) -> Rubric:
        return rubric_of(session, self.row.rubric_sha256)


Enter = Callable[[], Viewer]


class _OnInspection(Gate):
    """`former`: for what is written. An inspector who has handed over still gets it kept."""

    def __init__(self, permission: Permission, *, former: bool = False) -> None:
        self.permission = self._asked = permission
        self.former = former

    def __call__(self, request: Request, database: Db, later: BackgroundTasks, inspection: str) -> Here:
        with database.reading() as session:
            viewer = who(request, session.connection(), later)
            one = found(session, inspection, viewer, self._asked, former=self.former)
            here = Here(viewer, database, one, request.app.state.settings.tie_years)
            here.rubric(session)  # read here the first time, and not while the writer is held
            return here


class _AtTheDoor(Gate):
    """For saving, which is asked far more than all else: the route goes in by itself, in the thread that it has anyway,
    and learns who came. What they may is asked once, by the action, when it holds the inspection."""

    former = True

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request, database: Db, later: BackgroundTasks) -> Enter:
        return partial(_came, request, database, later)


def _came(request: Request, database: Database, later: BackgroundTasks) -> Viewer:
    with database.glancing() as connection:
        return who(request, connection, later)


def on_inspection(permission: Permission) -> Any:
    """`here: Annotated[Here, on_inspection(Permission.SEE_WORK)]`, in a route whose path has {inspection}."""
    return Depends(_OnInspection(permission))


def as_inspector(permission: Permission) -> Any:
    return Depends(_OnInspection(permission, former=True))


def at_the_door(permission: Permission) -> Any:
    """`enter: Annotated[Enter, at_the_door(Permission.WRITE)]`, and in the route first of all `by = enter()`."""
    return Depends(_AtTheDoor(permission))


async def library(request: Request) -> Library:
    found: Library = request.app.state.library
    return found


Rubrics = Annotated[Library, Depends(library)]


async def _tie_years(request: Request) -> int:
    found: int = request.app.state.settings.tie_years
    return found


TieYears = Annotated[int, Depends(_tie_years)]  # for which an ended tie still hinders


async def _storage(request: Request) -> Storage:
    found: Storage = request.app.state.storage
    return found


Files = Annotated[Storage, Depends(_storage)]  # where attachments lie


async def _presence(request: Request) -> Presence:
    found: Presence = request.app.state.presence
    return found


WhoIsHere = Annotated[Presence, Depends(_presence)]


async def _when_signed(request: Request) -> Sequence[WhenSigned]:
    found: Sequence[WhenSigned] = request.app.state.when_signed
    return found


Following = Annotated[Sequence[WhenSigned], Depends(_when_signed)]  # what a signature brings with it, as main knows


async def _when_withheld(request: Request) -> Sequence[WhenWithheld]:
    found: Sequence[WhenWithheld] = request.app.state.when_withheld
    return found


Withdrawing = Annotated[Sequence[WhenWithheld], Depends(_when_withheld)]  # and what it brings that one is withheld


async def _what_became(request: Request) -> WhatBecame:
    found: WhatBecame = request.app.state.what_became
    return found


Becoming = Annotated[WhatBecame, Depends(_what_became)]  # of an inspection's plan, as main knows
