"""How often one may try a password, ask for a new one, fetch a calendar, set out to a region's own sign-in, and show a
wrong API-nyckel. Counted in memory: a restart forgets, which costs nothing.

Counted before the password is looked at, so that many at once are not all let through.
"""

from datetime import UTC, datetime

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.typed import LONGEST

FOR_ONE = RateLimitItemPerMinute(10, 15, "one")  # for one account, from one address
FROM_ONE = RateLimitItemPerMinute(300, 15, "all")  # from one address: a whole hospital may stand behind it
CODES = RateLimitItemPerMinute(10, 15, "codes")  # for one person, from one address, after a right password
GUESSES = RateLimitItemPerHour(30, 1, "guesses")  # of six digits for one person, wherever from: few enough to hit none
CHALLENGES = RateLimitItemPerMinute(600, 15, "challenges")  # from one address: every page to sign in on asks for one
CALENDARS = RateLimitItemPerMinute(300, 15, "calendars")  # from one address: a hundred telephones that ask every 5 min
RECOVERIES = RateLimitItemPerMinute(60, 15, "recoveries")  # from one address
LETTERS = RateLimitItemPerHour(
    3, 1, "letters"
)  # to one account, whoever asks: each of them works, so nobody is shut out
VIA = RateLimitItemPerMinute(300, 15, "via")  # from one address: a hospital whose people all sign in that way
WRONG_TOKENS = RateLimitItemPerMinute(30, 15, "tokens")  # from one address; a right one is never counted


class Attempts:
    """The tries of the last quarter of an hour."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def until(self, email: str, network: str) -> datetime | None:
        """Counts a try. When to come back, if there have been too many; None = go on."""
        if not self._window.test(FROM_ONE, network):  # before anything is remembered of the address that was typed
            return self._opens(FROM_ONE, (network,))
        # The narrow one first: whoever is stopped by it must not use up what the others behind the address have.
        for item, key in ((FOR_ONE, (_short(email), network)), (FROM_ONE, (network,))):
            if not self._window.hit(item, *key):
                return self._opens(item, key)
        return None

    def until_calendar(self, network: str) -> datetime | None:
        """Counts one that is fetched, or that is not there. When to come back; None = go on."""
        return None if self._window.hit(CALENDARS, network) else self._opens(CALENDARS, (network,))

    def until_code(self, person: str, network: str, *, guessable: bool = False) -> datetime | None:
        """Counts a code. Somebody else's guesses come from elsewhere, and do not stop the person at home: but for those
        of six digits (`guessable`), which a thousand machines would soon hit. A recovery code is good all the same."""
        for item, key in ((CODES, (person, network)), *([(GUESSES, (person,))] if guessable else ())):
            if not self._window.hit(item, *key):
                return self._opens(item, key)
        return None

    def forget_codes(self, person: str, network: str) -> None:
        self._window.clear(CODES, person, network)

    def until_challenge(self, network: str) -> datetime | None:
        return None if self._window.hit(CHALLENGES, network) else self._opens(CHALLENGES, (network,))

    def until_recovery(self, network: str) -> datetime | None:
        """Counts one that is asked for. Apart from signing in, which it must not stand in the way of."""
        return None if self._window.hit(RECOVERIES, network) else self._opens(RECOVERIES, (network,))

    def may_be_written_to(self, email: str) -> bool:
        """Counts a letter to an address that anybody may have typed, whether it is somebody's or nobody's."""
        return self._window.hit(LETTERS, _short(email))

    def until_via(self, network: str) -> datetime | None:
        """Counts one who sets out. When to come back; None = go on."""
        return None if self._window.hit(VIA, network) else self._opens(VIA, (network,))

    def until_token(self, network: str) -> datetime | None:
        """Counts a key that is nobody's. When to come back; None = not too many yet."""
        return None if self._window.hit(WRONG_TOKENS, network) else self._opens(WRONG_TOKENS, (network,))

    def forget(self, email: str, network: str) -> None:
        """After a right password: earlier slips of the finger no longer count."""
        self._window.clear(FOR_ONE, _short(email), network)

    def _opens(self, item: RateLimitItem, key: tuple[str, ...]) -> datetime:
        return datetime.fromtimestamp(self._window.get_window_stats(item, *key).reset_time, UTC)


def _short(email: str) -> str:
    """As long as an address can be: what anybody types without signing in must not fill the memory."""
    return email[: LONGEST + 1]
