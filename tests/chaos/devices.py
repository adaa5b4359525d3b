"""Many devices that write at once, each on a connection of its own, and remember what the server has answered.

A device keeps what was typed until its answer has come, and sends it again with the same ids: after a broken
connection, from a server that was killed, or where the database is away.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event
from typing import Any

from app.ids import new_id

MOST_WAITING = 40
MOST_FINDINGS = 100  # of a device: an inspection has room for 300
PAUSE = 0.02  # seconds, before a server that does not answer is asked again
SHARED = ("area/E/narrative", "criterion/E-F1/answer", "front/place")  # what both inspectors write in

Op = dict[str, Any]


@dataclass(frozen=True)
class Acknowledged:
    """An operation that the server has answered as kept, with what it said."""

    inspection: str
    by: str
    op: Op
    outcome: str
    seq: int


@dataclass
class Device:
    port: int
    inspection: str
    person: str
    cookie: str
    own: str  # the field that nobody else writes in
    seed: float
    waiting: list[Op] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    saw: dict[str, str] = field(default_factory=dict)  # field → the operation whose text is on the screen
    findings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - what is typed is no secret

    def write_until(self, enough: Event) -> None:
        http = HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not enough.is_set():
            if len(self.waiting) < MOST_WAITING:
                self.waiting += self._typed()
            try:
                if not self._sent(http):
                    enough.wait(PAUSE)
            except (OSError, HTTPException):  # killed, perhaps in the middle of an answer
                http.close()
                enough.wait(PAUSE)
        http.close()

    def _sent(self, http: HTTPConnection) -> bool:
        """All that waits, in its order. False where the server could not keep it and says so."""
        headers = {"cookie": self.cookie, "content-type": "application/json"}
        body = json.dumps({"operations": self.waiting})
        http.request("POST", f"/api/inspections/{self.inspection}/operations", body, headers)
        got = http.getresponse()
        content = got.read()
        if got.status == 503:
            return False
        assert got.status == 200, (got.status, content)
        self._answered(json.loads(content))
        return True

    def _answered(self, answers: Sequence[dict[str, Any]]) -> None:
        for op, answer in zip(self.waiting, answers, strict=True):
            assert answer["id"] == op["id"], answer
            assert answer["outcome"] in ("head", "sibling"), answer
            at = Acknowledged(self.inspection, self.person, op, answer["outcome"], answer["seq"])
            self.acknowledged.append(at)
        self.waiting = []

    # ── What is typed ─────────────────────────────────────────────────────────────────────

    def _typed(self) -> list[Op]:
        match self.random.randrange(4):
            case 0:
                return [self._op(self.own, self._text())]
            case 1:
                return [self._op(SHARED[0], self._text()), self._op(SHARED[2], self._text(20))]
            case 2:
                return [self._op(SHARED[1], self.random.choice(("met", "unmet", None)))]
            case _:
                return self._finding()

    def _finding(self) -> list[Op]:
        """A new one, or one of its own written anew."""
        if len(self.findings) == MOST_FINDINGS:
            return [self._op(f"finding/{self.random.choice(self.findings)}/text", self._text())]
        id = new_id()
        self.findings.append(id)
        values = {"text": self._text(), "kind": "strength", "area": "E", "criteria": ["E-F1"], "order": "a5"}
        return [self._op(f"finding/{id}/{name}", value) for name, value in values.items()]

    def _op(self, key: str, value: object) -> Op:
        op = {"id": new_id(), "field": key, "value": value, "parent": self.saw.get(key), "format": 1}
        self.saw[key] = op["id"]
        return op

    def _text(self, most: int = 1_000) -> str:
        return f"Handledning på blå mottagning {self.random.random()} ".ljust(self.random.randrange(60, 61 + most), "å")
