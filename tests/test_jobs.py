"""Later work: each piece in its interval, by one process at a time, and one that fails harms no other."""

import os
from collections.abc import Callable
from datetime import timedelta
from signal import SIGINT
from threading import Barrier, Event, Thread, Timer

import pytest
from sqlmodel import select, update

from app import audit
from app.config import Settings
from app.db import Database
from app.jobs import LOOK_EVERY, Loop, Turn, Work, turn, turns
from app.main import create_app

DAY = timedelta(days=1)


def counting(counted: list[str], name: str) -> Work:
    return Work(name, DAY, lambda _: counted.append(name))


def fails(_: Database) -> None:
    raise RuntimeError("something is wrong")


def all_due(database: Database) -> None:
    with database.writing() as session:
        session.exec(update(Turn).values(due=audit.now()))


def test_a_piece_is_done_once_in_its_interval(database: Database) -> None:
    counted: list[str] = []
    works = [counting(counted, "a"), counting(counted, "b")]
    turn(database, works)
    turn(database, works)
    assert counted == ["a", "b"]
    all_due(database)
    turn(database, [*works, counting(counted, "c")])
    assert counted == ["a", "b", "a", "b", "c"]


def test_a_piece_that_fails_is_logged_and_told_of_and_harms_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    counted: list[str] = []
    turn(database, [Work("x", DAY, fails), counting(counted, "b")])
    assert counted == ["b"]
    assert "later work: x" in caplog.text
    assert "something is wrong" in caplog.text
    with database.reading() as session:
        first = turns(session)
    assert (first["x"].done, first["x"].broken is not None, first["b"].broken) == (None, True, None)
    all_due(database)
    turn(database, [Work("x", DAY, fails)])
    with database.reading() as session:
        assert turns(session)["x"].broken == first["x"].broken  # since when, not when last
    all_due(database)
    turn(database, [counting(counted, "x")])
    with database.reading() as session:
        mended = turns(session)["x"]
    assert (mended.broken, mended.done is not None) == (None, True)


def test_of_many_processes_one_takes_the_turn(database: Database) -> None:
    counted: list[str] = []
    works = [counting(counted, name) for name in "abc"]
    databases, start = [Database(database.url) for _ in range(4)], Barrier(4)

    def turns_at_once(own: Database) -> None:
        start.wait()
        turn(own, works)

    threads = [Thread(target=turns_at_once, args=(each,)) for each in databases]
    for thread in threads:
        thread.start()
    for thread, own in zip(threads, databases, strict=True):
        thread.join()
        own.close()
    assert sorted(counted) == ["a", "b", "c"]


def test_the_loop_goes_on_after_the_database_was_away_and_stops_when_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.jobs.LOOK_EVERY", LOOK_EVERY / 200)
    done = Event()
    away: list[Callable[[], None]] = [fail_once, fail_once]

    class Shaky(Database):
        def reading(self):  # type: ignore[no-untyped-def]
            if away:
                away.pop()()
            return super().reading()

    shaky = Shaky(database.url)
    loop = Loop(shaky, [Work("a", DAY, lambda _: done.set())])
    loop.start()
    assert done.wait(20)
    loop.stop()
    shaky.close()
    assert caplog.text.count("later work waits") == 1


def fail_once() -> None:
    raise ConnectionError


def test_a_worker_that_is_interrupted_waits_for_the_piece_in_its_hands(database: Database) -> None:
    begun, may_end, ended = Event(), Event(), Event()

    def slow(_: Database) -> None:
        begun.set()
        may_end.wait(20)
        ended.set()

    loop = Loop(database, [Work("a", DAY, slow)])
    loop.start()
    assert begun.wait(20)
    Timer(0.1, os.kill, [os.getpid(), SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        loop.wait()
    Timer(0.1, may_end.set).start()
    loop.stop()
    assert ended.is_set()


def test_an_application_works_only_where_it_is_asked_to(database: Database) -> None:
    from fastapi.testclient import TestClient

    for working in (False, True):
        with TestClient(create_app(Settings(database.url), working=working)):
            if working:
                wait_for(database)
        with database.reading() as session:
            assert bool(session.exec(select(Turn)).all()) is working


def wait_for(database: Database) -> None:
    done = Event()
    while not done.wait(0.05):
        with database.reading() as session:
            if turns(session):
                done.set()
