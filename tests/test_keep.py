"""Safe-keeping: what is saved while people write comes back whole, while they write."""

import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select as rows_of
from sqlalchemy import text, update
from sqlmodel import col, select

from app import audit, keep, migrations
from app.accounts import calendars, sessions, tokens
from app.accounts.models import SignIn
from app.accounts.scopes import Scope
from app.cli import main
from app.db import Database
from app.demo.load import load
from app.errors import Refusal
from app.ids import new_id
from app.inspections.models import FindingRow, InspectionRow
from app.keep import postgresql as by_postgresql
from app.mail import queue
from app.papers.storage import Folder
from app.tables import metadata
from app.writing.desk import Operation
from app.writing.models import Revision
from rubrics.library import Library
from rubrics.problems import DataError
from tests.clients import a_client
from tests.databases import Kind
from tests.factories import Drafted, drafted
from tests.serving import call, environment

Rows = dict[str, list[tuple[Any, ...]]]
# no way in is left afterwards, and
NOT_KEPT = {"sign_in", "calendar_address", "api_token", "mail", "event"}  # the history says that it was restored


@pytest.fixture
def filled(database: Database) -> Drafted:
    return drafted(database)


def everything(database: Database) -> Rows:
    """Every row of every table."""
    with database.reading() as session:
        tables = sorted(metadata.tables.items())
        return {
            name: sorted(map(tuple, session.connection().execute(rows_of(table))), key=repr) for name, table in tables
        }


@contextmanager
def writing(start: Drafted) -> Iterator[list[str]]:
    """Somebody types on, all the while. Gives the revisions that were answered as saved."""
    saved: list[str] = []
    enough = Event()
    findings = cycle([new_id() for _ in range(100)])  # an inspection holds 300: however long it takes, all is taken

    def type_on() -> None:
        while not enough.is_set():
            answers = start.write(start.a, Operation(new_id(), f"finding/{next(findings)}/text", "En styrka."))
            saved.extend(each.id for each in answers if each.outcome == "head")

    typist = Thread(target=type_on)
    typist.start()
    try:
        yield saved
    finally:
        enough.set()
        typist.join()


def until(saved: list[str], count: int) -> None:
    patience = time.monotonic() + 30
    while len(saved) < count:
        assert time.monotonic() < patience
        time.sleep(0.01)


def test_everything_comes_back_while_the_server_runs(database: Database, tmp_path: Path) -> None:
    load(database, Library(), Folder(tmp_path / "files"))  # a row in nearly every table, and files as bytes
    filled, file = drafted(database), tmp_path / "kopia"
    with a_client(database.url) as client:
        with database.writing() as session:
            calendars.make(session, by=filled.a)
            queue.put(session, kind="invitation", by=audit.SYSTEM, person=filled.a.id)
            tokens.make(session, by=filled.a, name="x", scope=Scope.READ, days=30)
        before = everything(database)
        keep.backup(database.url, file)
        with database.writing() as session:
            session.execute(update(InspectionRow).values(place="Annorlunda"))
            sessions.start(session, filled.a.id)
            audit.record(session, by=filled.a.id, action="a:b", subject="x")
        assert client.get("/redo").json() == {"status": "redo"}
        keep.restore(database.url, file)
        assert client.get("/redo").json() == {"status": "redo"}  # on the connections that it already had
    after = everything(database)
    assert {name: rows for name, rows in after.items() if name not in NOT_KEPT} == {
        name: rows for name, rows in before.items() if name not in NOT_KEPT
    }
    assert [after[each] for each in ("sign_in", "calendar_address", "api_token", "mail")] == [[], [], [], []]
    assert [row[2:5] for row in after["event"] if row not in before["event"]] == [
        (audit.SYSTEM, "database:restored", "database")
    ]
    assert filled.write(filled.b, Operation(new_id(), f"finding/{new_id()}/text", "Och det går att skriva."))


