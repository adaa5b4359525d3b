"""The invented country is a valid one: every row fits the others, and says what signing would have made of it."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.models import Person
from app.comparison.models import Compared
from app.db import Database
from app.demo.country import Size, fill
from app.inspections.content import canonical, fingerprint
from app.inspections.file import Inspection
from app.inspections.models import AreaState, InspectionRow, RubricCopy, UsedText, Version, VersionFile
from app.inspections.reading import Reading
from app.inspections.rubric_copy import rubric_of
from app.inspections.rules import areas_to_answer, remarks
from app.places.models import Clinic, Hospital, Region
from app.plans import content as plans
from app.plans.models import PlanRow, PlanVersion
from app.tables import metadata
from rubrics.library import Library
from tests.databases import Kind
from tests.refilled import refill

TODAY = date(2026, 11, 22)
SIZE = Size(units=30, inspections=150, regions=4)


@pytest.fixture(scope="module")
def country(kind: Kind) -> Iterator[Database]:
    url = kind.migrated()
    database = Database(url)
    assert fill(database, Library(), size=SIZE, seed=7, today=TODAY)
    yield database
    database.close()
    kind.drop(url)


def test_there_is_as_much_of_it_as_was_asked_for(country: Database) -> None:
    with country.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(each)) for each in (Region, Clinic, InspectionRow)]
        assert counts == [4, 30, 150]
        assert {"draft", "submitted", "accepted", "closed"} <= {each.state for each in session.exec(select(PlanRow))}
        assert {each.edition for each in session.exec(select(Compared))} == {1, 2}
        days = session.exec(select(InspectionRow.first_day)).all()
        assert max(day for day in days if day) <= TODAY


def test_each_signed_version_is_what_its_rows_say(country: Database) -> None:
    with country.reading() as session:
        for row in session.exec(select(InspectionRow)):
            version = session.get_one(Version, (row.id, row.version))
            made = Reading(session, row).content("signed")
            assert version.content == canonical(made)
            assert version.content_sha256 == fingerprint(made, row.rubric_sha256)
            assert list(remarks(made, rubric_of(session, row.rubric_sha256))) == []
        assert session.exec(select(VersionFile)).first() is None


def test_the_texts_to_look_up_are_those_of_the_signed_versions(country: Database) -> None:
    def kept() -> set[tuple[object, ...]]:
        with country.reading() as session:
            return {tuple(each.model_dump().values()) for each in session.exec(select(UsedText))}

    with country.reading() as session:
        rows = {row.id: row for row in session.exec(select(InspectionRow))}
        said = [
            (row.id, criterion, row.version, each.kind, each.text, row.clinic, row.first_day)
            for row in rows.values()
            for each in Inspection.model_validate_json(session.get_one(Version, (row.id, row.version)).content).findings
            for criterion in each.criteria
        ]
        names = ("inspection", "criterion", "version", "kind", "text", "clinic", "day")
        found = [tuple(getattr(each, name) for name in names) for each in session.exec(select(UsedText))]
    assert said
    assert sorted(found, key=str) == sorted(said, key=str)
    before = kept()
    refill(country, "0006_used_texts", "used_text")
    assert kept() == before


def test_each_plan_is_what_its_rows_say(country: Database) -> None:
    with country.reading() as session:
        for row in session.exec(select(PlanRow)):
            submitted = session.get(PlanVersion, (row.id, 1))
            assert (submitted is not None) == (row.version == 1) == (row.state != "draft")
            if submitted:
                assert submitted.content == plans.canonical(plans.content(session, row))
            opened = Inspection.model_validate_json(session.get_one(Version, (row.inspection, row.report)).content)
            assert areas_to_answer(opened, rubric_of(session, row.rubric_sha256))


def test_it_says_that_it_is_invented(country: Database) -> None:
    with country.reading() as session:
        for table in (Region, Hospital, Clinic):
            assert all("(påhittad" in name or "(påhittat" in name for name in session.exec(select(table.name)))
        assert all(session.exec(select(Person.demo)))
        narratives = session.exec(select(AreaState.narrative)).all()
        assert all(text.startswith("Påhittad") for text in narratives)
        text = session.exec(select(RubricCopy.text).where(col(RubricCopy.reference) == "st-spur/2015-8@2")).one()
        assert "Påhittat kriterium" in text


def test_the_same_seed_gives_the_same_country_and_another_another(kind: Kind) -> None:
    told = [_told(kind, seed) for seed in (7, 7, 8)]
    assert told[0] == told[1] != told[2]


def _told(kind: Kind, seed: int) -> str:
    url = kind.migrated()
    database = Database(url)
    fill(database, Library(), size=Size(6, 20, 2), seed=seed, today=TODAY)
    with database.reading() as session:
        versions = session.exec(select(Version).order_by(Version.inspection, col(Version.number))).all()
        plans_ = session.exec(select(PlanRow).order_by(PlanRow.id)).all()
        told = [(each.inspection, each.content) for each in versions], [(each.id, each.state) for each in plans_]
    database.close()
    kind.drop(url)
    return json.dumps(told)


def test_nothing_is_added_where_there_is_something(country: Database) -> None:
    before = _counts(country)
    assert not fill(country, Library(), size=Size(2, 2, 1), seed=1, today=TODAY)
    assert _counts(country) == before


def _counts(database: Database) -> dict[str, int | None]:
    with database.reading() as session:
        tables = metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}
