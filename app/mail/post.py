"""Where mail is handed in: a mail server, or in the demonstration a folder.

What goes wrong there is told by a word from a closed set, never by what the server said: that holds addresses.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

from app.config import MailServer, Settings
from app.whole_file import whole_file

PATIENCE = 30  # seconds for each answer of the mail server
FOLDERS_OWN = "sporra@localhost"
TROUBLES = {
    "nowhere": "Ingen e-postserver är inställd.",
    "away": "E-postservern svarar inte.",
    "insecure": "E-postservern kan inte nås krypterat, eller har ett certifikat som inte gäller.",
    "signing_in": "E-postservern tar inte emot namnet eller lösenordet.",
    "sender": "E-postservern tar inte emot avsändarens adress.",
    "later": "Mottagarens e-postserver ber oss försöka senare.",
    "refused": "Mottagarens e-postserver tar inte emot brev till adressen.",
    "address": "Adressen går inte att skicka till.",
    "broken": "Brevet gick inte att skriva. Felet står i loggen.",
}

Send = Callable[[EmailMessage], None]


class Away(Exception):
    """Nothing can be handed in now, whoever it is to."""


class Refused(Exception):
    """This one was not taken. `for_good`: nor will it be later."""

    def __init__(self, trouble: str, *, for_good: bool) -> None:
        super().__init__(trouble)
        self.for_good = for_good


class Post(Protocol):
    """`sends` = mail can be promised to people."""

    sends: bool
    sender: str

    def open(self) -> AbstractContextManager[Send]:
        """For a round of letters. Raises Away, and what it gives raises Away or Refused."""


def post(settings: Settings) -> "ByServer | InFolder | Nowhere":
    if settings.mail_server:
        return ByServer(settings.mail_server, settings.mail_from)
    return InFolder(settings.mail_folder) if settings.mail_folder else Nowhere()


class Nowhere:
    """What is put in the queue all the same (that a password was changed) is given up in its time."""

    sends, sender = False, ""

    @contextmanager
    def open(self) -> Iterator[Send]:
        raise Away("nowhere")
        yield


class ByServer:
    sends = True

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server, self.sender = server, sender

    @contextmanager
    def open(self) -> Iterator[Send]:
        smtp = self._connected()
        try:
            yield lambda message: self._hand_in(smtp, message)
        finally:
            try:
                smtp.quit()
            except (smtplib.SMTPException, OSError):
                smtp.close()

    def _connected(self) -> smtplib.SMTP:
        to, trust = self._server, ssl.create_default_context()
        smtp: smtplib.SMTP | None = None
        try:
            if to.encrypted:
                smtp = smtplib.SMTP_SSL(to.host, to.port, timeout=PATIENCE, context=trust)
            else:
                smtp = smtplib.SMTP(to.host, to.port, timeout=PATIENCE)
                smtp.ehlo_or_helo_if_needed()
                if smtp.has_extn("starttls"):
                    smtp.starttls(context=trust)
                elif not to.near:
                    raise Away("insecure")
            if to.user:
                smtp.login(to.user, to.password)
        except BaseException as error:
            if smtp:
                smtp.close()
            if isinstance(error, ssl.SSLError):
                raise Away("insecure") from None
            if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError | ValueError):
                raise Away("signing_in") from None
            if isinstance(error, smtplib.SMTPException | OSError):
                raise Away("away") from None
            raise
        return smtp

    def _hand_in(self, smtp: smtplib.SMTP, message: EmailMessage) -> None:
        to = message["To"].addresses[0].addr_spec
        try:
            smtp.send_message(message, self.sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            _refused(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPSenderRefused:
            raise Away("sender") from None
        except smtplib.SMTPNotSupportedError:  # å before the @, and a server that has not heard of it
            raise Refused("address", for_good=True) from None
        except smtplib.SMTPResponseException as error:
            _refused(error.smtp_code)
        except (smtplib.SMTPException, OSError):
            raise Away("away") from None


def _refused(code: int) -> None:
    if code == 421:  # the server is closing
        raise Away("away") from None
    for_good = code >= 500
    raise Refused("refused" if for_good else "later", for_good=for_good) from None


class InFolder:
    """A file for each letter, as mail programs open them."""

    sends = True

    def __init__(self, folder: Path) -> None:
        self._folder, self.sender = folder, FOLDERS_OWN

    @contextmanager
    def open(self) -> Iterator[Send]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield self._hand_in

    def _hand_in(self, message: EmailMessage) -> None:
        at = message["Date"].datetime
        name = f"{at:%Y%m%dT%H%M%S}-{message['Message-ID'].strip('<>').partition('@')[0]}.eml"
        with whole_file(self._folder / name, private=True) as file:
            file.write_bytes(message.as_bytes())

    def newest(self, most: int = 20) -> list[EmailMessage]:
        files = sorted(self._folder.glob("*.eml"), reverse=True)[:most]
        return [message_from_bytes(file.read_bytes(), policy=SMTP) for file in files]
