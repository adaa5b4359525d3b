"""A place that has ended is closed: it stays in all that has been, and nothing new begins there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import audit
from app.accounts.models import Appointment
from app.accounts.roles import Held, Role
from app.accounts.viewer import OFFICE, Viewer
from app.comparison.follow import unvisited
from app.comparison.scope import Scope
from app.db import Database
from app.errors import NotFound
from app.inspections import actions as inspecting
from app.inspections import disk
from app.inspections.actions import Setup
from app.inspections.file import Visit
from app.inspections.models import InspectionRow
from app.inspections.pages.people import units
from app.people import actions as people
from app.people import queries as choosing
from app.people.schemas import AppointmentIn
from app.places import actions, as_list
from app.places.closing import Closable, Id, Kind
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.places.schemas import ClinicIn, Closing, Named, NewHospital
from app.plans.under_way import under_way
from app.typed import Unfit
from tests.accounts.entering import as_administrator
from tests.factories import RUBRIC, Place, a_person, a_place, an_inspection, an_inspector
from tests.lists.world import a_list, done, said, sent
from tests.paths import KALMAR

DAY = Closing(day=date(2026, 3, 3))
PLACES: dict[str, Kind] = {"regioner": Region, "sjukhus": Hospital, "kliniker": Clinic, "specialiteter": Speciality}
LEVELS: dict[str, type[Closable]] = {**PLACES, "enheter": ClinicSpeciality}
HEAD = tuple(as_list.COLUMNS)
WHOLE = ("Region Exempel", "Exempels lasarett", "", "Exempelkliniken", "Exempelmedicin")


@dataclass(frozen=True)
class World:
    place: Place
    at: dict[str, Any]  # the id of each level
    inspector: Viewer
    office: Viewer
    inspection: str


@pytest.fixture
def world(database: Database) -> World:
    """A clinic where an inspection goes on."""
    with database.writing() as session:
        place = a_place(session)
        hospital = session.get_one(Clinic, place.clinic).hospital
        inspector = an_inspector(session, place, "Alva Exempel")
        office = a_person(session, "Kim Kansli", Held(Role.ADMINISTRATOR))
        inspection = an_inspection(session, place, office, inspector)
    ids: tuple[Id, ...] = (place.region, hospital, place.clinic, place.speciality, (place.clinic, place.speciality))
    return World(place, dict(zip(LEVELS, ids, strict=True)), inspector, office, inspection)


def closed(database: Database, world: World, level: str) -> None:
    with database.writing() as session:
        actions.close(session, by=OFFICE, kind=LEVELS[level], id=world.at[level], new=DAY)


def set_up(database: Database, world: World) -> str:
    setup = Setup(world.place.clinic, world.place.speciality, [world.inspector.id])
    with database.writing() as session:
        return inspecting.create(session, by=world.office, rubric=RUBRIC, setup=setup)


@pytest.mark.parametrize("level", LEVELS)
def test_no_inspection_begins_where_something_has_ended_and_those_there_stay(
    database: Database, world: World, level: str
) -> None:
    with database.reading() as session:
        scope, before = Scope(None), date(2020, 1, 1)
        assert (len(units(session, world.office)), unvisited(session, scope, before).count) == (1, 1)
    closed(database, world, level)
    with database.reading() as session:
        assert units(session, world.office) == []
        assert unvisited(session, scope, before).count == 0
        row = session.get_one(InspectionRow, world.inspection)
        assert (row.state, row.clinic_name) == ("draft", "Exempelkliniken")
    with pytest.raises(Unfit, match=r"stängdes 3 mars 2026, och inget nytt läggs till där\.") as refused:
        set_up(database, world)
    assert refused.value.field == "enhet"
    with database.writing() as session:  # what goes on goes on
        inspecting.staff(session, by=world.office, inspection=world.inspection, inspectors=[world.inspector.id])
        actions.open_again(session, by=OFFICE, kind=LEVELS[level], id=world.at[level])
    assert set_up(database, world)
    with database.reading() as session:
        subject = world.place.clinic if level == "enheter" else world.at[level]
        said = [each.action.partition(":")[2] for each in audit.history(session, subject)]
    assert said == ["closed", "opened"]


def taken_in(database: Database, world: World, *, first: date | None, last: date | None = None) -> str:
    file = disk.read(KALMAR)[1].model_copy(update={"visit": Visit(first_day=first, last_day=last), "plan": None})
    setup = Setup(world.place.clinic, world.place.speciality, [world.inspector.id])
    with database.writing() as session:
        return inspecting.take_in(session, by=world.office, rubric=RUBRIC, setup=setup, file=file)


@pytest.mark.parametrize("level", LEVELS)
def test_a_report_from_before_is_taken_in_and_no_other(database: Database, world: World, level: str) -> None:
    """The day of the closing is the first when nothing is there."""
    closed(database, world, level)
    assert taken_in(database, world, first=date(2026, 3, 1), last=date(2026, 3, 2))
    assert taken_in(database, world, first=date(2021, 10, 18))
    for first, last in ((date(2026, 3, 2), date(2026, 3, 3)), (date(2026, 3, 3), None)):
        with pytest.raises(Unfit, match=r"stängdes 3 mars 2026, och .* Bara en rapport från ett besök dessförinnan"):
            taken_in(database, world, first=first, last=last)
    with pytest.raises(Unfit, match=r"stängdes 3 mars 2026, och .* en administratör öppna den igen"):
        taken_in(database, world, first=None)


def test_the_earliest_of_several_closings_counts(database: Database, world: World) -> None:
    closed(database, world, "enheter")
    with database.writing() as session:
        earlier = Closing(day=date(2025, 1, 1))
        actions.close(session, by=OFFICE, kind=Hospital, id=world.at["sjukhus"], new=earlier)
    with pytest.raises(Unfit, match="Exempels lasarett stängdes 1 januari 2025"):
        taken_in(database, world, first=date(2026, 3, 1))
    assert taken_in(database, world, first=date(2024, 12, 31))


def test_the_file_of_an_old_visit_is_chosen_for_what_has_ended(
    database: Database, client: TestClient, world: World
) -> None:
    as_administrator(client, database)
    closed(database, world, "kliniker")
    unit = f"{world.place.clinic}:{world.place.speciality}"
    shown = client.get(f"/inspektioner/importera?enhet={unit}")
    assert "Exempelkliniken · Exempelmedicin, stängd 3 mars 2026, Exempels lasarett" in said(shown)
    form = {"enhet": unit, "inspektor": world.inspector.id}
    file = {"fil": ("kalmar.inspection.yaml", KALMAR.read_bytes())}
    done = client.post("/inspektioner/importera", data=form, files=file, follow_redirects=False)
    assert (done.status_code, done.headers["location"].startswith("/inspektioner/")) == (303, True)


ROLES = (
    (Role.INSPECTOR, ("specialiteter",)),
    (Role.REGION_OFFICE, ("regioner",)),
    (Role.DIRECTOR_OF_STUDIES, ("kliniker", "sjukhus", "regioner")),
)


@pytest.mark.parametrize(("role", "levels"), ROLES)
def test_no_role_is_given_there_and_those_held_stay(
    database: Database, world: World, role: Role, levels: tuple[str, ...]
) -> None:
    new = AppointmentIn(role=role, where=world.at[levels[0]])
    with database.writing() as session:
        holder, other = (a_person(session, name).id for name in ("Siv", "Per"))
        people.appoint(session, by=OFFICE, person=holder, new=new)
    for level in levels:
        with database.reading() as session:
            assert choosing.choices(session, role)
        closed(database, world, level)
        with database.reading() as session:
            assert not choosing.choices(session, role)
        with pytest.raises(Unfit, match="stängdes 3 mars 2026"), database.writing() as session:
            people.appoint(session, by=OFFICE, person=other, new=new)
        with database.writing() as session:
            people.appoint(session, by=OFFICE, person=holder, new=new)  # has it already
            held = session.exec(select(Appointment).where(Appointment.person == holder)).all()
            actions.open_again(session, by=OFFICE, kind=LEVELS[level], id=world.at[level])
        assert [each.ended for each in held] == [None]


def test_nothing_is_added_below_what_has_ended(database: Database, world: World) -> None:
    adds: dict[str, Any] = {
        "regioner": lambda s: actions.add_hospital(
            s, by=OFFICE, region=world.at["regioner"], new=NewHospital(name="Nytt")
        ),
        "sjukhus": lambda s: actions.add_clinic(s, by=OFFICE, hospital=world.at["sjukhus"], new=ClinicIn(name="Ny")),
        "kliniker": lambda s: actions.change_clinic(
            s, by=OFFICE, clinic=world.at["kliniker"], new=ClinicIn(name="Ny", specialities=[kept, more])
        ),
        "specialiteter": lambda s: actions.add_clinic(
            s, by=OFFICE, hospital=world.at["sjukhus"], new=ClinicIn(name="Ny", specialities=[kept])
        ),
    }
    kept = world.at["specialiteter"]
    with database.writing() as session:
        more = actions.add_speciality(session, by=OFFICE, new=Named(name="Kirurgi"))
    for level, add in adds.items():
        closed(database, world, level)
        with pytest.raises(Unfit, match="stängdes"), database.writing() as session:
            add(session)
        with database.writing() as session:  # its name is changed, and what it trains in stays
            new = ClinicIn(name=f"Med {level}", specialities=[kept])
            actions.change_clinic(session, by=OFFICE, clinic=world.at["kliniker"], new=new)
            actions.open_again(session, by=OFFICE, kind=LEVELS[level], id=world.at[level])


def test_what_has_ended_at_a_clinic_goes_on_at_others(database: Database, world: World) -> None:
    with database.writing() as session:
        other = actions.add_clinic(
            session,
            by=OFFICE,
            hospital=world.at["sjukhus"],
            new=ClinicIn(name="Annan", specialities=[world.at["specialiteter"]]),
        )
    closed(database, world, "enheter")
    with database.reading() as session:
        [(_, [(unit, _)])] = units(session, world.office)
    assert unit == f"{other}:{world.place.speciality}"


def test_what_has_ended_at_a_clinic_is_kept_there_with_its_day(database: Database, world: World) -> None:
    """Taken away and put back it would be open."""
    closed(database, world, "enheter")
    clinic, speciality = world.place.clinic, world.place.speciality
    with (
        pytest.raises(Unfit, match=r"Exempelmedicin är stängd här, och står kvar\. Öppna den först"),
        database.writing() as session,
    ):
        actions.change_clinic(session, by=OFFICE, clinic=clinic, new=ClinicIn(name="Ny", specialities=[]))
    with database.writing() as session:
        new = ClinicIn(name="Ny", specialities=[speciality])
        actions.change_clinic(session, by=OFFICE, clinic=clinic, new=new)
        assert session.get_one(ClinicSpeciality, (clinic, speciality)).closed == DAY.day
    with database.writing() as session:
        actions.open_again(session, by=OFFICE, kind=ClinicSpeciality, id=(clinic, speciality))
        actions.change_clinic(session, by=OFFICE, clinic=clinic, new=ClinicIn(name="Ny", specialities=[]))


@pytest.mark.parametrize("level", LEVELS)
def test_what_goes_on_there_is_told(database: Database, world: World, level: str) -> None:
    with database.writing() as session:
        elsewhere = a_place(session, "Annan")
        an_inspection(session, elsewhere, world.office, an_inspector(session, elsewhere, "Nils"))
    with database.reading() as session:
        told = under_way(session, session.get_one(LEVELS[level], world.at[level]))
    words = "Inspektion, Exempelkliniken, Exempels lasarett, Exempelmedicin"
    assert (told.lines, told.count) == ([(words, f"/inspektioner/{world.inspection}")], 1)


@pytest.mark.parametrize("level", LEVELS)
def test_the_page_asks_once_tells_what_goes_on_and_opens_again(
    database: Database, client: TestClient, world: World, level: str
) -> None:
    as_administrator(client, database)
    url = shown = f"/platser/{level}/{world.at[level]}"
    if level == "enheter":
        shown = f"/platser/kliniker/{world.place.clinic}"
        url = f"{shown}/specialiteter/{world.place.speciality}"
    assert f'href="{url}/stang"' in client.get(shown).text
    asked = said(client.get(f"{url}/stang"))
    assert "1 sak pågår där, och fortsätter som förut: Inspektion, Exempelkliniken" in asked
    for day, why in (("", "Skriv dagen som 2026-10-20."), ("2999-01-01", "Välj en dag som har varit, eller i dag.")):
        refused = client.post(f"{url}/stang", data={"day": day})
        assert (refused.status_code, refused.text.count(why)) == (422, 2)
    assert "Stängd sedan 3 mars 2026" in said(client.post(f"{url}/stang", data={"day": "2026-03-03"}))
    assert f'href="{url}/stang"' not in client.get(shown).text
    listed = "/platser/specialiteter" if level == "specialiteter" else "/platser"
    assert ("(stängd)" if level == "enheter" else "Stängd sedan 3 mars 2026") in said(client.get(listed))
    assert "Exempelkliniken · Exempelmedicin" not in client.get("/inspektioner/ny").text
    assert "Exempelkliniken · Exempelmedicin, stängd 3 mars 2026" in client.get("/inspektioner/importera").text
    unit = {"enhet": f"{world.place.clinic}:{world.place.speciality}", "modell": RUBRIC.rubric.reference}
    refused = client.post("/inspektioner/ny", data=unit | {"inspektor": world.inspector.id})
    assert "stängdes 3 mars 2026, och inget nytt läggs till där." in said(refused)
    assert f'href="{url}/stang"' in client.post(f"{url}/oppna").text


def test_what_lies_in_it_says_with_what_it_ended(database: Database, client: TestClient, world: World) -> None:
    as_administrator(client, database)
    closed(database, world, "regioner")
    for level in ("sjukhus", "kliniker"):
        told = said(client.get(f"/platser/{level}/{world.at[level]}"))
        assert "Region Exempel stängdes 3 mars 2026, och det här med den." in told
        assert "Öppna igen" not in told


# ── As a list ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", LEVELS)
def test_a_row_of_what_has_ended_is_told_and_asks_for_nothing_new(
    database: Database, client: TestClient, world: World, level: str
) -> None:
    as_administrator(client, database)
    closed(database, world, level)
    out = client.get("/platser/lista/nu/csv").content
    assert "2026-03-03" in out.decode()
    told = said(sent(client, "/platser/lista", out))
    assert "Inget ändras" in told
    assert "Är stängda, och förblir det: rad 2." in told
    region, hospital, _, clinic, speciality = WHOLE
    asked = {
        "regioner": (region, "Nytt lasarett", "Sjukhus", "", ""),
        "sjukhus": (region, hospital, "", "Nya kliniken", ""),
        "kliniker": (region, hospital, "", clinic, "Kirurgi"),
        "specialiteter": (region, hospital, "", "Nya kliniken", speciality),
    }
    if level == "enheter":
        return  # nothing is added below it
    told = said(sent(client, "/platser/lista", a_list(HEAD[:5], asked[level])))
    assert "Inget ändras" in told
    assert "stängdes 3 mars 2026, och inget nytt läggs till där. Öppna den igen först" in told


def test_a_list_closes_nothing_and_one_looked_at_before_a_closing_is_looked_at_again(
    database: Database, client: TestClient, world: World
) -> None:
    as_administrator(client, database)
    told = said(sent(client, "/platser/lista", a_list(HEAD, (*WHOLE, "2026-03-03"))))
    assert "Stängd sedan: En lista stänger inget. Det gör du på platsens egen sida." in told
    preview = sent(client, "/platser/lista", a_list(HEAD[:5], (*WHOLE[:3], "Nya kliniken", "")))
    assert "1 nya" in said(preview)
    closed(database, world, "sjukhus")
    told = said(done(client, preview))
    assert "Inget ändras" in told
    assert "Exempels lasarett stängdes 3 mars 2026" in told


def test_a_list_of_people_gives_no_role_there(database: Database, client: TestClient, world: World) -> None:
    as_administrator(client, database)
    closed(database, world, "specialiteter")
    out = client.get("/personer/lista/nu/csv").content
    assert "Inget ändras" in said(sent(client, "/personer/lista", out))  # roles that are held
    rows = a_list(("Namn", "E-post", "Roll", "Specialitet"), ("Siv Ek", "siv@x.se", "inspektör", "Exempelmedicin"))
    told = said(sent(client, "/personer/lista", rows))
    assert "Exempelmedicin stängdes 3 mars 2026, och inget nytt läggs till där. Öppna den igen först" in told
    assert "Inget ändras" in told


def test_nobody_else_closes_or_opens(database: Database, world: World) -> None:
    for do in (
        lambda s: actions.close(s, by=world.inspector, kind=Clinic, id=world.place.clinic, new=DAY),
        lambda s: actions.open_again(s, by=world.inspector, kind=Clinic, id=world.place.clinic),
    ):
        with pytest.raises(NotFound), database.writing() as session:
            do(session)
