"""Places as a list: looked at, done, done again, and what happened in between."""

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from app.accounts.viewer import OFFICE
from app.audit import Event
from app.db import Database
from app.lists import sheets
from app.lists.preview import CHANGED
from app.lists.tables import MOST_ROWS, read
from app.places import actions, as_list, importing
from app.places.models import Region
from app.places.schemas import Named
from tests.accounts.entering import as_administrator
from tests.lists.world import a_list, done, said, sent

HEAD = tuple(as_list.COLUMNS)[:-1]  # what has ended: test_closing.py
URL = "/platser/lista"
NEW = a_list(
    HEAD,
    ("Region Exempel", "Exempelstads lasarett", "Sjukhus", "Medicinkliniken", "Internmedicin"),
    ("Region Exempel", "Exempelstads lasarett", "Sjukhus", "Medicinkliniken", "Kirurgi"),
    ("Region Exempel", "Primärvården", "primärvård", "Vårdcentralen Norr", ""),
    ("", "", "", "", "Radiologi"),
)


def rows(database: Database) -> list[tuple[str, ...]]:
    with database.reading() as session:
        return [tuple(map(str, row[:-1])) for row in as_list.sheet(session).rows]


def test_a_list_is_looked_at_then_done_and_the_second_time_nothing_changes(
    database: Database, client: TestClient
) -> None:
    kim = as_administrator(client, database)
    preview = sent(client, URL, NEW)
    assert "8 nya, 0 ändras. 0 rader står redan så." in said(preview)
    assert "Ny klinik, utbildar i Internmedicin, Kirurgi · Exempelstads lasarett, Region Exempel · rad 2" in said(
        preview
    )
    assert "Gör 8 ändringar" in said(preview)
    assert rows(database) == []  # looking changes nothing
    assert "8 ändringar är gjorda" in said(done(client, preview))
    assert rows(database) == [
        ("Region Exempel", "Exempelstads lasarett", "Sjukhus", "Medicinkliniken", "Internmedicin"),
        ("Region Exempel", "Exempelstads lasarett", "Sjukhus", "Medicinkliniken", "Kirurgi"),
        ("Region Exempel", "Primärvården", "Primärvård", "Vårdcentralen Norr", ""),
        ("", "", "", "", "Radiologi"),
    ]
    with database.reading() as session:
        made = [each.action for each in session.exec(select(Event).where(Event.by == kim.id).order_by("n"))][1:]
    assert sorted(made) == sorted(
        3 * ["speciality:added"] + ["region:added"] + 2 * ["hospital:added"] + 2 * ["clinic:added"] + ["clinic:trains"]
    )
    assert "Inget ändras" in said(sent(client, URL, NEW))
    assert "Allt i filen finns redan" in said(done(client, preview))  # the button pressed twice


