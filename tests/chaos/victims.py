"""What is killed, and started again: the server as the product starts it, and a PostgreSQL that keeps its promises.

The throw-away PostgreSQL of the other tests promises nothing (fsync off), so here is one with a production's settings.
"""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.databases import not_as_root
from tests.serving import answer, call, environment, free_port
from tests.tools import postgres_binaries

PATIENCE = 30.0  # seconds, for a database to mend itself


class Server:
    """`sporra serve`, on a port that it keeps."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.port = folder, url, free_port()

    def start(self) -> None:
        with (self.folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                call("serve", "--port", str(self.port)),
                cwd=self.folder,
                env=environment(SPORRA_DATABASE_URL=self.url),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.ready()

    def ready(self) -> None:
        answer(f"http://127.0.0.1:{self.port}/redo", PATIENCE)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def complaints(self) -> str:
        """What it has written down last."""
        return (self.folder / "server.log").read_text()[-2_000:]


class Cluster:
    """A PostgreSQL of its own with fsync and synchronous_commit on, on a socket in its folder."""

    _SETTINGS = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "listen_addresses=")

    def __init__(self, folder: Path) -> None:
        self.folder, self._as_somebody, self._binaries = folder, not_as_root(folder), postgres_binaries()
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8").wait()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        settings = [part for each in self._SETTINGS for part in ("-c", each)]
        self._process = self._run("postgres", "-k", str(self.folder), *settings)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return psycopg.connect(f"host={self.folder} user=postgres dbname=postgres").close()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def kill(self) -> None:
        """All of it at once: the postmaster first, so that it does not mend what its children leave behind."""
        if self._process.poll() is not None:
            return
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self._process.kill()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        self._process.wait()

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[Any]":
        with (self.folder / "database.log").open("a") as log:
            line = [self._binaries / program, "-D", self.folder / "data", *arguments]
            return subprocess.Popen(line, cwd=self.folder, stdout=log, stderr=log, **self._as_somebody)
