"""Statements that are run past SQLAlchemy: the same comes of them, and the same goes wrong."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

from app import db
from app.audit import SYSTEM, Event, history
from app.db import Database
from app.prepared import Prepared, listed
from app.writing.models import Subject
from tests.databases import PostgreSQL

ODD = ("", "Å", "it's", '"quoted"', "a\\b", "{1,2}", "%s %(a)s ?", "null", "\n")
NEW = Prepared(insert(Subject), "id", "kind", "seq", "erased", "held")
AMONG = Prepared(select(col(Subject.id)).where(col(Subject.id).in_(listed("ids"))).order_by(col(Subject.id)))


def a_subject(id: str) -> dict[str, object]:
    return {"id": id, "kind": "test", "seq": 0, "erased": 0, "held": 0}


def test_what_goes_in_comes_out_as_the_orm_has_it(database: Database) -> None:
    at, details = datetime(2026, 11, 22, 9, 30, 1, 123456, UTC), {"ids": ["å", "'"], "none": None, "n": 3}
    given = {"at": at, "by": SYSTEM, "action": "test:done", "subject": "s", "details": details}
    columns = ("at", "by", "action", "subject", "details")
    with database.writing() as session:
        assert Prepared(insert(Event), *columns).change(session.connection(), given) == 1
    asked = select(*(col(getattr(Event, name)) for name in columns)).where(col(Event.subject) == bindparam("about"))
    with database.reading() as session:
        [event] = history(session, "s")
        assert {name: getattr(event, name) for name in columns} == given
        [row] = Prepared(asked).rows(session.connection(), {"about": "s"})
        assert dict(zip(columns, row, strict=True)) == given


def test_a_change_tells_how_many_rows_it_was(database: Database) -> None:
    raised = Prepared(update(Subject).where(col(Subject.id) == bindparam("at")).values(seq=bindparam("now")))
    with database.writing() as session:
        NEW.change(session.connection(), a_subject("one"))
        told = [raised.change(session.connection(), {"at": id, "now": 7}) for id in ("one", "two")]
    assert told == [1, 0]


def test_a_value_that_is_forgotten_is_not_taken_as_nothing(database: Database) -> None:
    with database.writing() as session, pytest.raises(KeyError, match="kind"):
        NEW.change(session.connection(), {"id": "one", "seq": 0, "erased": 0, "held": 0})


def test_a_list_is_one_parameter_whatever_is_in_it(database: Database) -> None:
    with database.writing() as session:
        for each in ODD:
            NEW.change(session.connection(), a_subject(each))
        for asked in ([], ["Å"], list(ODD), ["not there", "it's"]):
            found = [id for (id,) in AMONG.rows(session.connection(), {"ids": asked})]
            assert sorted(found) == sorted(set(asked) & set(ODD))


def test_what_the_database_refuses_is_told_as_ever_and_without_what_was_written(database: Database) -> None:
    def twice() -> None:
        with database.writing() as session:
            for _ in range(2):
                NEW.change(session.connection(), a_subject("hemligt"))

    with pytest.raises(IntegrityError) as refused:
        twice()
    assert "hemligt" not in str(refused.value).replace(str(refused.value.orig), "")
    with database.reading() as session:
        assert AMONG.rows(session.connection(), {"ids": ["hemligt"]}) == []


@pytest.fixture
def on_postgresql(postgresql: PostgreSQL) -> Iterator[Database]:
    """Whose connections can be lost; nobody stands between SQLite and its file."""
    database = Database(postgresql.migrated())
    yield database
    database.close()
    postgresql.drop(database.url)


def lose_all_connections(database: Database) -> None:
    other = Database(database.url)
    with other.glancing() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.close()


def kept(database: Database, *ids: str) -> Sequence[str]:
    with database.glancing() as connection:
        return [id for (id,) in AMONG.rows(connection, {"ids": ids})]


def test_a_connection_that_is_lost_is_told_and_another_taken(on_postgresql: Database) -> None:
    def lost_between() -> None:
        with on_postgresql.writing() as session:
            NEW.change(session.connection(), a_subject("one"))
            lose_all_connections(on_postgresql)
            NEW.change(session.connection(), a_subject("two"))

    with pytest.raises(OperationalError):
        lost_between()
    assert kept(on_postgresql, "one", "two") == []
    with on_postgresql.writing() as session:
        NEW.change(session.connection(), a_subject("three"))
    assert kept(on_postgresql, "three") == ["three"]


def test_a_connection_that_is_lost_while_it_rests_costs_nobody_anything(
    on_postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "REST", -1)
    assert kept(on_postgresql, "one") == []
    lose_all_connections(on_postgresql)
    with on_postgresql.writing() as session:
        NEW.change(session.connection(), a_subject("one"))
    assert kept(on_postgresql, "one") == ["one"]
