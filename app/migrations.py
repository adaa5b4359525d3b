"""Bringing a database's tables to the present shape, by Alembic."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.pool import NullPool

from alembic import command

SCRIPTS = Path(__file__).resolve().parent.parent / "alembic"


def upgrade(url: str, to: str = "head") -> None:
    """Migrates, in one transaction. A SQLite file is made where there is none."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            Path(make_url(url).database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
            # Batch mode rebuilds tables; with foreign keys on, dropping a parent would drop its children.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        with connection.begin():
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"Migrationen lämnade rader utan förälder: {broken[:5]}")


def current(connection: Connection) -> bool:
    """Whether the database has the present shape."""
    return MigrationContext.configure(connection).get_current_revision() == head()


def head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
