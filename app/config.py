"""What the surroundings decide: read once, from the environment, and secrets also from a file."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from rubrics.problems import DataError, Problem

DEFAULT_FILE = Path("var") / "sporra.db"
DEFAULT_PORT = 8000
MOST_DAYS = 90  # that a sign-in can last


def on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class MailServer:
    """Whom mail is handed to. Letters hold links that let somebody in, so it is always encrypted on its way there: from
    the start, or (STARTTLS) before anything is said. A server on this very machine may do without."""

    host: str
    port: int
    encrypted: bool  # from the start
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def near(self) -> bool:
        return on_this_machine(self.host)


@dataclass(frozen=True)
class Settings:
    """`local` = the default file under `var/`, the one that gets demonstration data and accounts by itself."""

    database_url: str = f"sqlite:///{DEFAULT_FILE}"
    port: int = DEFAULT_PORT
    rubric_folders: tuple[Path, ...] = ()
    plan_months: int = 3  # from the signature to when the handlingsplan is due
    smallest_count: int = 3  # of others' units: what is fewer is not told
    revisit_years: int = 5  # after which a unit has waited long for an inspection
    tie_years: int = 5  # for which a tie that has ended still hinders somebody from inspecting
    erase_months: int = 12  # from the last signature until the working material is erased
    tls_cert: Path | None = None  # where the server speaks TLS itself, with what stands between it and its root
    tls_key: Path | None = None
    files: Path | None = None  # where attachments lie; None = beside the database
    secret_file: Path | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)  # what locks; the ones after the first only open
    sign_in_days: int = 14  # from signing in, whatever is done
    idle_days: int = 3  # without a sign of life, until one signs in again
    public: str = ""  # where people reach Sporra, as a browser says it: see `address`; empty = nobody has said
    _: KW_ONLY
    mail_server: MailServer | None = None  # None = no mail is sent; see `mail_folder`
    mail_from: str = ""  # the address that mail comes from
    # who answers for personal data, the legal ground, and whom to ask: the region's to say; "" = nobody has said
    controller: str = ""
    legal_ground: str = ""
    data_contact: str = ""
    oidc: Path | None = None  # the file that says which regions' own sign-ins one may use

    @property
    def local(self) -> bool:
        return self.database_url == Settings.database_url

    @property
    def files_folder(self) -> Path:
        """Of PostgreSQL nobody knows where it lies: then as of the default file."""
        of_file = self.database_url.partition("sqlite:///")[2]
        return self.files or Path(of_file or DEFAULT_FILE).parent / "files"

    @property
    def address(self) -> str:
        """What links in mail begin with. Never taken from a request, which may lie about its host."""
        return self.public or f"http://localhost:{self.port}"

    @property
    def mail_folder(self) -> Path | None:
        """Where mail lands that nobody sends: of the demonstration alone, whose people are invented. Whoever reads
        these letters can come in as anybody, so with a database of one's own there is no such folder."""
        return DEFAULT_FILE.parent / "mail" if self.local and not self.mail_server else None


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """PORT and what begins with SPORRA_. Raises DataError where one cannot be understood."""

    def number(name: str, default: int, most: int, what: str) -> int:
        given = environment.get(name) or str(default)
        if not (given.isascii() and given.isdigit() and 0 < int(given) <= most):
            raise DataError([Problem(name, f"{given} är {what}. Ange ett tal mellan 1 och {most}.")])
        return int(given)

    def path(name: str) -> Path | None:
        return Path(given) if (given := environment.get(name)) else None

    def said(name: str) -> str:
        return " ".join(environment.get(name, "").split())

    folders = tuple(Path(name) for name in environment.get("SPORRA_RUBRICS", "").split(os.pathsep) if name)
    return Settings(
        _database_url(environment.get("SPORRA_DATABASE_URL", "")),
        number("PORT", DEFAULT_PORT, 65535, "ingen port"),
        folders,
        number("SPORRA_PLAN_MONTHS", Settings.plan_months, 60, "inget antal månader"),
        number("SPORRA_SMALLEST_COUNT", Settings.smallest_count, 100, "inget antal enheter"),
        number("SPORRA_REVISIT_YEARS", Settings.revisit_years, 50, "inget antal år"),
        number("SPORRA_TIE_YEARS", Settings.tie_years, 50, "inget antal år"),
        number("SPORRA_ERASE_MONTHS", Settings.erase_months, 120, "inget antal månader"),
        path("SPORRA_TLS_CERT"),
        path("SPORRA_TLS_KEY"),
        path("SPORRA_FILES"),
        path("SPORRA_SECRET_FILE"),
        tuple(environment.get("SPORRA_SECRET", "").split()),
        number("SPORRA_SIGN_IN_DAYS", Settings.sign_in_days, MOST_DAYS, "inget antal dagar"),
        number("SPORRA_IDLE_DAYS", Settings.idle_days, MOST_DAYS, "inget antal dagar"),
        _address(environment),
        controller=said("SPORRA_CONTROLLER"),
        legal_ground=said("SPORRA_LEGAL_GROUND"),
        data_contact=said("SPORRA_DATA_CONTACT"),
        **_mail(environment),
        oidc=path("SPORRA_OIDC"),
    )


