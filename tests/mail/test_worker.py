"""`sporra worker` as processes of their own: killed with a letter in its hands, and followed by two others."""

import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGTERM
from threading import Event

import pytest
from sqlmodel import update

from app import audit
from app.db import Database
from app.jobs import Turn
from app.mail.models import Mail
from tests.mail.servers import PUBLIC, SENDER, Inbox, answering
from tests.mail.test_sending import invites, waiting
from tests.serving import free_port, running

WORKS = "Sporra arbetar tills du trycker Ctrl-C.\n"


class Slow(Inbox):
    """Takes a letter in its hands, and answers for it when nobody waits any more."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.left = Event(), Event()

    async def handle_RCPT(self, *asked: object) -> str:  # noqa: ARG002, N802
        self.asked.set()
        self.left.wait(20)
        return "451 Later"


def wait_until(holds: Callable[[], bool]) -> None:
    patience = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < patience
        time.sleep(0.05)


def as_if_time_had_gone(database: Database) -> None:
    with database.writing() as session:
        session.exec(update(Mail).values(due=audit.now()))
        session.exec(update(Turn).values(due=audit.now()))


def test_a_worker_that_is_killed_is_followed_by_two_who_send_each_letter_once(
    database: Database, tmp_path: Path
) -> None:
    port, slow, inbox = free_port(), Slow(), Inbox()
    said = {"SPORRA_DATABASE_URL": database.url, "SPORRA_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    said |= {"SPORRA_MAIL_FROM": SENDER, "SPORRA_ADDRESS": PUBLIC}
    names = ("alva", "nils", "saga", "stina")
    invites(database, *names)
    with answering(slow, port), running("worker", folder=tmp_path, **said) as first:
        assert slow.asked.wait(60)
        first.kill()
        slow.left.set()
        first.communicate()
    assert sorted(row.tries for row in waiting(database)) == [0, 0, 0, 1]
    as_if_time_had_gone(database)
    with (
        answering(inbox, port),
        running("worker", folder=tmp_path, **said) as a,
        running("worker", folder=tmp_path, **said) as b,
    ):
        assert [each.stdout and each.stdout.readline() for each in (a, b)] == [WORKS, WORKS]
        a.send_signal(SIGTERM)  # as a service is stopped: it ends calmly, and the other goes on
        wait_until(lambda: len(inbox.got) == len(names) and not waiting(database))
    assert inbox.to == [f"{name}@exempel.se" for name in names]
    for each in (a, b):
        assert each.communicate() == ("Sporra är stoppad.\n", "")


def test_a_worker_without_its_settings_says_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli import main

    monkeypatch.setenv("SPORRA_SMTP_URL", "smtp://h")
    monkeypatch.setenv("SPORRA_ADDRESS", "https://sporra.example")
    monkeypatch.delenv("SPORRA_MAIL_FROM", raising=False)
    assert main(["worker"]) == 1
    assert capsys.readouterr().err.startswith("SPORRA_MAIL_FROM: ange adressen")
