"""The prepared figures are what the signed versions say, whatever has happened: they follow from nothing else."""

import lzma
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app import audit
from app.accounts.viewer import OFFICE
from app.comparison.keeping import keep
from app.comparison.models import Compared, ComparedArea, ComparedCriterion
from app.config import Settings
from app.db import Database
from app.demo.country import Size, fill
from app.following import when_signed
from app.ids import new_id
from app.inspections import actions, regrading, signing
from app.inspections.content import canonical
from app.inspections.file import Inspection
from app.inspections.models import InspectionRow, Version
from app.inspections.regrading import Change
from app.inspections.rubric_copy import rubric_of
from app.migrations import upgrade
from app.writing.desk import Operation
from rubrics.library import Library
from tests.comparison.recomputed import reports
from tests.databases import Kind
from tests.factories import RUBRIC, Drafted, an_inspection, drafted
from tests.inspections.test_signing import finished
from tests.kept.test_kept import KEPT
from tests.refilled import refill

Rows = dict[str, list[dict[str, Any]]]
TABLES = {"compared": Compared, "areas": ComparedArea, "criteria": ComparedCriterion}


def prepared(session: Session) -> Rows:
    """What is kept, but for where areas begin in a page: that has a test of its own."""
    found = {
        name: [each.model_dump(exclude={"anchor"}) for each in session.exec(select(table))]
        for name, table in TABLES.items()
    }
    return {name: _sorted(rows) for name, rows in found.items()}


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: [str(row.get(name, "")) for name in ("inspection", "area", "criterion")])


def recomputed(session: Session) -> Rows:
    found: Rows = {name: [] for name in TABLES}
    for one in reports(session):
        where = {name: getattr(one, name) for name in ("family", "region", "hospital", "speciality", "year", "latest")}
        where["inspection"] = one.id
        version = session.get_one(Version, (one.id, one.number))
        found["compared"].append(
            {
                **where,
                "version": one.number,
                "clinic": one.clinic,
                "edition": one.edition,
                "rubric_sha256": version.rubric_sha256,
                "first_day": one.first,
            }
        )
        for area, grades in one.grades.items():
            said = {"decided": grades[0], "standing": grades[-1], "history": ">".join(grades)}
            found["areas"].append({**where, "area": area, **said})
        found["criteria"] += [
            {**where, "criterion": id, "area": one.rubric.area_of[id], "answer": answer}
            for id, answer in one.answers.items()
            if answer != "met"
        ]
    return {name: _sorted(rows) for name, rows in found.items()}


def assert_true(database: Database) -> Rows:
    with database.reading() as session:
        kept = prepared(session)
        assert kept == recomputed(session)
        return kept


# ── Through real signatures ───────────────────────────────────────────────────────────────


def sign(draft: Drafted) -> None:
    for by in (draft.a, draft.b):
        signing.sign(draft.database, by=by, inspection=draft.id, seen=draft.hash(), then=when_signed(Settings()))


def another(draft: Drafted, day: str) -> Drafted:
    """One more inspection of the same unit, with nothing left to write but the day."""
    with draft.database.writing() as session:
        made = replace(draft, id=an_inspection(session, draft.place, draft.office, draft.a, draft.b))
    finished(made)
    put(made, "front/first_day", day)
    return made


def put(draft: Drafted, field: str, value: object) -> None:
    from app.writing.said import heads

    with draft.database.reading() as session:
        seen = heads(session, draft.id).get(field)
    [answer] = draft.write(draft.a, Operation(new_id(), field, value, seen.revision if seen else None))
    assert answer.outcome == "head", answer


def test_each_signature_keeps_them_true_and_nothing_else_changes_them(database: Database) -> None:
    first = finished(drafted(database))
    put(first, "criterion/D-F3/answer", "unmet")
    put(first, "area/D/grade", "D")
    assert assert_true(database) == {name: [] for name in TABLES}
    sign(first)
    before = assert_true(database)
    assert [row["latest"] for row in before["compared"]] == [True]
    newer = another(first, "2026-11-02")
    older = another(first, "2020-01-07")
    assert assert_true(database) == before  # a draft is nobody's business
    sign(older)
    sign(newer)
    latest = {row["inspection"] for row in assert_true(database)["compared"] if row["latest"]}
    assert latest == {newer.id}
    with database.writing() as session:
        actions.correct(session, by=first.office, inspection=newer.id, cause="Fel dag.")
    before = assert_true(database)
    put(newer, "front/first_day", "2019-03-01")
    put(newer, "area/A/grade", "D")
    assert assert_true(database) == before  # a correction that is going on changes no figure
    sign(newer)
    now = assert_true(database)
    assert {row["inspection"] for row in now["compared"] if row["latest"]} == {first.id}
    with database.writing() as session:
        changes = [Change("D", "C")]
        regrading.regrade(
            session, by=first.a, inspection=first.id, because="revisit", changes=changes, day=date(2026, 11, 10)
        )
    assert assert_true(database) == now
    sign(first)
    [area] = [row for row in assert_true(database)["areas"] if (row["inspection"], row["area"]) == (first.id, "D")]
    assert (area["decided"], area["standing"], area["history"]) == ("D", "C", "D>C")


