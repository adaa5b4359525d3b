"""Safe-keeping: a whole database into one file and back again, while the server runs.

A restored database is the saved one in all but two things: nobody is signed in, no key lets a program in, no link to
choose a password is open and no letter waits (what was ended or sent since must not come back to life), and the history
says that it was restored.
"""

from pathlib import Path

from sqlalchemy import make_url
from sqlmodel import Session, col, delete, update

from app import audit
from app.accounts.models import ApiToken, CalendarAddress, Errand, Invitation, SignIn
from app.db import Database
from app.keep import postgresql, sqlite
from app.keep.readiness import Shape, expect, file_of, place, telling
from app.mail.models import Mail
from app.migrations import upgrade
from app.whole_file import whole_file
from rubrics.problems import DataError, Problem

_MADE_BY = {sqlite.BEGINS: "SQLite", postgresql.BEGINS: "PostgreSQL"}
NOT_OURS = "filen är ingen säkerhetskopia från Sporra, eller är skadad. Inget är ändrat."


def backup(url: str, out: Path) -> None:
    """Saves everything, as it is at one moment. Raises a Refusal or DataError, and then writes nothing."""
    expect(url, Shape.OLDER, Shape.PRESENT, Shape.NEWER)
    live = file_of(make_url(url))
    if live and out.exists() and out.samefile(live):
        raise DataError([Problem(str(out), "det är databasens egen fil. Ange en annan att skriva till.")])
    if out.exists() and not out.is_file():
        raise DataError([Problem(str(out), "det är ingen fil. Ange en fil att skriva till.")])
    with telling(url), whole_file(out, private=True) as file:
        if live:
            sqlite.save(live, file)
        else:
            postgresql.save(url, file)


def check(url: str, file: Path) -> None:
    """Raises a Refusal where the file cannot be restored here."""
    expect(url, Shape.EMPTY, Shape.OLDER, Shape.PRESENT)
    if not file.is_file():
        raise DataError([Problem(str(file), "filen finns inte. Kontrollera namnet.")])
    with file.open("rb") as opened:
        begins = opened.read(max(map(len, _MADE_BY)))
    made_by = next((name for mark, name in _MADE_BY.items() if begins.startswith(mark)), None)
    here = "SQLite" if file_of(make_url(url)) else "PostgreSQL"
    if not made_by:
        raise DataError([Problem(str(file), NOT_OURS)])
    if made_by != here:
        told = f"kopian är gjord av {made_by}, och databasen {place(url)} är {here}. Läs in den i en sådan."
        raise DataError([Problem(str(file), told)])
    shape = sqlite.shape_in(file) if here == "SQLite" else postgresql.shape_in(file)
    if shape is Shape.NEWER:
        raise DataError([Problem(str(file), "kopian är gjord av en nyare version av Sporra. Uppdatera programmet.")])
    if shape not in (Shape.OLDER, Shape.PRESENT):
        raise DataError([Problem(str(file), NOT_OURS)])


def restore(url: str, file: Path) -> None:
    """Puts what a file holds in place of everything. Raises a Refusal or DataError, and then changes nothing."""
    check(url, file)
    with telling(url):
        if live := file_of(make_url(url)):
            sqlite.put_back(file, live, _brought_up)
        else:
            postgresql.put_back(file, url)
            _brought_up(url)


def _brought_up(url: str) -> None:
    """A saved database, made fit for use now."""
    upgrade(url)
    database = Database(url)
    with database.writing() as session:
        _forget_ways_in(session)
        audit.record(session, by=audit.SYSTEM, action="database:restored", subject="database")
    database.close()


def _forget_ways_in(session: Session) -> None:
    session.exec(delete(SignIn))
    session.exec(delete(ApiToken))
    session.exec(delete(Errand))
    session.exec(delete(CalendarAddress))  # one that was taken back since would let in again
    session.exec(delete(Mail))
    session.exec(update(Invitation).where(col(Invitation.used).is_(None)).values(ends=audit.now()))
