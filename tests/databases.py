"""The databases that tests run on: real ones, made for this run and thrown away with it.

One PostgreSQL is started per run, from Debian's binaries, on a socket in a folder of its own. Each kind is
migrated once, into an original; a test gets a copy of it (a file copied, or CREATE DATABASE … TEMPLATE),
so that no test sees what another has written and nobody has to clean up.

They lie in memory where there is room: on a busy disk a copy in PostgreSQL was measured at 300 ms, in memory
at 20. Nothing here survives a power cut, so nothing here can test that something does.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

from app.migrations import upgrade
from tests.tools import postgres_binaries

_SETTINGS = {
    "listen_addresses": "''",  # no port that could be taken: the socket alone
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "64MB",  # every copy writes 8 MB of log; the default would keep a gigabyte of it
    "max_connections": "200",  # pools that nobody has closed yet
}
_ROOM = 1_000_000_000  # bytes; a container's 64 MB would run full


class Kind(Protocol):
    """One of the two databases. A URL is handed out once; `drop` takes it back."""

    def fresh(self) -> str: ...

    def migrated(self) -> str: ...

    def drop(self, url: str) -> None: ...


class SQLite:
    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0
        self._original = folder / "original.db"
        upgrade(f"sqlite:///{self._original}")

    def fresh(self) -> str:
        return f"sqlite:///{self._next()}"

    def migrated(self) -> str:
        return f"sqlite:///{shutil.copy(self._original, self._next())}"

    def drop(self, url: str) -> None:
        for file in self._folder.glob(Path(url).name + "*"):  # -wal and -shm beside it
            file.unlink()

    def _next(self) -> Path:
        self._made += 1
        return self._folder / f"{self._made}.db"


class PostgreSQL:
    def __init__(self, socket: Path) -> None:
        self._socket, self._made = socket, 0
        self._admin = psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True)
        upgrade(self._create("original", "template0"))

    def fresh(self) -> str:
        return self._create(self._next(), "template0")

    def migrated(self) -> str:
        return self._create(self._next(), "original")

    def drop(self, url: str) -> None:
        self._admin.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        self._admin.close()

    def _next(self) -> str:
        self._made += 1
        return f"test_{self._made}"

    def _create(self, name: str, template: str) -> str:
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql+psycopg://postgres@/{name}?host={self._socket}"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory where there is room, else on disk; short, since a socket's path holds 107 characters."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder that is ours alone
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    with tempfile.TemporaryDirectory(prefix="sporra-", dir=memory if roomy else None) as folder:
        yield Path(folder)


@contextmanager
def running_postgres(folder: Path) -> Iterator[Path]:
    """A PostgreSQL of its own, as long as this lasts. Gives the folder that its socket is in."""
    binaries = postgres_binaries()
    as_somebody = not_as_root(folder)

    def run(program: str, *arguments: str) -> None:
        call = [binaries / program, "-D", folder / "data", *arguments]
        subprocess.run(call, check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_somebody)

    try:
        run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        run("pg_ctl", "--wait", "--log", f"{folder}/log", "--options", f"-k {folder} {options}", "start")
        yield folder
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run("pg_ctl", "--mode=immediate", "stop")


def not_as_root(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so as root it runs as Debian's `postgres`, who then owns the folder."""
    if os.geteuid() != 0:
        return {}
    postgres = pwd.getpwnam("postgres")
    os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    return {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