# ── Mail ──────────────────────────────────────────────────────────────────────────────────

_SECURE = {"smtp": (587, False), "smtps": (465, True)}  # the port if none is said, and encrypted from the start


def _mail(environment: Mapping[str, str]) -> dict[str, Any]:
    """The server and who writes: both, or none."""
    if not environment.get("SPORRA_SMTP_URL"):
        return {}
    return {
        "mail_server": _mail_server(environment["SPORRA_SMTP_URL"], environment.get("SPORRA_SMTP_PASSWORD_FILE", "")),
        "mail_from": _sender(environment.get("SPORRA_MAIL_FROM", "")),
    }


def _mail_server(given: str, password_file: str) -> MailServer:
    try:
        url = urlsplit(given)
        port, encrypted = _SECURE[url.scheme]
        if not url.hostname or url.path.strip("/") or url.query or url.fragment:
            raise ValueError
        password = Path(password_file).read_text().strip("\r\n") if password_file else unquote(url.password or "")
        return MailServer(url.hostname, url.port or port, encrypted, unquote(url.username or ""), password)
    except (KeyError, ValueError):  # the address itself is not told: it may hold a password
        told = "adressen går inte att förstå. Skriv smtps://NAMN:LÖSENORD@VÄRD:465 eller smtp://NAMN:LÖSENORD@VÄRD:587."
        raise DataError([Problem("SPORRA_SMTP_URL", told)]) from None
    except OSError:
        told = f"{password_file} går inte att läsa. Kontrollera namnet och rättigheterna."
        raise DataError([Problem("SPORRA_SMTP_PASSWORD_FILE", told)]) from None


def _sender(given: str) -> str:
    try:
        if Address(addr_spec=given).domain and given.isascii() and given.isprintable():
            return given
    except (ValueError, IndexError, MessageError):
        pass
    told = "ange adressen som e-posten kommer från, som sporra@regionen.example."
    raise DataError([Problem("SPORRA_MAIL_FROM", told)])


def _address(environment: Mapping[str, str]) -> str:
    """As a browser writes an origin, without anything after the name and the port. Letters cannot do without, nor can
    regions' own sign-ins, which lead back there."""
    given = environment.get("SPORRA_ADDRESS", "")
    if not given and not environment.get("SPORRA_SMTP_URL") and not environment.get("SPORRA_OIDC"):
        return ""
    try:
        url = urlsplit(given.lower().rstrip("/"))
        safe = url.scheme == "https" or (url.scheme == "http" and on_this_machine(url.hostname or ""))
        whole = f"{url.scheme}://{url.netloc}"
        if safe and url.hostname and url.port != 0 and "@" not in given and url.geturl() == whole:
            return whole
    except ValueError:
        pass
    told = (
        "ange adressen som personerna når Sporra på, som https://sporra.regionen.example. "
        "Dit leder brevens länkar och regionernas egna inloggningar."
    )
    raise DataError([Problem("SPORRA_ADDRESS", told)])


# ── The database ──────────────────────────────────────────────────────────────────────────


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
