"""Whether a certificate can be served: readable, with its own key, in force today, and for the name that is asked for.

OpenSSL itself is asked, by a handshake with ourselves in memory, so that no rule of its own is written once more here.
What only a browser knows, whether it trusts whoever issued it, is not seen from here.
"""

import ipaddress
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.errors import Refusal
from app.web.swedish import day

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python has no name for
STEPS = 4  # of a handshake, at most
WEAK = re.compile("TOO_(SMALL|WEAK)")  # OpenSSL's reasons: a short key, or an old sort of signature
STRONG = "Skaffa ett med RSA 2048 eller mer, eller med P-256."


@dataclass(frozen=True)
class Certificate:
    cert: Path
    key: Path
    names: tuple[str, ...]  # what it holds for: host names and numbers
    until: datetime


def certificate(cert: Path | None, key: Path | None, host: str, now: datetime) -> Certificate | None:
    """None where none is given. Raises a Refusal where it cannot be served to who asks for this host."""
    if not cert and not key:
        return None
    if not cert or not key:
        raise Refusal(
            "Ange både certifikatet och dess nyckel: --cert och --key, eller SPORRA_TLS_CERT och SPORRA_TLS_KEY."
        )
    server = _server(cert, key)
    told = _shown_to_a_browser(server, cert)
    since, until = (_moment(told[each]) for each in ("notBefore", "notAfter"))
    names = tuple(name for kind, name in told.get("subjectAltName", ()) if kind in ("DNS", "IP Address"))
    if not names:
        raise Refusal(
            f"{cert} säger inte vilken adress det gäller (subjectAltName), och då godtar ingen webbläsare det."
        )
    if until <= now:
        raise Refusal(f"{cert} slutade gälla {day(until)}. Skaffa ett nytt.")
    if since > now:
        raise Refusal(f"{cert} börjar gälla först {day(since)}. Kontrollera datorns klocka.")
    if _is_one(host) and not _holds_for(server, cert, host):
        raise Refusal(f"{cert} gäller {', '.join(names)}, men inte {host}. Skaffa ett som gör det.")
    return Certificate(cert, key, names, until)


def _server(cert: Path, key: Path) -> ssl.SSLContext:
    for path in (cert, key):
        _readable(path)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cert)
    except ssl.SSLError:
        raise Refusal(f"{cert} är inget certifikat. Det ska vara en fil som börjar med BEGIN CERTIFICATE.") from None
    try:
        made.load_cert_chain(cert, key, password="")  # else OpenSSL would ask for one on the terminal
    except ssl.SSLError as error:
        if WEAK.search(error.reason or ""):
            raise Refusal(f"{cert} har en nyckel som är för svag för att skydda något. {STRONG}") from None
        raise Refusal(f"{key} är inte nyckeln till {cert}, eller är skyddad med lösenord.") from None
    return made


def _readable(path: Path) -> None:
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, and is empty when it has been read
            raise Refusal(f"{path} är ingen vanlig fil. Spara certifikatet och nyckeln i var sin.")
        path.read_bytes()
    except OSError:
        raise Refusal(f"{path} går inte att läsa. Kontrollera namn och rättigheter.") from None


def _shown_to_a_browser(server: ssl.SSLContext, cert: Path) -> dict[str, Any]:
    """What it says of itself. Neither its names nor its days are looked at here, so what stops a browser is what the
    certificate is for, or how its key works."""
    try:
        return _handshake(server, cert, None)
    except ssl.SSLCertVerificationError:
        raise Refusal(f"{cert} är inte gjort för en webbplats. Skaffa ett som gäller servrar (serverAuth).") from None
    except ssl.SSLError:
        raise Refusal(f"{cert} har en sorts nyckel som webbläsare inte kan. {STRONG}") from None


def _handshake(server: ssl.SSLContext, cert: Path, host: str | None) -> dict[str, Any]:
    """What a client is told that trusts this very certificate. Raises where it does not hold for the host."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(NO_CHECK_TIME)
    client.load_verify_locations(cert)
    client.check_hostname = host is not None
    there, here = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(there, here, server_hostname=host)
    sides = (asking, server.wrap_bio(here, there, server_side=True))
    for _ in range(STEPS):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return dict(asking.getpeercert() or {})


def _holds_for(server: ssl.SSLContext, cert: Path, host: str) -> bool:
    try:
        _handshake(server, cert, host)
    except ssl.SSLCertVerificationError:
        return False
    return True


def _is_one(host: str) -> bool:
    """Whether it is what somebody would write in a browser: not every address, nor this very machine's."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host != "localhost"
    return not (ip.is_unspecified or ip.is_loopback)


def _moment(told: Any) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC)
