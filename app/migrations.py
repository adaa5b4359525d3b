"""Bringing a database's tables to the present shape, by Alembic.

Alembic itself is imported only where something is migrated: it takes a third of a second, and a server that
starts on a database of the present shape never needs it. That is why a revision is a file named by its number,
one after the other: the last file's is the present one.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.pool import NullPool

SCRIPTS = Path(__file__).resolve().parent.parent / "alembic"


def upgrade(url: str, to: str = "head") -> None:
    """Migrates, in one transaction. A SQLite file is made where there is none."""
    from alembic.config import Config

    from alembic import command

    engine = create_engine(url, poolclass=NullPool)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        Path(make_url(url).database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
        _as_one(engine)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"Migrationen lämnade rader utan förälder: {broken[:5]}")


def current(connection: Connection) -> bool:
    """Whether the database has the present shape."""
    return revision(connection) == revisions()[-1]


def revision(connection: Connection) -> str | None:
    """The shape that a database says it has; None where it says nothing."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def revisions() -> list[str]:
    """Every shape there has been, the present one last."""
    return sorted(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def _as_one(engine: Engine) -> None:
    """SQLite as one transaction: left to itself, the driver commits each table as it is made."""

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        # Batch mode rebuilds tables; with foreign keys on, dropping a parent would drop its children.
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
