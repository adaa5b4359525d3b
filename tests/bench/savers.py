"""Many who save at once: so many inspectors, in pairs on an inspection each, that save once a second each for a while.

A save is counted from when it was due, so one that had to wait for the one before is as late as it is to its writer.
480 are all the inspectors that Sweden has.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.accounts import sessions
from app.ids import new_id
from tests.bench.http import served
from tests.bench.rows import Row, row
from tests.bench.worlds import a_world
from tests.factories import Drafted, an_inspection, an_inspector

SECONDS = 20
TEXT = "Handledningen fungerar väl och sker enligt schema, men tiden för den är inte alltid skyddad. "


def rows() -> Iterator[Row]:
    for count in (200, 480):
        with tempfile.TemporaryDirectory(prefix="sporra-bench-") as name:
            world = a_world(Path(name) / "savers.db", 1)
            savers = _savers(world, count)
            with served(Path(name), world.database.url) as port:
                asyncio.run(_all(savers, port))
        yield row(f"savers {count}", [each for saver in savers for each in saver.times])
        yield Row(f"savers {count} errors", "", sum(saver.errors for saver in savers))


@dataclass
class Saver:
    """One inspector at one device, who types on in a text of her own, on a connection that stays open."""

    cookie: str
    inspection: str
    field: str
    times: list[float] = field(default_factory=list)  # ms
    errors: int = 0
    parent: str | None = None

    async def work(self, port: int, begins: float) -> None:
        loop = asyncio.get_running_loop()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for second in range(SECONDS):
            due = begins + second
            await asyncio.sleep(max(0.0, due - loop.time()))
            await self._save(reader, writer, second)
            self.times.append((loop.time() - due) * 1000)
        writer.close()

    async def _save(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, second: int) -> None:
        id = new_id()
        operation = {"id": id, "field": self.field, "value": TEXT * (second + 1), "parent": self.parent, "format": 1}
        body = json.dumps({"operations": [operation]}).encode()
        head = (
            f"POST /api/inspections/{self.inspection}/operations HTTP/1.1\r\nhost: localhost\r\ncookie: {self.cookie}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answered = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answered.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        content = await reader.readexactly(length)
        if answered.startswith(b"http/1.1 200") and json.loads(content)[0]["outcome"] == "head":
            self.parent = id
        else:
            self.errors += 1


async def _all(savers: list[Saver], port: int) -> None:
    """Spread over the second, as people are."""
    begins = asyncio.get_running_loop().time() + 1
    await asyncio.gather(*(saver.work(port, begins + i / len(savers)) for i, saver in enumerate(savers)))


def _savers(world: Drafted, count: int) -> list[Saver]:
    made = []
    with world.database.writing() as session:
        for _ in range(count // 2):
            two = [an_inspector(session, world.place, name) for name in ("Alva Exempel", "Nils Påhitt")]
            id = an_inspection(session, world.place, world.office, *two)
            for person, area in zip(two, "AB", strict=True):
                cookie = f"sporra={sessions.start(session, person.id)}"
                made.append(Saver(cookie, id, f"area/{area}/narrative"))
    return made
