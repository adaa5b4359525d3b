"""The administrator builds the tree of places; everybody else finds nothing."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html
from sqlmodel import func, select

from app.accounts.roles import Held, Role
from app.accounts.viewer import OFFICE, Viewer
from app.alphabet import in_order
from app.audit import Event
from app.db import Database
from app.errors import NotFound
from app.ids import new_id
from app.places import actions, queries
from app.places.models import Clinic, Hospital, Region, Speciality
from app.places.schemas import ClinicIn, Named, NewHospital
from app.typed import Unfit
from tests.accounts.entering import PASSWORD, as_administrator, enrol
from tests.clients import sign_in
from tests.factories import a_place


def test_an_administrator_builds_the_tree_page_by_page(database: Database, client: TestClient) -> None:
    as_administrator(client, database)

    def save(address: str, **typed: object) -> str:
        answer = client.post(f"/platser/{address}", data=typed)
        assert answer.history, answer.text
        return answer.text

    def id_of(level: str, name: str) -> str:
        found = re.search(rf'/platser/{level}/([-0-9a-f]{{36}})"[^>]*>(?:<span class="left-text">)?{name}', page)
        assert found, page
        return found[1]

    page = save("specialiteter/ny", name="Internmedicin")
    speciality = id_of("specialiteter", "Internmedicin")
    page = save("regioner/ny", name="  Region   Exempel ")
    region = id_of("regioner", "Region Exempel")
    page = save(f"regioner/{region}/sjukhus/nytt", name="Exempelstads lasarett", kind="hospital")
    page = save(f"regioner/{region}/sjukhus/nytt", name="Primärvården", kind="primary_care")
    hospital, care = id_of("sjukhus", "Exempelstads lasarett"), id_of("sjukhus", "Primärvården")
    assert "Lägg till en vårdcentral i Primärvården" in client.get(f"/platser/sjukhus/{care}/kliniker/ny").text
    page = save(f"sjukhus/{hospital}/kliniker/ny", name="Kliniken", specialities=[speciality])
    clinic = id_of("kliniker", "Kliniken")
    assert "checked" in client.get(f"/platser/kliniker/{clinic}").text
    for changed, name in ((f"kliniker/{clinic}", "Medicinkliniken"), (f"regioner/{region}", "Region Påhitt")):
        assert f"heter nu {name}." in client.post(f"/platser/{changed}", data={"name": name}).text
    with database.reading() as session:
        (told,) = [each.model_dump(exclude={"id": True}) for each in queries.tree(session)]
        done = session.exec(select(Event.action).where(Event.subject.in_([clinic, region])).order_by(Event.n)).all()
    assert told["name"] == "Region Påhitt"
    assert [each["name"] for each in told["hospitals"]] == ["Exempelstads lasarett", "Primärvården"]
    assert told["hospitals"][0]["clinics"] == [
        {"id": clinic, "name": "Medicinkliniken", "closed": None, "specialities": []}
    ]
    assert done == [
        "region:added",
        "clinic:added",
        "clinic:trains",
        "clinic:renamed",
        "clinic:trains",
        "region:renamed",
    ]


def test_a_name_that_is_taken_comes_back_with_what_was_typed(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    with database.writing() as session:
        place = a_place(session)
        hospital = session.get_one(Clinic, place.clinic).hospital
    typed = {"name": "Exempelkliniken", "specialities": [place.speciality]}
    answer = client.post(f"/platser/sjukhus/{hospital}/kliniker/ny", data=typed)
    assert answer.status_code == 422
    assert answer.text.count("Det namnet finns redan där. Välj ett annat, till exempel med orten efter.") == 2
    assert 'value="Exempelkliniken"' in answer.text
    assert f'value="{place.speciality}" checked' in answer.text
    empty = client.post(f"/platser/regioner/{place.region}", data={"name": " "})
    assert (empty.status_code, "Skriv ett namn." in empty.text) == (422, True)


def test_names_are_unique_within_their_parent_alone(database: Database) -> None:
    with database.writing() as session:
        one, other = (actions.add_region(session, by=OFFICE, new=Named(name=name)) for name in ("A", "B"))
        for region in (one, other):
            actions.add_hospital(session, by=OFFICE, region=region, new=NewHospital(name="Lasarettet"))
    with pytest.raises(Unfit), database.writing() as session:
        actions.add_hospital(session, by=OFFICE, region=one, new=NewHospital(name="Lasarettet", kind="primary_care"))
    with pytest.raises(Unfit), database.writing() as session:
        actions.rename(session, by=OFFICE, kind=Region, id=other, new=Named(name="A"))
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Hospital)).one() == 2


def test_an_action_that_fails_leaves_neither_a_place_nor_an_event(database: Database) -> None:
    with database.writing() as session:
        place = a_place(session)
        hospital = session.get_one(Clinic, place.clinic).hospital
    new = ClinicIn(name="Ny klinik", specialities=[place.speciality, new_id()])
    with pytest.raises(Unfit), database.writing() as session:
        actions.add_clinic(session, by=OFFICE, hospital=hospital, new=new)
    with database.reading() as session:
        assert session.exec(select(Clinic.name)).all() == ["Exempelkliniken"]
        assert session.exec(select(Event)).all() == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_changes_a_place(database: Database, role: Role) -> None:
    with database.writing() as session:
        place = a_place(session)
        viewer = Viewer("p", "P", (Held(role, place.speciality, place.region, place.clinic),))
        for change in (
            lambda: actions.add_region(session, by=viewer, new=Named(name="Ny")),
            lambda: actions.rename(session, by=viewer, kind=Clinic, id=place.clinic, new=Named(name="Ny")),
        ):
            with pytest.raises(NotFound):
                change()


def test_whoever_is_no_administrator_finds_no_such_pages(database: Database, client: TestClient) -> None:
    enrol(database, "alva@exempel.se")
    sign_in(client, "alva@exempel.se", PASSWORD)
    for address in ("/platser", "/platser/regioner/ny", "/api/places", "/personer", "/api/people"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "regioner/x",
        "sjukhus/%00",
        "kliniker/80c5f291-c384-4e3e-aaea-703a7fa68a44",
        "annat/x",
        "regioner/x/sjukhus/nytt",
    ],
)
def test_a_place_that_is_not_there_is_not_found(database: Database, client: TestClient, address: str) -> None:
    as_administrator(client, database)
    assert client.get(f"/platser/{address}").status_code == 404
    assert client.post(f"/platser/{address}", data={"name": "Ny"}).status_code == 404


def undone(client: TestClient, changed: Response) -> Response:
    """Ångra pressed."""
    [form] = [each for each in html.fromstring(changed.text).forms if "Ångra" in each.text_content()]
    return client.post(form.get("action"), data=sent_by(form))


def sent_by(form: Any) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = {}
    for name, value in form.form_values():
        typed.setdefault(name, []).append(value)
    return typed


@pytest.mark.parametrize("level", ["regioner", "sjukhus", "kliniker", "specialiteter"])
def test_a_change_is_put_back_unless_somebody_has_changed_it_since(
    database: Database, client: TestClient, level: str
) -> None:
    as_administrator(client, database)
    with database.writing() as session:
        place = a_place(session)
        hospital = session.get_one(Clinic, place.clinic).hospital
        kinds = {"regioner": Region, "sjukhus": Hospital, "kliniker": Clinic, "specialiteter": Speciality}
        at = dict(zip(kinds, (place.region, hospital, place.clinic, place.speciality), strict=True))
        name = session.get_one(kinds[level], at[level]).name

    def now() -> tuple[str, list[str]]:
        with database.reading() as session:
            return session.get_one(kinds[level], at[level]).name, queries.trained_in(session, place.clinic)

    url = f"/platser/{level}/{at[level]}"
    before = now()
    changed = client.post(url, data={"name": "Fel namn"})  # and no speciality
    assert f"{name} heter nu Fel namn." in changed.text
    assert now() == ("Fel namn", [] if level == "kliniker" else [place.speciality])
    put_back = undone(client, changed)
    assert (now(), f"Fel namn heter nu {name}." in put_back.text) == (before, True)
    assert not client.post(url, data={"name": name, "specialities": before[1]}).text.count("Ångra")  # nothing changed
    client.post(url, data={"name": "Rätt namn", "specialities": before[1]})
    late = undone(client, changed)
    assert (late.status_code, "Någon har ändrat det sedan dess, så det står kvar." in late.text) == (409, True)
    assert now() == ("Rätt namn", before[1])


def test_places_as_json_go_through_the_same_actions(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    region = client.post("/api/regions", json={"name": "Region Exempel"}).json()["id"]
    hospital = client.post(f"/api/regions/{region}/hospitals", json={"name": "Lasarettet"}).json()["id"]
    client.post(f"/api/hospitals/{hospital}/clinics", json={"name": "Kliniken"})
    (told,) = client.get("/api/places").json()
    assert told["hospitals"][0]["clinics"][0]["name"] == "Kliniken"
    again = client.post("/api/regions", json={"name": "Region Exempel"})
    assert again.status_code == 422
    assert again.json()["error"]["told"] == "Det finns redan en region med det namnet. Välj ett annat."
    assert client.put(f"/api/regions/{region}", json={"name": "Ny\x00"}).json()["error"]["fields"][0]["problem"] == (
        "Skriv namnet på nytt. Det finns ett tecken i det som inte syns."
    )


def test_names_stand_in_swedish_order() -> None:
    names = ["Östra", "Ängelholm", "Åre", "Zinken", "alingsås", "Édith", "Eva", "O\u0308n"]
    assert sorted(names, key=in_order) == [
        "alingsås",
        "Édith",
        "Eva",
        "Zinken",
        "Åre",
        "Ängelholm",
        "O\u0308n",
        "Östra",
    ]
