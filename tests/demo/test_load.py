"""The demonstration: invented, said to be, and loaded once."""

import re
from pathlib import Path

from sqlmodel import col, select

from app import audit
from app.accounts import passwords
from app.accounts.models import Appointment, Person
from app.accounts.roles import Role
from app.audit import Event
from app.db import Database
from app.demo.load import load
from app.demo.people import PASSWORD, UNITS
from app.demo.signing_in import NOBODY, ways_in
from app.inspections.fields import KINDS
from app.inspections.models import Assignment, Attachment, Declaration, InspectionRow, InterviewRow, VersionFile
from app.papers.kinds import DOCX, PDF
from app.papers.storage import Folder
from app.web.swedish import local
from app.writing.models import Revision
from app.writing.said import clashes
from rubrics.library import Library


def test_everybody_is_invented_and_every_role_is_held(database: Database, tmp_path: Path) -> None:
    assert ways_in(database) == [NOBODY]
    assert load(database, Library(), Folder(tmp_path))
    with database.reading() as session:
        people = session.exec(select(Person)).all()
        assert all(person.demo and person.email.endswith("@sporra.example") for person in people)
        assert {Role(role) for role in session.exec(select(Appointment.role))} == set(Role)
        assert passwords.verify(PASSWORD, people[0].password)[0]
        assert "person:added" in set(session.exec(select(Event.action)))
    assert all("påhitt" in unit.clinic for unit in UNITS)
    assert f"{PASSWORD}:" in ways_in(database)[1]


def test_five_inspections_are_on_their_way(database: Database, tmp_path: Path) -> None:
    load(database, Library(), Folder(tmp_path))
    with database.reading() as session:
        rows = session.exec(select(InspectionRow).order_by(InspectionRow.listed)).all()
        assert [row.state for row in rows] == ["signed", "signed", "draft", "draft", "draft"]
        assert [len(clashes(session, row.id, KINDS)) for row in rows] == [0, 0, 1, 0, 0]
        assert "docx" in session.exec(select(VersionFile.format).where(VersionFile.inspection == rows[0].id)).all()


def test_the_visit_of_today_has_a_programme_notes_and_papers_without_a_name(database: Database, tmp_path: Path) -> None:
    load(database, Library(), Folder(tmp_path))
    with database.reading() as session:
        query = select(InspectionRow).where(InspectionRow.last_day == local(audit.now()).date())
        row = session.exec(query).one()
        talks = session.exec(select(InterviewRow).where(InterviewRow.inspection == row.id)).all()
        notes = session.exec(select(Revision).where(col(Revision.field).like("note/%"))).all()
        papers = session.exec(select(Attachment)).all()
    assert {each.day for each in talks} == {row.first_day, row.last_day}
    assert all(each.begins < each.ends and each.role and each.room and each.who for each in talks)
    assert {each.subject for each in notes} == {row.id}
    assert len({each.by for each in notes}) == 2
    assert [(each.inspection, each.type) for each in papers] == [(row.id, PDF), (row.id, DOCX)]
    assert all(Folder(tmp_path).get(each.file) for each in papers)
    said = "\n".join([*(each.who for each in talks), *(each.value or "" for each in notes)])
    assert not re.findall(r"[A-ZÅÄÖ]\w+ [A-ZÅÄÖ]\w+|\b[Dd]r\b", said)


def test_somebody_inspects_in_spite_of_a_tie_and_for_a_reason(database: Database, tmp_path: Path) -> None:
    load(database, Library(), Folder(tmp_path))
    with database.reading() as session:
        [one] = session.exec(select(Assignment).where(Assignment.motive != "")).all()
        [said] = session.exec(select(Declaration)).all()
    assert (one.motive.startswith("Påhittat exempel"), len(one.despite)) == (True, 1)
    assert (said.inspection, said.person == one.person) == (one.inspection, False)


def test_loading_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    load(database, Library(), Folder(tmp_path))
    with database.reading() as session:
        before = len(session.exec(select(Event)).all())
    assert not load(database, Library(), Folder(tmp_path))
    with database.reading() as session:
        assert len(session.exec(select(Event)).all()) == before
