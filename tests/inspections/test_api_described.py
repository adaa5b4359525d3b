"""The JSON door is described to the last answer, and whatever fits the description is answered."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core import NOT_SET

from app import audit
from app.ids import new_id
from app.inspections.models import Assignment
from tests.clients import a_client
from tests.databases import SQLite
from tests.factories import a_person
from tests.forms import Person, at_a_browser
from tests.inspections.conftest import Visit
from tests.plans.factories import planned


def test_every_address_says_what_it_answers(visit: Visit) -> None:
    described = visit.client.get("/openapi.json").json()
    assert all(path.startswith("/api/") for path in described["paths"])
    for path, method, each in _operations(described):
        assert "default" in each["responses"], (method, path)
        assert "422" not in each["responses"], "FastAPI's own shape of errors is not ours"
        for status, answer in each["responses"].items():
            schema = answer.get("content", {}).get("application/json", {}).get("schema")
            assert status == "204" or schema, (method, path, status)
        if method != "get" and "requestBody" in each:
            assert all(body["schema"] for body in each["requestBody"]["content"].values()), (method, path)
        if {"inspections", "plans"} & set(each["tags"]):
            assert each["description"], (method, path)


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        yield from ((path, method, each) for method, each in methods.items())


@pytest.fixture(scope="module")
def described(sqlite: SQLite) -> Iterator[tuple[TestClient, Person, dict[str, str]]]:
    from app.db import Database

    url = sqlite.migrated()
    database = Database(url)
    with a_client(url) as client:
        plan = planned(database).as_submitted()
        with database.writing() as session:
            anybody = a_person(session, "Alla Roller", *plan.office.held, *plan.director.held, *plan.a.held)
            assigned = Assignment(id=new_id(), inspection=plan.id, person=anybody.id, place=9, since=audit.now())
            session.add(assigned)
        person = at_a_browser(client, database, anybody)
        yield client, person, {"inspection": plan.id, "plan": plan.plan}
    database.close()
    sqlite.drop(url)


def test_nothing_that_fits_the_description_breaks_it(described: tuple[TestClient, Person, dict[str, str]]) -> None:
    client, person, known = described
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    for found in schema.get_all_operations():
        _tried(found.ok(), person, known)


def _tried(operation: Any, person: Person, known: dict[str, str]) -> None:
    @settings(max_examples=8, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(), st.booleans())
    def any_request(case: Any, real: bool) -> None:
        if real:
            case.path_parameters = {**(case.path_parameters or {}), **known}
        body: dict[str, Any] = {}
        if case.body is not NOT_SET:
            raw = isinstance(case.body, bytes | str)
            body = {"content": case.body} if raw else {"json": case.body}
        headers = {"content-type": case.media_type} if case.media_type else {}
        answer = person.ask(case.method, case.formatted_path, headers, params=case.query, **body)
        assert answer.status_code < 500, (case.method, case.formatted_path, case.query, case.body, answer.text)

    any_request()
