"""Visits as a calendar (RFC 5545): their days, and each talk of their programmes.

A calendar lies in a telephone and is shared with more people than one thinks of: it names roles alone, and never whom
one meets. What was called off stays in it as cancelled, so that the telephone takes it away. What an event says, and
when that was last changed, comes from the same operations: the same programme gives the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col, or_, select

from app.accounts.roles import Permission, Whose
from app.accounts.viewer import Viewer
from app.ids import id_from
from app.inspections.fields import INTERVIEW, ROLES, WHO
from app.inspections.models import Assignment, InspectionRow, InterviewRow
from app.web.swedish import WALL
from app.writing.models import AGREED, Head, Revision

HEAD = (
    *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sporra//Program//SV", "CALSCALE:GREGORIAN"),
    *("NAME:SPUR", "X-WR-CALNAME:SPUR"),
    *("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"),
)
_UNIT = ("front/clinic", "front/hospital")
_VISIT = (*_UNIT, "front/place", "front/first_day", "front/last_day")
_TOLD = [kind for kind in INTERVIEW if kind is not WHO]

Change = tuple[int, datetime]  # the number of an inspection's operation, and when it came
_NEVER: Change = (0, datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Event:
    """`ends` and `begins` as in the programme; without them it lasts until `last_day`."""

    uid: str
    what: str
    where: str
    day: date
    changed: Change = _NEVER
    begins: str = ""
    ends: str = ""
    last_day: date | None = None
    cancelled: bool = False


def own_inspections(session: Session, viewer: Viewer) -> list[InspectionRow]:
    """Those that one inspects now, the latest first."""
    assigned = select(Assignment.inspection).where(Assignment.person == viewer.id, col(Assignment.ended).is_(None))
    order = (col(InspectionRow.listed).desc(), InspectionRow.id)
    rows = session.exec(select(InspectionRow).where(col(InspectionRow.id).in_(assigned)).order_by(*order)).all()
    own = frozenset({viewer.id})
    return [row for row in rows if viewer.may(Permission.NOTES, Whose(row.speciality, row.region, row.clinic, own))]


def events(session: Session, rows: Sequence[InspectionRow]) -> Iterator[Event]:
    ids = [row.id for row in rows]
    changes = _changes(session, ids)
    talks = session.exec(
        select(InterviewRow)
        .where(col(InterviewRow.inspection).in_(ids), col(InterviewRow.day).is_not(None))
        .order_by(col(InterviewRow.day), InterviewRow.begins, InterviewRow.id)
    ).all()
    for row in rows:
        if row.first_day:
            yield _visit(row, row.first_day, changes)
        yield from (_talk(row, each, each.day, changes) for each in talks if each.inspection == row.id and each.day)


def _changes(session: Session, inspections: Sequence[str]) -> dict[tuple[str, str], Change]:
    """When what stands in a field came, by inspection and key."""
    fields = or_(*(col(Head.field).like(each) for each in ("front/%", "interview/%")))
    query = (
        select(Head.subject, Head.field, Revision.seq, Revision.received)
        .join(Revision, col(Revision.id) == Head.revision)
        .where(col(Head.subject).in_(inspections), Head.voice == AGREED, fields)
    )
    return {(subject, field): (seq, received) for subject, field, seq, received in session.exec(query)}


def _last(changes: dict[tuple[str, str], Change], inspection: str, keys: Iterable[str]) -> Change:
    return max((changes.get((inspection, key), _NEVER) for key in keys), default=_NEVER)


def _visit(row: InspectionRow, day: date, changes: dict[tuple[str, str], Change]) -> Event:
    uid, last = id_from(row.id, "visit"), max(row.last_day or day, day)
    changed = _last(changes, row.id, _VISIT)
    return Event(uid, f"SPUR-inspektion {_unit(row)}", row.place, day, changed, last_day=last)


def _talk(row: InspectionRow, talk: InterviewRow, day: date, changes: dict[tuple[str, str], Change]) -> Event:
    role = ROLES.get(talk.role, "") if talk.role != "annan" else ""
    what = f"SPUR {_unit(row)}: {role or 'samtal'}"
    changed = _last(changes, row.id, (*_UNIT, *(kind.key(interview=talk.id) for kind in _TOLD)))
    uid = id_from(row.id, talk.id)  # a talk's own id is made on a device, and unlike within one inspection alone
    return Event(uid, what, talk.room, day, changed, talk.begins, talk.ends, cancelled=bool(talk.gone))


def _unit(row: InspectionRow) -> str:
    return ", ".join(filter(None, (row.clinic_name, row.hospital_name)))


# ── As it is written ──────────────────────────────────────────────────────────────────────


def calendar(events: Iterable[Event]) -> bytes:
    """Times are written as UTC, worked out from the clock on a Swedish wall: so the file needs no table of zones, and
    every telephone shows the right hour."""
    lines = [*HEAD, *(line for each in events for line in _event(each)), "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(event: Event) -> Iterator[str]:
    times, at = event.changed
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@sporra"
    yield f"DTSTAMP:{_utc(at)}"  # of a calendar without a METHOD: when it was last changed
    yield f"LAST-MODIFIED:{_utc(at)}"
    yield f"SEQUENCE:{times}"
    if event.begins:
        yield f"DTSTART:{_utc(_at(event.day, event.begins))}"
        if event.ends > event.begins:
            yield f"DTEND:{_utc(_at(event.day, event.ends))}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        if event.last_day:
            yield f"DTEND;VALUE=DATE:{event.last_day + timedelta(days=1):%Y%m%d}"  # the first day after it
    yield f"SUMMARY:{_escaped(event.what)}"
    if event.where:
        yield f"LOCATION:{_escaped(event.where)}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
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
