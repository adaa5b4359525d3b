"""The list of people: everybody in it once, and found by parts of their name and address."""

import pytest
from fastapi.testclient import TestClient

from app.accounts.models import Person
from app.db import Database
from app.people import queries
from tests.accounts.entering import an_administrator, as_administrator, enrol
from tests.factories import a_person
from tests.forms import at_a_browser


def test_the_list_shows_everybody_once_in_swedish_order(database: Database) -> None:
    names = [f"{first} {last}" for last in ("Öst", "Ång", "Äng", "Zink", "ek") for first in "EDCBA"] + ["Åsa"] * 25
    with database.writing() as session:
        for name in names:
            a_person(session, name)
    shown: list[Person] = []
    with database.reading() as session:
        while page := queries.listed(session, after=shown[-1].id if shown else None):
            assert len(page) <= queries.PAGE + 1
            shown += page[: queries.PAGE]
    assert len({each.id for each in shown}) == len(names)
    assert [each.name for each in shown[:5]] == ["A ek", "A Zink", "A Ång", "A Äng", "A Öst"]
    assert shown[-1].name == "Åsa"


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("åsa", ["Åsa Öberg"]),
        ("ÖBERG åsa", ["Åsa Öberg"]),
        ("asa", []),
        ("andre", ["André Å"]),
        ("@exempel", ["André Å", "Åsa Öberg"]),
        ("%", []),
        ("_", []),
        ("\x00", []),
        ("x" * 10_000, []),
        ("", ["André Å", "Åsa Öberg"]),
    ],
)
def test_people_are_found_by_parts_of_name_and_address(database: Database, sought: str, found: list[str]) -> None:
    enrol(database, "o@exempel.se", "Åsa Öberg")
    enrol(database, "n@exempel.se", "André Å")
    with database.reading() as session:
        assert [each.name for each in queries.listed(session, sought)] == found


def test_the_list_goes_on_with_the_same_search(database: Database, client: TestClient) -> None:
    kim = as_administrator(client, database)
    with database.writing() as session:
        for n in range(queries.PAGE + 1):
            a_person(session, f"Alva {n:02}")
    first = client.post("/personer", data={"sok": "alva", "visa": "inte-inbjudna"})
    address = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(address)
    assert ("Alva 19" in first.text, "Alva 20" in first.text) == (True, False)
    assert ("Alva 19" in second.text, "Alva 20" in second.text, kim.name in second.text.partition("<main")[2]) == (
        False,
        True,
        False,
    )


def test_what_is_searched_for_stands_in_no_address(database: Database, client: TestClient) -> None:
    """The answer can be opened again, and gone back to, by whoever searched."""
    kim, olga = an_administrator(database), an_administrator(database, "Olga Kansli")
    enrol(database, "alva@exempel.se", "Alva Exempel")
    at_kims, at_olgas = (at_a_browser(client, database, each) for each in (kim, olga))
    found = at_kims.open("/personer").submit({"sok": "ALVA@exempel.se"})
    assert ("Alva Exempel" in found.said, "Olga Kansli" in found.said) == (True, False)
    assert found.value("sok") == "ALVA@exempel.se"
    addresses = [found.url, *found.tree.xpath("//@href | //@action")]
    assert [each for each in addresses if "alva" in each.lower() or "exempel.se" in each] == []
    assert at_kims.open(found.url).said == found.said
    for other in (at_olgas.open(found.url), at_kims.open("/personer?sok=alva"), at_kims.open("/personer?sok=%C3%A5")):
        assert (other.status, other.value("sok"), "Olga Kansli" in other.said) == (200, "", True)
