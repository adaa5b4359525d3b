"""What the surroundings decide: read once, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rubrics.problems import DataError, Problem

DEFAULT_FILE = Path("var") / "sporra.db"
DEFAULT_PORT = 8000
MOST_DAYS = 90  # that a sign-in can last


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
    secret_file: Path | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)  # what locks; the ones after the first only open
    sign_in_days: int = 14  # from signing in, whatever is done
    idle_days: int = 3  # without a sign of life, until one signs in again
    address: str = ""  # what one writes in a browser; empty = what the browser itself says

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

    def path(name: str) -> Path | None:
        return Path(given) if (given := environment.get(name)) else None

    folders = tuple(Path(name) for name in environment.get("SPORRA_RUBRICS", "").split(os.pathsep) if name)
    return Settings(
        _database_url(environment.get("SPORRA_DATABASE_URL", "")),
        number("PORT", DEFAULT_PORT, 65535, "ingen port"),
        folders,
        number("SPORRA_PLAN_MONTHS", Settings.plan_months, 60, "inget antal månader"),
        number("SPORRA_SMALLEST_COUNT", Settings.smallest_count, 100, "inget antal enheter"),
        number("SPORRA_REVISIT_YEARS", Settings.revisit_years, 50, "inget antal år"),
        number("SPORRA_ERASE_MONTHS", Settings.erase_months, 120, "inget antal månader"),
        path("SPORRA_TLS_CERT"),
        path("SPORRA_TLS_KEY"),
        path("SPORRA_FILES"),
        path("SPORRA_SECRET_FILE"),
        tuple(environment.get("SPORRA_SECRET", "").split()),
        number("SPORRA_SIGN_IN_DAYS", Settings.sign_in_days, MOST_DAYS, "inget antal dagar"),
        number("SPORRA_IDLE_DAYS", Settings.idle_days, MOST_DAYS, "inget antal dagar"),
        _address(environment.get("SPORRA_ADDRESS", "")),
    )


def _address(given: str) -> str:
    """As a browser writes an origin: https://sporra.example, without anything after the name and the port."""
    parts = urlsplit(given.lower().rstrip("/"))
    whole = f"{parts.scheme}://{parts.netloc}"
    if given and (parts.scheme not in ("http", "https") or not parts.hostname or parts.geturl() != whole):
        message = f"{given} är ingen adress. Skriv den som i en webbläsare, som https://sporra.exempel.se."
        raise DataError([Problem("SPORRA_ADDRESS", message)])
    return whole if given else ""


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
