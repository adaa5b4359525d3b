"""Every action leaves its event, in the same transaction; one that fails leaves nothing; and no event quotes anybody."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.audit import Event, now
from app.db import Database
from app.errors import NotFound, Stale, Unacceptable
from app.ids import new_id
from app.inspections import actions, disk, queries, signing
from app.inspections.fields import KINDS
from app.inspections.models import Assignment, InspectionRow, RubricCopy, Signature, State
from app.tables import metadata
from app.writing import said
from app.writing.desk import Operation
from tests.factories import RUBRIC, Drafted, a_person, a_place, an_inspection, an_inspector, drafted, taken_in
from tests.paths import KALMAR

SECRET = "Det här skrev någon"
TEXT = "area/E/narrative"


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


Act = Callable[[Session, Drafted], object]


def _create(session: Session, draft: Drafted) -> object:
    setup = actions.Setup(draft.place.clinic, draft.place.speciality, [draft.a.id])
    return actions.create(session, by=draft.office, rubric=RUBRIC, setup=setup)


def _take_in(session: Session, draft: Drafted) -> object:
    setup = actions.Setup(draft.place.clinic, draft.place.speciality, [draft.a.id])
    return actions.take_in(session, by=draft.office, rubric=RUBRIC, setup=setup, file=disk.read(KALMAR)[1])


def _correct(session: Session, draft: Drafted) -> None:
    actions.correct(session, by=draft.a, inspection=draft.id, cause="x")


def _write(session: Session, draft: Drafted) -> object:
    batch = [Operation(new_id(), TEXT, SECRET), Operation(new_id(), TEXT, "annat"), Operation(new_id(), "x", "y")]
    return actions.write(session, by=draft.a, inspection=draft.id, operations=batch)


def _staff(session: Session, draft: Drafted) -> None:
    actions.staff(session, by=draft.office, inspection=draft.id, inspectors=[draft.b.id])


ACTIONS: dict[str, tuple[Act, list[str]]] = {
    "create": (_create, ["created", "staffed", "written"]),
    "take in": (_take_in, ["created", "staffed", "written"]),
    "write": (_write, ["written"]),
    "staff": (_staff, ["staffed"]),
}


def rows(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {t.name: session.exec(select(func.count()).select_from(t)).one() for t in metadata.sorted_tables}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leaves_its_events_and_a_failing_one_nothing(draft: Drafted, name: str) -> None:
    act, told = ACTIONS[name]
    before = rows(draft.database)
    with pytest.raises(ZeroDivisionError), draft.database.writing() as session:
        _and_fail(act(session, draft), session)
    assert rows(draft.database) == before
    with draft.database.writing() as session:
        act(session, draft)
    with draft.database.reading() as session:
        found = session.exec(select(Event).order_by(col(Event.n).desc()).limit(len(told))).all()
    assert [each.action for each in reversed(found)] == [f"inspection:{each}" for each in told]
    assert rows(draft.database)["event"] == before["event"] + len(told)


def _and_fail(_done: object, session: Session) -> None:
    session.flush()
    raise ZeroDivisionError


def test_writing_nothing_new_leaves_no_event(draft: Drafted) -> None:
    once = Operation(new_id(), TEXT, SECRET)
    draft.write(draft.a, once)
    before = rows(draft.database)
    draft.write(draft.a, once, Operation(new_id(), "area/Q/narrative", "x"))
    assert rows(draft.database) == before


def test_no_event_holds_what_anybody_wrote_or_is_called(draft: Drafted) -> None:
    kept = taken_in(draft, disk.read(KALMAR)[1])
    kept.write(kept.a, Operation(new_id(), TEXT, SECRET), Operation(new_id(), "criterion/E-F1/comment", SECRET))
    with kept.database.reading() as session:
        row = queries.find(session, kept.id).row
        values = [value for said in said.heads(session, kept.id).values() if (value := said.value)]
    for clash in _clashes(kept):
        assert clash.stands
        settled = Operation(new_id(), clash.spot.key, SECRET, clash.stands.revision, [clash.beside.revision])
        kept.write(kept.a, settled)
    for by in (kept.a, kept.b):
        signing.sign(kept.database, by=by, inspection=kept.id, seen=kept.hash())
    with kept.database.writing() as session:
        actions.correct(session, by=kept.a, inspection=kept.id, cause=SECRET)
    with kept.database.reading() as session:
        told = json.dumps([each.model_dump(mode="json") for each in session.exec(select(Event))], ensure_ascii=False)
        names = session.exec(select(Person.name)).all()
    texts = [each for value in values for each in (value if isinstance(value, list) else [value])]
    typed = {each for each in (*texts, *names, SECRET, row.clinic_name) if len(each) > 6}
    assert len(typed) > 30
    assert [each for each in typed if each in told] == []


def _clashes(draft: Drafted) -> list[said.Clash]:
    with draft.database.reading() as session:
        return said.clashes(session, draft.id, KINDS)


def test_four_who_create_at_once_share_one_copy_of_the_rubric(database: Database) -> None:
    with database.writing() as session:
        place, office = a_place(session), a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR))
        inspector = an_inspector(session, place, "Alva Exempel")

    def made(_: int) -> str:
        with database.writing() as session:
            return an_inspection(session, place, office, inspector)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(made, range(4)))) == 4
    with database.reading() as session:
        assert len(session.exec(select(RubricCopy)).all()) == 1


# ── Who may, and when ─────────────────────────────────────────────────────────────────────


def _by(role: Role) -> Callable[[Drafted, Session], Viewer]:
    def made(draft: Drafted, session: Session) -> Viewer:
        place = draft.place
        held = Held(role, speciality=place.speciality, region=place.region, clinic=place.clinic)
        return a_person(session, "Någon annan", held)

    return made


READERS = [_by(role) for role in (Role.INSPECTOR, Role.HEAD_OF_CLINIC, Role.DIRECTOR_OF_STUDIES, Role.REGION_OFFICE)]


@pytest.mark.parametrize("somebody", READERS)
def test_who_may_not_is_told_that_nothing_is_there(
    draft: Drafted, somebody: Callable[[Drafted, Session], Viewer]
) -> None:
    with draft.database.writing() as session:
        by = somebody(draft, session)
    tries: list[Callable[[Session], object]] = [
        lambda session: an_inspection(session, draft.place, by, draft.a),
        lambda session: actions.staff(session, by=by, inspection=draft.id, inspectors=[draft.a.id]),
        lambda session: actions.correct(session, by=by, inspection=draft.id, cause="x"),
        lambda session: actions.write(session, by=by, inspection=draft.id, operations=[]),
    ]
    before = rows(draft.database)
    for attempt in tries:
        with pytest.raises(NotFound), draft.database.writing() as session:
            attempt(session)
    with pytest.raises(NotFound):
        signing.sign(draft.database, by=by, inspection=draft.id, seen="")
    assert rows(draft.database) == before


def test_only_inspectors_are_appointed(draft: Drafted) -> None:
    with draft.database.writing() as session:
        closed = an_inspector(session, draft.place, "Stängd")
        session.get_one(Person, closed.id).closed = True
    for person in (draft.office.id, closed.id, "nobody"):
        with pytest.raises(Unacceptable), draft.database.writing() as session:
            actions.staff(session, by=draft.office, inspection=draft.id, inspectors=[draft.a.id, person])


def test_a_handover_keeps_who_was_there_and_a_return_begins_anew(draft: Drafted) -> None:
    for chosen in ([draft.a], [draft.b, draft.a], [draft.b, draft.a]):
        with draft.database.writing() as session:
            ids = [each.id for each in chosen]
            actions.staff(session, by=draft.office, inspection=draft.id, inspectors=ids)
    with draft.database.reading() as session:
        found = queries.find(session, draft.id)
        assert [each.id for each in queries.inspectors(session, found)] == [draft.b.id, draft.a.id]
        assert found.former == frozenset()
        at = (Assignment.inspection == draft.id, Assignment.person == draft.b.id)
        assert [
            bool(each.ended) for each in session.exec(select(Assignment).where(*at).order_by(col(Assignment.since)))
        ] == [
            True,
            False,
        ]


def test_what_a_save_knows_of_an_inspection_is_what_everybody_else_is_told(draft: Drafted) -> None:
    with draft.database.writing() as session:
        _staff(session, draft)  # A has handed over
        session.add(Signature(id=new_id(), inspection=draft.id, version=2, person=draft.b.id, at=now(), content="x"))
        row = session.get_one(InspectionRow, draft.id)
        row.state, row.version, row.apart = "signed", 2, True
    with draft.database.reading() as session:
        found, saved = queries.find(session, draft.id), queries.find_draft(session, draft.id)
    assert saved.former == {draft.a.id}
    assert saved.is_signed_by_some
    whose = {name: getattr(found, name) for name in ("whose", "former", "is_signed_by_some")}
    assert vars(saved) == whose | {name: getattr(found.row, name) for name in vars(saved).keys() - whose.keys()}
    with draft.database.reading() as session:
        for unknown in (new_id(), "", "\0"):
            with pytest.raises(NotFound):
                queries.find_draft(session, unknown)


@pytest.mark.parametrize(("state", "act"), [("draft", _correct), ("signed", _staff)])
def test_what_does_not_fit_the_state_is_refused(draft: Drafted, state: State, act: Act) -> None:
    with draft.database.writing() as session:
        session.get_one(InspectionRow, draft.id).state = state
    with pytest.raises(Stale), draft.database.writing() as session:
        act(session, draft)
