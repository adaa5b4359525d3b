"""One database through its rounds: started, looked over, written in by many, killed."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event

from sqlalchemy import make_url
from sqlmodel import select

from app.accounts import sessions
from app.db import Database
from app.migrations import upgrade
from app.writing.fields import decoded
from app.writing.models import Revision
from tests.chaos.devices import Acknowledged, Device
from tests.chaos.victims import Cluster, Server
from tests.factories import an_inspection, drafted
from tests.writing import whole

INSPECTIONS = 6  # with two inspectors each, and a device each
LEAST, MOST = 40, 300  # operations acknowledged in a round before the blow falls


@dataclass
class Tried:
    """A database's rounds. `missing`: acknowledged, and after some start not kept as it was told."""

    name: str
    server: Server
    devices: list[Device]
    cluster: Cluster | None = None
    missing: set[str] = field(default_factory=set)

    @property
    def acknowledged(self) -> int:
        return sum(len(device.acknowledged) for device in self.devices)


@contextmanager
def on_sqlite(random: Random) -> Iterator[Tried]:
    """A file as the product makes it, on the disk where temporary files lie (TMPDIR)."""
    with tempfile.TemporaryDirectory(prefix="sporra-chaos-") as name:
        yield _begun("sqlite", Path(name), f"sqlite:///{name}/chaos.db", random)


@contextmanager
def on_postgresql(random: Random) -> Iterator[Tried]:
    with tempfile.TemporaryDirectory(prefix="sporra-chaos-") as name, tempfile.TemporaryDirectory(prefix="pg-") as data:
        cluster = Cluster(Path(data))
        cluster.start()
        try:
            tried = _begun("postgresql", Path(name), cluster.url, random)
            tried.cluster = cluster
            yield tried
        finally:
            cluster.kill()


def _begun(name: str, folder: Path, url: str, random: Random) -> Tried:
    upgrade(url)
    server, devices = Server(folder, url), []
    with closing(Database(url)) as database:
        draft = drafted(database)
        with database.writing() as session:
            for _ in range(INSPECTIONS):
                id = an_inspection(session, draft.place, draft.office, draft.a, draft.b)
                for person, own in ((draft.a.id, "area/A/narrative"), (draft.b.id, "area/B/narrative")):
                    cookie = f"sporra={sessions.start(session, person)}"
                    devices.append(Device(server.port, id, person, cookie, own, seed=random.random()))
    return Tried(name, server, devices)


def play(tried: Tried, rounds: int, random: Random) -> None:
    """Each round begins with a look at what is there; a last one follows after them all."""
    tried.server.start()
    try:
        for number in range(rounds):
            blow = _blow(tried, number)
            look_over(tried)
            before = tried.acknowledged
            _write_until(tried, before + random.randrange(LEAST, MOST), blow)
            _up_again(tried, blow)
            told = f"{tried.name:<10} {number + 1:>3}  killed {' and '.join(blow):<19}"
            print(f"{told} acknowledged {tried.acknowledged - before:>4}", flush=True)
        look_over(tried)
    except Exception as error:
        error.add_note(tried.server.complaints())
        raise
    finally:
        tried.server.kill()


def _blow(tried: Tried, number: int) -> Sequence[str]:
    """Who is killed in this round."""
    kinds = (("server",), ("server", "database"), ("database",)) if tried.cluster else (("server",),)
    return kinds[number % len(kinds)]


def _write_until(tried: Tried, count: int, blow: Sequence[str]) -> None:
    """All devices write at once; the blow falls while they do."""
    enough = Event()
    with ThreadPoolExecutor(len(tried.devices)) as pool:
        writing = [pool.submit(device.write_until, enough) for device in tried.devices]
        try:
            while tried.acknowledged < count and not any(each.done() for each in writing):
                enough.wait(0.001)
            if "server" in blow:
                tried.server.kill()
            if tried.cluster and "database" in blow:
                tried.cluster.kill()
        finally:
            enough.set()
        for each in writing:
            each.result()


def _up_again(tried: Tried, blow: Sequence[str]) -> None:
    if tried.cluster and "database" in blow:
        tried.cluster.start()
    if "server" in blow:
        tried.server.start()
    else:
        tried.server.ready()


# ── What must be there ────────────────────────────────────────────────────────────────────


def look_over(tried: Tried) -> None:
    """Notes what is missing. Raises where the database contradicts itself."""
    url = tried.server.url
    if not tried.cluster:
        _is_sound(make_url(url).database or "")
    with closing(Database(url)) as database, database.reading() as session:
        kept = {each.id: each for each in session.exec(select(Revision))}
        for device in tried.devices:
            told = device.acknowledged
            tried.missing |= {each.op["id"] for each in told if not _is_kept(each, kept.get(each.op["id"]))}
            whole.check(session, device.inspection)


def _is_kept(told: Acknowledged, row: Revision | None) -> bool:
    """As it was sent, and with the outcome that was told."""
    if row is None:
        return False
    kept = (row.subject, row.by, row.field, decoded(row.value), row.parent, row.outcome, row.seq)
    sent = (told.op[name] for name in ("field", "value", "parent"))
    return kept == (told.inspection, told.by, *sent, told.outcome, told.seq)


def _is_sound(file: str) -> None:
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