def test_what_comes_is_added_and_nothing_is_taken_away(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    done(client, sent(client, URL, NEW))
    before = rows(database)
    more = a_list(HEAD, ("Region Exempel", "Exempelstads lasarett", "", "Medicinkliniken", "Radiologi"))
    preview = sent(client, URL, more)
    assert "0 nya, 1 ändras." in said(preview)
    assert "Utbildar också i Radiologi" in said(preview)
    done(client, preview)
    assert sorted({*before, (*before[0][:4], "Radiologi")} - {before[-1]}) == sorted(rows(database))


def test_rows_that_cannot_be_understood_are_told_and_left(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    done(client, sent(client, URL, NEW))
    told = said(
        sent(
            client,
            URL,
            a_list(
                HEAD,
                ("Region Exempel", "", "", "Ögonkliniken", ""),
                ("", "Exempelstads lasarett", "Sjukhus", "", ""),
                ("Region Exempel", "", "", "", "Kirurgi"),
                ("Region Exempel", "Nya lasarettet", "", "", ""),
                ("Region Exempel", "Nya lasarettet", "Slott", "", ""),
                ("Region Exempel", "Primärvården", "Sjukhus", "", ""),
                ("Region \u202e", "", "", "", ""),
                ("Region Ny", "", "", "", ""),
                ("Region Ny", "", "", "", ""),
            ),
        )
    )
    for sentence in (
        "Rad 2 Skriv vilket sjukhus eller vilken primärvård Ögonkliniken hör till.",
        "Rad 3 Skriv vilken region Exempelstads lasarett hör till.",
        "Rad 4 Skriv vilken klinik eller vårdcentral som utbildar i Kirurgi.",
        "Rad 5 Slag: Skriv om Nya lasarettet är Sjukhus eller Primärvård.",
        "Rad 6 Slag: Skriv Sjukhus eller Primärvård.",
        "Rad 7 Primärvården är primärvård sedan tidigare.",
        "Rad 8 Region: Skriv namnet på nytt.",
        "Står redan tidigare i filen, och räknas en gång: rad 10.",
        "7 rader går inte att förstå.",
        "Gör 1 ändring",
    ):
        assert sentence in told


def test_a_name_that_looks_like_one_that_is_there_is_doubted_and_never_merged(
    database: Database, client: TestClient
) -> None:
    as_administrator(client, database)
    done(client, sent(client, URL, a_list(HEAD, ("Region Kalmar län", "Länssjukhuset i Kalmar", "Sjukhus", "", ""))))
    near = a_list(HEAD, ("Region Kalmar län", "Kalmar lasarett", "Sjukhus", "", ""))
    preview = sent(client, URL, near)
    assert "Liknar Länssjukhuset i Kalmar. Är det samma" in said(preview)
    done(client, preview)
    assert {row[1] for row in rows(database)} == {"Länssjukhuset i Kalmar", "Kalmar lasarett"}


def test_names_are_matched_as_they_read_and_not_as_they_are_stored(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    with database.writing() as session:
        session.add(Region(id="a" * 32, name="Region A\u030angermanland"))  # kept before names were made alike
    same = a_list(HEAD, ("  Region  Ångermanland ", "", "", "", ""))
    assert "Inget ändras" in said(sent(client, URL, same))


def test_what_has_changed_meanwhile_is_told_and_nothing_is_done(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    preview = sent(client, URL, NEW)
    with database.writing() as session:
        actions.add_region(session, by=OFFICE, new=Named(name="Region Exempel"))
    answer = done(client, preview)
    assert answer.status_code == 409
    assert CHANGED in said(answer)
    assert rows(database) == [("Region Exempel", "", "", "", "")]
    assert "7 nya" in said(answer)
    assert done(client, answer).status_code == 200
    assert len(rows(database)) == 4


def test_a_file_that_cannot_be_read_is_told_at_its_field(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    for content, why, status in ((b"Klinik\nA", "Filen saknar kolumnen", 422), (b"", "Välj filen", 422)):
        answer = sent(client, URL, content)
        assert (answer.status_code, answer.text.count(why)) == (status, 2)
    assert client.post(f"{URL}/gor", data={"underlag": "x", "avtryck": "x"}).status_code == 400


def test_names_are_text_in_the_page_and_in_files(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    hostile = a_list(HEAD, ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "Sjukhus", "", ""))
    preview = sent(client, URL, hostile)
    assert "<script>alert" not in preview.text
    done(client, preview)
    assert "'=cmd|" in client.get(f"{URL}/nu/csv").text
    for format in ("csv", "xlsx"):
        assert "Inget ändras" in said(sent(client, URL, client.get(f"{URL}/nu/{format}").content))


def test_the_template_can_be_sent_in_as_it_is(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    for format in ("csv", "xlsx"):
        preview = sent(client, URL, client.get(f"{URL}/mall/{format}").content)
        assert "4 nya" in said(preview)
        assert "går inte att förstå" not in said(preview)


def test_a_list_as_long_as_one_may_be_is_taken_in_whole(database: Database) -> None:
    many = [
        (f"Region {i % 21}", f"Lasarettet {i % 150} i Ort {i % 21}", "Sjukhus", f"Klinik {i}", f"Ämne {i % 40}")
        for i in range(MOST_ROWS)
    ]
    table = read(a_list(HEAD, *many), as_list.COLUMNS, as_list.NEEDED)
    with database.reading() as session:
        wanted = importing.compared(as_list.state(session), table)
    with database.writing() as session:
        importing.take_in(session, by=OFFICE, new=wanted)
    assert sorted(rows(database)) == sorted(many)


NAMES = st.text("abcåÅ=+-@';,\"\u0301 1", min_size=1, max_size=6).filter(lambda text: text.strip())
TREE = st.lists(
    st.tuples(NAMES, NAMES, st.sampled_from(["Sjukhus", "Primärvård"]), st.one_of(NAMES, st.just("")), NAMES),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREE)
def test_what_is_taken_out_asks_for_nothing_when_it_is_sent_in(
    database: Database, tree: list[tuple[str, str, str, str, str]]
) -> None:
    """Whatever is there so far: each example adds to the one before."""
    given_rows = [(*row[:4], row[4] if row[3] else "") for row in tree]
    with database.writing() as session:
        wanted = importing.compared(
            as_list.state(session), read(a_list(HEAD, *given_rows), as_list.COLUMNS, ("Region",))
        )
        importing.take_in(session, by=OFFICE, new=wanted)
        out = as_list.sheet(session)
        now = as_list.state(session)
    for content in (sheets.csv(out), sheets.xlsx([out], "A")):
        again = importing.compared(now, read(content, as_list.COLUMNS, as_list.NEEDED)).preview
        assert (again.count, again.not_understood, again.notes) == (0, [], [])
        assert again.same == len(out.rows)
