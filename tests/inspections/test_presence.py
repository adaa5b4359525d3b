"""Who else is here: told to the inspectors of the inspection alone, and forgotten by a clock that is given."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.accounts.viewer import Viewer
from app.inspections.presence import FORGOTTEN, Presence
from tests.inspections.conftest import Visit


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(visit: Visit) -> Iterator[Clock]:
    app = visit.client.app
    assert isinstance(app, FastAPI)
    clock, before = Clock(), app.state.presence
    app.state.presence = Presence(clock)
    yield clock
    app.state.presence = before


def told(visit: Visit, viewer: Viewer, area: str = "") -> list[dict[str, Any]]:
    got = visit.browser(viewer).ask("GET", f"/api/inspections/{visit.id}/changes", params={"area": area})
    assert got.status_code == 200
    return list(got.json()["present"])


def at(viewer: Viewer, area: str) -> dict[str, str]:
    return {"name": viewer.name.split()[0], "initials": viewer.initials, "area": area}


@pytest.mark.usefixtures("clock")
def test_two_inspectors_see_where_the_other_is_and_not_themselves(visit: Visit) -> None:
    assert told(visit, visit.a, "E") == []
    assert told(visit, visit.b, "C") == [at(visit.a, "E")]
    assert told(visit, visit.a, "F") == [at(visit.b, "C")]
    assert told(visit, visit.b, "C") == [at(visit.a, "F")]


def test_who_has_not_asked_for_a_while_or_has_gone_elsewhere_is_not_here(visit: Visit, clock: Clock) -> None:
    told(visit, visit.a, "E")
    clock.now += FORGOTTEN - 1
    assert told(visit, visit.b) == [at(visit.a, "E")]
    clock.now += 1
    assert told(visit, visit.b) == []
    told(visit, visit.a, "E")
    told(visit, visit.a)
    assert told(visit, visit.b) == []


@pytest.mark.usefixtures("clock")
def test_the_office_is_neither_told_nor_shown(visit: Visit) -> None:
    told(visit, visit.a, "E")
    assert told(visit, visit.office, "E") == []
    assert told(visit, visit.b) == [at(visit.a, "E")]


def test_another_inspection_and_an_area_that_is_not_there_tell_nothing(visit: Visit, clock: Clock) -> None:
    told(visit, visit.a, "<b>")
    assert told(visit, visit.b) == []
    clock_of_another = Presence(clock)
    clock_of_another.others("another", visit.a, "E")
    assert clock_of_another.others(visit.id, visit.b, "E") == []
