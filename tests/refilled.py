"""What a migration fills a table with, of a database that already has the present shape."""

from importlib.util import module_from_spec, spec_from_file_location

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from app import migrations
from app.db import Database


def refill(database: Database, migration: str, *tables: str) -> None:
    """Empties the tables, and fills them as that migration does."""
    spec = spec_from_file_location(migration, migrations.SCRIPTS / "versions" / f"{migration}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    with database.writing() as session:
        for each in tables:
            session.execute(text(f"DELETE FROM {each}"))  # noqa: S608 - our own names
        with Operations.context(MigrationContext.configure(session.connection())):
            module._fill()
