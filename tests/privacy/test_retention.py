"""What has run out goes when its time has come, and nothing before that."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app import audit
from app.accounts import sessions
from app.accounts.actions import invite
from app.accounts.models import Invitation, SignIn
from app.audit import Event
from app.cli import main
from app.db import Database
from app.privacy.retention import keep_no_longer
from app.privacy.stored import TABLES
from tests.factories import drafted


def left(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        return len(session.exec(select(SignIn)).all()), len(session.exec(select(Invitation)).all())


@pytest.fixture
def signed_in(database: Database) -> Database:
    draft = drafted(database)
    with database.writing() as session:
        sessions.start(session, draft.a.id)
        invite(session, by=draft.office, person=draft.b.id)
    return database


def test_what_has_run_out_goes_thirty_days_later_and_that_is_an_event(signed_in: Database) -> None:
    begun = audit.now()
    assert keep_no_longer(signed_in, begun + timedelta(days=36)) == {}
    assert keep_no_longer(signed_in, begun + timedelta(days=38)) == {"invitation": 1}  # it lasts a week
    assert left(signed_in) == (1, 0)
    assert keep_no_longer(signed_in, begun + timedelta(days=121)) == {"sign_in": 1}
    assert left(signed_in) == (0, 0)
    assert keep_no_longer(signed_in, begun + timedelta(days=121)) == {}
    with signed_in.reading() as session:
        events = session.exec(select(Event).where(Event.action == "privacy:kept_no_longer").order_by("n")).all()
    told = [(each.by, each.subject, each.details) for each in events]
    assert told == [("system", "invitation", {"rows": 1}), ("system", "sign_in", {"rows": 1})]


def test_the_command_does_it_too(
    signed_in: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPORRA_DATABASE_URL", signed_in.url)
    with signed_in.writing() as session:
        session.exec(select(SignIn)).one().since -= timedelta(days=121)
        session.exec(select(Invitation)).one().ends -= timedelta(days=60)
    assert main(["erase", "--yes"]) == 0
    assert "2 utgångna" in capsys.readouterr().out
    assert left(signed_in) == (0, 0)


def test_what_the_page_says_of_days_is_what_is_done() -> None:
    assert {each.table: each.goes.days for each in TABLES if each.goes} == {
        "sign_in": 120,
        "invitation": 30,
        "api_token": 30,
    }
