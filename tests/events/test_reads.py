"""What is read of confidential things, and what is refused, is told once, and never as somebody typed it."""

import asyncio
from typing import Any

import pytest
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from app.accounts import sessions
from app.accounts.access import routes
from app.audit import Event
from app.config import Settings
from app.db import Database
from app.events import reads
from app.events.reads import READS, REFUSED, Pace, Witness
from app.ids import new_id
from app.main import create_app
from tests.clients import a_client
from tests.everybody import Everybody
from tests.factories import Drafted, an_inspector, drafted

FETCHED = [each for each in routes(create_app(Settings("sqlite:////nowhere")).routes) if each.methods == {"GET"}]
ASKING = ("administrator", "inspector", "director of studies")
BLANK = {
    "/protokoll/{family}/{name}/{edition}/{format}",  # no secret, nor are those of lists
    "/personer/lista/mall/{format}",
    "/platser/lista/mall/{format}",
    "/personuppgifter/registerforteckning.docx",
    "/kalender/{token}/spur.ics",  # by no person
}


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


def told(database: Database) -> list[tuple[str, str, str, dict[str, object]]]:
    with database.reading() as session:
        events = session.exec(select(Event).order_by(col(Event.n))).all()
    known = {*READS.values(), REFUSED}
    return [(each.by, each.action, each.subject, each.details) for each in events if each.action in known]


def cookie(database: Database, person: str) -> dict[str, str]:
    with database.writing() as session:
        return {"cookie": f"__Host-sporra={sessions.start(session, person)}"}


def test_what_leaves_as_a_file_is_told_once_in_five_minutes(draft: Drafted, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(reads.Pace.__init__, "__defaults__", (lambda: clock[0],))
    here = cookie(draft.database, draft.a.id)
    with a_client(draft.database.url) as client:
        for clock[0] in (0.0, 1.0, 299.0, 300.0):
            for format in ("txt", "html"):
                url = f"/inspektioner/{draft.id}/rapport/hamta/{format}"
                assert client.get(url, headers=here).status_code == 200
        assert client.get(f"/inspektioner/{draft.id}/fil", headers=here).status_code == 200
        assert client.get(f"/inspektioner/{draft.id}/rapport", headers=here).status_code == 200
    first = (draft.a.id, "inspection:draft_fetched", draft.id, {"format": "txt"})
    assert told(draft.database) == [first, first, (draft.a.id, "inspection:file_fetched", draft.id, {})]


def test_a_refused_opening_is_told_and_what_is_not_there_is_not(draft: Drafted) -> None:
    with draft.database.writing() as session:
        stranger = an_inspector(session, draft.place, "Siv Annorstädes")
    here = cookie(draft.database, stranger.id)
    with a_client(draft.database.url) as client:
        asked = (draft.id, new_id(), "x", "%00")
        answers = [client.get(f"/inspektioner/{id}", headers=here) for id in asked]
        assert {each.status_code for each in answers} == {404}
        page = {answer.text.replace(id, "") for id, answer in zip(asked[:2], answers, strict=False)}
        assert len(page) == 1  # nobody can tell which
        client.get("/personer/XhemligtX", headers=here)
        client.post(f"/api/inspections/{draft.id}/sign", json={"content": "0" * 64}, headers=here)
        client.get(f"/inspektioner/{draft.id}")  # signed out: nobody to tell of
    assert told(draft.database) == [
        (stranger.id, REFUSED, draft.id, {"address": "/inspektioner/{inspection}", "does": "GET"}),
        (stranger.id, REFUSED, "address", {"address": "/personer/{id}", "does": "GET"}),
    ]  # the second on the same inspection is the same again


def test_a_flood_is_told_of_as_far_as_sixty() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert sum(pace.lets("a", REFUSED, str(i)) for i in range(1000)) == 60
    assert pace.lets("a", "inspection:file_fetched", "x")  # one kind does not hush another
    assert pace.lets("b", REFUSED, "0")
    now = reads.AGAIN
    assert pace.lets("a", REFUSED, "999")


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "MOST_REMEMBERED", 100)
    pace = Pace(lambda: 0.0)
    assert all(pace.lets(str(i), REFUSED, "x") for i in range(1000))
    assert (len(pace._told), len(pace._of_one)) == (100, 100)


def test_an_event_that_finds_no_room_stops_nothing(draft: Drafted, caplog: pytest.LogCaptureFixture) -> None:
    """The answer has left by then."""
    if not draft.database.is_sqlite:
        pytest.skip("där väntar ingen på en annan")
    route = next(each for each in FETCHED if each.path == "/inspektioner/{inspection}/fil")
    scope = {"type": "http", "method": "GET", "route": route, "path_params": {"inspection": draft.id}}
    left: list[str] = []

    async def answers(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    async def send(message: Any) -> None:
        left.append(message["type"])

    witness = Witness(answers, Database(draft.database.url, wait=0.05))
    with draft.database.writing() as busy:
        busy.connection()  # somebody writes, and goes on
        asyncio.run(witness({**scope, "state": {"viewer": draft.a}}, send, send))
    assert (left, len(caplog.records)) == (["http.response.start"], 1)
    asyncio.run(witness({**scope, "state": {"viewer": draft.b}}, send, send))
    assert [by for by, *_ in told(draft.database)] == [draft.b.id]


def test_every_address_that_hands_out_a_file_is_told_of(everybody: Everybody) -> None:
    """Whoever adds one finds it here."""
    with everybody.database.writing() as session:
        tokens = [sessions.start(session, everybody.viewers[each].id) for each in ASKING]
    files = [each for each in FETCHED if each.path not in BLANK and each.response_class is not HTMLResponse]
    handed_out = {
        route.path
        for route in files
        for which in ("own signed", "own draft")
        for token in tokens
        if "attachment"
        in everybody.ask(route, everybody.cases[which].target, token).headers.get("content-disposition", "")
    }
    assert len(handed_out) > 8  # a search that finds nothing would prove nothing
    assert handed_out - set(READS) == set()


def test_every_address_that_is_told_of_is_there() -> None:
    assert set(READS) - {route.path for route in FETCHED} == set()
