"""Sealing: beside those who write, around backups and erasing, and as it is called."""

import re
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import insert

from app import audit, keep
from app.accounts.viewer import OFFICE
from app.audit import Event
from app.cli import main
from app.db import Database
from app.events import sealing
from app.events.sealing import newest, seal, waiting
from app.events.verifying import Checked, verify
from app.ids import new_id
from app.inspections.erasing import erase
from app.writing.desk import Operation
from tests.events.chains import AT, do, happen, kinds, wrong
from tests.factories import drafted

# ── Beside those who write ────────────────────────────────────────────────────────────────


def test_nothing_is_sealed_past_somebody_who_is_not_done(database: Database) -> None:
    """On PostgreSQL numbers are given before the commit: whose transaction is slow has the lowest."""
    if database.is_sqlite:
        pytest.skip("där skriver en i taget")
    with database.writing() as slow:
        audit.record(slow, by="slow", action="a:b", subject="x")
        happen(database, 3)
        assert seal(database, patience=0.05) == 0
        with database.reading() as session:
            assert waiting(session) == 3
    assert seal(database) == 4
    assert wrong(database) == []


def test_who_is_done_soon_is_waited_for(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("där skriver en i taget")
    with ThreadPoolExecutor() as threads:
        with database.writing() as slow:
            audit.record(slow, by="slow", action="a:b", subject="x")
            happen(database, 3)
            sealing_now = threads.submit(seal, database, patience=60)
            with pytest.raises(TimeoutError):
                sealing_now.result(timeout=0.1)
        assert sealing_now.result() == 4
    assert wrong(database) == []


def test_two_who_seal_at_once_make_one_chain(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 5)
    happen(database, 100)
    start = Barrier(4)

    def at_once(_: int) -> int:
        start.wait()
        return seal(database)

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(at_once, range(4))) + seal(database) == 100
    assert wrong(database) == []
    assert seal(database) == 0


def test_those_who_write_meanwhile_are_sealed_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 7)
    with ThreadPoolExecutor(5) as threads:
        writers = [threads.submit(lambda: [happen(database, 2) for _ in range(20)]) for _ in range(4)]
        while not all(each.done() for each in writers):
            seal(database)
    seal(database)
    checked = Checked()
    assert (list(verify(database, checked)), checked.events) == ([], 160)


# ── What is put back, and what is erased ──────────────────────────────────────────────────


def test_a_restored_backup_has_a_whole_chain(sealed: Database, tmp_path: Path) -> None:
    keep.backup(sealed.url, tmp_path / "kopia")
    happen(sealed, 4)
    seal(sealed)
    with sealed.reading() as session:
        last = newest(session)
    keep.restore(sealed.url, tmp_path / "kopia")
    assert wrong(sealed) == []
    assert seal(sealed) == 1  # that it was restored
    assert wrong(sealed) == []
    assert last
    assert len(wrong(sealed, last.hash)) == 1  # it is honest about what is not there any more


WHO, ANSWER = "interview/{}/who", "criterion/E-F1/answer"


def test_what_is_erased_still_fits_its_events(database: Database) -> None:
    draft = drafted(database)
    draft.write(draft.a, Operation(new_id(), WHO.format(new_id()), "Någon"), Operation(new_id(), ANSWER, "met"))
    seal(database)
    with database.writing() as session:
        assert erase(session, by=OFFICE, inspection=draft.id, before=audit.now()) == 1
    seal(database)
    checked = Checked()
    assert (list(verify(database, checked)), checked.texts, checked.erased) == ([], 7, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE revision SET value = '\"unmet\"' WHERE id = '{}'", "är ändrad"),
        ("UPDATE revision SET value = null WHERE id = '{}'", "är ändrad"),  # erased are both, or it is no erasing
        ("UPDATE revision SET salt = null WHERE id = '{}'", "är ändrad"),
        ("UPDATE revision SET salt = null, value = null, hash = 'x' WHERE id = '{}'", "är ändrad"),
        (
            "UPDATE head SET revision = (SELECT min(id) FROM revision WHERE id != '{}'); DELETE FROM revision WHERE id = '{}'",
            "saknas",
        ),
    ],
)
def test_a_text_that_is_not_what_was_written_is_found(database: Database, change: str, told: str) -> None:
    draft, id = drafted(database), new_id()
    draft.write(draft.a, Operation(id, ANSWER, "met"))
    seal(database)
    do(database, *change.replace("{}", id).split("; "))
    [found] = wrong(database)
    assert re.fullmatch(rf"Texten i ändringen {id}, som händelse \d talar om, {told}.", found)


# ── As it is called ───────────────────────────────────────────────────────────────────────


def test_sealing_and_verifying_from_the_command_line(
    sealed: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SPORRA_DATABASE_URL", sealed.url)

    def called(*arguments: str) -> tuple[int, str]:
        status = main(("audit", *arguments))
        return status, capsys.readouterr().out

    happen(sealed, 3)
    status, told = called("seal")
    assert (status, told.splitlines()[0]) == (0, "Förseglat: 3 händelser.")
    noted = tmp_path / "noterat"
    noted.write_text(f"Det här antecknade vi:\n{told}")
    hash = told.split()[-1]
    assert called("seal") == (0, told.replace("3 händelser", "0 händelser"))
    happen(sealed, 1)
    counted = "Prövat: 15 händelser i 4 förseglingar, 0 texter varav 0 raderade. 1 händelse är inte förseglad än."
    assert called("verify", "--seals", str(noted)) == (
        0,
        f"{counted}\nAllt stämmer, också med 1 antecknad försegling.\n",
    )
    assert called("verify")[0] == called("verify", "--seal", hash)[0] == 0
    assert called("verify", "--seal", "0" * 64)[0] == 1
    do(sealed, "DELETE FROM event WHERE n = 3")
    status, told = called("verify")
    assert (status, kinds(told.splitlines())[0], told.splitlines()[-1]) == (
        1,
        "Händelse 3 saknas.",
        "1 sak stämmer inte.",
    )
    with pytest.raises(SystemExit) as left:
        called("verify", "--seal", "x")
    assert left.value.code == 2


def test_many_need_no_more_memory_than_few(database: Database) -> None:
    def peak() -> int:
        tracemalloc.start()
        try:
            assert wrong(database) == []
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    row = {"at": AT, "by": "x", "action": "a:b", "subject": "s", "details": {"of": "a" * 100}}
    peaks = []
    for count in (1_500, 8_500):
        with database.writing() as session:
            session.connection().execute(insert(Event), [row] * count)
        seal(database)
        peaks.append(peak())
    assert peaks[1] < peaks[0] * 1.5, peaks