def test_a_copy_that_is_made_while_somebody_writes_is_of_one_moment(filled: Drafted, tmp_path: Path) -> None:
    with writing(filled) as saved:
        until(saved, 20)
        known = set(saved)
        keep.backup(filled.database.url, tmp_path / "kopia")
        until(saved, len(known) + 20)
    keep.restore(filled.database.url, tmp_path / "kopia")
    with filled.database.reading() as session:
        revisions = session.exec(select(Revision).where(col(Revision.subject) == filled.id)).all()
        findings = session.exec(select(FindingRow.id).where(FindingRow.inspection == filled.id)).all()
    assert known <= {each.id for each in revisions}  # what was answered as saved before is there
    written = {each.field.split("/")[1] for each in revisions if each.field.startswith("finding/")}
    assert set(findings) == written  # and nothing is half there


def test_a_copy_is_put_back_while_somebody_writes(filled: Drafted, tmp_path: Path) -> None:
    keep.backup(filled.database.url, tmp_path / "kopia")
    with writing(filled) as saved:
        until(saved, 20)
        keep.restore(filled.database.url, tmp_path / "kopia")
        until(saved, len(saved) + 20)  # the same connections write on
    with filled.database.reading() as session:
        kept = set(session.exec(select(Revision.id)))
    assert saved[0] not in kept
    assert set(saved[-20:]) <= kept


def test_restoring_makes_a_database_where_there_is_none(filled: Drafted, kind: Kind, tmp_path: Path) -> None:
    keep.backup(filled.database.url, tmp_path / "kopia")
    url = kind.fresh()
    keep.restore(url, tmp_path / "kopia")
    other = Database(url)
    rows, original = everything(other), everything(filled.database)
    other.close()
    kind.drop(url)
    assert {name: len(each) for name, each in rows.items() if name not in NOT_KEPT} == {
        name: len(each) for name, each in original.items() if name not in NOT_KEPT
    }


def test_a_revoked_sign_in_does_not_come_back_to_life(filled: Drafted, tmp_path: Path) -> None:
    with filled.database.writing() as session:
        sessions.start(session, filled.a.id)
    keep.backup(filled.database.url, tmp_path / "kopia")
    keep.restore(filled.database.url, tmp_path / "kopia")
    with filled.database.reading() as session:
        assert session.exec(select(SignIn)).all() == []


OTHERS = "filen är ingen säkerhetskopia från Sporra, eller är skadad. Inget är ändrat."


def test_a_file_that_is_no_copy_changes_nothing(filled: Drafted, tmp_path: Path) -> None:
    whole, half, words = tmp_path / "hel", tmp_path / "halv", tmp_path / "text"
    keep.backup(filled.database.url, whole)
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    words.write_text("Inte en kopia.")
    with closing(sqlite3.connect(tmp_path / "annan.db")) as strange:
        strange.execute("CREATE TABLE recept (namn)")
    before = everything(filled.database)
    for file in (half, words, tmp_path / "annan.db", tmp_path / "saknas"):
        with pytest.raises((DataError, Refusal)):
            keep.restore(filled.database.url, file)
    with pytest.raises(DataError, match=OTHERS):
        keep.check(filled.database.url, words)
    assert everything(filled.database) == before


def test_a_copy_from_a_newer_version_is_refused(filled: Drafted, tmp_path: Path) -> None:
    with filled.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    keep.backup(filled.database.url, tmp_path / "kopia")
    with filled.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(DataError, match=r"nyare version av Sporra\. Uppdatera programmet\.$"):
        keep.restore(filled.database.url, tmp_path / "kopia")


# ── SQLite alone ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite: Kind) -> Path:
    """A folder with a database in it, which `sporra` is called on."""
    shutil.copy(sqlite.migrated().removeprefix("sqlite:///"), tmp_path / "s.db")
    monkeypatch.setenv("SPORRA_DATABASE_URL", "sqlite:///s.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_pages_of_another_size_and_other_journals_are_no_obstacle(here: Path) -> None:
    with closing(sqlite3.connect("s.db")) as odd:
        odd.execute("PRAGMA page_size=8192")
        odd.execute("VACUUM")
    keep.backup("sqlite:///s.db", here / "kopia")
    (here / "s.db").unlink()
    Database("sqlite:///s.db").close()
    with closing(sqlite3.connect("s.db")) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
        plain.execute("VACUUM")
    keep.restore("sqlite:///s.db", here / "kopia")
    with closing(sqlite3.connect("s.db")) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert restored.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrations.revisions()[-1],)]


