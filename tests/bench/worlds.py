"""What is measured on: a database with so many inspections, one of them to write in."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session

from app import audit
from app.accounts import sessions
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections import disk
from app.inspections.models import InspectionRow
from app.migrations import upgrade
from app.writing.models import Head, Revision, Subject
from tests.factories import Drafted, drafted, taken_in
from tests.paths import DEMO

WRITTEN = 10  # operations in each of the others


def a_world(path: Path, count: int) -> Drafted:
    """`count` inspections in a file, all but one of them with a few operations and no typed rows."""
    url = f"sqlite:///{path}"
    upgrade(url)
    return among(drafted(Database(url)), count - 1)


def among(world: Drafted, others: int) -> Drafted:
    ids = [new_id() for _ in range(others)]
    if ids:
        with world.database.writing() as session:
            row = session.get_one(InspectionRow, world.id).model_dump()
            session.execute(insert(Subject), [{"id": id, "kind": "inspection", "seq": WRITTEN} for id in ids])
            days = [date(2020, 1, 1) + timedelta(days=i % 2000) for i in range(others)]
            made = [
                row | {"id": id, "first_day": day, "last_day": day, "listed": day}
                for id, day in zip(ids, days, strict=True)
            ]
            session.execute(insert(InspectionRow), made)
            _written(session, world.a, ids)
    return world


def _written(session: Session, by: Viewer, ids: list[str]) -> None:
    salt, hash = audit.salted("")
    always = {"voice": "agreed", "parent": None, "settles": [], "by": by.id, "at": None, "received": audit.now()}
    always |= {"format": 1, "outcome": "head", "salt": salt, "hash": hash, "value": '"En text."'}
    made = [
        always | {"id": new_id(), "subject": id, "seq": seq + 1, "field": f"criterion/E-F{seq}/comment"}
        for id in ids
        for seq in range(WRITTEN)
    ]
    session.execute(insert(Revision), made)
    heads = [{name: each[name] for name in ("subject", "voice", "field")} | {"revision": each["id"]} for each in made]
    session.execute(insert(Head), heads)


def filled(world: Drafted) -> Drafted:
    """The demonstration's texts and answers, in one more inspection."""
    file = disk.read(DEMO)[1]
    areas = {id: review.model_copy(update={"regrades": ()}) for id, review in file.areas.items()}
    return taken_in(world, file.model_copy(update={"state": "draft", "plan": None, "areas": areas}))


def signed_in(world: Drafted, person: Viewer) -> str:
    """The token of a new session."""
    with world.database.writing() as session:
        return sessions.start(session, person.id)
