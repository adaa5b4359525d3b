"""Calling the server as a device does: over HTTP to a process of its own, on a connection that stays open."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.serving import answer, free_port, running


@contextmanager
def served(folder: Path, url: str) -> Iterator[int]:
    """`sporra serve` on the database. Gives its port."""
    port = free_port()
    with running("serve", "--port", str(port), folder=folder, SPORRA_DATABASE_URL=url):
        answer(f"http://127.0.0.1:{port}/halsa")
        yield port


class Connection:
    def __init__(self, port: int, cookie: str = "") -> None:
        self._http = HTTPConnection("127.0.0.1", port)
        self._headers = {"cookie": cookie, "content-type": "application/json", "accept-encoding": "gzip, br"}

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        self._http.request("POST", path, json.dumps(body), self._headers)
        got = self._http.getresponse()
        content = got.read()
        assert got.status == 200, (got.status, content)
        return json.loads(content)