def test_a_copy_is_one_file_for_its_owner_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "kopia"]) == 0
    assert (here / "kopia").stat().st_mode & 0o777 == 0o600
    told = capsys.readouterr().out
    assert told.startswith("kopia: hela databasen är sparad (0,")
    assert told.endswith("Underlag, bilder och filer, följer inte med. Kopiera nu också mappen files.\n")
    assert sorted(path.name for path in here.iterdir()) == ["kopia", "s.db"]


PLACES = [
    ("backup saknas/k", "saknas/k: mappen finns inte. Skapa den först.\n"),
    ("backup .", ".: det är ingen fil. Ange en fil att skriva till.\n"),
    ("backup s.db --yes", "s.db: det är databasens egen fil. Ange en annan att skriva till.\n"),
    ("backup gammal", "gammal finns redan och ersätts. Lägg till --yes om det är meningen.\n"),
    ("restore saknas", "saknas: filen finns inte. Kontrollera namnet.\n"),
    ("restore gammal --yes", f"gammal: {OTHERS}\n"),
    ("restore s.db", "Allt som finns i s.db ersätts av s.db. Lägg till --yes om det är meningen.\n"),
]


@pytest.mark.parametrize(("arguments", "told"), PLACES)
def test_what_cannot_be_done_is_one_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: str, told: str
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    (here / "gammal").write_text("Något annat.")
    assert main(arguments.split()) == 1
    assert capsys.readouterr() == ("", told)
    assert (here / "gammal").read_text() == "Något annat."
    assert sorted(path.name for path in here.iterdir()) == ["gammal", "s.db"]


def test_a_copy_that_finds_no_room_leaves_nothing(here: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(
        call("backup", "kopia"),
        cwd=here,
        env=environment(SPORRA_DATABASE_URL="sqlite:///s.db"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=little_room,
    )
    told = "kopia: filen går inte att skriva. Kontrollera namnet och mappen.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
    assert [path.name for path in here.iterdir()] == ["s.db"]


def test_a_database_that_somebody_holds_is_waited_for_and_then_told(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.keep.sqlite.WAIT", 0.2)
    keep.backup("sqlite:///s.db", here / "kopia")
    with closing(sqlite3.connect("s.db", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refusal, match=r" används just nu\. "):
            keep.restore("sqlite:///s.db", here / "kopia")
    keep.restore("sqlite:///s.db", here / "kopia")


# ── PostgreSQL alone ──────────────────────────────────────────────────────────────────────


def test_a_password_goes_in_the_environment_alone() -> None:
    url = "postgresql+psycopg://sporra:hem%40ligt@db.example:5433/sporra?sslmode=require"
    assert by_postgresql._at(url) == "--dbname=postgresql://sporra@db.example:5433/sporra?sslmode=require"
    assert by_postgresql._environment(url)["PGPASSWORD"] == "hem@ligt"
    assert by_postgresql._at("postgresql+psycopg:///s?host=/run&password=x") == "--dbname=postgresql:///s?host=%2Frun"
    assert by_postgresql._environment("postgresql+psycopg:///s?password=x")["PGPASSWORD"] == "x"


def test_a_copy_that_is_cut_short_is_never_committed(
    postgresql: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of contents is whole, the data is not: pg_restore finds out when half is handed on."""
    database = Database(postgresql.migrated())
    load(database, Library(), Folder(tmp_path / "files"))
    keep.backup(database.url, tmp_path / "kopia")
    data = (tmp_path / "kopia").read_bytes()
    (tmp_path / "kopia").write_bytes(data[:-20_000])
    before = everything(database)
    with pytest.raises(Refusal, match=r"kopia är skadad\. Inget är ändrat;"):
        by_postgresql.put_back(tmp_path / "kopia", database.url)
    assert everything(database) == before
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refusal, match=r"^Programmet pg_dump saknas\. Installera "):
        keep.backup(database.url, tmp_path / "annan")
    database.close()
    postgresql.drop(database.url)
