"""The programme of a visit: its talks in their order, as a document, and as a calendar (RFC 5545).

The document names whom one meets, as the inspectors wrote it. A calendar lies in a telephone and is shared with more
people than one thinks of: it names roles alone.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import groupby

from app.inspections.fields import ROLES
from app.inspections.models import InterviewRow
from app.web.swedish import WALL, weekday
from reports.blocks import Block, Document, Heading, Paragraph, Voice

NO_DAY = "Utan dag"


def in_order(rows: Iterable[InterviewRow]) -> list[InterviewRow]:
    """By day and time; what has none comes last."""
    return sorted(rows, key=lambda row: (row.day or date.max, row.begins or "~", row.id))


def with_whom(row: InterviewRow) -> str:
    return row.who or ROLES.get(row.role, "") or "Samtal"


def hours(row: InterviewRow) -> str:
    """`08.30–09.15`, or as much of it as is known."""
    begins, ends = (each.replace(":", ".") for each in (row.begins, row.ends))
    return f"{begins}–{ends}" if begins and ends else begins or (f"till {ends}" if ends else "")


# ── A document ────────────────────────────────────────────────────────────────────────────


def document(unit: str, specialty: str, rows: Iterable[InterviewRow]) -> Document:
    """Of the talks that stand."""
    rows = in_order(rows)
    return Document(
        title=f"Program, {unit}",
        language="sv",
        authors=(unit,),
        subject="Program för SPUR-inspektion",
        day=next((row.day for row in rows), None),
        header="Program för SPUR-inspektion",
        footer=(" · ".join(filter(None, (unit, specialty))),),
        blocks=(Heading(f"Program, {unit}"), *_days(rows)),
    )


def _days(rows: list[InterviewRow]) -> Iterator[Block]:
    if not rows:
        yield Paragraph("Inga samtal är planerade än.", Voice.ASIDE)
    for day, talks in groupby(rows, lambda row: row.day):
        yield Heading(weekday(day) if day else NO_DAY, level=2)
        for row in talks:
            role = ROLES.get(row.role, "")
            first = " ".join(filter(None, (hours(row), with_whom(row))))
            more = " · ".join(filter(None, (role if row.who and role != row.who else "", row.room)))
            yield Paragraph("\n".join(filter(None, (first, more))))


# ── A calendar ────────────────────────────────────────────────────────────────────────────


def calendar(unit: str, rows: Iterable[InterviewRow], made: datetime) -> bytes:
    """The talks that have a day, as events. Times are written as UTC, worked out from the clock on a Swedish wall: so
    the file needs no table of zones, and every telephone shows the right hour."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sporra//Program//SV", "CALSCALE:GREGORIAN"]
    for row in in_order(rows):
        if row.day:
            lines += _event(unit, row, row.day, made)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR")).encode()


def _event(unit: str, row: InterviewRow, day: date, made: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{row.id}@sporra"
    yield f"DTSTAMP:{_utc(made)}"
    if row.begins:
        yield f"DTSTART:{_utc(_at(day, row.begins))}"
        if row.ends > row.begins:
            yield f"DTEND:{_utc(_at(day, row.ends))}"
    else:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    role = ROLES.get(row.role, "samtal")
    yield f"SUMMARY:{_escaped(f'SPUR {unit}: {role}')}"
    if row.room:
        yield f"LOCATION:{_escaped(row.room)}"
    yield "END:VEVENT"


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), WALL)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line is longer than 75 bytes; what goes on begins with a blank. Never within a letter."""
    made, room = "", 75
    for letter in line:
        size = len(letter.encode())
        if size > room:
            made, room = f"{made}\r\n ", 74
        made, room = made + letter, room - size
    return made
