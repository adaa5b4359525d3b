"""`land`: a small invented country on each database, made once for all tests that only read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from app.accounts.models import Appointment, Person
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.comparison.scope import Scope
from app.db import Database
from app.demo.country import Size, fill
from app.places.models import Region
from rubrics.library import Library
from tests.clients import a_client
from tests.comparison.recomputed import Report, reports
from tests.databases import Kind
from tests.factories import a_person
from tests.forms import Person as Browser
from tests.forms import at_a_browser

TODAY = date(2026, 11, 22)
SMALL = Size(units=90, inspections=340, regions=3)


@dataclass(frozen=True)
class Land:
    database: Database
    client: TestClient
    reports: list[Report]
    regions: list[str]
    office: Viewer
    region: Viewer  # of the first

    @property
    def own(self) -> Scope:
        return Scope(frozenset(self.regions[:1]))

    def browser(self, viewer: Viewer) -> Browser:
        return at_a_browser(self.client, self.database, viewer)


@pytest.fixture(scope="session")
def land(kind: Kind) -> Iterator[Land]:
    url = kind.migrated()
    database = Database(url)
    assert fill(database, Library(), size=SMALL, seed=2, today=TODAY)
    with database.writing() as session:
        regions = list(session.exec(select(Region.id).order_by(col(Region.name))))
        region = a_person(session, "Ronja Region", Held(Role.REGION_OFFICE, region=regions[0]))
        at = select(Person).join(Appointment).where(Appointment.role == Role.ADMINISTRATOR)
        office = session.exec(at).one()
        known = reports(session)
    with a_client(url) as client:
        yield Land(
            database,
            client,
            known,
            regions,
            Viewer(office.id, office.name, (Held(Role.ADMINISTRATOR),)),
            region,
        )
    database.close()
    kind.drop(url)
