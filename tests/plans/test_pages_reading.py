"""What readers see of plans: the list, submitted versions as pages and files, earlier texts, and how one is closed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, update

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections.models import InspectionRow, VersionFile
from app.places.models import Clinic
from app.plans.content import canonical
from app.plans.lists import GROUPS, PAGE, listed
from app.plans.models import PlanRow
from app.plans.pages.frame import today
from app.writing import said
from app.writing.models import Subject
from reports.formats import FORMATS
from tests.databases import SQLite
from tests.factories import a_person, a_place
from tests.plans.desk import Desk
from tests.plans.factories import Planned, another, measure, planned


def test_a_plan_names_the_clinic_as_the_report_that_it_answers_does(desk: Desk) -> None:
    desk.plan.as_submitted()
    with desk.plan.database.writing() as session:
        clinic = session.get_one(Clinic, desk.plan.place.clinic)
        before, clinic.name = clinic.name, "Omdöpta kliniken"
    plan = desk.open(desk.plan.region, "")
    assert f"Handlingsplan, {before}" in plan.said
    for page in (plan, desk.browser(desk.plan.director).open("/min-klinik")):
        assert "Omdöpta kliniken" not in page.said


# ── Versions ──────────────────────────────────────────────────────────────────────────────


def test_a_submitted_version_is_read_and_fetched_in_every_format(desk: Desk) -> None:
    desk.plan.as_submitted()
    page = desk.open(desk.plan.region, "/versioner/1")
    assert "av Kim Rektor" in page.said
    assert hashlib.sha256(canonical(desk.plan.content()).encode()).hexdigest() in page.said
    for format in FORMATS:
        url = f"{desk.url}/versioner/1/hamta/{format}"
        assert f'href="{url}"' in page.text
        first, again = (desk.browser(desk.plan.region).ask("GET", url) for _ in range(2))
        assert (first.status_code, first.content == again.content) == (200, True)
        assert "attachment" in first.headers["content-disposition"]
    shown = desk.browser(desk.plan.region).ask("GET", f"{desk.url}/versioner/1/visa")
    assert "Vi gör om introduktionen." in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]


def test_a_version_stays_what_it_was_when_the_plan_goes_on(desk: Desk) -> None:
    desk.plan.as_more()
    url = f"{desk.url}/versioner/1/hamta/txt"
    before = desk.browser(desk.plan.a).ask("GET", url).content
    desk.plan.put("area/D/text", "Något annat.")
    desk.plan.submit()
    assert desk.browser(desk.plan.a).ask("GET", url).content == before
    assert "Den är ersatt av version 2." in desk.open(desk.plan.a, "/versioner/1").said


def test_the_answer_is_told_when_it_is_sent_and_before_that_to_those_who_give_it(desk: Desk) -> None:
    desk.plan.as_submitted()
    desk.plan.judge({"D": ("more", "Hemligt tills vidare."), "E": "accepted"})
    for viewer, sees in _everybody(desk.plan, "a", "b", "office"):
        assert ("Hemligt tills vidare." in desk.open(viewer, "/versioner/1").text) == sees
    desk.plan.answer()
    for viewer, _ in _everybody(desk.plan):
        assert "Hemligt tills vidare." in desk.open(viewer, "/versioner/1").text


def _everybody(plan: Planned, *names: str) -> list[tuple[Viewer, bool]]:
    all_ = ("a", "b", "office", "director", "head", "region", "coordinator")
    return [(getattr(plan, name), name in names) for name in all_]


def test_a_version_that_is_not_there_is_not_found(desk: Desk) -> None:
    desk.plan.as_submitted()
    for page in ("/versioner/2", "/versioner/0", "/versioner/1/hamta/exe", "/hamta/exe", "/versioner/2/visa"):
        assert desk.open(desk.plan.director, page).status == 404, page


def test_the_draft_is_for_the_clinic_alone(desk: Desk) -> None:
    desk.plan.put("area/D/text", "Inte inlämnat än.")
    for viewer, reads in _everybody(desk.plan, "director", "head"):
        for page in ("/visa", "/hamta/html"):
            answer = desk.browser(viewer).ask("GET", f"{desk.url}{page}")
            assert (answer.status_code == 200) == reads
            assert ("Inte inlämnat än." in answer.text) == reads


# ── Earlier texts ─────────────────────────────────────────────────────────────────────────


def test_each_field_says_who_reads_what_stood_in_it(desk: Desk) -> None:
    desk.plan.as_submitted()
    desk.plan.judge({"D": ("more", "När?")})
    ours, theirs = "area/D/text", "version/1/area/D/reason"
    for viewer, at, field in (
        (desk.plan.director, "/historik", theirs),
        (desk.plan.a, "/svar/historik", ours),
        (desk.plan.a, "/historik", ours),
        (desk.plan.region, "/historik", ours),
        (desk.plan.office, "/svar/historik", theirs),
        (desk.plan.director, "/historik", "area/Z/text"),
        (desk.plan.director, "/historik", "nonsens"),
    ):
        assert desk.open(viewer, f"{at}?falt={field}").status == 404, (at, field)
    assert "Fri text, D " in desk.open(desk.plan.head, f"/historik?falt={ours}").said
    assert "När?" in desk.open(desk.plan.b, f"/svar/historik?falt={theirs}").said


def test_a_clinics_earlier_text_is_taken_up_again(desk: Desk) -> None:
    desk.plan.put("area/D/text", "Först.")
    desk.plan.put("area/D/text", "Sedan.")
    history = desk.open(desk.plan.head, "/historik?falt=area/D/text")
    [button] = history.tree.xpath("//button[@name='version']/@value")
    assert history.submit(button=("version", button)).status == 200
    assert desk.plan.stands("area/D/text") == "Först."
    desk.plan.submit()
    assert not desk.open(desk.plan.head, "/historik?falt=area/D/text").tree.xpath("//button[@name='version']")
    assert history.submit(button=("version", button)).status == 200  # it stands: nothing is done
    with desk.plan.database.reading() as session:
        [later] = [e.revision for e in said.history(session, desk.plan.plan, "area/D/text") if e.value == "Sedan."]
    sent = [("falt", "area/D/text"), ("version", later), ("sheet", new_id())]
    assert desk.browser(desk.plan.head).send(f"{desk.url}/historik", sent).status == 409


def test_a_choice_is_told_in_its_word_and_a_measure_by_its_name(desk: Desk) -> None:
    id = measure(desk.plan, what="Handledarträffar", status="started")
    page = desk.open(desk.plan.director, f"/historik?falt=measure/{id}/status")
    assert "Läge, Handledarträffar" in page.said
    assert "Påbörjad" in page.said


# ── Following and closing ─────────────────────────────────────────────────────────────────


def test_the_clinic_begins_to_follow_and_the_region_closes(desk: Desk) -> None:
    id = measure(desk.plan, what="Handledarträffar", area="E")
    desk.plan.as_accepted()
    assert "är inte där än" in desk.open(desk.plan.region, "/avsluta").said
    assert desk.browser(desk.plan.director).ask("POST", f"{desk.url}/folj").status_code == 303
    assert desk.plan.state == "follow_up"
    page = desk.open(desk.plan.region, "/avsluta")
    assert "Handledarträffar: sätt läget till genomförd eller utgår." in page.said
    refused = desk.browser(desk.plan.region).send(f"{desk.url}/avsluta", [])
    assert (refused.status, refused.title[:5], desk.plan.state) == (422, "1 sak", "follow_up")
    desk.plan.put(f"measure/{id}/status", "done")
    desk.plan.put(f"measure/{id}/effect", "Bara för kliniken.")
    ready = desk.open(desk.plan.region, "/avsluta")
    assert "Bara för kliniken." not in ready.text
    closed = ready.submit()
    assert (closed.status, desk.plan.state, "Planen är avslutad" in closed.said) == (200, "closed", True)


def test_a_move_that_the_state_does_not_have_is_told_in_a_sentence(desk: Desk) -> None:
    desk.plan.as_submitted()
    for viewer, page in ((desk.plan.director, "/folj"), (desk.plan.region, "/avsluta")):
        told = desk.browser(viewer).send(f"{desk.url}{page}", [])
        assert (told.status, "den är inlämnad" in told.said) == (409, True)


# ── The list ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def many(database: Database) -> tuple[Planned, dict[str, str]]:
    """A plan in each state, and drafts that are due at different times; by name."""
    world = planned(database)
    late, soon = another(world), world
    made = {"soon": soon, "late": late}
    for name in ("submitted", "more", "accepted", "followed", "closed"):
        made[name] = another(world)
        getattr(made[name], f"as_{name}")()
    with database.writing() as session:
        _due(session, late.plan, today() - timedelta(days=3))
        _due(session, made["more"].plan, today() + timedelta(days=1))
    return world, {each.plan: name for name, each in made.items()}


def _due(session: Session, plan: str, day: date) -> None:
    session.execute(update(PlanRow).where(col(PlanRow.id) == plan).values(due=day))


URGENT = ["submitted", "late", "more", "soon", "accepted", "followed", "closed"]


def test_the_most_urgent_stand_first(many: tuple[Planned, dict[str, str]]) -> None:
    world, names = many
    for viewer, _ in _everybody(world):
        with world.database.reading() as session:
            assert [names[each.row.id] for each in listed(session, viewer)] == URGENT


def test_a_group_is_shown_alone_and_told_in_words(desk: Desk) -> None:
    desk.plan.as_submitted()
    page = desk.browser(desk.plan.region).open("/planer?lage=vantar")
    assert "Exempel" not in page.title
    assert f'href="{desk.url}"' in page.text
    assert "kliniken" in page.said
    assert "Inlämnad" in page.said
    assert f'href="{desk.url}"' not in desk.browser(desk.plan.region).open("/planer?lage=avslutade").text
    assert desk.browser(desk.plan.region).open("/planer?lage=nonsens").status == 200


def test_others_see_none_of_it(many: tuple[Planned, dict[str, str]]) -> None:
    world, _ = many
    with world.database.writing() as session:
        far = a_place(session, "Främmande")
        others = [
            a_person(session, "Frida Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=far.clinic)),
            a_person(session, "Rut Region", Held(Role.REGION_OFFICE, region=far.region)),
            a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=far.speciality)),
            a_person(session, "Siv Inspektör", Held(Role.INSPECTOR, speciality=world.place.speciality)),
            a_person(session, "Ingen Alls"),
        ]
    with world.database.reading() as session:
        assert [listed(session, each) for each in others] == [[]] * len(others)


def test_two_appointments_show_a_plan_once(many: tuple[Planned, dict[str, str]]) -> None:
    world, _ = many
    both = replace(world.region, held=(*world.region.held, *world.director.held, *world.region.held))
    with world.database.reading() as session:
        assert len(listed(session, both)) == len(URGENT)


def test_pages_follow_each_other_without_a_gap(desk: Desk) -> None:
    with desk.plan.database.writing() as session:
        like = session.get_one(PlanRow, desk.plan.plan)
        ids = {like.id, *(_copied(session, like, i).id for i in range(2 * PAGE + 3))}
    person, url, met = desk.browser(desk.plan.director), "/planer", list[str]()
    while url:
        page = person.open(url)
        met += [each.rsplit("/")[-1] for each in page.tree.xpath("//a[@class='task-name']/@href")]
        [url] = page.tree.xpath("//a[@rel='next']/@href") or [""]
    assert len(met) == len(set(met))
    assert ids <= set(met)


def _copied(session: Session, like: PlanRow, i: int) -> PlanRow:
    """One more plan of the same clinic; every third one due the same day."""
    inspection, id = new_id(), new_id()
    row = session.get_one(InspectionRow, like.inspection)
    session.add_all([Subject(id=inspection, kind="inspection"), Subject(id=id, kind="plan")])
    session.flush()
    session.add(InspectionRow(**row.model_dump() | {"id": inspection}))
    session.flush()
    due, states = like.due + timedelta(days=i // 3), [state for group in GROUPS.values() for state in group.states]
    made = PlanRow(**like.model_dump() | {"id": id, "inspection": inspection, "due": due, "state": states[i % 6]})
    session.add(made)
    session.flush()
    return made


def test_the_list_reads_as_little_from_many_as_from_few(sqlite: SQLite) -> None:
    """Every plan is found by an index, and nothing is sorted but what is shown."""
    url = sqlite.migrated()
    database = Database(url)
    world = planned(database)
    for viewer, _ in _everybody(world):
        with database.reading() as session, _statements(session) as sent:
            listed(session, viewer)
            plans = [row[-1] for each, given in sent for row in _explained(session, each, given)]
        assert not [each for each in plans if each.startswith("SCAN plan")], plans
    database.close()
    sqlite.drop(url)


@contextmanager
def _statements(session: Session) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []
    connection = session.connection()

    def heard(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if not statement.startswith("EXPLAIN"):
            sent.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", heard)
    yield sent
    event.remove(connection, "before_cursor_execute", heard)


def _explained(session: Session, statement: str, parameters: Any) -> list[Any]:
    return list(session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))


# ── Reports without their files ───────────────────────────────────────────────────────────


def test_a_signed_version_that_was_stored_without_files_is_written_when_it_is_asked_for(desk: Desk) -> None:
    url = f"/inspektioner/{desk.plan.id}/versioner/1"  # signed quickly: see factories
    page = desk.browser(desk.plan.director).open(url)
    assert "Filerna görs när du hämtar dem" in page.said
    for format in (*FORMATS, "open.json"):
        assert f"{url}/hamta/{format}" in page.text
        answer = desk.browser(desk.plan.director).ask("GET", f"{url}/hamta/{format}")
        assert (answer.status_code, len(answer.content) > 500) == (200, True)
    for format in ("json", "yaml", "exe"):
        assert desk.browser(desk.plan.director).ask("GET", f"{url}/hamta/{format}").status_code == 404
    whole = desk.browser(desk.plan.a).ask("GET", f"{url}/hamta/json").text
    open_ = desk.browser(desk.plan.director).ask("GET", f"{url}/hamta/open.json").text
    assert ("Bara för inspektörerna" in whole, "Bara för inspektörerna" in open_) == (True, False)
    assert "Handledningen varierar." in desk.browser(desk.plan.region).open(f"{url}/visa").said


def test_stored_bytes_win(desk: Desk) -> None:
    at = {"inspection": desk.plan.id, "number": 1, "format": "docx"}
    with desk.plan.database.writing() as session:
        session.add(VersionFile(**at, content=b"de fastst\xe4llda", size=13, sha256="0" * 64))
    answer = desk.browser(desk.plan.a).ask("GET", f"/inspektioner/{desk.plan.id}/versioner/1/hamta/docx")
    assert answer.content == b"de fastst\xe4llda"