def test_a_link_lands_where_the_area_begins_in_the_page_that_was_stored(database: Database) -> None:
    draft = finished(drafted(database))
    put(draft, "area/A/narrative", "Ett\n\nTvå\n\nTre")
    sign(draft)
    with database.reading() as session:
        page = session.get_one(signing.VersionFile, (draft.id, 1, "html")).content.decode()
        for each in session.exec(select(ComparedArea)):
            area = RUBRIC.rubric.area(each.area)
            assert area
            begins = page.partition(f'id="{each.anchor}"')[2]
            assert begins.partition("</h3>")[0].endswith(f"<span>{area.title}</span>"), each.area


# ── Any sequence ──────────────────────────────────────────────────────────────────────────

GRADES = st.sampled_from("ABCD")
# (which unit, which of its inspections, its first day or None, the grades of D, the answer to D-F3)
STEPS = st.tuples(
    st.integers(0, 1),
    st.integers(0, 2),
    st.none() | st.integers(0, 3).map(lambda days: date(2024, 12, 30) + timedelta(days=days)),
    st.lists(GRADES, min_size=1, max_size=3),
    st.sampled_from(["met", "partly", "unmet", "na", ""]),
)


@settings(max_examples=12)
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_after_any_sequence_of_signed_versions_they_are_what_the_versions_say(
    kind: Kind, steps: list[tuple[int, int, date | None, list[str], str]]
) -> None:
    url = kind.migrated()
    database = Database(url)
    made = [drafted(database) for _ in range(2)]
    with database.writing() as session:
        ids = [[each.id, *(an_inspection(session, each.place, each.office, each.a) for _ in range(2))] for each in made]
        for unit, which, day, grades, answer in steps:
            _signed(session, ids[unit][which], day, grades, answer)
            assert prepared(session) == recomputed(session)
    database.close()
    kind.drop(url)


def _signed(session: Session, id: str, day: date | None, grades: list[str], answer: str) -> None:
    """A version is stored, as signing would, without the work of making its files; twice, to no more effect."""
    row = session.get_one(InspectionRow, id)
    stored = session.exec(select(Version.number).where(Version.inspection == id)).all()
    row.version, row.state = len(stored) + 1, "signed"
    regrades = [{"grade": grade, "because": "plan"} for grade in grades[1:]]
    area = {"grade": grades[0], "regrades": tuple(regrades), "answers": {"D-F3": answer} if answer else {}}
    given: dict[str, Any] = {"format": "inspection/1", "rubric": row.rubric, "specialty": "X", "areas": {"D": area}}
    given |= {"unit": {"region": "R", "clinic": "C"}, "visit": {"first_day": day}}
    content = Inspection.model_validate(given)
    facts = {"content": canonical(content), "content_sha256": "", "rubric_sha256": row.rubric_sha256, "seq": 0}
    names = {"clinic_name": "C", "hospital_name": "", "specialty": "X", "first_day": day}
    session.add(Version(inspection=id, number=row.version, signed=audit.now(), **facts, **names))
    session.flush()
    for _ in range(2):
        keep(session, OFFICE, row, content, rubric_of(session, row.rubric_sha256))
    session.flush()


# ── Databases from before ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_database_from_before_gets_them_from_its_versions(path: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.db").write_bytes(lzma.decompress(path.read_bytes()))
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    upgrade(url)
    database = Database(url)
    assert len(assert_true(database)["areas"]) == 8
    with database.reading() as session:
        [one] = session.exec(select(Compared)).all()
        file = session.get_one(signing.VersionFile, (one.inspection, one.version, "html"))
        for each in session.exec(select(ComparedArea)):
            begins = file.content.decode().partition(f'id="{each.anchor}"')[2]
            area = RUBRIC.rubric.area(each.area)
            assert area
            assert begins.partition("</h3>")[0].endswith(f"<span>{area.title}</span>")
    database.close()


@pytest.fixture
def land(kind: Kind) -> Iterator[Database]:
    url = kind.migrated()
    database = Database(url)
    assert fill(database, Library(), size=Size(12, 40, 2), seed=5, today=date(2026, 11, 22))
    yield database
    database.close()
    kind.drop(url)


def test_the_migration_finds_what_signing_would_have_kept(land: Database) -> None:
    before = assert_true(land)
    refill(land, "0003_comparison", "compared", "compared_area", "compared_criterion")
    assert assert_true(land) == before


def test_the_invented_country_s_are_true(land: Database) -> None:
    assert len(assert_true(land)["compared"]) == 40
