"""What a letter says, and how it becomes mail: the same words as text and as HTML, in mail's own form.

Nothing that people wrote can become a header: an address that is none is refused, and no name stands in one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlmodel import Session

from app.mail.models import Mail

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.I)


class NoAddress(ValueError):
    """Mail cannot be sent to this."""


@dataclass(frozen=True)
class Letter:
    """`link` is what to do and its address: the one thing in a letter that may be secret."""

    to: str
    subject: str
    greeting: str
    said: tuple[str, ...]
    link: tuple[str, str] | None = None
    then: tuple[str, ...] = ()  # after the link


@dataclass(frozen=True)
class Kind:
    """A sort of letter: how it is written, in the transaction that makes its link (None = it is no longer wanted), and
    for how long it is worth trying."""

    write: Callable[[Session, Mail], Letter | None]
    patience: timedelta


Kinds = Mapping[str, Kind]

# Mail programs know little CSS and no stylesheet: these templates carry their few looks in themselves, which our own
# pages may not. Hence an environment apart from theirs.
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "letters"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def message(letter: Letter, *, sender: str, id: str, at: datetime) -> EmailMessage:
    """Raises NoAddress."""
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))  # å goes through servers of any age
    made["From"] = Address("Sporra", addr_spec=sender)
    made["To"] = _address(letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"  # asks machines for no answer: "I am on holiday", say
    made["Content-Language"] = "sv"
    made.set_content(_templates.get_template("letter.txt").render(letter=letter))
    made.add_alternative(_templates.get_template("letter.html").render(letter=letter), subtype="html")
    return made


def _address(given: str) -> Address:
    """What may stand in a person's name for a mailbox goes in quotes; what may stand in no domain is refused."""
    name, _, domain = given.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        if not (name and name.isprintable() and _DOMAIN.fullmatch(domain)):
            raise NoAddress
        return Address(username=name, domain=domain)
    except ValueError:  # also of the encoding
        raise NoAddress from None
