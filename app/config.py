"""What the surroundings decide: read once, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rubrics.problems import DataError, Problem

DEFAULT_FILE = Path("var") / "sporra.db"
DEFAULT_PORT = 8000
_PATHS = ("SPORRA_TLS_CERT", "SPORRA_TLS_KEY", "SPORRA_FILES")


@dataclass(frozen=True)
class Settings:
    """`local` = the default file under `var/`, the one that gets demonstration data and accounts by itself."""

    database_url: str = f"sqlite:///{DEFAULT_FILE}"
    port: int = DEFAULT_PORT
    rubric_folders: tuple[Path, ...] = ()
    plan_months: int = 3  # from the signature to when the handlingsplan is due
    smallest_count: int = 3  # of others' units: what is fewer is not told
    revisit_years: int = 5  # after which a unit has waited long for an inspection
    erase_months: int = 12  # from the last signature until the working material is erased
    tls_cert: Path | None = None  # where the server speaks TLS itself, with what stands between it and its root
    tls_key: Path | None = None
    files: Path | None = None  # where attachments lie; None = beside the database

    @property
    def local(self) -> bool:
        return self.database_url == Settings.database_url

    @property
    def files_folder(self) -> Path:
        """Of PostgreSQL nobody knows where it lies: then as of the default file."""
        of_file = self.database_url.partition("sqlite:///")[2]
        return self.files or Path(of_file or DEFAULT_FILE).parent / "files"


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """PORT and what begins with SPORRA_. Raises DataError where one cannot be understood."""

    def number(name: str, default: int, most: int, what: str) -> int:
        given = environment.get(name) or str(default)
        if not (given.isascii() and given.isdigit() and 0 < int(given) <= most):
            raise DataError([Problem(name, f"{given} är {what}. Ange ett tal mellan 1 och {most}.")])
        return int(given)

    folders = tuple(Path(name) for name in environment.get("SPORRA_RUBRICS", "").split(os.pathsep) if name)
    return Settings(
        _database_url(environment.get("SPORRA_DATABASE_URL", "")),
        number("PORT", DEFAULT_PORT, 65535, "ingen port"),
        folders,
        number("SPORRA_PLAN_MONTHS", Settings.plan_months, 60, "inget antal månader"),
        number("SPORRA_SMALLEST_COUNT", Settings.smallest_count, 100, "inget antal enheter"),
        number("SPORRA_REVISIT_YEARS", Settings.revisit_years, 50, "inget antal år"),
        number("SPORRA_ERASE_MONTHS", Settings.erase_months, 120, "inget antal månader"),
        *(Path(name) if (name := environment.get(each)) else None for each in _PATHS),
    )


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
