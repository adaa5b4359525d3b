"""Events as lines for somebody who reads: names for ids, sentences for kinds, and never what is not theirs to know.

Of what was written one is told the fields, where one may read them, and never a text. What an inspector says alone
while all answer apart is told to nobody else, not even that it was said.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.roles import Whose
from app.accounts.viewer import Viewer
from app.audit import SYSTEM, Event
from app.events.words import more, sentence
from app.ids import is_id
from app.inspections.fields import KINDS
from app.inspections.models import Assignment, InspectionRow
from app.inspections.pages.frame import unit
from app.inspections.pages.history import name_of
from app.places.models import Clinic, Hospital, Region, Speciality
from app.plans.models import PlanRow
from app.prepared import listed
from app.writing.fields import spot
from app.writing.models import AGREED, Revision

MOST_FIELDS = 4  # that are named; of more, how many
WRITTEN = "inspection:written"


@dataclass(frozen=True)
class Line:
    """An event as it is told. `about` and `link` are of its subject, where it has a name and a page."""

    n: int
    at: datetime
    by: str
    who: str
    said: str
    subject: str
    about: str
    link: str


def lines(session: Session, viewer: Viewer, events: Sequence[Event]) -> list[Line]:
    """The events that the viewer may be told of, in their order."""
    names = named(session, [id for each in events for id in (each.by, each.subject)])
    fields = _fields(session, viewer, [each for each in events if each.action == WRITTEN])
    told = []
    for each in events:
        if each.action == WRITTEN and each.n not in fields:
            continue
        said = [sentence(each.action), fields.get(each.n or 0, "") if each.action == WRITTEN else more(each.details)]
        about, link = names.get(each.subject, ("", ""))
        who = names.get(each.by, ("Någon", ""))[0]
        told.append(Line(each.n or 0, each.at, each.by, who, ": ".join(filter(None, said)), each.subject, about, link))
    return told


# ── What was written ──────────────────────────────────────────────────────────────────────


def _fields(session: Session, viewer: Viewer, events: Sequence[Event]) -> dict[int | None, str]:
    """By event, what was written in, in words. An event that is not there is not for the viewer."""
    if not events:
        return {}
    inspections = {row.id: (row, whose) for row, whose in _inspections(session, {each.subject for each in events})}
    ids = [id for each in events for id in each.details["revisions"]]
    asked = rows_of(col(Revision.id), col(Revision.field), col(Revision.voice))
    found = session.execute(asked.where(col(Revision.id).in_(listed("ids"))), {"ids": ids})
    revisions = {id: (field, voice) for id, field, voice in found}
    told = {}
    for each in events:
        row, whose = inspections[each.subject]
        written = [revisions[id] for id in each.details["revisions"] if id in revisions]
        heard = [field for field, voice in written if not row.apart or voice in (AGREED, viewer.id)]
        if heard:
            told[each.n] = _named(heard, viewer, whose)
    return told


def _named(fields: Iterable[str], viewer: Viewer, whose: Whose) -> str:
    """The fields that the viewer may read; of a note one is told no more than that there was something."""
    spots = (found for each in fields if (found := spot(KINDS, each)) and viewer.may(found.kind.reads, whose))
    names = list(dict.fromkeys(name_of(each) for each in spots))
    rest = len(names) - MOST_FIELDS
    return ("; ".join(names[:MOST_FIELDS]) + (f" och {rest} till" if rest > 0 else "")) or "arbetsmaterial"


def _inspections(session: Session, ids: Iterable[str]) -> Iterable[tuple[InspectionRow, Whose]]:
    present: dict[str, set[str]] = defaultdict(set)
    at = (col(Assignment.inspection).in_(ids := list(ids)), col(Assignment.ended).is_(None))
    for inspection, person in session.exec(select(Assignment.inspection, Assignment.person).where(*at)):
        present[inspection].add(person)
    for row in session.exec(select(InspectionRow).where(col(InspectionRow.id).in_(ids))):
        yield row, Whose(row.speciality, row.region, row.clinic, frozenset(present[row.id]))


# ── Names ─────────────────────────────────────────────────────────────────────────────────

OURS: Mapping[str, tuple[str, str]] = {
    SYSTEM: ("Sporra", ""),
    "nobody": ("en adress som ingen har", ""),
}


def named(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """By id, the name and the page of whoever or whatever it is; no two have the same id."""
    ids = list({each for each in ids if is_id(each)})
    found = dict(OURS)
    for row in session.exec(select(InspectionRow).where(col(InspectionRow.id).in_(ids))):
        found[row.id] = (f"{unit(row)}, {row.specialty}", f"/inspektioner/{row.id}")
    planned = select(PlanRow.id, InspectionRow).join(InspectionRow, col(InspectionRow.id) == PlanRow.inspection)
    for plan, row in session.exec(planned.where(col(PlanRow.id).in_(ids))):
        found[plan] = (f"Handlingsplan, {unit(row)}, {row.specialty}", f"/planer/{plan}")
    for id, name in session.execute(_called(Person, ids)):
        found[id] = (name, f"/personer/{id}")
    for table in (Region, Hospital, Clinic, Speciality):
        found |= {id: (name, "") for id, name in session.execute(_called(table, ids))}
    return found


def _called(
    table: type[Person] | type[Region] | type[Hospital] | type[Clinic] | type[Speciality], ids: Sequence[str]
) -> Select[str, str]:
    return rows_of(col(table.id), col(table.name)).where(col(table.id).in_(ids))
