"""A person's ties: who may tell and remove them, what is kept, and what is said of them where."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.errors import NotFound
from app.people import ties
from app.people.independence import TieKind
from app.people.models import TieRow
from app.people.schemas import TieIn
from app.places.models import Clinic
from app.typed import Unfit
from tests.factories import Place, a_person, a_place, an_inspector
from tests.forms import Page, at_a_browser


@pytest.fixture
def place(database: Database) -> Place:
    with database.writing() as session:
        return a_place(session)


@pytest.fixture
def alva(database: Database, place: Place) -> Viewer:
    with database.writing() as session:
        return an_inspector(session, place, "Alva Exempel")


def office(database: Database) -> Viewer:
    with database.writing() as session:
        return a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR))


def hospital_of(session: Session, place: Place) -> str:
    return session.get_one(Clinic, place.clinic).hospital


def told(database: Database, person: str) -> list[str]:
    with database.reading() as session:
        return [str(each) for each in ties.ties_of(session, [person]).get(person, [])]


def test_a_person_keeps_their_own_ties(database: Database, client: TestClient, place: Place, alva: Viewer) -> None:
    browser = at_a_browser(client, database, alva)
    assert "Börja med din hemregion" in browser.open("/konto").said
    form = browser.open("/konto/band")
    after = form.submit({"kind": "home", "where": place.region})
    assert (after.url, "Hemregion, Region Exempel" in after.said) == ("/konto#band", True)
    assert "Börja med din hemregion" not in after.said
    form.submit({"kind": "home", "where": place.region})  # sent once more
    form.submit({"kind": "employed", "where": place.clinic, "since": "2015", "until": "2019"})
    expected = ["hemregion, Region Exempel", "anställning, Exempelkliniken, Exempels lasarett, 2015–2019"]
    assert told(database, alva.id) == expected
    page = browser.open("/konto")
    for action in page.tree.xpath("//form[contains(@action, '/ta-bort')]/@action")[:1] * 2:  # pressed twice
        page = browser.send(action, [])
    assert "Bandet hemregion, Region Exempel är borttaget." in page.said
    assert told(database, alva.id) == expected[1:]
    with database.reading() as session:
        done = [each.action for each in audit.history(session, alva.id)]
        rows = session.exec(select(TieRow)).all()
    assert done.count("person:tie_told") == 2
    assert done.count("person:tie_removed") == 1
    assert len(rows) == 2  # a decision may rest on what was removed


def test_the_office_tells_of_anybody(database: Database, client: TestClient, place: Place, alva: Viewer) -> None:
    browser = at_a_browser(client, database, office(database))
    with database.reading() as session:
        hospital = hospital_of(session, place)
    after = browser.open(f"/personer/{alva.id}/band").submit({"kind": "leads", "where": hospital})
    assert after.url == f"/personer/{alva.id}#band"
    assert told(database, alva.id) == ["ledning eller styrelse, Exempels lasarett"]
    [action] = after.tree.xpath("//form[contains(@action, '/ta-bort')]/@action")
    gone = browser.send(action, [])
    assert told(database, alva.id) == []
    assert "Bandet ledning eller styrelse, Exempels lasarett är borttaget." in gone.said
    [undo] = [each for each in gone.tree.forms if "Ångra" in each.text_content()]
    back = browser.send(undo.get("action"), list(undo.form_values()))
    assert told(database, alva.id) == ["ledning eller styrelse, Exempels lasarett"]
    tie = action.split("/")[-2]
    for address in (back.url, f"/personer/{alva.id}?borttaget={tie}", f"/personer/{alva.id}?borttaget=x"):
        assert "är borttaget" not in browser.open(address.partition("#")[0]).said  # it is there again, or never was


def test_nobody_tells_or_removes_the_ties_of_another(database: Database, place: Place, alva: Viewer) -> None:
    with database.writing() as session:
        other = an_inspector(session, place, "Nils Påhitt")
        tie = ties.tell(session, by=alva, person=alva.id, new=TieIn(kind=TieKind.HOME, where=place.region))
        with pytest.raises(NotFound):
            ties.tell(session, by=other, person=alva.id, new=TieIn(kind=TieKind.HOME, where=place.region))
        with pytest.raises(NotFound):
            ties.remove(session, by=other, person=alva.id, tie=tie)
        ties.remove(session, by=other, person=other.id, tie=tie)  # none of theirs: nothing happens
    assert told(database, alva.id) == ["hemregion, Region Exempel"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "släkt"}, "kind"),
        ({"where": ""}, "where"),
        ({"where": "\0"}, "where"),
        ({"where": "00000000-0000-4000-8000-000000000000"}, "where"),
        ({"kind": "home"}, "where"),  # of a clinic
        ({"since": "i höst"}, "since"),
        ({"since": "٢٠١٥"}, "since"),
        ({"until": "19"}, "until"),
        ({"until": "9" * 300}, "until"),
        ({"since": "2019", "until": "2015"}, "until"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_there(
    database: Database, client: TestClient, place: Place, alva: Viewer, typed: dict[str, str], wrong: str
) -> None:
    sent = {"kind": "employed", "where": place.clinic, "since": "2015", "until": ""} | typed
    back: Page = at_a_browser(client, database, alva).send("/konto/band", list(sent.items()))
    assert (back.status, back.tree.xpath("//*[@role='alert']//li/a/@href")) == (422, [f"#{wrong}"])
    assert back.value("since") == sent["since"]
    assert told(database, alva.id) == []


def test_there_is_a_limit_to_them(database: Database, place: Place, alva: Viewer) -> None:
    with database.writing() as session:
        for year in range(ties.MOST):
            ties.tell(session, by=alva, person=alva.id, new=_since(place, 1950 + year))
        with pytest.raises(Unfit):
            ties.tell(session, by=alva, person=alva.id, new=_since(place, 2099))


def _since(place: Place, year: int) -> TieIn:
    return TieIn(kind=TieKind.TRAINED, where=place.clinic, since=year)
