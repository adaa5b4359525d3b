"""A mail server that answers on a port of this machine, and keeps what it was given."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller

from app.accounts.letters import letters
from app.config import MailServer, Settings
from app.db import Database
from app.mail.post import post
from app.mail.sending import send_due
from tests.serving import free_port

SENDER, PUBLIC = "sporra@regionen.example", "https://localhost"


@dataclass
class Inbox:
    """`says`: what the server answers for an address, instead of taking it."""

    says: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if said := self.says.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=SMTP)
        assert isinstance(message, EmailMessage)
        self.got += [(address, message) for address in envelope.rcpt_tos]
        return "250 OK"

    @property
    def to(self) -> list[str]:
        return sorted(address for address, _ in self.got)

    def text(self) -> str:
        """Of the only letter."""
        ((_, message),) = self.got
        return text_of(message)

    def link(self) -> str:
        """The one in that letter that lets somebody in, without its host."""
        [path] = re.findall(rf"{PUBLIC}(/valkommen/\S+)", self.text())
        return str(path)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


@contextmanager
def answering(inbox: Inbox, port: int, host: str = "127.0.0.1", **options: Any) -> Iterator[None]:
    server = Controller(inbox, hostname=host, port=port, **options)
    server.start()
    try:
        yield
    finally:
        server.stop()


@dataclass(frozen=True)
class Mailing:
    """Settings for a mail server that need not answer."""

    port: int = field(default_factory=free_port)
    server: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        server = MailServer(**{"host": "127.0.0.1", "port": self.port, "encrypted": False, **self.server})
        return {"mail_server": server, "mail_from": SENDER, "public": PUBLIC}

    def round(self, database: Database, inbox: Inbox | None = None) -> None:
        """One round of the sender; without an inbox the server is away."""
        made = Settings(database.url, **self.settings)
        if inbox is None:
            send_due(database, post(made), letters(made.address))
            return
        with answering(inbox, self.port):
            send_due(database, post(made), letters(made.address))
