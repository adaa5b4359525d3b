"""`sporra` as a process of its own, for what only a process can show: ports, signals, how long a start takes."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.paths import ROOT

SECRET = "a1b2c3d4e5f60718293a4b5c6d7e8f90"  # strong, as far as the web can see


def environment(**more: str) -> dict[str, str]:
    """Nothing of the machine's own settings but the PATH."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SPORRA_SECRET": SECRET, **more}


def call(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", *arguments]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def answer(url: str, patience: float = 20, trusting: ssl.SSLContext | None = None) -> bytes:
    """The first answer, waited for. `trusting`: for https, which certificate to believe."""
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, context=trusting) as answered:  # noqa: S310 - our own address
                body: bytes = answered.read()
                return body
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.005)


@contextmanager
def running(*arguments: str, folder: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is stopped by Ctrl-C at the end."""
    process = subprocess.Popen(
        call(*arguments),
        cwd=folder,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
