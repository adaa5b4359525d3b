"""Handing mail in: always encrypted unless the server is on this very machine, and what each answer is told as."""

from email.message import EmailMessage
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from app import audit
from app.config import MailServer, Settings
from app.mail.letter import Letter, NoAddress, message
from app.mail.post import Away, ByServer, InFolder, Nowhere, Refused, post
from tests.mail.servers import SENDER, Inbox, answering
from tests.serving import free_port
from tests.test_tls import made

ELSEWHERE = "0.0.0.0"  # noqa: S104 - answers here, and is no address of this very machine


def a_letter(to: str = "alva@exempel.se", subject: str = "Hej") -> EmailMessage:
    return message(Letter(to, subject, "Hej Alva,", ("Ett brev.",)), sender=SENDER, id="1", at=audit.now())


def hand_in(port: int, host: str = "127.0.0.1", letter: EmailMessage | None = None, **server: Any) -> None:
    with ByServer(MailServer(host, port, **{"encrypted": False, **server}), SENDER).open() as send:
        send(letter or a_letter())


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[SSLContext, Path]:
    """What a server speaks TLS with, and the certificate to trust."""
    cert, key = made(tmp_path_factory.mktemp("tls"), names="DNS:localhost,IP:127.0.0.1,IP:0.0.0.0")
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


@pytest.mark.parametrize("encrypted", [False, True])
def test_only_a_server_that_can_be_trusted_is_spoken_to(
    tls: tuple[SSLContext, Path], monkeypatch: pytest.MonkeyPatch, *, encrypted: bool
) -> None:
    context, cert = tls
    how = {"ssl_context": context} if encrypted else {"tls_context": context, "require_starttls": True}
    inbox, port = Inbox(), free_port()
    with answering(inbox, port, **how):
        with pytest.raises(Away, match="insecure"):
            hand_in(port, encrypted=encrypted)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        hand_in(port, encrypted=encrypted)
    assert inbox.to == ["alva@exempel.se"]


def test_a_server_elsewhere_that_cannot_encrypt_gets_nothing() -> None:
    inbox, port = Inbox(), free_port()
    with answering(inbox, port, host=ELSEWHERE):
        with pytest.raises(Away, match="insecure"):
            hand_in(port, host=ELSEWHERE, user="u", password="p")
        hand_in(port)  # the same one, by the address that is this machine's own
    assert len(inbox.got) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_the_name_and_the_password_are_those_that_were_set() -> None:
    def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = (data.login, data.password) == (b"sporra", b"hemligt h")
        return AuthResult(success=right, handled=False)

    inbox, port = Inbox(), free_port()
    with answering(inbox, port, authenticator=knows, auth_require_tls=False, auth_required=True):
        with pytest.raises(Away, match="signing_in"):
            hand_in(port, user="sporra", password="hemligt d")
        with pytest.raises(Away, match="signing_in"):  # which the protocol has no form for
            hand_in(port, user="sporra", password="lösen")
        with pytest.raises(Away, match="sender"):  # it asks for a name, and none was set
            hand_in(port)
        hand_in(port, user="sporra", password="hemligt h")
    assert len(inbox.got) == 1


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [("550 No", Refused, "refused"), ("452 Full", Refused, "later"), ("421 Closing", Away, "away")],
)
def test_an_answer_is_told_by_a_word_and_never_by_itself(said: str, kind: type[Exception], told: str) -> None:
    port = free_port()
    with answering(Inbox({"alva@exempel.se": said}), port), pytest.raises(kind) as error:
        hand_in(port)
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("å@exempel.se", "å@exempel.se"),
        ("alva@räksmörgås.se", "alva@xn--rksmrgs-5wao1o.se"),
        ("a,b;<c>@exempel.se", '"a,b;<c>"@exempel.se'),
        ('a"\\b@exempel.se', '"a\\"\\\\b"@exempel.se'),
        ("a@b@exempel.se", '"a@b"@exempel.se'),
    ],
)
def test_an_odd_address_is_one_address(address: str, header: str) -> None:
    inbox, port = Inbox(), free_port()
    with answering(inbox, port):
        hand_in(port, letter=a_letter(address))
    ((to, got),) = inbox.got
    assert (to, got["To"], len(got["To"].addresses)) == (header, header, 1)


def test_a_server_that_knows_no_such_letters_cannot_be_sent_them() -> None:
    port = free_port()
    with answering(Inbox(), port, enable_SMTPUTF8=False), pytest.raises(Refused, match="address"):
        hand_in(port, letter=a_letter("å@exempel.se"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "a@",
        "@b.se",
        "a@b",
        "a b@c,d.se",
        "a\n@b.se",
        "a@b.se\r\nBcc: c@d.se",
        "a@[1.2.3.4]",
        "a@b..se",
        "a@" + "b" * 70 + ".se",
    ],
)
def test_what_is_no_address_is_no_header(address: str) -> None:
    with pytest.raises(NoAddress):
        a_letter(address)


def test_a_subject_is_one_line() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        a_letter(subject="Hej\r\nBcc: nils@exempel.se")


def test_without_a_server_letters_land_beside_the_demonstration_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = post(Settings("sqlite:///own.db"))
    assert isinstance(own, Nowhere)
    with pytest.raises(Away, match="nowhere"), own.open():
        pass
    demo = post(Settings())
    assert isinstance(demo, InFolder)
    with demo.open() as send:
        send(a_letter())
    [file] = Path("var/mail").iterdir()
    assert (file.suffix, file.stat().st_mode & 0o77, file.parent.stat().st_mode & 0o77) == (".eml", 0, 0)
    assert [each["Subject"] for each in demo.newest()] == ["Hej"]
    assert isinstance(post(Settings(mail_server=MailServer("localhost", 25, encrypted=False))), ByServer)
