"""Whether a database is there, whose it is, and whether it has the present shape: told as sentences.

For the command line, before it does anything. A server that already runs tells of its database in pages.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from app import migrations
from app.errors import Busy, Refusal, Unreachable

OURS = {"subject", "revision", "event", "alembic_version"}  # since the first revision
WAIT = 5  # seconds, for a database that does not answer


class Shape(Enum):
    EMPTY = "empty"
    STRANGE = "strange"  # somebody else's tables
    OLDER = "older"
    PRESENT = "present"
    NEWER = "newer"


_AMISS = {
    Shape.EMPTY: "Databasen {place} finns inte än, eller är tom. Kör först: sporra db upgrade",
    Shape.STRANGE: "I databasen {place} ligger annat än Sporra. Ge Sporra en egen, med SPORRA_DATABASE_URL.",
    Shape.OLDER: "Databasen {place} har en äldre form än programmet. Kör först: sporra db upgrade",
    Shape.NEWER: "Databasen {place} är gjord av en nyare version av Sporra. Uppdatera programmet.",
}


def expect(url: str, *shapes: Shape) -> Shape:
    """The database's shape, which must be one of these. Raises a Refusal that says what to run instead."""
    found = shape_of(url)
    if found not in shapes:
        raise Refusal(_AMISS[found].format(place=place(url)))
    return found


def shape_of(url: str) -> Shape:
    """The shape of a database; a SQLite file that is not there is EMPTY. Raises Unreachable."""
    known = _parsed(url)
    if (file := file_of(known)) and not file.exists():
        return Shape.EMPTY
    waits = {"timeout": WAIT} if file else {"connect_timeout": WAIT}
    engine = create_engine(url, poolclass=NullPool, connect_args=waits)
    with telling(url), engine.connect() as connection:
        return _shape(connection)


def _shape(connection: Connection) -> Shape:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return Shape.EMPTY
    revision = migrations.revision(connection) if tables >= OURS else None
    return shape_from(revision) if revision else Shape.STRANGE


def shape_from(revision: str) -> Shape:
    known = migrations.revisions()
    if revision in known:
        return Shape.PRESENT if revision == known[-1] else Shape.OLDER
    return Shape.NEWER


@contextmanager
def telling(url: str) -> Iterator[None]:
    """What a database says goes wrong, as a Refusal that says what to do."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _told(error, url) from None


def _told(error: Exception, url: str) -> Refusal:
    said = str(getattr(error, "orig", error)).lower()
    where = place(url)
    if "locked" in said or "lock timeout" in said:
        return Busy(f"Databasen {where} används just nu. Vänta en stund och försök igen.")
    if "not a database" in said or "malformed" in said:
        return Unreachable(f"Filen {where} är ingen databas, eller är trasig. Kontrollera SPORRA_DATABASE_URL.")
    if "is full" in said or "no space left" in said:
        return Unreachable("Disken är full. Frigör plats och försök igen.")
    if file_of(make_url(url)):
        told = f"Databasen {where} går inte att öppna eller skriva i. Kontrollera mappen och dess rättigheter."
        return Unreachable(told)
    if isinstance(error, DBAPIError) and not error.connection_invalidated and error.statement:
        return Unreachable(f"Databasen {where} tog inte emot det. Kontrollera vad Sporras konto där får göra.")
    told = f"Databasen {where} svarar inte, eller släpper inte in Sporra. Kontrollera att den är i gång, och namn och"
    return Unreachable(f"{told} lösenord i SPORRA_DATABASE_URL.")


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None of PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def place(url: str) -> str:
    """A database's name on screen: never its password."""
    known = _parsed(url)
    if file := file_of(known):
        return str(file)
    host = known.host or known.query.get("host")
    return f"{known.database} på {host}" if host else str(known.database)


def _parsed(url: str) -> URL:
    try:
        known = make_url(url)
    except (ArgumentError, ValueError):
        known = None
    if not known or known.database in (None, "", ":memory:"):
        told = "SPORRA_DATABASE_URL går inte att förstå. Skriv sqlite:///FIL eller postgresql://NAMN:LÖSENORD@VÄRD/DATABAS."
        raise Refusal(told) from None
    return known
