"""The list of inspections: each role sees its own and nothing else, page by page, as fast with many as with few."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections.lists import PAGE, listed
from app.inspections.models import Assignment, InspectionRow, State, Version
from app.writing.models import Subject
from tests.databases import Kind
from tests.factories import Place, a_person, a_place, an_inspection, an_inspector

# An inspection's name: `1 draft`, at the first place or the second, and how far it has come.
DRAFTED, SIGNED = "Kliniken i utkastet", "Kliniken som den fastställdes"
STATES: dict[str, tuple[State, int]] = {"draft": ("draft", 1), "signed": ("signed", 1), "corrected": ("draft", 2)}


@dataclass(frozen=True)
class Lists:
    database: Database
    viewers: dict[str, Viewer]
    ids: dict[str, str]  # by name
    places: list[Place]

    def seen(self, viewer: str, state: State | None = None) -> set[str]:
        """The names that a viewer sees, those as drafts with a star."""
        names = {id: name for name, id in self.ids.items()}
        with self.database.reading() as session:
            return {names[line.id] + "*" * line.draft for line in listed(session, self.viewers[viewer], None, state)}


@pytest.fixture(scope="module")
def lists(kind: Kind) -> Iterator[Lists]:
    url = kind.migrated()
    database = Database(url)
    with database.writing() as session:
        made = _made(session, database)
    yield made
    database.close()
    kind.drop(url)


def _made(session: Session, database: Database) -> Lists:
    places = [a_place(session, name) for name in ("Ett", "Två")]
    one = places[0]
    office = a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR))
    inspector, foreign = (an_inspector(session, one, name) for name in ("Alva Exempel", "Nils Påhitt"))
    pattern = session.get_one(InspectionRow, an_inspection(session, one, office, inspector))
    ids = {"1 draft": pattern.id}
    for i, place in enumerate(places, 1):
        for name, (state, version) in STATES.items():
            if f"{i} {name}" not in ids:
                ids[f"{i} {name}"] = _row(session, pattern, place, state, version).id
    _assign(session, inspector, ids["2 corrected"])
    _assign(session, foreign, ids["1 draft"], ended=True)

    def held(role: Role, **names: str) -> Viewer:
        return a_person(session, role, Held(role, **names))

    viewers = {
        "administrator": office,
        "inspector": inspector,
        "inspector that has handed over": foreign,
        "coordinator": held(Role.COORDINATOR, speciality=one.speciality),
        "director": held(Role.DIRECTOR_OF_STUDIES, clinic=one.clinic),
        "head": held(Role.HEAD_OF_CLINIC, clinic=one.clinic),
        "region": held(Role.REGION_OFFICE, region=one.region),
        "nobody": a_person(session, "Ingen"),
        "inspector and head": replace(inspector, held=(*inspector.held, Held(Role.HEAD_OF_CLINIC, clinic=one.clinic))),
        "twice the same": replace(office, held=office.held * 2),
    }
    return Lists(database, viewers, ids, places)


def _row(session: Session, like: InspectionRow, place: Place, state: State, version: int) -> InspectionRow:
    row = _unsaved(like, place, date(2026, 10, 20))
    row.state, row.version, row.clinic_name = state, version, DRAFTED
    session.add(Subject(id=row.id, kind="inspection"))
    session.flush()
    session.add(row)
    session.flush()
    for number in range(1, version + (state == "signed")):
        session.add(_version(row, number, f"{SIGNED} {number}"))
    session.flush()
    return row


def _version(row: InspectionRow, number: int, clinic: str) -> Version:
    return Version(
        inspection=row.id,
        number=number,
        seq=0,
        content="{}",
        content_sha256="",
        rubric_sha256=row.rubric_sha256,
        signed=audit.now(),
        clinic_name=clinic,
        hospital_name="",
        specialty="Internmedicin",
    )


def _unsaved(like: InspectionRow, place: Place, day: date) -> InspectionRow:
    return InspectionRow(
        id=new_id(),
        clinic=place.clinic,
        region=place.region,
        speciality=place.speciality,
        rubric=like.rubric,
        rubric_sha256=like.rubric_sha256,
        state="signed",
        listed=day,
    )


def _assign(session: Session, person: Viewer, inspection: str, *, ended: bool = False) -> None:
    now = audit.now()
    session.add(
        Assignment(
            id=new_id(), inspection=inspection, person=person.id, place=0, since=now, ended=now if ended else None
        )
    )
    session.flush()


EVERYTHING = {f"{i} {name}" for i in (1, 2) for name in ("draft*", "signed", "corrected*")}
HERE = {"1 draft*", "1 signed", "1 corrected*"}
READABLE = {"1 signed", "1 corrected"}  # the signed version, while it is being corrected too
MATRIX = {
    "administrator": EVERYTHING,
    "coordinator": HERE,
    "inspector": {"1 draft*", "2 corrected*"},
    "inspector that has handed over": set(),
    "director": READABLE,
    "head": READABLE,
    "region": READABLE,
    "nobody": set(),
    "inspector and head": {"1 draft*", "2 corrected*", *READABLE},
    "twice the same": EVERYTHING,
}


@pytest.mark.parametrize("viewer", MATRIX)
def test_each_sees_exactly_their_own(lists: Lists, viewer: str) -> None:
    assert lists.seen(viewer) == MATRIX[viewer]


def test_only_who_sees_a_draft_learns_which_reports_are_being_corrected(lists: Lists) -> None:
    assert lists.seen("coordinator", "draft") == {"1 draft*", "1 corrected*"}
    assert lists.seen("coordinator", "signed") == {"1 signed"}
    for viewer in ("director", "head", "region"):
        assert lists.seen(viewer, "draft") == set()
        assert lists.seen(viewer, "signed") == READABLE


def test_who_may_not_see_drafts_sees_what_was_signed_last(lists: Lists) -> None:
    shown = {}
    for viewer in ("administrator", "region"):
        with lists.database.reading() as session:
            lines = {line.id: line for line in listed(session, lists.viewers[viewer])}
        line = lines[lists.ids["1 corrected"]]
        shown[viewer] = (line.sees, line.version, line.clinic)
    assert shown == {"administrator": (True, 2, DRAFTED), "region": (False, 1, f"{SIGNED} 1")}


# ── Many ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def crowd(kind: Kind) -> Iterator[Lists]:
    """A thousand signed ones at one place, on a hundred days, all with one inspector; as many at another."""
    url = kind.migrated()
    database = Database(url)
    with database.writing() as session:
        lists = _made(session, database)
        like = session.get_one(InspectionRow, lists.ids["1 draft"])
        days = [date(2020 + i % 10, 1 + i // 10 % 10, 1) for i in range(1_000)]
        made = [_unsaved(like, place, day) for place in lists.places for day in days]
        session.add_all(Subject(id=row.id, kind="inspection") for row in made)
        session.flush()
        session.add_all(made)
        session.flush()
        session.add_all(_version(row, 1, SIGNED) for row in made)
        session.flush()
        for row in made[:1_000]:
            _assign(session, lists.viewers["inspector"], row.id)
    yield lists
    database.close()
    kind.drop(url)


@contextmanager
def asked(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their values."""
    sent: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    event.listen(database._reader, "before_cursor_execute", hear)
    yield sent
    event.remove(database._reader, "before_cursor_execute", hear)


