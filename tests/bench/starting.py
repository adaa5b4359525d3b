"""The server, from nothing to its first answer."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from app.migrations import upgrade
from tests.bench.rows import Row
from tests.serving import answer, free_port, running

ROUNDS = 5


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/start.db"
        upgrade(url)
        _started(Path(folder), url)  # what Python compiles, it compiles once
        times = [_started(Path(folder), url) for _ in range(ROUNDS)]
    yield Row("start", "ms", median(times), max(times))


def _started(folder: Path, url: str) -> float:
    port = free_port()
    began = time.perf_counter()
    with running("serve", "--port", str(port), folder=folder, SPORRA_DATABASE_URL=url):
        answer(f"http://127.0.0.1:{port}/halsa")
        return (time.perf_counter() - began) * 1000
