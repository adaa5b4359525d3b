"""What the surroundings decide: read once, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rubrics.problems import DataError, Problem

DEFAULT_FILE = Path("var") / "sporra.db"
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Settings:
    """`local` = the default file under `var/`, the one that gets demonstration data and accounts by itself."""

    database_url: str = f"sqlite:///{DEFAULT_FILE}"
    port: int = DEFAULT_PORT
    rubric_folders: tuple[Path, ...] = ()

    @property
    def local(self) -> bool:
        return self.database_url == Settings.database_url


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """SPORRA_DATABASE_URL, PORT and SPORRA_RUBRICS. Raises DataError where one cannot be understood."""
    port = environment.get("PORT") or str(DEFAULT_PORT)
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise DataError([Problem("PORT", f"{port} är ingen port. Ange ett tal mellan 1 och 65535.")])
    folders = tuple(Path(name) for name in environment.get("SPORRA_RUBRICS", "").split(os.pathsep) if name)
    return Settings(_database_url(environment.get("SPORRA_DATABASE_URL", "")), int(port), folders)


def _database_url(given: str) -> str:
    if not given:
        return Settings.database_url
    for prefix in ("postgres://", "postgresql://"):  # as hosts write it; ours names the driver
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    if given.startswith(("sqlite:///", "postgresql+psycopg://")):
        return given
    message = "adressen går inte att förstå. Skriv sqlite:///FIL eller postgresql://NAMN:LÖSENORD@VÄRD/DATABAS."
    raise DataError([Problem("SPORRA_DATABASE_URL", message)])
