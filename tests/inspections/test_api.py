"""The JSON door: described to the last answer, told in Swedish, and the same actions as the pages behind it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core import NOT_SET
from sqlmodel import func, select

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.ids import new_id
from app.inspections import disk
from app.inspections.models import Assignment, InspectionRow
from app.web.schemas import Error
from tests.clients import a_client
from tests.databases import SQLite
from tests.factories import RUBRIC, a_person, an_inspector
from tests.forms import Person, at_a_browser
from tests.inspections.conftest import SECRET, Visit
from tests.paths import KALMAR
from tests.plans.factories import planned

TEXT = "area/E/narrative"
JSON = {"content-type": "application/json"}


def ask(visit: Visit, by: Viewer, method: str, path: str = "", **more: Any) -> Any:
    answer = visit.browser(by).ask(method, f"/api/inspections/{visit.id}{path}", JSON, **more)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def refused(visit: Visit, by: Viewer, method: str, path: str, **more: Any) -> tuple[int, str]:
    """The status, and what is told; anything else than an error as it is described fails."""
    answer = visit.browser(by).ask(method, path, **more)
    told = Error.model_validate_json(answer.content, extra="forbid").error
    assert (answer.headers["content-type"], told.status) == ("application/json", answer.status_code)
    return answer.status_code, told.told


def op(field: str, value: object, id: str = "", **more: object) -> dict[str, object]:
    return {"id": id or new_id(), "field": field, "value": value, **more}


# ── Described ─────────────────────────────────────────────────────────────────────────────


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


# ── Reading ───────────────────────────────────────────────────────────────────────────────


def test_an_inspection_is_told_whole_and_to_the_office_alone_its_outside(visit: Visit) -> None:
    visit.finish()
    whole = ask(visit, visit.a, "GET")
    assert (whole["id"], whole["state"], whole["version"], whole["content"]) == (visit.id, "draft", 1, visit.hash())
    assert whole["file"]["areas"]["E"]["comments"] == {"E-F1": SECRET}
    assert whole["areas"]["E"] | {"missing": []} == {
        "suggested": None,
        "at_best": "A",
        "at_worst": "D",
        "reasons": [],
        "missing": [],
        "decided": "A",
        "standing": "A",
    }
    assert [each["stops"] for each in whole["left"]] == [False] * len(whole["left"])
    assert whole["inspectors"] == [visit.a.id, visit.b.id]


def test_what_is_new_is_told_since_a_number_and_what_waits_with_it(visit: Visit) -> None:
    first = visit.put(TEXT, "Som det stod.")
    seq = visit.revisions(TEXT)[0].seq
    for by, text in ((visit.a, "Alvas ord."), (visit.b, "Nils ord.")):
        ask(visit, by, "POST", "/operations", json={"operations": [op(TEXT, text, parent=first)]})
    new = ask(visit, visit.a, "GET", "/changes", params={"since": seq})
    assert [(each["seq"], each["value"], each["outcome"]) for each in new["changes"]] == [
        (seq + 1, "Alvas ord.", "head"),
        (seq + 2, "Nils ord.", "sibling"),
    ]
    [waits] = new["waiting"]
    assert (waits["field"], waits["before"]) == (TEXT, "Som det stod.")
    assert (waits["stands"]["value"], waits["beside"]["value"]) == ("Alvas ord.", "Nils ord.")
    nothing = ask(visit, visit.a, "GET", "/changes", params={"since": seq + 2})
    assert (nothing["changes"], nothing["waiting"]) == ([], None)


def test_whoever_knows_another_past_is_told_to_read_all_anew(visit: Visit) -> None:
    known = visit.put(TEXT, "Som det stod.")
    image = ask(visit, visit.a, "GET", "/image")
    assert image["last"] == known
    since = {"since": image["seq"], "at": image["seq"]}
    assert ask(visit, visit.a, "GET", "/changes", params=since | {"last": known})["changes"] == []
    for other in ({"last": new_id()}, {"last": known, "at": image["seq"] + 1}):
        address = f"/api/inspections/{visit.id}/changes"
        status, told = refused(visit, visit.a, "GET", address, params=since | other)
        assert (status, told[:30]) == (409, "En säkerhetskopia har lästs in")


def test_the_list_goes_on_where_it_left_off(visit: Visit) -> None:
    person, ids, after = visit.browser(visit.office), [], ""
    while after is not None:
        page = person.ask("GET", "/api/inspections", params={"after": after}).json()
        ids += [each["id"] for each in page["inspections"]]
        after = page["next"]
    with visit.database.reading() as session:
        assert len(ids) == len(set(ids)) == session.exec(select(func.count()).select_from(InspectionRow)).one()


# ── Writing ───────────────────────────────────────────────────────────────────────────────


def test_a_batch_is_answered_one_by_one_and_the_same_when_it_comes_again(visit: Visit) -> None:
    batch = {
        "operations": [
            op(TEXT, "Ett."),
            op("criterion/E-F1/answer", "perhaps"),
            op("front/nothing", "x"),
            op("front/inspectors", ["Alva", "Nils"]),
            op("front/inspectors", "Alva"),
        ]
    }
    first = ask(visit, visit.a, "POST", "/operations", json=batch)
    assert [each["outcome"] for each in first] == ["head", "refused", "refused", "head", "refused"]
    assert all(each["told"].endswith(".") for each in first if each["outcome"] == "refused")
    assert ask(visit, visit.a, "POST", "/operations", json=batch) == first
    assert [each.value for each in visit.revisions(TEXT)] == ['"Ett."']


def test_a_batch_holds_200(visit: Visit) -> None:
    ids = [new_id() for _ in range(201)]
    typed = zip(ids, [None, *ids], strict=False)
    operations = [op("criterion/E-F1/comment", id, id, parent=before) for id, before in typed]
    path = f"/api/inspections/{visit.id}/operations"
    before = len(visit.revisions())
    assert refused(visit, visit.a, "POST", path, json={"operations": operations}) == (
        413,
        "Högst 200 ändringar åt gången. Skicka dem i omgångar.",
    )
    assert len(visit.revisions()) == before
    answers = ask(visit, visit.a, "POST", "/operations", json={"operations": operations[:200]})
    assert (len(answers), len(visit.revisions())) == (200, before + 200)


MALFORMED: list[tuple[Any, str]] = [
    ("x", "inget eget nummer"),
    (None, "inget eget nummer"),
    ([], "inget eget nummer"),
    ({}, "inget eget nummer"),
    (op(TEXT, "x") | {"id": 1}, "inget eget nummer"),
    (op(TEXT, "x", id="\ud83d"), "inget eget nummer"),
    (op(TEXT, "x") | {"field": ["area"]}, "(field)"),
    ({"id": new_id(), "value": "x"}, "(field)"),
    (op(TEXT, "x", parent=7), "(parent)"),
    (op(TEXT, "x", settles=new_id()), "(settles)"),
    (op(TEXT, "x", settles=[1]), "(settles)"),
    (op(TEXT, "x", settles=["x"] * 501), "(settles)"),
    (op(TEXT, "x", voice=None), "(voice)"),
    (op(TEXT, "x", at=1_774_000_000), "(at)"),
    (op(TEXT, "x", format="1"), "(format)"),
    (op(TEXT, "x", format=True), "(format)"),
    (op(TEXT, "x", format=2), "(format 2)"),
    (op(TEXT, "x", settles=7, voice=7), "(settles, voice)"),
    (op("area/\ud83d/narrative", "x"), "Fältet finns inte här"),
    (op(TEXT, "x" * 1_000_000), "1 000 000 tecken"),
    (op(TEXT, 7), "en text väntades"),
    (op(TEXT, {"\ud83d": [None]}), "en text väntades"),
    (op(TEXT, "x", voice="\ud83d"), "skriver ni alltid tillsammans"),
]


@pytest.mark.parametrize(("bad", "told"), MALFORMED, ids=[told for _, told in MALFORMED])
def test_one_that_cannot_be_read_is_refused_alone(visit: Visit, bad: Any, told: str) -> None:
    batch = [op("area/A/narrative", "Före."), bad, op("area/B/narrative", "Efter.")]
    before, answer, after = ask(visit, visit.a, "POST", "/operations", content=json.dumps({"operations": batch}))
    assert (before["outcome"], answer["outcome"], after["outcome"]) == ("head", "refused", "head")
    assert told in answer["told"]
    assert answer["told"].endswith(".")
    assert [visit.stands(f"area/{area}/narrative") for area in "AB"] == ["Före.", "Efter."]


def test_what_stood_on_one_that_cannot_be_read_stands_on_what_that_stood_on(visit: Visit) -> None:
    first, bad = visit.put(TEXT, "Ett."), op(TEXT, "Två.", format="1")
    batch = [bad | {"parent": first}, op(TEXT, "Tre.", parent=bad["id"])]
    answers = ask(visit, visit.a, "POST", "/operations", json={"operations": batch})
    assert [each["outcome"] for each in answers] == ["refused", "head"]


TAKEN: list[tuple[dict[str, Any], object]] = [
    ({"at": "2126-11-22T10:00:00Z"}, "x"),
    ({"at": "9999-12-31T23:59:59-14:00"}, "x"),
    ({"at": "i går"}, "x"),
    ({"value": "Bra \ud83d"}, "Bra □U+D83D"),
    ({"settles": ["", "\ud83d", "x" * 2_000]}, "x"),
    ({"parent": "\ud83d"}, "x"),
    ({"unknown": 1}, "x"),
]


@pytest.mark.parametrize(("strange", "stands"), TAKEN, ids=lambda each: ascii(each)[:60])
def test_what_is_only_strange_costs_nobody_a_text(visit: Visit, strange: dict[str, Any], stands: object) -> None:
    sent = json.dumps({"operations": [op(TEXT, "x") | strange]})
    [answer] = ask(visit, visit.a, "POST", "/operations", content=sent)
    assert (answer["outcome"], visit.stands(TEXT)) == ("head", stands)


def test_a_known_id_with_another_value_is_refused_and_what_stood_stands(visit: Visit) -> None:
    id = visit.put(TEXT, "Ett.")
    [answer] = ask(visit, visit.a, "POST", "/operations", json={"operations": [op(TEXT, "Två.", id)]})
    assert (answer["outcome"], answer["told"][:31]) == ("refused", "En annan ändring har redan det ")
    assert visit.stands(TEXT) == "Ett."


def test_a_settled_sibling_of_another_field_stays_open(visit: Visit) -> None:
    first = visit.put(TEXT, "Som det stod.")
    batches = [(by, [op(TEXT, f"{by.name}s ord.", parent=first)]) for by in (visit.a, visit.b)]
    [_], [beside] = (ask(visit, by, "POST", "/operations", json={"operations": batch}) for by, batch in batches)
    elsewhere = op("area/F/narrative", "Där.", settles=[beside["id"]])
    [answer] = ask(visit, visit.a, "POST", "/operations", json={"operations": [elsewhere]})
    assert answer["outcome"] == "head"
    [waits] = ask(visit, visit.a, "GET", "/changes")["waiting"]
    assert waits["beside"]["id"] == beside["id"]


WHOLE = json.dumps({"operations": [op(TEXT, "x")]}).encode()
UNREAD: list[tuple[str, bytes, int, str]] = [
    ("cut short", WHOLE[:-9], 400, "Något kom inte fram helt."),
    ("empty", b"", 422, "Något i det som skickades"),
    ("no UTF-8", WHOLE.replace(b'"x"', b'"\xff"'), 400, "Något kom inte fram helt."),
    ("5,000 brackets", b"[" * 5_000, 400, "Något kom inte fram helt."),
    ("10,000", json.dumps({"operations": [op(TEXT, i) for i in range(10_000)]}).encode(), 413, "Högst 200 ändringar"),
    ("10,000 times x", json.dumps({"operations": ["x"] * 10_000}).encode(), 413, "Högst 200 ändringar"),
    ("6 MB", json.dumps({"operations": [op(TEXT, "x" * 6_000_000)]}).encode(), 413, "Det du skickade är större"),
]


@pytest.mark.parametrize(("body", "status", "told"), [each[1:] for each in UNREAD], ids=[each[0] for each in UNREAD])
def test_a_body_that_cannot_be_read_is_told_and_nothing_of_it_is_kept(
    visit: Visit, body: bytes, status: int, told: str
) -> None:
    before, path = len(visit.revisions()), f"/api/inspections/{visit.id}/operations"
    found = refused(visit, visit.a, "POST", path, headers=JSON, content=body)
    assert (found[0], found[1].startswith(told)) == (status, True)
    assert len(visit.revisions()) == before


def test_anothers_inspection_is_not_there(visit: Visit) -> None:
    with visit.database.writing() as session:
        stranger = an_inspector(session, visit.place, "Frida Främmande")
    path = f"/api/inspections/{visit.id}/operations"
    status, told = refused(visit, stranger, "POST", path, json={"operations": [op(TEXT, "x")]})
    assert (status, told) == (404, "Det du har skrivit är inte påverkat. Kontrollera adressen.")
    assert visit.revisions(TEXT) == []


def test_signing_and_correcting_go_the_same_way(visit: Visit) -> None:
    path = f"/api/inspections/{visit.id}"
    status, told = refused(visit, visit.a, "POST", f"{path}/sign", json={"content": visit.hash()})
    assert (status, told) == (422, "Det är inte klart att fastställa än. Inget har gått förlorat.")
    visit.finish()
    status, told = refused(visit, visit.a, "POST", f"{path}/sign", json={"content": "0" * 64})
    assert (status, "Läs den igen" in told) == (422, True)
    for by, outcome in ((visit.a, "waits"), (visit.b, "signed")):
        assert ask(visit, by, "POST", "/sign", json={"content": visit.hash()}) == {"outcome": outcome}
    ask(visit, visit.office, "POST", "/correct", json={"cause": "Ett ord var fel. " * 1_000})
    status, told = refused(visit, visit.a, "POST", f"{path}/correct", json={"cause": "Igen."})
    assert (status, told) == (409, "Det finns redan ett utkast att skriva i.")
    [version] = ask(visit, visit.a, "GET", "/versions")
    assert (version["number"], version["cause"]) == (1, "")


def test_an_inspection_is_set_up_staffed_and_taken_in(visit: Visit) -> None:
    new = {"clinic": visit.place.clinic, "speciality": visit.place.speciality, "inspectors": [visit.a.id]}
    office = visit.browser(visit.office)
    made = office.ask("POST", "/api/inspections", json=new | {"rubric": RUBRIC.rubric.reference})
    assert made.status_code == 201
    path = f"/api/inspections/{made.json()['id']}"
    assert office.ask("PUT", f"{path}/inspectors", json=[visit.b.id]).status_code == 204
    assert office.ask("GET", path).json()["inspectors"] == [visit.b.id]
    assert refused(visit, visit.office, "PUT", f"{path}/inspectors", json=[])[0] == 422
    at = {"clinic": visit.place.clinic, "speciality": visit.place.speciality, "inspector": [visit.a.id, visit.b.id]}
    yaml = {"content-type": "application/yaml"}
    data = KALMAR.read_bytes()
    taken = office.ask("POST", "/api/inspections/import", yaml, params=at, content=data)
    assert taken.status_code == 201
    file = office.ask("GET", f"/api/inspections/{taken.json()['id']}").json()["file"]
    assert file["inspectors"] == list(disk.read(KALMAR)[1].inspectors)
    for sent in (data.replace(b"2015-8@1", b"1999@1"), data + b"\n : [", b"\xff\xfe\x00"):
        status, told = refused(
            visit, visit.office, "POST", "/api/inspections/import", headers=yaml, params=at, content=sent
        )
        assert (status, told.startswith("filen")) == (422, True)


@pytest.mark.parametrize("rubric", ["st-spur/1999@1", "../../etc@1", "at-spur/utkast@1", "\0", ""])
def test_a_rubric_that_is_not_published_is_told(visit: Visit, rubric: str) -> None:
    new = {"clinic": visit.place.clinic, "speciality": visit.place.speciality, "inspectors": [visit.a.id]}
    status, told = refused(visit, visit.office, "POST", "/api/inspections", json=new | {"rubric": rubric})
    assert (status, told.endswith(".")) == (422, True)


# ── Refused ───────────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_read_is_told_in_swedish_with_its_place(visit: Visit) -> None:
    path = f"/api/inspections/{visit.id}/operations"
    answer = visit.browser(visit.a).ask("POST", path, json={"operations": {"id": 1}})
    told = Error.model_validate_json(answer.content).error
    assert (answer.status_code, told.told[:13]) == (422, "Något i det s")
    assert {each.where for each in told.fields} == {"body.operations"}
    nobody = Person(visit.client, "")
    answer = nobody.ask("GET", f"/api/inspections/{visit.id}")
    assert (answer.status_code, Error.model_validate_json(answer.content).error.title) == (401, "Logga in igen")
    with visit.database.writing() as session:
        stranger = a_person(session, "Ingen Alls")
    assert refused(visit, stranger, "GET", path.removesuffix("/operations"))[0] == 404
    assert refused(visit, visit.a, "DELETE", path)[0] == 405


def test_what_covers_comments_and_reasons_is_for_those_who_see_them(visit: Visit) -> None:
    """A hash over a short private text lets whoever has the rest of it try guesses."""
    visit.finish()
    visit.sign()
    with visit.database.writing() as session:
        held = (
            Held(Role.DIRECTOR_OF_STUDIES, clinic=visit.place.clinic),
            Held(Role.COORDINATOR, speciality=visit.place.speciality),
        )
        director, coordinator = (a_person(session, "Stina Studie", each) for each in held)
    for by, sees in ((visit.a, True), (director, False), (coordinator, False)):
        [version] = ask(visit, by, "GET", "/versions")
        assert (version["content"] is not None) == sees
    assert [ask(visit, by, "GET")["content"] is None for by in (visit.a, coordinator)] == [False, True]


# ── Anything at all ───────────────────────────────────────────────────────────────────────


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
