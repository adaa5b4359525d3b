"""A plan, and its people at their browsers (without script)."""

from dataclasses import dataclass

from fastapi.testclient import TestClient

from app.accounts.viewer import Viewer
from tests.forms import Page, Person, at_a_browser
from tests.plans.factories import Planned

SEND = "/svar/skicka"


@dataclass(frozen=True)
class Desk:
    """A plan, and its people at their browsers."""

    plan: Planned
    client: TestClient

    @property
    def url(self) -> str:
        return f"/planer/{self.plan.plan}"

    def browser(self, viewer: Viewer) -> Person:
        return at_a_browser(self.client, self.plan.database, viewer)

    def open(self, viewer: Viewer, page: str = "/svar") -> Page:
        return self.browser(viewer).open(f"{self.url}{page}")

    def send(self, page: Page, typed: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Page:
        """Presses Skicka svaret, which sends the whole form."""
        _, pairs = page.filled(typed)
        return page.person.send(f"{self.url}{SEND}", pairs, headers)
