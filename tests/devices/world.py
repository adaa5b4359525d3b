"""What stands around the devices: the page that they run in, and the server with the net on the way to it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import event

from app import keep
from app.accounts import sessions
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections import actions, queries
from app.inspections.models import InspectionRow
from app.writing.desk import Operation
from tests.clients import a_client
from tests.factories import Drafted, an_inspection, drafted

Json = dict[str, Any]


@dataclass(frozen=True)
class Mail:
    """A request that has left a tab, and waits to be told what becomes of it."""

    id: int
    tab: str
    method: str
    url: str
    headers: dict[str, str]
    body: str | None

    @property
    def operations(self) -> list[Json]:
        found: list[Json] = json.loads(self.body)["operations"] if self.body else []
        return found


@dataclass(frozen=True)
class Answered:
    status: int
    body: str

    @property
    def outcomes(self) -> list[Json]:
        found: list[Json] = json.loads(self.body) if self.status == 200 and self.body.startswith("[") else []
        return found


# What a net answers by itself: a hotel's page for signing in, with whatever status it likes, and a proxy without a server.
PORTALS = (
    Answered(200, "<!doctype html><title>Välkommen till hotellet</title>"),
    Answered(404, "<!doctype html><title>Not found</title>"),
    Answered(502, "<html>Bad gateway</html>"),
    Answered(200, '{"wifi": "accept the terms"}'),
    Answered(200, "[]"),
    Answered(401, '{"error": "wifi"}'),
    Answered(404, '{"error": "wifi"}'),
)


class Lab:
    """The page. Texts go there and back as ASCII: half an emoji does not survive the way by itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.mail: dict[int, Mail] = {}

    def __call__(self, act: str, **about: Any) -> Json:
        told: Json = json.loads(self.page.evaluate("asked => lab(asked)", json.dumps({"act": act, **about})))
        for each in told.pop("requests"):
            self.mail[each["id"]] = Mail(**each)
        return told

    def answer(self, mail: Mail, answer: Answered | None) -> Json:
        del self.mail[mail.id]
        return self("answer", id=mail.id, answer=answer and {"status": answer.status, "body": answer.body})

    def forget(self, names: Sequence[str]) -> None:
        self("forget", names=names)
        self.mail.clear()


class Died(Exception):
    """The server's process is gone before it has committed."""


class World:
    """The application on a database, with two inspectors who have signed in."""

    def __init__(self, url: str) -> None:
        self.url, self.database = url, Database(url)
        self._client = a_client(url)

    def __enter__(self) -> "World":
        self._client.__enter__()
        self.start = drafted(self.database)
        self._sign_in()
        return self

    def _sign_in(self) -> None:
        with self.database.writing() as session:
            people = (self.start.a, self.start.b)
            self.cookies = {each.id: f"__Host-sporra={sessions.start(session, each.id)}" for each in people}

    def __exit__(self, *about: object) -> None:
        self._client.__exit__()
        self.database.close()

    def draft(self) -> Drafted:
        with self.database.writing() as session:
            start = self.start
            return replace(start, id=an_inspection(session, start.place, start.office, start.a, start.b))

    def take(self, mail: Mail, person: str | None) -> Answered:
        """The request arrives, from somebody who has signed in or from nobody."""
        headers = mail.headers | ({"cookie": self.cookies[person]} if person else {})
        return self._asked(mail.method, mail.url, headers, mail.body)

    def image(self, draft: Drafted, by: Viewer) -> Json:
        """What the server says stands."""
        said: Json = json.loads(
            self._asked("GET", f"/api/inspections/{draft.id}/image", {"cookie": self.cookies[by.id]}).body
        )
        return said

    def _asked(self, method: str, url: str, headers: dict[str, str], body: str | None = None) -> Answered:
        answer = self._client.request(method, url, headers=headers, content=body and body.encode())
        return Answered(answer.status_code, answer.text)

    @contextmanager
    def dying(self) -> Iterator[None]:
        """The server dies before it commits, and is started again."""
        database: Database = self._client.app.state.database  # type: ignore[attr-defined]

        def die(_: object) -> None:
            raise Died

        event.listen(database._writer, "commit", die)
        try:
            yield
        finally:
            event.remove(database._writer, "commit", die)
            database.close()  # connections are made anew

    @contextmanager
    def put_back(self, folder: Path) -> Iterator[None]:
        """A backup is made, and after what happens meanwhile it is put back."""
        keep.backup(self.url, folder / "copy")
        yield
        keep.restore(self.url, folder / "copy")
        self._sign_in()  # nobody is, in a restored database

    # ── What others do meanwhile ──

    def staff(self, draft: Drafted, *people: Viewer) -> None:
        with self.database.writing() as session:
            actions.staff(session, by=draft.office, inspection=draft.id, inspectors=[each.id for each in people])

    def turn(self, draft: Drafted) -> None:
        """The inspectors answer alone from now on, or no longer."""
        with self.database.writing() as session:
            value = None if queries.find(session, draft.id).row.apart else "1"
            [answer] = actions.write(
                session, by=draft.office, inspection=draft.id, operations=[Operation(new_id(), "front/apart", value)]
            )
            assert answer.outcome == "head"

    def apart(self, draft: Drafted) -> bool:
        with self.database.reading() as session:
            return queries.find(session, draft.id).row.apart

    def sign(self, draft: Drafted) -> None:
        """As far as what is written afterwards can tell: a signature needs every answer, and makes files."""
        with self.database.writing() as session:
            session.get_one(InspectionRow, draft.id).state = "signed"

    def correct(self, draft: Drafted) -> None:
        with self.database.writing() as session:
            actions.correct(session, by=draft.office, inspection=draft.id, cause="Något var fel.")
