"""The server, from a free port to Ctrl-C."""

import errno
import ipaddress
import logging
import socket
import sys

import uvicorn

from app.config import DEFAULT_PORT, Settings
from app.errors import Refusal
from app.main import create_app

LOOPBACK = "127.0.0.1"
GRACE = 5  # seconds that those who are being answered get when the server stops


def bound(host: str, port: int) -> socket.socket:
    """The port, taken. Raises a Refusal where it cannot be."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(place[:2], family=family)
    except OSError as error:
        raise Refusal(_why_not(error, host, port)) from None


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


def address(listening: socket.socket) -> str:
    """What to write in a browser."""
    host, port = listening.getsockname()[:2]
    ip = ipaddress.ip_address(host)
    if ip.is_loopback or ip.is_unspecified:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ip.version == 6 else f"http://{host}:{port}"


def serve(settings: Settings, listening: socket.socket) -> None:
    """Answers until it is told to stop."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,  # addresses may hold secrets
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    if not ipaddress.ip_address(listening.getsockname()[0]).is_loopback:
        told = "Andra datorer når servern, men utan kryptering: lösenord går i klartext, och arbete utan nät går inte."
        print(f"{told} Ställ en webbserver med TLS framför.", file=sys.stderr)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        print("Sporra är stoppad.")
