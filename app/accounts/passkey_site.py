"""What passkeys need to know of a request: the address that it stands at, and the challenge its browser was given."""

import secrets

from fastapi import Request
from fastapi.responses import Response

from app.accounts.access import Tries, cookie_name, host, seconds_to, set_cookie
from app.accounts.passkeys import Sent, Site, answers, site
from app.accounts.pending import CHALLENGE_LASTS, Challenge, Pending
from app.accounts.whence import network
from app.errors import TooOften, Unacceptable

BROWSER = "sporra-browser"  # the cookie that says whose challenge it is
NAMED = 43  # characters of 256 bits in it
TOO_OFTEN = "Det blev många försök härifrån. Vänta en stund och försök igen."
TOO_LATE = "Det har gått för lång tid. Försök en gång till."
NO_SITE = "Nycklar fungerar först när Sporra nås med ett namn, över https."


def site_of(request: Request) -> Site | None:
    """As the settings say; else as the browser says, which is what its keys are bound to."""
    return site(request.app.state.settings.public or f"{request.url.scheme}://{request.url.netloc}")


def sited(request: Request) -> Site:
    found = site_of(request)
    if not found:
        raise Unacceptable(NO_SITE)
    return found


def begin(request: Request, tries: Tries, purpose: str, whom: str = "") -> tuple[str, str]:
    """A challenge, and the browser's name in the cookie that `asked` sets."""
    if until := tries.until_challenge(network(host(request))):
        raise TooOften(TOO_OFTEN, retry_after=seconds_to(until))
    challenges: Pending[Challenge] = request.app.state.challenges
    browser = request.cookies.get(cookie_name(request, BROWSER), "")
    if len(browser) != NAMED:  # not given by us, and perhaps endless: it is remembered
        browser = secrets.token_urlsafe(32)
    return challenges.begin(Challenge(browser, purpose, whom)), browser


def asked(request: Request, browser: str, options: str) -> Response:
    answer = Response(options, media_type="application/json")
    set_cookie(request, answer, browser, CHALLENGE_LASTS, BROWSER)
    return answer


def taken(request: Request, sent: Sent, purpose: str, whom: str = "") -> str:
    """The challenge that the answer says it is to, if it was this browser's, for this, and has not been answered."""
    challenges: Pending[Challenge] = request.app.state.challenges
    challenge = answers(sent)
    browser = request.cookies.get(cookie_name(request, BROWSER), "")
    if challenges.take(challenge) != Challenge(browser, purpose, whom):
        raise Unacceptable(TOO_LATE)
    return challenge
