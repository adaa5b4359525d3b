"""The programme of a visit: its talks in their order, and as a document, which names whom one meets as the inspectors
wrote it. A calendar does not: `calendar.py`."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from app.inspections.fields import ROLES
from app.inspections.models import InterviewRow
from app.web.swedish import weekday
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
