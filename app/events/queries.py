"""What has happened, the latest first, page by page: each filter follows an index of its own, and so does its order, so
that a page takes as long among many events as among few."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, literal, tuple_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

from app.accounts.viewer import Viewer
from app.audit import Event
from app.db import Database
from app.events.telling import Line, lines
from app.web.swedish import WALL

PAGE = 50
CHUNK = 500  # events, when all are asked for

Place = tuple[datetime, int]  # where an event stands in the list


@dataclass(frozen=True)
class Asked:
    """What one looks for; "" and None = all. The days are whole, on the wall clock."""

    by: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    hidden: tuple[str, ...] = ()  # kinds that are not told here


def page_of(session: Session, viewer: Viewer, asked: Asked, before: int | None = None) -> tuple[list[Line], int | None]:
    """A page of events, from before this one on, and from which the next page goes on; None = there is no more."""
    last = session.get(Event, before) if before is not None else None
    found: list[Line] = []
    for told in _told(session, viewer, asked, (last.at, before) if last and before is not None else None, PAGE + 1):
        found += told
        if len(found) > PAGE:
            break
    return found[:PAGE], found[PAGE - 1].n if len(found) > PAGE else None


def everything(database: Database, viewer: Viewer, asked: Asked) -> Iterator[Line]:
    """All of it, read in pieces of their own: whoever fetches slowly holds nothing."""
    place: Place | None = None
    while True:
        with database.reading() as session:
            events = _events(session, asked, place, CHUNK)
            told = lines(session, viewer, events)
        yield from told
        if len(events) < CHUNK:
            return
        place = _place(events[-1])


def _told(session: Session, viewer: Viewer, asked: Asked, place: Place | None, size: int) -> Iterator[list[Line]]:
    """What the viewer may be told, as far as one looks: some of it may not be for them."""
    while events := _events(session, asked, place, size):
        yield lines(session, viewer, events)
        place = _place(events[-1])


def _place(event: Event) -> Place:
    return event.at, event.n or 0


def _events(session: Session, asked: Asked, place: Place | None, size: int) -> Sequence[Event]:
    return session.exec(_asked(asked, place, size)).all()


def _asked(asked: Asked, place: Place | None, size: int) -> SelectOfScalar[Event]:
    query = select(Event).where(*_where(asked)).order_by(col(Event.at).desc(), col(Event.n).desc()).limit(size)
    if place:
        at, n = place
        query = query.where(tuple_(col(Event.at), col(Event.n)) < tuple_(literal(at, UTCDateTime()), n))
    return query


def _where(asked: Asked) -> Iterator[ColumnElement[bool]]:
    for column, wanted in ((Event.by, asked.by), (Event.action, asked.action), (Event.subject, asked.subject)):
        if wanted:
            yield col(column) == wanted
    if asked.since:
        yield col(Event.at) >= _midnight(asked.since)
    if asked.until:
        yield col(Event.at) < _midnight(asked.until + timedelta(days=1))
    if asked.hidden:
        yield col(Event.action).not_in(asked.hidden)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, WALL)
