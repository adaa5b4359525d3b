"""From an exception to what a person is told: the only table of errors there is.

Databases and frameworks have their own words for what goes wrong. Here they become one of the refusals of
`app.errors`, or, when nobody had thought of it, a page with a number that stands in the log as well.
"""

import secrets
from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc as database
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.errors import (
    Busy,
    NotAllowed,
    NotFound,
    Refusal,
    SignedOut,
    TooLarge,
    Unacceptable,
    Unconfirmed,
    Unreachable,
    Unreadable,
)

BUSY = "Det du gjorde är inte sparat än. Vänta några sekunder och försök igen."
AWAY = "Vi når inte det som är sparat just nu. Det som redan var sparat finns kvar."
UNREADABLE = "Något kom inte fram helt. Gör om det, och börja från sidan du kom ifrån."
UNACCEPTABLE = "Något i det som skickades går inte att förstå. Öppna formuläret igen, rätta och skicka på nytt."
TOO_LARGE = "Det du skickade är större än vad som går att ta emot. Dela upp det, eller välj en mindre fil."
BROKEN = "Felet är vårt, inte ditt. Det som redan var sparat finns kvar."
BROKEN_WRITING = "Felet är vårt, inte ditt. Det du skickade är inte sparat, men allt som var sparat innan finns kvar."
ODD_WAY = "Adressen går inte att använda så. Öppna den från en länk eller ett formulär."

FIRST = {SignedOut: ("Logga in", "/logga-in"), Unconfirmed: ("Bekräfta", "/konto/bekrafta")}

# PostgreSQL's codes for "somebody else was first; try again": serialization, deadlock, lock and statement timeout,
# too many connections, shutting down and starting up.
PASSING = {"40001", "40P01", "55P03", "57014", "53300", "57P01", "57P03"}


@dataclass(frozen=True, slots=True)
class Trouble:
    status: int
    title: str
    told: str
    retry_after: int | None = None
    reference: str = ""  # the same number stands in the log
    by_itself: bool = False  # the page loads itself again
    first: tuple[str, str] | None = None  # what is to be done in another tab, and where: what was sent stays here

    @property
    def may_pass(self) -> bool:
        """Sending the same once more can work: after signing in or confirming, or when the server is back."""
        return bool(self.first) or self.status in (500, 503)


def refusal(error: Exception) -> Refusal | None:
    """The refusal that an exception stands for; None when nobody foresaw it."""
    match error:
        case Refusal():
            return error
        case database.TimeoutError():  # no free connection in the pool
            return Busy(BUSY)
        case database.OperationalError() | database.InterfaceError():
            return Busy(BUSY) if _passes(error) else Unreachable(AWAY)
        case RequestValidationError() if any(problem["type"] == "json_invalid" for problem in error.errors()):
            return Unreadable(UNREADABLE)  # cut short on its way, as a rule
        case RequestValidationError():
            in_address = all(problem["loc"][0] == "path" for problem in error.errors())
            return NotFound() if in_address else Unacceptable(UNACCEPTABLE)
        case ClientDisconnect():
            return Unreadable(UNREADABLE)
        case HTTPException(status_code=status):
            # FastAPI hides a refusal that came while it read the body behind a 400 of its own.
            return error.__cause__ if isinstance(error.__cause__, Refusal) else _by_status(status)
        case _:
            return None


def _passes(error: database.DBAPIError) -> bool:
    said = str(error.orig).lower()
    return getattr(error.orig, "sqlstate", None) in PASSING or "locked" in said or "busy" in said


def _by_status(status: int) -> Refusal | None:
    known: dict[int, Refusal] = {
        400: Unreadable(UNREADABLE),
        401: SignedOut(),
        403: NotAllowed("Din roll räcker inte till det här. Fråga den som bjöd in dig."),
        404: NotFound(),
        405: Refusal(ODD_WAY),
        413: TooLarge(TOO_LARGE),
    }
    return known.get(status)


def trouble(error: Exception, *, reading: bool) -> Trouble:
    """What to say. `reading` is a GET, which may be asked for again without doing anything twice."""
    refused = refusal(error)
    if refused is None:
        told = BROKEN if reading else BROKEN_WRITING
        return Trouble(500, "Något gick sönder", told, reference=secrets.token_hex(3))
    wait = refused.retry_after or {Busy: 2, Unreachable: 10}.get(type(refused))
    # A framework's own status (405) is kept; such a refusal only lends its words.
    status = error.status_code if isinstance(error, HTTPException) and type(refused) is Refusal else refused.status
    first = FIRST.get(type(refused))
    return Trouble(status, refused.title, refused.told, wait, by_itself=reading and status == 503, first=first)
