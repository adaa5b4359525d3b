"""One person's data: handed out whole and to nobody else, and erased so that nothing is found of them again."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select as rows_of
from sqlmodel import Session, select

from app.accounts import calendars, passwords, sessions
from app.accounts.actions import invite
from app.accounts.models import Person, SignIn
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.audit import Event
from app.db import Database
from app.errors import NotFound
from app.ids import new_id
from app.inspections import actions
from app.inspections.models import InspectionRow
from app.people import actions as people
from app.people.schemas import PersonIn
from app.privacy.erasing import OPEN, erase, mentions
from app.privacy.export import KEPT_BACK, NOT_YOURS, export
from app.privacy.shape import Erasing
from app.privacy.stored import TABLES
from app.tables import metadata
from app.typed import Unfit
from app.writing.desk import Operation
from tests.factories import a_person, an_inspection
from tests.forms import at_a_browser
from tests.plans.factories import Planned, planned

PRINTED = {"version", "version_file", "plan_version"}  # published: signed and submitted


@pytest.fixture
def visit(database: Database) -> Planned:
    return planned(database)


def draft(visit: Planned, *operations: Operation, by: Viewer | None = None) -> str:
    """Another inspection of theirs, being written."""
    with visit.database.writing() as session:
        id = an_inspection(session, visit.place, visit.office, visit.a, visit.b)
        actions.write(session, by=by or visit.a, inspection=id, operations=operations)
    return id


def lived(visit: Planned, person: Viewer) -> None:
    """Leaves something in every table that a way in hangs on."""
    with visit.database.writing() as session:
        session.get_one(Person, person.id).password = passwords.hashed("ett långt lösenord")
        sessions.start(session, person.id)
        invite(session, by=visit.office, person=person.id)
        calendars.make(session, by=person)


def found_in(database: Database, *markers: str) -> set[str]:
    """The tables where any of these stands, in whatever column."""
    with database.reading() as session:
        rows = ((table.name, row) for table in metadata.sorted_tables for row in session.execute(rows_of(table)))
        return {name for name, row in rows if any(marker in _text(row) for marker in markers)}


def _text(row: Any) -> str:
    return "\n".join(each.decode("latin-1") if isinstance(each, bytes) else str(each) for each in row)


def told(made: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert sorted(file.namelist()) == ["las-mig.txt", "personuppgifter.json"]
        return dict(json.loads(file.read("personuppgifter.json")))


def exported(visit: Planned, by: Viewer, person: Viewer) -> dict[str, Any]:
    with visit.database.reading() as session:
        return dict(told(export(session, by=by, person=person.id))["uppgifter"])


# ── Handed out ────────────────────────────────────────────────────────────────────────────


def test_a_person_gets_everything_and_no_secret_and_nobody_elses_id(visit: Planned) -> None:
    lived(visit, visit.a)
    talk = new_id()
    draft(
        visit,
        Operation(new_id(), "area/E/narrative", "Mina egna ord."),
        Operation(new_id(), f"note/{talk}/{visit.a.id}/fritt", "Hon sade något i förtroende."),
    )
    made = exported(visit, visit.a, visit.a)
    assert set(made) == {stored.title for stored in TABLES if stored.title}
    assert [each["namn"] for each in made["Konto"]] == ["Alva Exempel"]
    assert [(each["roll"], bool(each["specialitet"])) for each in made["Roller"]] == [("inspektör", True)]
    assert [len(made[each]) for each in ("Inloggningar", "Länkar för att välja lösenord", "Kalenderadress")] == [
        1,
        1,
        1,
    ]
    assert {each["inspektion"].split(", ")[0] for each in made["Uppdrag som inspektör"]} == {_clinic(visit)}
    wrote = {each["fält"]: each["text"] for each in made["Det som personen har skrivit"]}
    assert (wrote["Beskrivning av området"], wrote["Anteckning"]) == ("Mina egna ord.", KEPT_BACK)
    assert {each["av"] for each in made["Händelser"]} == {"personen", "någon annan"}
    all_of_it = json.dumps(made, ensure_ascii=False)
    with visit.database.reading() as session:
        secrets = [session.get_one(Person, visit.a.id).password, *session.exec(select(SignIn.token))]
        others = [id for id in session.exec(select(Person.id)) if id != visit.a.id]
    assert not [each for each in [*secrets, *others] if each and each in all_of_it]


def _clinic(visit: Planned) -> str:
    with visit.database.reading() as session:
        return session.get_one(InspectionRow, visit.id).clinic_name


def test_an_administrator_gets_no_words_that_they_could_not_read(visit: Planned) -> None:
    visit.put("area/E/text", "Inte inlämnat än.", visit.director)
    apart = [Operation(new_id(), "front/apart", "1"), Operation(new_id(), "criterion/E-F1/comment", "Sagt ensam.")]
    apart[1] = Operation(new_id(), "criterion/E-F1/comment", "Sagt ensam.", voice=visit.a.id)
    draft(visit, *apart, Operation(new_id(), "area/E/narrative", "Sagt tillsammans."))
    by_office = json.dumps(
        [exported(visit, visit.office, each) for each in (visit.a, visit.director)], ensure_ascii=False
    )
    own = json.dumps([exported(visit, each, each) for each in (visit.a, visit.director)], ensure_ascii=False)
    texts = ("Inte inlämnat än.", "Sagt ensam.", "Sagt tillsammans.")
    assert [text in own for text in texts] == [True, True, True]
    assert [text in by_office for text in texts] == [False, False, True]
    assert NOT_YOURS in by_office


def test_nobody_else_gets_it(visit: Planned) -> None:
    with visit.database.reading() as session:
        for by in (visit.b, visit.coordinator, visit.region):
            with pytest.raises(NotFound):
                export(session, by=by, person=visit.a.id)
        with pytest.raises(NotFound):
            export(session, by=visit.office, person=new_id())


def test_it_is_fetched_from_the_pages_and_that_is_an_event(visit: Planned, client: TestClient) -> None:
    own = at_a_browser(client, visit.database, visit.a)
    assert "Hämta mina uppgifter" in own.open("/konto").text
    answer = own.ask("POST", "/konto/uppgifter")
    assert (answer.headers["content-type"], told(answer.content)["om"]) == ("application/zip", "Alva Exempel")
    office = at_a_browser(client, visit.database, visit.office)
    answer = office.ask("POST", f"/personer/{visit.a.id}/uppgifter/hamta")
    assert told(answer.content)["om"] == "Alva Exempel"
    with visit.database.reading() as session:
        fetched = session.exec(select(Event).where(Event.action == "person:data_exported").order_by("n")).all()
    assert [(each.by, each.subject, each.details) for each in fetched] == [
        (visit.a.id, visit.a.id, {}),
        (visit.office.id, visit.a.id, {}),
    ]


# ── Erased ────────────────────────────────────────────────────────────────────────────────


def gone(visit: Planned, *persons: Viewer) -> None:
    for person in persons:
        with visit.database.writing() as session:
            people.close(session, by=visit.office, person=person.id)
            erase(session, by=visit.office, person=person.id)
    visit.database.sweep()


@pytest.fixture
def administered(visit: Planned) -> Planned:
    """There is somebody left who can sign in."""
    with visit.database.writing() as session:
        session.get_one(Person, visit.office.id).password = passwords.hashed("ett långt lösenord")
    return visit


def test_an_erased_person_is_nowhere_but_in_what_is_published(administered: Planned) -> None:
    visit = administered
    for each in (visit.a, visit.director):
        lived(visit, each)
    names = ["Alva Exempel", "Utan Konto"]
    other = draft(visit, Operation(new_id(), "front/inspectors", names))
    with visit.database.writing() as session:  # too late, and kept
        actions.write(
            session, by=visit.a, inspection=visit.id, operations=[Operation(new_id(), "front/inspectors", names)]
        )
    measure = new_id()
    visit.put(f"measure/{measure}/what", "Träffar")
    visit.put(f"measure/{measure}/owner", visit.director.name)
    addresses = [f"{each.id}@" for each in (visit.a, visit.director)]
    assert found_in(visit.database, visit.a.name) == {"person", "inspection", "revision", "version"}
    assert found_in(visit.database, visit.director.name) == {"person", "measure", "revision"}
    hashes = _hashes(visit)
    gone(visit, visit.a, visit.director)
    assert found_in(visit.database, visit.a.name, visit.director.name) <= PRINTED
    assert found_in(visit.database, *addresses) == set()
    assert _hashes(visit) == hashes
    with visit.database.reading() as session:
        for each in (visit.a, visit.director):
            person = session.get_one(Person, each.id)
            assert (person.name, person.password) == (f"Borttagen person {person.erased}", None)
            assert [title for title, rows in _ways_in(session, each) if rows] == []
        assert session.get_one(InspectionRow, other).names is None
        events = session.exec(select(Event).where(Event.action == "person:erased").order_by("n")).all()
    assert [each.details["number"] for each in events] == [1, 2]
    assert events[0].details == {"number": 1, "rows": {"invitation": 1, "mail": 1}, "texts": 2}  # closing took the rest
    if visit.database.is_sqlite:
        file = Path(visit.database.url.removeprefix("sqlite:///"))
        bytes = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
        assert not [each for each in addresses if each.encode() in bytes]


def _hashes(visit: Planned) -> list[Any]:
    with visit.database.reading() as session:
        table = metadata.tables["revision"]
        return [tuple(row) for row in session.execute(rows_of(table.c.id, table.c.hash).order_by(table.c.n))]


def _ways_in(session: Session, person: Viewer) -> Iterator[tuple[str, int]]:
    for stored in TABLES:
        if stored.erasing is Erasing.GO:
            table = metadata.tables[stored.table]
            query = rows_of(table).where(table.c[stored.whose[0]] == person.id)
            yield stored.title, len(session.execute(query).all())


def test_where_the_name_stands_in_running_text_is_told_before_and_stays(administered: Planned) -> None:
    visit = administered
    said = Operation(new_id(), "area/E/narrative", "Alva Exempel leder gruppen.")
    own = Operation(new_id(), f"note/{new_id()}/{visit.a.id}/fritt", "Alva Exempel sade det.")
    id = draft(visit, said, own)
    with visit.database.reading() as session:
        assert [each.url for each in mentions(session, session.get_one(Person, visit.a.id))] == [f"/inspektioner/{id}"]
    gone(visit, visit.a)
    assert "area_state" in found_in(visit.database, "Alva Exempel leder")


def test_a_namesake_elsewhere_keeps_the_name(administered: Planned) -> None:
    visit = administered
    with visit.database.writing() as session:
        other = a_person(session, visit.a.name, Held(Role.DIRECTOR_OF_STUDIES, clinic=visit.place.clinic))
    measure = new_id()
    visit.put(f"measure/{measure}/owner", other.name)
    gone(visit, visit.a)
    assert visit.stands(f"measure/{measure}/owner") == other.name


def test_only_a_closed_account_is_erased_and_never_the_last_administrators(administered: Planned) -> None:
    visit = administered
    with visit.database.writing() as session:
        with pytest.raises(Unfit, match=OPEN):
            erase(session, by=visit.office, person=visit.a.id)
        other = a_person(session, "Kim Kansli", Held(Role.ADMINISTRATOR))  # no password: cannot sign in
    for by in (visit.office, other):
        with visit.database.writing() as session, pytest.raises(Unfit):
            people.close(session, by=by, person=visit.office.id)
    with visit.database.writing() as session, pytest.raises(Unfit, match=OPEN):
        erase(session, by=other, person=visit.office.id)
    for stranger in (visit.a, visit.coordinator, visit.region, visit.director):
        with visit.database.writing() as session, pytest.raises(NotFound):
            erase(session, by=stranger, person=visit.a.id)


def test_an_erased_account_is_not_opened_named_or_appointed_again(administered: Planned) -> None:
    visit = administered
    gone(visit, visit.a)
    with visit.database.writing() as session:
        erase(session, by=visit.office, person=visit.a.id)  # once more changes nothing
        with pytest.raises(Unfit):
            people.open_again(session, by=visit.office, person=visit.a.id)
        with pytest.raises(Unfit):
            people.change(
                session, by=visit.office, person=visit.a.id, new=PersonIn(name="Alva", email="alva@exempel.se")
            )
        assert len(session.exec(select(Event).where(Event.action == "person:erased")).all()) == 1


def test_the_page_asks_once_and_says_what_goes_and_what_stays(administered: Planned, client: TestClient) -> None:
    visit = administered
    office = at_a_browser(client, visit.database, visit.office)
    url = f"/personer/{visit.a.id}"
    refused = office.ask("POST", f"{url}/uppgifter/radera")
    assert (refused.status_code, OPEN in refused.text) == (422, True)
    assert "Radera uppgifterna om" not in office.open(f"{url}/uppgifter").text
    office.ask("POST", f"{url}/stang")
    asked = office.open(f"{url}/uppgifter").text
    assert all(said in asked for said in ("Det här raderas", "Det här står kvar", "Det går inte att ångra"))
    office.ask("POST", f"{url}/uppgifter/radera")
    assert "Uppgifterna är raderade." in office.open(f"{url}/uppgifter").text
    page = office.open(url).text
    assert "Borttagen person 1" in page
    assert "Öppna kontot" not in page
