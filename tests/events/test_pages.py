"""What has happened, as it is read: who is told what, filters, pages, and the file."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert
from sqlmodel import select

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.audit import Event
from app.db import Database
from app.events import queries
from app.events.queries import Asked, page_of
from app.ids import new_id
from app.web.swedish import local
from app.writing.desk import Operation
from tests.factories import a_person, an_inspector, drafted
from tests.forms import Page
from tests.inspections.conftest import Visit

FRONT = "Olga Kansli skrev: Region; Sjukhus; Klinik; Specialitet och 1 till"
DECLARED = "svarade om band till enheten"
ANSWER, NARRATIVE = "criterion/E-F1/answer", "area/E/narrative"


def told(visit: Visit, viewer: Viewer, address: str = "") -> list[str]:
    """The lines, without their times."""
    page = visit.browser(viewer).open(address or f"{visit.url}/handelser")
    return [
        " ".join(each.text_content().split("\n", 2)[-1].split())
        for each in page.tree.xpath("//ol[contains(@class, 'events')]/li/p[1]")
    ]


def fetched(visit: Visit, viewer: Viewer, address: str = "") -> list[list[str]]:
    answer = visit.browser(viewer).ask("GET", address or f"{visit.url}/handelser/csv")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_an_inspector_reads_who_did_what_and_no_text(visit: Visit) -> None:
    visit.put(NARRATIVE, "XhemligtX")
    visit.put(ANSWER, "met", visit.b)
    assert told(visit, visit.a) == [
        "Nils Påhitt skrev: Svar, E-F1",
        "Alva Exempel skrev: Beskrivning av området, E",
        f"Nils Påhitt {DECLARED}",
        f"Alva Exempel {DECLARED}",
        FRONT,
        "Olga Kansli ändrade vilka som inspekterar",
        "Olga Kansli lade upp inspektionen",
    ]
    rows = fetched(visit, visit.a)
    assert [row[1:3] for row in rows] == [
        ["Vem", "Vad"],
        ["Nils Påhitt", "skrev: Svar, E-F1"],
        ["Alva Exempel", "skrev: Beskrivning av området, E"],
        ["Nils Påhitt", DECLARED],
        ["Alva Exempel", DECLARED],
        ["Olga Kansli", FRONT.removeprefix("Olga Kansli ")],
        ["Olga Kansli", "ändrade vilka som inspekterar"],
        ["Olga Kansli", "lade upp inspektionen"],
    ]
    assert told(visit, visit.b)[0] == "Alva Exempel hämtade händelserna"  # that too
    assert "XhemligtX" not in str(rows) + visit.open(visit.a, "/handelser").text


def test_nobody_but_its_inspectors_and_the_office_reads_it(visit: Visit) -> None:
    with visit.database.writing() as session:
        others = [
            an_inspector(session, visit.place, "Siv"),
            a_person(session, "Sam", Held(Role.COORDINATOR, speciality=visit.place.speciality)),
            a_person(session, "Rut", Held(Role.REGION_OFFICE, region=visit.place.region)),
        ]
    for path in (f"{visit.url}/handelser", f"{visit.url}/handelser/csv", "/handelser", "/handelser/csv"):
        assert {visit.browser(each).ask("GET", path).status_code for each in others} == {404}
    assert visit.browser(visit.a).ask("GET", "/handelser").status_code == 404
    assert told(visit, visit.office)[:3] == [
        f"Nils Påhitt {DECLARED}",
        f"Alva Exempel {DECLARED}",
        FRONT,
    ]  # no word of who tried the door
    refused = told(visit, visit.office, f"/handelser?om={visit.id}&slag=access:refused")
    assert len(refused) == 3
    assert refused[0].startswith("Rut nekades att öppna något: /inspektioner/{inspection}/handelser")


def test_what_one_says_alone_is_not_even_told_to_have_been_said(visit: Visit) -> None:
    visit.put("front/apart", "1", visit.office)
    before = told(visit, visit.a)
    everything = f"/handelser?om={visit.id}"
    office = told(visit, visit.office, everything)
    visit.write(visit.b, *(Operation(new_id(), f"criterion/E-F{i}/answer", "met", voice=visit.b.id) for i in (1, 2)))
    visit.write(visit.b, Operation(new_id(), ANSWER, "unmet", voice=visit.b.id))
    rows = len(before) + 1
    assert told(visit, visit.a) == before
    assert len(fetched(visit, visit.a)) == rows
    assert told(visit, visit.office, everything) == ["Alva Exempel hämtade händelserna", *office][: len(office) + 1]
    assert told(visit, visit.b)[1:3] == ["Nils Påhitt skrev: Svar, E-F1", "Nils Påhitt skrev: Svar, E-F1; Svar, E-F2"]
    mixed = (
        Operation(new_id(), ANSWER, "met", voice=visit.b.id),
        Operation(new_id(), NARRATIVE, "Vi två.", voice="agreed"),
    )
    visit.write(visit.b, *mixed)
    assert told(visit, visit.a)[0] == "Nils Påhitt skrev: Beskrivning av området, E"
    for each in (visit.b, visit.a):
        visit.put(f"done/{each.id}", "1", each)
    assert told(visit, visit.a).count("Nils Påhitt skrev: Svar, E-F1") == 1


def test_of_notes_the_office_is_told_that_there_are_some_and_no_more(visit: Visit) -> None:
    talk = new_id()
    visit.write(visit.a, Operation(new_id(), f"note/{talk}/{visit.a.id}/E-F1", "XhemligtX"))
    assert told(visit, visit.b)[0] == "Alva Exempel skrev: Anteckning, E-F1"
    assert told(visit, visit.office)[0] == "Alva Exempel skrev: arbetsmaterial"


def test_many_fields_at_once_are_counted(visit: Visit) -> None:
    visit.write(visit.a, *(Operation(new_id(), f"criterion/E-F{i}/answer", "met") for i in range(1, 8)))
    assert told(visit, visit.a)[0] == "Alva Exempel skrev: Svar, E-F1; Svar, E-F2; Svar, E-F3; Svar, E-F4 och 2 till"


# ── Filters ───────────────────────────────────────────────────────────────────────────────


def test_everything_is_narrowed_down(visit: Visit) -> None:
    visit.put(NARRATIVE, "Text", visit.b)
    here = f"&om={visit.id}"
    assert told(visit, visit.office, f"/handelser?vem={visit.b.id}{here}") == [
        "Nils Påhitt skrev: Beskrivning av området, E",
        f"Nils Påhitt {DECLARED}",
    ]
    assert told(visit, visit.office, f"/handelser?slag=inspection:created{here}") == [
        "Olga Kansli lade upp inspektionen"
    ]
    today = local(audit.now()).date()
    for days, count in ((0, 6), (2, 0), (-2, 0)):
        day = today + timedelta(days=days)
        assert (
            len(
                told(
                    visit,
                    visit.office,
                    f"/handelser?fran={day - timedelta(days=1)}&till={day + timedelta(days=1)}{here}",
                )
            )
            == count
        )
    for odd in (
        "vem=%00",
        "slag=%00",
        "om=%00",
        "fran=x&till=9999-12-31",
        f"fore={10**30}",
        "fore=-1",
        "fore=99999999",
    ):
        assert visit.browser(visit.office).ask("GET", f"/handelser?{odd}").status_code in (200, 422)


def looked_for(visit: Visit, words: str, **more: str) -> Page:
    return visit.browser(visit.office).open("/handelser").submit({"vem": words, **more})


def test_a_person_is_found_by_name(visit: Visit) -> None:
    with visit.database.writing() as session:
        one, other = (a_person(session, f"Kim {each}", Held(Role.ADMINISTRATOR)) for each in ("Ek", "Al"))
        audit.record(session, by=one.id, action="person:signed_out", subject=one.id)
    page = looked_for(visit, "kim", slag="person:signed_out")
    assert ("Vem menar du?" in page.said, "Kim Al" in page.said, page.value("vem")) == (True, True, "kim")
    assert fetched(visit, visit.office, file_of(page))[1:] == []  # nobody is chosen yet
    [chosen] = page.tree.xpath(f"//main//a[contains(@href, '{one.id}')]/@href")
    for narrowed in (chosen, looked_for(visit, "kim ek", slag="person:signed_out").url):
        assert told(visit, visit.office, narrowed) == ["Kim Ek loggade ut"]
        shown = visit.browser(visit.office).open(narrowed)
        assert shown.value("vem") == "Kim Ek"
        assert [row[3] for row in fetched(visit, visit.office, file_of(shown))] == ["Vad", "loggade ut"]
    nobody = looked_for(visit, "xyzzy")
    assert ("Ingen heter så" in nobody.said, nobody.value("vem")) == (True, "xyzzy")
    assert fetched(visit, visit.office, file_of(nobody))[1:] == []
    assert other


def test_who_is_nobody_is_found_by_what_they_are_called(visit: Visit) -> None:
    with visit.database.writing() as session:
        audit.record(session, by=audit.SYSTEM, action="person:sign_in_failed", subject="nobody", reason="wrong")
        audit.record(session, by="nobody", action="person:signed_out", subject="nobody")
    assert told(visit, visit.office, looked_for(visit, "sporra", slag="person:sign_in_failed").url) != []
    [line] = told(visit, visit.office, looked_for(visit, "En adress som ingen har").url)
    assert line == "en adress som ingen har loggade ut"


def test_whom_one_looks_for_stands_in_no_address(visit: Visit) -> None:
    """The answer can be opened again, and gone back to, by whoever looked."""
    with visit.database.writing() as session:
        people = [a_person(session, f"Kim {each}", Held(Role.ADMINISTRATOR)) for each in ("Ek", "Al")]
    page = looked_for(visit, "KIM", fran="2026-01-01")
    addresses = [page.url, *page.tree.xpath("//@href | //@action")]
    assert [each for each in addresses if "kim" in each.lower()] == []
    again = visit.browser(visit.office).open(page.url)
    assert (again.said, again.value("fran")) == (page.said, "2026-01-01")
    for address in (page.url, "/handelser?vem=kim&fran=2026-01-01", "/handelser?vem=%C3%A5&fran=2026-01-01"):
        other = visit.browser(people[0]).open(address)
        assert (other.status, other.value("vem"), other.value("fran")) == (200, "", "2026-01-01")


def file_of(page: Page) -> str:
    [found] = page.tree.xpath("//a[contains(@href, '/handelser/csv')]/@href")
    return str(found)


def test_nothing_in_the_file_is_a_formula(visit: Visit) -> None:
    with visit.database.writing() as session:
        names = ("=1+1", "+1", "-1", "@a", "\t=1")
        people = [a_person(session, each, Held(Role.ADMINISTRATOR)) for each in names]
        for each in people:
            audit.record(session, by=each.id, action="person:signed_out", subject=each.id)
    rows = fetched(visit, visit.office, "/handelser/csv?slag=person:signed_out")
    assert rows[0] == ["Nummer", "Tid", "Vem", "Vad", "Om"]
    assert [cell for row in rows[1:] for cell in row if cell[:1] in "=+-@\t" and cell] == []
    assert {"'=1+1", "'@a"} <= {row[2] for row in rows}


# ── Pages ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office(database: Database) -> Viewer:
    """Whose events fill more than two pages, several of the same moment."""
    office = drafted(database).office
    row = {"by": office.id, "action": "person:changed", "subject": office.id, "details": {}}
    with database.writing() as session:
        session.connection().execute(
            insert(Event),
            [row | {"at": datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=i // 3)} for i in range(130)],
        )
    return office


def test_pages_follow_on_each_other_and_hold_everything_once(database: Database, office: Viewer) -> None:
    seen, before, pages = [], None, 0
    while True:
        with database.reading() as session:
            lines, before = page_of(session, office, Asked(), before)
        seen, pages = seen + lines, pages + 1
        if before is None:
            break
    assert pages == 3
    with database.reading() as session:
        assert len(seen) == len(session.exec(select(Event)).all())
    assert [(each.at, each.n) for each in seen] == sorted({(each.at, each.n) for each in seen}, reverse=True)
    assert [each.n for each in queries.everything(database, office, Asked())] == [each.n for each in seen]


FILTERS = [Asked(), Asked(by="x"), Asked(action="x"), Asked(subject="x"), Asked(subject="x", hidden=("y",))]


@pytest.mark.parametrize("asked", FILTERS, ids=["all", "person", "kind", "subject", "inspection"])
@pytest.mark.parametrize("spanned", [False, True])
def test_a_page_is_read_along_an_index(database: Database, asked: Asked, spanned: bool) -> None:
    """Nothing is sorted and nothing read through: so a page takes as long among many."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL väljer efter hur mycket där finns")
    asked = replace(asked, since=date(2026, 1, 1), until=date(2026, 2, 1)) if spanned else asked
    with database.reading() as session:
        query = queries._asked(asked, (datetime(2026, 1, 15, tzinfo=UTC), 7), 51)
        sql = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plans = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
    assert [re.sub(r" \(.*", "", each) for each in plans] == [f"SEARCH event USING INDEX ix_event_{named(asked)}"]


def named(asked: Asked) -> str:
    return "by" if asked.by else "action" if asked.action else "subject" if asked.subject else "at"


def test_the_number_of_statements_does_not_grow(database: Database, office: Viewer) -> None:
    ran: list[str] = []

    def hear(*told: Any) -> None:
        ran.append(told[2])

    def counted() -> int:
        ran.clear()
        with database.reading() as session:
            page_of(session, office, Asked())
        return len(ran)

    with database.reading() as session:
        event.listen(session.get_bind().engine, "before_cursor_execute", hear)
    more(database, office)
    counted()  # a connection says more when it is new
    few = counted()
    more(database, office)
    assert counted() == few < 10


def more(database: Database, office: Viewer) -> None:
    row = {"at": audit.now(), "by": office.id, "action": "person:changed", "subject": office.id, "details": {}}
    with database.writing() as session:
        session.connection().execute(insert(Event), [row] * 1000)
