"""The tables that migrations make are those that the code means, and a migration loses no row."""

import re
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError

from app import audit, migrations
from app.config import Settings
from app.db import Database
from app.following import when_signed
from app.ids import new_id
from app.inspections import disk, signing
from app.inspections.models import Assignment
from app.migrations import upgrade
from app.tables import metadata
from app.writing.desk import Operation
from tests.factories import drafted, taken_in
from tests.paths import KALMAR


def test_an_empty_database_becomes_what_the_models_say(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert migrations.current(session.connection())


def test_every_constraint_has_a_name_that_a_later_migration_can_use(database: Database) -> None:
    with database.reading() as session:
        here = inspect(session.connection())
        for table in metadata.tables:
            names = [("pk", here.get_pk_constraint(table)["name"])]
            names += [("fk", each["name"]) for each in here.get_foreign_keys(table)]
            names += [("uq", each["name"]) for each in here.get_unique_constraints(table)]
            names += [("ix", each["name"]) for each in here.get_indexes(table) if not each.get("duplicates_constraint")]
            for kind, name in names:
                assert re.match(rf"{kind}_{table}(_|$)", name or ""), (table, name)


def test_migrating_twice_changes_nothing(database: Database) -> None:
    made = drafted(database)
    before = _counted(database)
    upgrade(database.url)
    assert _counted(database) == before
    assert made.hash()  # and it is still read


def _counted(database: Database) -> dict[str, int | None]:
    with database.reading() as session:
        tables = metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


NOT_INSPECTIONS = {"attachment", "sign_in", "calendar_address", "invitation", "measure", "occurrence", "plan_answer"}
NOT_INSPECTIONS |= {"passkey", "second_factor", "recovery_code", "seal", "mail", "turn", "tie", "withholding"}
NOT_INSPECTIONS |= {"identity", "errand", "api_token"}
LAST = migrations.revisions()[-1]
LATER = f"{int(LAST) + 1:04}"
REBUILT = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "{later}", "{last}", None, None

def upgrade():
    for table in ("subject", "person", "inspection", "version", "clinic"):
        with op.batch_alter_table(table, recreate="{recreate}") as batch:
            batch.add_column(sa.Column("more", sa.String(), nullable=True))
    {then}
"""


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations there are, where a later one can be put beside them."""
    shutil.copytree(migrations.SCRIPTS, tmp_path / "alembic", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "SCRIPTS", tmp_path / "alembic")
    return tmp_path / "alembic" / "versions" / f"{LATER}_later.py"


@pytest.fixture
def filled(database: Database) -> Database:
    """Somewhere in every table that inspections have there is a row."""
    start = drafted(database)
    file = disk.read(KALMAR)[1]
    linked = file.findings[0].model_copy(update={"criteria": ("A-F1",)})
    kept = taken_in(start, file.model_copy(update={"findings": (linked, *file.findings[1:])}))
    for by in (kept.a, kept.b):
        signing.sign(database, by=by, inspection=kept.id, seen=kept.hash(), then=when_signed(Settings()))
    for by in (start.a, start.b):
        key = f"finding/{new_id()}/text"
        answer = Operation(new_id(), "criterion/E-F1/answer", "met")
        talk = Operation(new_id(), f"interview/{new_id()}/who", "Chefen")
        start.write(by, answer, talk, Operation(new_id(), key, "En"), Operation(new_id(), key, "Annan"))
    return database


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        tables = metadata.sorted_tables
        return {
            table.name: session.connection().scalar(select(func.count()).select_from(table)) or 0 for table in tables
        }


def test_rebuilding_parents_keeps_every_child(filled: Database, scripts: Path) -> None:
    before = counts(filled)
    assert {name for name, count in before.items() if not count} <= NOT_INSPECTIONS
    scripts.write_text(
        REBUILT.format(last=LAST, later=LATER, recreate="always" if filled.is_sqlite else "auto", then=""), "utf-8"
    )
    filled.close()
    upgrade(filled.url)
    assert counts(filled) == before
    with pytest.raises(IntegrityError), filled.writing() as session:  # and they are still each other's
        session.add(Assignment(id=new_id(), inspection="none", person="none", place=0, since=audit.now()))


def test_a_migration_that_would_leave_orphans_is_not_made(filled: Database, scripts: Path) -> None:
    before = counts(filled)
    then = "op.execute('DELETE FROM person')"
    scripts.write_text(
        REBUILT.format(last=LAST, later=LATER, recreate="always" if filled.is_sqlite else "auto", then=then), "utf-8"
    )
    filled.close()
    with pytest.raises((RuntimeError, IntegrityError)):
        upgrade(filled.url)
    assert counts(filled) == before
    with filled.reading() as session:
        assert migrations.revision(session.connection()) == LAST
        assert "more" not in {column["name"] for column in inspect(session.connection()).get_columns("person")}