ROLES = ("administrator", "coordinator", "inspector", "head", "region", "inspector and head")


@pytest.mark.parametrize("viewer", ROLES)
def test_few_or_many_it_is_the_same_number_of_statements(lists: Lists, crowd: Lists, viewer: str) -> None:
    counts = []
    for each in (lists, crowd):
        with asked(each.database) as sent, each.database.reading() as session:
            listed(session, each.viewers[viewer])
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 5


@pytest.mark.parametrize("viewer", ROLES)
def test_page_by_page_each_comes_once_and_in_order(crowd: Lists, viewer: str) -> None:
    found: list[tuple[date, str]] = []
    while True:
        with crowd.database.reading() as session:
            lines = listed(session, crowd.viewers[viewer], found[-1] if found else None)
        found += [line.mark for line in lines[:PAGE]]
        if len(lines) <= PAGE:
            break
    assert len(found) > 1_000
    assert found == sorted(set(found), reverse=True)


def test_each_reach_asks_its_index(crowd: Lists) -> None:
    if not crowd.database.is_sqlite:
        pytest.skip("PostgreSQL chooses by its statistics, and a thousand rows are few to it")
    states: tuple[State | None, ...] = (None, "signed", "draft")
    for viewer, state, after in product(ROLES, states, (None, (date(2025, 5, 1), new_id()))):
        with asked(crowd.database) as sent, crowd.database.reading() as session:
            listed(session, crowd.viewers[viewer], after, state)
        wanted = "SEARCH" if after or viewer != "administrator" else ""  # all, from the top: by the index's order
        for step in _plans(crowd.database, sent):
            assert "USING" in step, (viewer, step)
            assert wanted in step, (viewer, step)
            if " inspection USING" in step and "(id=?)" not in step:  # nor does it go past what is in another state
                assert _narrowed(viewer, state) in step, (viewer, state, step)


def _narrowed(viewer: str, state: State | None) -> str:
    if viewer in ("head", "region"):
        return "has_version=?"
    return "state=?" if state and viewer in ("administrator", "coordinator") else ""


def _plans(database: Database, sent: list[tuple[str, Any]]) -> Iterator[str]:
    """How SQLite means to find the rows of the tables that grow."""
    with database.reading() as session:
        for statement, values in sent:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            yield from (row[3] for row in plan if " inspection" in row[3] or " assignment" in row[3])
