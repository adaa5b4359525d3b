"""Dates, times, counts and owners as they are written on screen: 20 oktober 2026, kl. 10.42, 3 saker, Alvas.

Times are stored with their zone and always shown as the clock on a Swedish wall.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

LOCALE = "sv_SE"
WALL = ZoneInfo("Europe/Stockholm")

# Where the long words of the areas' names are put together: browsers know Swedish too little to break them there.
_JOINTS = re.compile(r"(?<=\w{4})(?=arbete|göring|handledning|kompetens|planering|utbildning|verksamhet)")


def local(moment: datetime) -> datetime:
    """A moment on the Swedish wall clock. One without a zone is a mistake in our code, never guessed at."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(WALL)


def _date(value: date) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def day(value: date) -> str:
    return format_date(_date(value), "d MMMM y", locale=LOCALE)


def weekday(value: date) -> str:
    """`Tisdag 20 oktober`: of a visit one knows the year."""
    told = format_date(value, "EEEE d MMMM", locale=LOCALE)
    return told[:1].upper() + told[1:]


def span(start: date, end: date | None = None) -> str:
    """The shortest that says both: `19–20 oktober 2026`, `30 september – 1 oktober 2026`."""
    first, last = _date(start), _date(end or start)
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    shown = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale=LOCALE)
    return f"{shown} – {day(last)}"


def clock(moment: datetime) -> str:
    on_the_wall = local(moment)
    return f"{on_the_wall.hour}.{on_the_wall:%M}"


def moment(value: datetime) -> str:
    return format_datetime(local(value), "d MMMM y 'kl.' H.mm", locale=LOCALE)


def lately(value: datetime) -> str:
    """A moment near now, as one would say it: `kl. 10.42`, `i går kl. 10.42`, else with its date."""
    today = datetime.now(WALL).date()
    then = local(value).date()
    if then == today:
        return f"kl. {clock(value)}"
    return f"i går kl. {clock(value)}" if then == today - timedelta(days=1) else moment(value)


@lru_cache(maxsize=1000)  # a page says "1" a dozen times
def number(value: float) -> str:
    return format_decimal(value, locale=LOCALE)


def many(count: int, one: str, more: str) -> str:
    """`3|many("sak", "saker")`: a count with its noun."""
    return f"{number(count)} {one if count == 1 else more}"


def whose(name: str) -> str:
    """`Alva|whose`: Alvas, but Nils."""
    return name if name[-1:].lower() in ("s", "x", "z") else f"{name}s"


def soft(text: str) -> str:
    """Long words with the places where a narrow column may break them."""
    return _JOINTS.sub("\u00ad", text)


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "weekday": weekday,
    "span": span,
    "clock": clock,
    "moment": moment,
    "lately": lately,
    "number": number,
    "many": many,
    "whose": whose,
    "soft": soft,
}
