"""Writing through the JSON door: one by one in a batch, and what cannot be read costs nothing else its place."""

import json
from typing import Any

import pytest

from app.ids import new_id
from tests.inspections.asking import JSON, TEXT, ask, op, refused
from tests.inspections.conftest import Visit


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
