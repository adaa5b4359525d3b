"""The JSON door is described to the last answer: whoever asks, and whatever they send that fits the description, the
answer fits it too. A request is made once, and sent by somebody in each role, by somebody signed out and by programs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from fastapi.routing import APIRoute
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core import NOT_SET

from app.accounts import sessions, tokens
from app.accounts.access import routes
from app.accounts.roles import Role
from app.accounts.scopes import Scope
from tests.databases import SQLite
from tests.everybody import Everybody, everybody
from tests.inspections.conftest import Visit
from tests.requests import request_to

ONE_OF_EACH = (*(role.replace("_", " ") for role in Role), "nobody")

load_all_checks()
FITS = CHECKS.get_by_names(["status_code_conformance", "content_type_conformance", "response_schema_conformance"])


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


@dataclass(frozen=True)
class Door:
    """Everybody, what each shows when they ask, and each address that is described, with its route."""

    made: Everybody
    shows: Mapping[str, Mapping[str, str]]
    described: Sequence[tuple[Any, APIRoute]]

    def ask(self, case: Any, asked: Mapping[str, Any]) -> dict[str, Response]:
        """By everybody in turn. Each answer is held against the description."""
        answers = {}
        for who, shown in self.shows.items():
            self.made.client.cookies.clear()
            sent = {**asked, "headers": {**asked.get("headers", {}), **shown}}
            answers[who] = answer = self.made.client.request(**sent, follow_redirects=False)
            assert answer.status_code < 500, (who, asked, answer.text)
            case.validate_response(answer, checks=FITS)
        return answers


@pytest.fixture(scope="module")
def door(sqlite: SQLite) -> Iterator[Door]:
    with everybody(sqlite) as made:
        shows: dict[str, dict[str, str]] = {"signed out": {}}
        with made.database.writing() as session:
            for name in ONE_OF_EACH:
                shows[name] = {"cookie": f"__Host-sporra={sessions.start(session, made.viewers[name].id)}"}
            for scope in Scope:
                key = tokens.make(session, by=made.viewers["inspector"], name="x", scope=scope, days=30)
                shows[f"key to {scope}"] = {"authorization": f"Bearer {key}"}
        app: Any = made.client.app
        known = {f"{method} {each.path}": each for each in routes(app.routes) for method in each.methods}
        found = [each.ok() for each in schemathesis.openapi.from_dict(app.openapi()).get_all_operations()]
        yield Door(made, shows, [(each, known[each.label]) for each in found])


def test_each_role_is_answered_as_described(door: Door) -> None:
    """With requests that get through. What is there is read by each role, with a body, or nothing would be proven."""
    own = door.made.cases["own corrected"].target
    read: dict[str, set[str]] = {}
    for operation, route in door.described:
        case = operation.Case(path_parameters=dict.fromkeys(route.param_convertors, "x"))
        answers = door.ask(case, request_to(route, own))
        if operation.method == "get" and "{" in operation.path:
            read[operation.label] = {who for who, answer in answers.items() if answer.status_code == 200}
    assert all(read.values())
    assert set().union(*read.values()) == set(door.shows) - {"signed out", "nobody"}


def test_nothing_that_fits_the_description_breaks_it(door: Door) -> None:
    for operation, route in door.described:
        _tried(door, operation, route)


def _tried(door: Door, operation: Any, route: APIRoute) -> None:
    own = request_to(route, door.made.cases["own draft"].target)["url"]

    @settings(max_examples=3, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(), st.booleans())
    def any_request(case: Any, elsewhere: bool) -> None:
        asked = {"method": case.method, "url": case.formatted_path if elsewhere else own, "params": case.query}
        if case.body is not NOT_SET:
            asked["content" if isinstance(case.body, bytes | str) else "json"] = case.body
        if case.media_type:
            asked["headers"] = {"content-type": case.media_type}
        door.ask(case, asked)

    any_request()
