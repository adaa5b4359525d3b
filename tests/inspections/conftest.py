"""`visit`: an inspection and its people at their browsers, one for each test, on an application that a module shares."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections import signing
from app.writing import said
from app.writing.desk import Operation
from app.writing.models import Revision
from tests.clients import a_client
from tests.databases import Kind
from tests.factories import RUBRIC, Drafted, an_inspection, drafted
from tests.forms import Page, Person, at_a_browser

SECRET = "Bara för inspektörerna"


@dataclass(frozen=True)
class Visit(Drafted):
    client: TestClient

    @property
    def url(self) -> str:
        return f"/inspektioner/{self.id}"

    def browser(self, viewer: Viewer) -> Person:
        return at_a_browser(self.client, self.database, viewer)

    def open(self, viewer: Viewer, page: str = "") -> Page:
        return self.browser(viewer).open(f"{self.url}{page}")

    def revisions(self, field: str = "") -> list[Revision]:
        """Every operation, or every one on a field, in order."""
        with self.database.reading() as session:
            query = select(Revision).where(Revision.subject == self.id).order_by(col(Revision.seq))
            return [each for each in session.exec(query) if field in ("", each.field)]

    def stands(self, field: str) -> object:
        with self.database.reading() as session:
            head = said.heads(session, self.id).get(field)
            return head.value if head else None

    def put(self, field: str, value: object, by: Viewer | None = None) -> str:
        """Writes in a field on top of what stands. Returns the operation's id."""
        with self.database.reading() as session:
            head = said.heads(session, self.id).get(field)
        id = new_id()
        [answer] = self.write(by or self.a, Operation(id, field, value, head.revision if head else None))
        assert answer.outcome == "head", answer
        return id

    def finish(self) -> None:
        """Nothing is owed any more. The private texts are SECRET."""
        self.put("front/place", "Exempelstad")
        self.put("front/first_day", "2026-10-20")
        self.put("area/E/narrative", "Det är gott.")
        self.put("criterion/E-F1/comment", SECRET)
        for area in RUBRIC.rubric.areas:
            self.put(f"area/{area.id}/grade", area.offered[0])
            self.put(f"area/{area.id}/grade_reason", SECRET)

    def sign(self) -> None:
        """By both, whether they have declared their ties or not."""
        for by in (self.a, self.b):
            about = {"by": by, "inspection": self.id, "seen": self.hash()}
            signing.sign(self.database, **about, without_declaring=True)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def site(kind: Kind) -> Iterator[Visit]:
    url = kind.migrated()
    database = Database(url)
    with a_client(url) as client:
        yield Visit(**vars(drafted(database)), client=client)
    database.close()
    kind.drop(url)


@pytest.fixture
def visit(site: Visit) -> Visit:
    with site.database.writing() as session:
        return replace(site, id=an_inspection(session, site.place, site.office, site.a, site.b))
