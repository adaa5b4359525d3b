"""People as a list: known by their addresses, given roles, and nobody ended."""

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from app.accounts.models import Person
from app.accounts.roles import Role
from app.accounts.viewer import OFFICE
from app.audit import Event
from app.db import Database
from app.lists import sheets
from app.lists.tables import read
from app.people import actions, as_list, importing
from app.people.schemas import AppointmentIn
from tests.accounts.entering import as_administrator, enrol
from tests.factories import a_person, a_place
from tests.lists.world import a_list, done, said, sent

HEAD = tuple(as_list.COLUMNS)
URL = "/personer/lista"


def rows(database: Database) -> list[tuple[str, ...]]:
    with database.reading() as session:
        return [tuple(map(str, row)) for row in as_list.sheet(session).rows]


def test_people_are_added_with_their_roles_and_named_anew(database: Database, client: TestClient) -> None:
    kim = as_administrator(client, database)
    alva = enrol(database, "alva@exempel.se", "Alva Exempel")
    with database.writing() as session:
        a_place(session, "Exempel")
    unit = ("Region Exempel", "Exempels lasarett", "Exempelkliniken")
    asked = a_list(
        HEAD,
        ("Alva Ny", " ALVA@exempel.se", "Inspektör", "Exempelmedicin", "", "", ""),
        ("Alva Ny", "alva@exempel.se", "studierektor", "", *unit),
        ("Bo Ek", "bo@exempel.se", "regionkansli", "", unit[0], "", ""),
        ("Bo Ek", "bo@exempel.se", "administratör", "", "", "", ""),
        ("Cia Al", "cia@exempel.se", "", "", "", "", ""),
    )
    preview = sent(client, URL, asked)
    assert "2 nya, 1 ändras." in said(preview)
    told = "alva@exempel.se · Hette Alva Exempel · Blir inspektör, Exempelmedicin · Blir studierektor, Exempelkliniken"
    assert told in said(preview)
    assert "Gör 3 ändringar" in said(preview)
    assert "3 ändringar är gjorda" in said(done(client, preview))
    assert [row for row in rows(database) if row[1] != f"{kim.id}@exempel.se"] == [
        ("Alva Ny", "alva@exempel.se", "inspektör", "Exempelmedicin", "", "", ""),
        ("Alva Ny", "alva@exempel.se", "studierektor", "", *unit),
        ("Bo Ek", "bo@exempel.se", "administratör", "", "", "", ""),
        ("Bo Ek", "bo@exempel.se", "regionkansli", "", unit[0], "", ""),
        ("Cia Al", "cia@exempel.se", "", "", "", "", ""),
    ]
    with database.reading() as session:
        made = [each.action for each in session.exec(select(Event).where(Event.by == kim.id).order_by("n"))][1:]
        assert session.get_one(Person, alva).listed == "alva ny"
    assert made == 2 * ["person:added"] + ["person:changed"] + 4 * ["person:appointed"]
    assert "Inget ändras" in said(sent(client, URL, asked))


def test_rows_about_people_that_cannot_be_understood_are_told(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    gone = enrol(database, "borta@exempel.se")
    enrol(database, "alva@exempel.se", "Alva Exempel")
    with database.writing() as session:
        actions.close(session, by=OFFICE, person=gone)
    told = said(
        sent(
            client,
            URL,
            a_list(
                HEAD,
                ("Bo", "1177", "", "", "", "", ""),
                ("", "bo@exempel.se", "", "", "", "", ""),
                ("Bo", "bo@exempel.se", "chef", "", "", "", ""),
                ("Bo", "bo@exempel.se", "inspektör", "", "", "", ""),
                ("Bo", "bo@exempel.se", "inspektör", "Ingenting", "", "", ""),
                ("Alva Exempel", "borta@exempel.se", "", "", "", "", ""),
                ("Dan", "dan@exempel.se", "", "", "", "", ""),
                ("Don", "dan@exempel.se", "", "", "", "", ""),
                ("ALVA Exempel", "alva@annan.se", "", "", "", "", ""),
            ),
        )
    )
    for sentence in (
        "Rad 2 E-post: Skriv en e-postadress",
        "Rad 3 Skriv både namn och e-post.",
        "Rad 4 Roll: Skriv en av administratör,",
        "Rad 5 Specialitet: Skriv vilken, för rollen inspektör.",
        "Rad 6 Ingenting finns inte bland platserna.",
        "Rad 7 Kontot är stängt.",
        "Rad 9 dan@exempel.se heter Dan på rad 8.",
        "Någon som heter så har alva@exempel.se.",
        "7 rader går inte att förstå.",
    ):
        assert sentence in told


def test_a_list_as_long_as_one_may_be_is_taken_in_whole(database: Database) -> None:
    with database.writing() as session:
        a_place(session, "Exempel")
    many = [(f"Alva {i}", f"a{i}@exempel.se", "inspektör", "Exempelmedicin", "", "", "") for i in range(5_000)]
    with database.reading() as session:
        wanted = importing.compared(as_list.state(session), read(a_list(HEAD, *many), as_list.COLUMNS, as_list.NEEDED))
    with database.writing() as session:
        importing.take_in(session, by=OFFICE, new=wanted)
    assert sorted(rows(database)) == sorted(many)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.text("abÅ=+@'\" ", min_size=1, max_size=5), st.sets(st.sampled_from(list(Role)))), max_size=4)
)
def test_what_is_taken_out_of_people_asks_for_nothing_when_it_is_sent_in(
    database: Database, people: list[tuple[str, set[Role]]]
) -> None:
    with database.writing() as session:
        place = a_place(session, f"{len(as_list.state(session).places.regions)}")
        where = {Role.COORDINATOR: place.speciality, Role.INSPECTOR: place.speciality, Role.REGION_OFFICE: place.region}
        for name, roles in people:
            person = a_person(session, f"x{name.strip()}").id
            for role in sorted(roles):
                at = None if role is Role.ADMINISTRATOR else where.get(role, place.clinic)
                actions.appoint(session, by=OFFICE, person=person, new=AppointmentIn(role=role, where=at))
        out, now = as_list.sheet(session), as_list.state(session)
    for content in (sheets.csv(out), sheets.xlsx([out], "A")):
        if out.rows:
            again = importing.compared(now, read(content, as_list.COLUMNS, as_list.NEEDED)).preview
            assert (again.count, again.not_understood, again.same) == (0, [], len(out.rows))
