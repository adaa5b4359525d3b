"""What docs/security.md tells from code: what is limited, and how much of the standard is met."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from limits import RateLimitItem

from app.accounts import actions, attempts, codes, passwords, pending, sessions, tokens
from app.cli import wire
from app.config import MOST_DAYS, Settings
from app.inspections import attaching
from app.lists import tables
from app.main import MAX_BATCH, MAX_FILE, MAX_IMPORT
from app.papers import kinds
from app.web import limits
from app.writing import room

LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| (met|not applicable|not met): ([^|]+) \|$", re.M)


def counts(document: str) -> str:
    """Of each level: how many are met, not applicable, not met."""
    found = Counter((level, state) for _, level, state, _ in LINE.findall(document))
    told = ["| | met | not applicable | not met |", "|---|---|---|---|"]
    for level in "12":
        row = [found[level, state] for state in ("met", "not applicable", "not met")]
        told.append(f"| level {level} | {' | '.join(map(str, row))} |")
    return "\n".join(told) + "\n"


def limited() -> str:
    return "\n".join(["| what | most |", "|---|---|", *(f"| {what} | {most} |" for what, most in _rows())]) + "\n"


def _rows() -> Iterator[tuple[str, str]]:
    yield "passwords for one account from one network", _often(attempts.FOR_ONE)
    yield "passwords from one network, all accounts", _often(attempts.FROM_ONE)
    yield "codes for one person from one network", _often(attempts.CODES)
    yield "passkey challenges from one network", _often(attempts.CHALLENGES)
    yield "links for a forgotten password, from one network", _often(attempts.RECOVERIES)
    yield "letters about it to one account", _often(attempts.LETTERS)
    yield "calendars fetched from one network", _often(attempts.CALENDARS)
    yield "sent out to a region's own sign-in, from one network", _often(attempts.VIA)
    yield "wrong API keys from one network; keys of one person", f"{_often(attempts.WRONG_TOKENS)}; {tokens.MOST}"
    own = Settings()
    yield (
        "signed in, whatever one does",
        f"{own.sign_in_days} days (a setting, at most {MOST_DAYS}): a visit and its report",
    )
    yield "signed in, without a sign of life", f"{own.idle_days} days (a setting): a tablet between two days of a visit"
    yield "since one showed who one is, before a way in is changed", _long(sessions.FRESH)
    yield "an invitation; a link for a forgotten password", f"{_long(actions.LASTS)}; {_long(actions.RECOVERY_LASTS)}"
    yield (
        "a passkey's challenge; between password and code",
        f"{_long(pending.CHALLENGE_LASTS)}; {_long(pending.HALF_LASTS)}",
    )
    yield "a code from an app", f"30 seconds, and {codes.SIDE} step to each side"
    yield "a password", f"{passwords.LEAST} to {passwords.MOST} characters, any"
    known = f"`{passwords.KNOWN_OF_ALL}`, the person's name, their e-mail address"
    yield "a password may not rest on", known
    yield "a request's head; until it is there", f"{_size(wire.LONGEST_HEAD)}; {wire.HEAD:.0f} seconds"
    yield "silence in the middle of a body", f"{wire.SILENCE:.0f} seconds"
    yield (
        "a body; a batch of what was written; an inspection file",
        ", ".join(map(_size, (limits.ORDINARY, MAX_BATCH, MAX_IMPORT))),
    )
    yield "a list of places or people, xlsx or CSV", f"{_size(tables.MOST_BYTES)}, {tables.MOST_ROWS:,} rows"
    yield "an attachment, with its form", _size(MAX_FILE)
    yield "attachments: types", ", ".join(kinds.NAMES.values())
    unpacked = f"{_size(kinds._MOST_UNPACKED)} unpacked, {kinds._MOST_PARTS} parts"
    yield (
        "attachments: size, of Word and Excel, of one inspection",
        f"{_size(kinds.MOST_BYTES)}; {unpacked}; {attaching.MOST}",
    )
    yield "texts of one inspection, all together", f"{room.MAX_TEXT:,} characters"


def _often(item: RateLimitItem) -> str:
    return f"{item.amount} in {_long(timedelta(seconds=item.get_expiry()))}"


def _long(span: timedelta) -> str:
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if (count := int(span.total_seconds()) // seconds) and not int(span.total_seconds()) % seconds:
            return f"{count} {unit}{'s' * (count > 1)}"
    return f"{span.total_seconds():.0f} seconds"


def _size(count: int) -> str:
    return f"{count / 1_000_000:g} MB" if count >= 1_000_000 else f"{count:,} bytes"
