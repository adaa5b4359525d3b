"""The demonstration: invented, said to be, and loaded once."""

from sqlmodel import select

from app.accounts import passwords
from app.accounts.models import Appointment, Person
from app.accounts.roles import Role
from app.audit import Event
from app.db import Database
from app.demo.load import load
from app.demo.people import PASSWORD, UNITS
from app.demo.signing_in import NOBODY, ways_in
from app.inspections.fields import KINDS
from app.inspections.models import InspectionRow, VersionFile
from app.writing.said import clashes
from rubrics.library import Library


def test_everybody_is_invented_and_every_role_is_held(database: Database) -> None:
    assert ways_in(database) == [NOBODY]
    assert load(database, Library())
    with database.reading() as session:
        people = session.exec(select(Person)).all()
        assert all(person.demo and person.email.endswith("@sporra.example") for person in people)
        assert {Role(role) for role in session.exec(select(Appointment.role))} == set(Role)
        assert passwords.verify(PASSWORD, people[0].password)[0]
        assert "person:added" in set(session.exec(select(Event.action)))
    assert all("påhitt" in unit.clinic for unit in UNITS)
    assert f"{PASSWORD}:" in ways_in(database)[1]


def test_five_inspections_are_on_their_way(database: Database) -> None:
    load(database, Library())
    with database.reading() as session:
        rows = session.exec(select(InspectionRow).order_by(InspectionRow.listed)).all()
        assert [row.state for row in rows] == ["signed", "signed", "draft", "draft", "draft"]
        assert [len(clashes(session, row.id, KINDS)) for row in rows] == [0, 0, 1, 0, 0]
        assert "docx" in session.exec(select(VersionFile.format).where(VersionFile.inspection == rows[0].id)).all()


def test_loading_again_changes_nothing(database: Database) -> None:
    load(database, Library())
    with database.reading() as session:
        before = len(session.exec(select(Event)).all())
    assert not load(database, Library())
    with database.reading() as session:
        assert len(session.exec(select(Event)).all()) == before
