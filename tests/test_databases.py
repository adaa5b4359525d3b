"""Whether tests are alone in their databases."""

import pytest
from sqlalchemy import inspect

from app.audit import SYSTEM, history, record
from app.db import Database


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_test_sees_what_another_has_written(database: Database, turn: str) -> None:
    with database.writing() as session:
        record(session, by=SYSTEM, action="test:written", subject="test", turn=turn)
    with database.reading() as session:
        assert [event.details for event in history(session, "test")] == [{"turn": turn}]


def test_a_fresh_database_has_no_tables(fresh_url: str) -> None:
    database = Database(fresh_url)
    with database.reading() as session:
        assert inspect(session.connection()).get_table_names() == []
    database.close()
