"""Reads of what is confidential, as events: what leaves as a file, and openings that were refused.

They are written when the answer has left, and nobody waits for it. A flood of them must not fill the database: the same
again within five minutes is not told again, and of one kind a person has at most 60 in that time. What is remembered
for that is bounded too.
"""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, MutableMapping
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import audit
from app.db import Database
from app.ids import is_id

log = logging.getLogger(__name__)

AGAIN = 300.0  # seconds
MOST_OF_ONE = 60
MOST_REMEMBERED = 10_000

# What an address hands out, by its pattern. Drafts, working material, and what leaves as a whole.
READS: Mapping[str, str] = {
    "/inspektioner/{inspection}/rapport/hamta/{format}": "inspection:draft_fetched",
    "/inspektioner/{inspection}/fil": "inspection:file_fetched",
    "/api/inspections/{inspection}": "inspection:file_fetched",
    "/inspektioner/{inspection}/program.docx": "inspection:program_fetched",
    "/inspektioner/{inspection}/program.ics": "inspection:program_fetched",
    "/inspektioner/{inspection}/underlag/{attachment}": "attachment:fetched",
    "/inspektioner/{inspection}/versioner/{number}/hamta/{format}": "inspection:version_fetched",
    "/inspektioner/{inspection}/handelser/csv": "inspection:events_fetched",
    "/planer/{plan}/hamta/{format}": "plan:draft_fetched",
    "/planer/{plan}/versioner/{number}/hamta/{format}": "plan:version_fetched",
    "/jamfor/hamta/xlsx": "comparison:fetched",
    "/jamfor/hamta/csv": "comparison:fetched",
    "/handelser/csv": "events:fetched",
    "/personer/lista/nu/{format}": "people:fetched",
    "/platser/lista/nu/{format}": "places:fetched",
}
REFUSED = "access:refused"
_TOLD = ("attachment", "format", "number")  # what an event says of the address, besides its subject


class Pace:
    """What was told lately. `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._told: OrderedDict[tuple[str, str, str], float] = OrderedDict()  # the oldest first
        self._of_one: Counter[tuple[str, str]] = Counter()

    def lets(self, by: str, action: str, what: str) -> bool:
        """Whether to tell it; counts it then."""
        now = self._clock()
        while self._told and (len(self._told) >= MOST_REMEMBERED or now - next(iter(self._told.values())) >= AGAIN):
            self._forget()
        if (by, action, what) in self._told or self._of_one[by, action] >= MOST_OF_ONE:
            return False
        self._told[by, action, what] = now
        self._of_one[by, action] += 1
        return True

    def _forget(self) -> None:
        (by, action, _), _ = self._told.popitem(last=False)
        self._of_one[by, action] -= 1
        if not self._of_one[by, action]:
            del self._of_one[by, action]


class Witness:
    """Stands around the whole application."""

    def __init__(self, app: ASGIApp, database: Database, pace: Pace | None = None) -> None:
        self.app, self._database, self._pace = app, database, pace or Pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self.app(scope, receive, watched)
        if scope["type"] == "http" and (event := _event(scope, status)):
            by, action, subject, details = event
            if self._pace.lets(by, action, f"{subject} {details.get('attachment', '')}"):
                await run_in_threadpool(self._record, by, action, subject, details)

    def _record(self, by: str, action: str, subject: str, details: Mapping[str, Any]) -> None:
        try:
            with self._database.writing() as session:
                audit.record(session, by=by, action=action, subject=subject, **details)
        except SQLAlchemyError:  # the answer has left: nobody is there to be told
            log.warning("an event of reading could not be written: %s", action)


def _event(scope: MutableMapping[str, Any], status: int) -> tuple[str, str, str, dict[str, Any]] | None:
    """Who, what kind, on what, and more of it; None where there is nothing to tell. Nothing in it is as somebody typed
    it in an address: it is there, or it is a pattern of ours."""
    state, path = scope.get("state", {}), getattr(scope.get("route"), "path", "")
    viewer, parts = state.get("viewer"), scope.get("path_params", {})
    subject = str(parts.get("inspection") or parts.get("plan") or "")
    if viewer and state.get("not_theirs"):
        return viewer.id, REFUSED, subject if is_id(subject) else "address", {"address": path, "does": scope["method"]}
    if viewer and status in (200, 206) and scope["method"] == "GET" and (action := READS.get(path)):
        details = {name: str(parts[name]) for name in _TOLD if name in parts}
        return viewer.id, action, subject or action.partition(":")[0], details
    return None
