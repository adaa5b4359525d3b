"""The server, from a free port to Ctrl-C."""

import errno
import ipaddress
import logging
import os
import socket
import sys
from datetime import timedelta

import uvicorn
from starlette.types import ASGIApp

from app import audit
from app.cli.tls import Certificate
from app.cli.wire import Guarded
from app.config import DEFAULT_PORT, Settings
from app.errors import Refusal
from app.main import create_app
from app.web.swedish import day

LOOPBACK = "127.0.0.1"
GRACE = 5  # seconds that those who are being answered get when the server stops
SOON = timedelta(days=21)  # before a certificate ends, whoever starts the server is told
LINE = {"fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"}

IN_CLEAR = (
    "Andra datorer når servern, men utan kryptering: lösenord går i klartext, och plattor kan inte arbeta utan nät. "
    "Ge servern ett certifikat med --cert och --key, eller ställ en webbserver med TLS framför. README säger hur."
)


def bound(host: str, port: int) -> socket.socket:
    """The port, taken. Raises a Refusal where it cannot be."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(place[:2], family=family)
    except OSError as error:
        raise Refusal(_why_not(error, host, port)) from None
    # An answer goes out in two parts, head and body: by default the second would wait some 40 ms for a sign from the
    # other end that the first has come. asyncio sets this by itself, but not on a socket that it was given.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _why_not(error: OSError, host: str, port: int) -> str:
    match error:
        case OSError(errno=errno.EADDRINUSE):
            return f"Porten {port} används redan. Stäng det som använder den, eller välj en annan med PORT={port ^ 1}."
        case PermissionError():
            return f"Porten {port} får bara öppnas av den som styr datorn. Välj en högre, som PORT={DEFAULT_PORT}."
        case socket.gaierror() | OSError(errno=errno.EADDRNOTAVAIL):
            return f"Adressen {host} är inte den här datorns. Ange en som är det, som --host {LOOPBACK}."
        case _:
            return f"Porten {port} på {host} går inte att öppna. Kontrollera adressen och porten."


def address(listening: socket.socket, certificate: Certificate | None = None) -> str:
    """What to write in a browser."""
    host, port = listening.getsockname()[:2]
    ip = ipaddress.ip_address(host)
    if certificate:
        exact = [name for name in certificate.names if "*" not in name]
        return f"https://{exact[0] if exact else host}:{port}"
    if ip.is_loopback or ip.is_unspecified:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ip.version == 6 else f"http://{host}:{port}"


def serve(settings: Settings, listening: socket.socket, certificate: Certificate | None = None) -> None:
    """Answers until it is told to stop."""
    logging.basicConfig(format=LINE["fmt"], datefmt=LINE["datefmt"], level=logging.WARNING)
    config = configured(create_app(settings, working=True), certificate)
    if told := _worth_knowing(listening, certificate):
        print(told, file=sys.stderr)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        print("Sporra är stoppad.")


def configured(app: ASGIApp, certificate: Certificate | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Guarded,
        log_config=None,
        access_log=False,  # addresses may hold secrets
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=certificate.cert if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )


def _worth_knowing(listening: socket.socket, certificate: Certificate | None) -> str:
    if certificate:
        ends = certificate.until - audit.now() < SOON
        return (
            f"{certificate.cert} gäller bara till {day(certificate.until)}. Skaffa ett nytt innan dess." if ends else ""
        )
    behind_proxy = "FORWARDED_ALLOW_IPS" in os.environ  # on another machine, and TLS ends there
    return "" if behind_proxy or ipaddress.ip_address(listening.getsockname()[0]).is_loopback else IN_CLEAR
