"""People and their roles: what an administrator does, and what one does with one's own account."""

import re
from collections.abc import Callable
from threading import Thread

import pytest
from fastapi.testclient import TestClient
from lxml import html
from pydantic import ValidationError
from sqlmodel import Session, col, func, select

from app import audit
from app.accounts import sessions
from app.accounts.models import Appointment, Person, SignIn
from app.accounts.roles import NAMES, Role
from app.accounts.viewer import OFFICE, Viewer
from app.db import Database
from app.errors import NotFound
from app.ids import new_id
from app.people import actions
from app.people.schemas import AppointmentIn, PersonIn
from app.typed import Unfit, wrong
from app.web.swedish import day
from tests.accounts.entering import PASSWORD, an_administrator, as_administrator, enrol, enter
from tests.clients import a_client, sign_in
from tests.factories import a_person, a_place

NEW = "ett alldeles nytt lösenord"


def appointments(session: Session, person: str) -> list[Appointment]:
    return list(session.exec(select(Appointment).where(Appointment.person == person, col(Appointment.ended).is_(None))))


def test_a_persons_page_tells_their_last_sign_in(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    person = enrol(database, "alva@exempel.se")

    def told() -> str:
        main = html.fromstring(client.get(f"/personer/{person}").text).find(".//main")
        return " ".join(main.text_content().split())

    assert "Har inte loggat in än." in told()
    with database.writing() as session:
        sessions.start(session, person, way=sessions.Way.PASSKEY, device="Safari på iPad")
    assert re.search(r"Senast inloggad \d+ \w+ \d{4} kl\. \d+\.\d\d med nyckel, Safari på iPad\.", told())
    with database.writing() as session:
        latest = sessions.start(session, person, device="Firefox på Windows")
    assert "med lösenord, Firefox på Windows." in told()
    with database.writing() as session:
        sessions.end(session, latest)
    assert re.search(r"kl\. \d+\.\d\d med lösenord\.", told())  # the iPad's was not the last


# ── Adding and changing ───────────────────────────────────────────────────────────────────


def test_a_form_with_errors_keeps_what_was_typed(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    enrol(database, "alva@exempel.se")
    taken = client.post("/personer/ny", data={"name": "Alva Påhitt", "email": " ALVA@Exempel.se"})
    assert taken.status_code == 422
    assert taken.text.count(actions.TAKEN) == 2
    assert 'value="Alva Påhitt"' in taken.text
    assert 'value=" ALVA@Exempel.se"' in taken.text
    both = client.post("/personer/ny", data={"name": "", "email": "alva"})
    assert "<title>2 saker att rätta: " in both.text


def test_changing_a_person_says_which_facts_and_not_which_words(database: Database) -> None:
    person = enrol(database, "alva@exempel.se")
    with database.writing() as session:
        new = PersonIn(name="Alva Ny", email="alva@exempel.se")
        actions.change(session, by=OFFICE, person=person, new=new)
        actions.change(session, by=OFFICE, person=person, new=new)
    with database.reading() as session:
        changes = [each.details for each in audit.history(session, person) if each.action == "person:changed"]
        assert session.get_one(Person, person).listed == "alva ny"
    assert changes == [{"fields": ["name"]}]


@pytest.mark.parametrize("name", ["", "\x00", "Al\x00va", "Alva\u202e", "å" * 201, "\u200b"])
@pytest.mark.parametrize("email", ["", "a\x00@b.se", "a b@c.se", "a@b", "@b.se", "a@" + "b" * 200 + ".se"])
def test_what_cannot_be_kept_is_told_field_by_field(name: str, email: str) -> None:
    with pytest.raises(ValidationError) as error:
        PersonIn(name=name, email=email)
    assert wrong(error.value).keys() == {"name", "email"}


def test_a_change_is_put_back_unless_somebody_has_changed_it_since(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    person = enrol(database, "alva@exempel.se")

    def now() -> tuple[str, str]:
        with database.reading() as session:
            found = session.get_one(Person, person)
            return found.name, found.email

    before = now()
    changed = client.post(f"/personer/{person}", data={"name": "Fel Namn", "email": "fel@exempel.se"})
    assert f"{before[0]} heter nu Fel Namn. fel@exempel.se gäller i stället för {before[1]}." in changed.text
    [form] = [each for each in html.fromstring(changed.text).forms if "Ångra" in each.text_content()]
    put_back = client.post(form.get("action"), data=dict(form.form_values()))
    assert (now(), f"Fel Namn heter nu {before[0]}." in put_back.text) == (before, True)
    again = client.post(f"/personer/{person}", data={"name": before[0], "email": before[1]})
    assert "Ångra" not in again.text  # nothing was changed
    client.post(f"/personer/{person}", data={"name": "Rätt Namn", "email": before[1]})
    late = client.post(form.get("action"), data=dict(form.form_values()))
    assert (late.status_code, "Någon har ändrat det sedan dess, så det står kvar." in late.text) == (409, True)
    assert now() == ("Rätt Namn", before[1])


# ── Roles ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", Role)
def test_a_role_names_what_it_needs(database: Database, client: TestClient, role: Role) -> None:
    as_administrator(client, database)
    person = enrol(database, "alva@exempel.se")
    with database.writing() as session:
        place = a_place(session)
    address = f"/personer/{person}/roller/{role}"
    reach = NAMES[role]
    where = (
        {"speciality": place.speciality, "region": place.region, "clinic": place.clinic}[reach.name.lower()]
        if reach
        else ""
    )
    if reach:
        for wrong in ("", "x", new_id()):
            assert client.post(address, data={"where": wrong}).status_code == 422
        assert f'value="{where}"' in client.get(address).text
    for _ in range(2):  # a form that is sent twice gives one role
        assert client.post(address, data={"where": where}, follow_redirects=False).status_code == 303
    with database.reading() as session:
        (kept,) = appointments(session, person)
    assert (kept.role, [kept.speciality, kept.region, kept.clinic].count(None)) == (role, 2 if reach else 3)
    shown = client.get(f"/personer/{person}").text
    assert f'/roller/{kept.id}/avsluta"' in shown
    assert f"Sedan {day(audit.now())}, av Kim Kansli" in shown
    client.post(f"/personer/{person}/roller/{kept.id}/avsluta")
    with database.reading() as session:
        assert appointments(session, person) == []
        done = [each.action for each in audit.history(session, person)]
    assert done[-2:] == ["person:appointed", "person:appointment_ended"]


def test_an_ended_role_is_over_at_once(database: Database, client: TestClient) -> None:
    kim, other = an_administrator(database), an_administrator(database, "Olga Kansli")
    enter(client, database, kim)
    assert client.get("/personer").status_code == 200
    with database.writing() as session:
        (role,) = appointments(session, kim.id)
        actions.end_appointment(session, by=other, person=kim.id, appointment=role.id)
    assert client.get("/personer").status_code == 404


def test_ending_a_role_can_be_undone_where_it_was_done(database: Database, client: TestClient) -> None:
    as_administrator(client, database)
    person = enrol(database, "alva@exempel.se")
    with database.writing() as session:
        new = AppointmentIn(role=Role.INSPECTOR, where=a_place(session).speciality)
        actions.appoint(session, by=OFFICE, person=person, new=new)
        (role,) = appointments(session, person)
    ended = client.post(f"/personer/{person}/roller/{role.id}/avsluta")
    assert "Rollen inspektör, Exempelmedicin är avslutad." in ended.text
    undo = next(each for each in html.fromstring(ended.text).forms if each.get("action").endswith("/roller/inspector"))
    client.post(undo.get("action"), data=dict(undo.form_values()))
    with database.reading() as session:
        (given,) = appointments(session, person)
    assert (given.role, given.speciality, given.id == role.id) == (Role.INSPECTOR, new.where, False)
    assert "är avslutad" not in client.get(f"/personer/{person}?avslutad={role.id}").text
    assert "är avslutad" not in client.get(f"/personer/{person}?avslutad={new_id()}").text


def test_the_last_administrator_stays_one(database: Database) -> None:
    kim = an_administrator(database)
    with database.writing() as session:
        a_person(session, "Olga Kansli", *kim.held)  # has not chosen a password: could not take over
        (role,) = appointments(session, kim.id)
    for change in (
        lambda session: actions.end_appointment(session, by=OFFICE, person=kim.id, appointment=role.id),
        lambda session: actions.close(session, by=OFFICE, person=kim.id),
    ):
        with pytest.raises(Unfit, match="Det måste finnas en administratör"), database.writing() as session:
            change(session)


def test_nobody_shuts_themselves_out(database: Database, client: TestClient) -> None:
    an_administrator(database, "Olga Kansli")
    kim = as_administrator(client, database)
    with database.reading() as session:
        (role,) = appointments(session, kim.id)
    for address, told in ((f"roller/{role.id}/avsluta", actions.OWN_ROLE), ("stang", actions.OWN_ACCOUNT)):
        answer = client.post(f"/personer/{kim.id}/{address}")
        assert (answer.status_code, answer.text.count(told)) == (422, 2)
    assert client.get("/personer").status_code == 200


def test_of_two_administrators_who_end_each_other_one_remains(database: Database) -> None:
    kim, olga = an_administrator(database), an_administrator(database, "Olga Kansli")
    refused: list[Unfit] = []

    def close(by: Viewer, person: Viewer) -> None:
        try:
            with database.writing() as session:
                actions.close(session, by=by, person=person.id)
        except Unfit as error:
            refused.append(error)

    both = [Thread(target=close, args=pair) for pair in ((kim, olga), (olga, kim))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Person).where(col(Person.closed).is_(False))).one() == 1
    assert [each.told for each in refused] == [actions.LAST]


@pytest.mark.parametrize(
    "change",
    [
        lambda session, by, person: actions.add(session, by=by, new=PersonIn(name="A", email="a@b.se")),
        lambda session, by, person: actions.change(
            session, by=by, person=person, new=PersonIn(name="A", email="a@b.se")
        ),
        lambda session, by, person: actions.appoint(
            session, by=by, person=person, new=AppointmentIn(role=Role.ADMINISTRATOR)
        ),
        lambda session, by, person: actions.end_appointment(session, by=by, person=person, appointment=new_id()),
        lambda session, by, person: actions.close(session, by=by, person=person),
        lambda session, by, person: actions.open_again(session, by=by, person=person),
        lambda session, by, person: actions.sign_out(session, by=by, person=person),
    ],
)
def test_nobody_else_changes_people(database: Database, change: Callable[[Session, Viewer, str], None]) -> None:
    with database.writing() as session:
        nobody = a_person(session, "Alva Exempel")
        with pytest.raises(NotFound):
            change(session, nobody, nobody.id)


# ── Accounts ──────────────────────────────────────────────────────────────────────────────


def test_closing_an_account_signs_out_at_once_and_opening_lets_in_again(
    database: Database, client: TestClient, database_url: str
) -> None:
    as_administrator(client, database)
    person = enrol(database, "alva@exempel.se")
    with a_client(database_url) as alva:
        sign_in(alva, "alva@exempel.se", PASSWORD)
        client.post(f"/personer/{person}/stang")
        assert alva.get("/konto", follow_redirects=False).status_code == 303
        assert "Kontot är stängt." in client.get(f"/personer/{person}").text
        assert client.post(f"/personer/{person}/lank").status_code == 422
        client.post(f"/personer/{person}/oppna")
        sign_in(alva, "alva@exempel.se", PASSWORD)
        client.post(f"/personer/{person}/logga-ut")
        assert alva.get("/konto", follow_redirects=False).status_code == 303


def test_changing_ones_password_ends_other_sign_ins(database: Database, client: TestClient, database_url: str) -> None:
    person = enrol(database, "alva@exempel.se")
    sign_in(client, "alva@exempel.se", PASSWORD)
    with a_client(database_url) as lost:
        sign_in(lost, "alva@exempel.se", PASSWORD)
        changed = client.post("/konto/losenord", data={"password": NEW, "again": NEW})
        assert "Lösenordet är bytt." in changed.text
        assert lost.get("/konto", follow_redirects=False).status_code == 303
    client.post("/konto/logga-ut-overallt")
    sign_in(client, "alva@exempel.se", NEW)
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(SignIn).where(SignIn.person == person)).one() == 1


# ── JSON ──────────────────────────────────────────────────────────────────────────────────


def test_people_as_json_go_through_the_same_actions(database: Database, client: TestClient) -> None:
    kim = as_administrator(client, database)
    me = client.get("/api/me").json()
    assert (me["id"], [each["role"] for each in me["appointments"]]) == (kim.id, ["administrator"])
    added = client.post("/api/people", json={"name": "Alva", "email": "ALVA@exempel.se"})
    assert added.status_code == 201
    assert client.get(added.json()["link"]).status_code == 200
    person = f"/api/people/{added.json()['id']}"
    assert client.post(f"{person}/appointments", json={"role": "administrator"}).status_code == 204
    assert client.put(person, json={"name": "Alva Ny", "email": "alva@exempel.se"}).status_code == 204
    told = client.get(person).json()
    assert (told["name"], told["email"]) == ("Alva Ny", "alva@exempel.se")
    (role,) = told["appointments"]
    assert client.delete(f"{person}/appointments/{role['id']}").status_code == 204
    again = client.post("/api/people", json={"name": "B", "email": "alva@exempel.se"})
    assert (again.status_code, again.json()["error"]["told"]) == (422, actions.TAKEN)
    assert [each["name"] for each in client.post("/api/people/search", json={"words": "ny"}).json()["people"]] == [
        "Alva Ny"
    ]
