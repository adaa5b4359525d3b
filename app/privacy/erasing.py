"""Erasing a person's data. The person's id stays, with a number for a name, so that what was done still hangs together.

What goes: name and e-mail, every way in, and the rows that the list says go (`Erasing.GO`). Where a field holds nothing
but names (the inspectors as printed, who sees to a measure) the texts with this name go too, in the inspections that
the person was assigned to and the plans of clinics where they had a role: a namesake elsewhere keeps theirs.

What stays: what was signed and submitted, which is published; and what is written in running text about a clinic, which
only a person can judge. `mentions` tells where the name stands in such a text, before it is too late to know it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, func, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import audit
from app.accounts.models import Appointment, Person
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound, Stale
from app.inspections import erasing as inspections
from app.inspections.models import Assignment, InspectionRow
from app.plans import fields as plan_fields
from app.plans import placing
from app.plans.models import PlanRow
from app.privacy.shape import Erasing
from app.privacy.stored import TABLES
from app.tables import metadata
from app.typed import Unfit
from app.writing import desk
from app.writing.erasing import let_go
from app.writing.fields import decoded, spot
from app.writing.models import Revision, Subject

OPEN = "Stäng kontot först. Då är personen utloggad och skriver inget mer."
AT_ONCE = "Någon raderade uppgifter om en annan person i samma stund. Gör om det."
_PRINTED, _OWNER = "front/inspectors", "measure/%/owner"  # fields that hold names and nothing else


@dataclass(frozen=True)
class Mention:
    """A case in whose running text the name stands."""

    unit: str
    url: str


def erased_name(number: int) -> str:
    return f"Borttagen person {number}"


def erase(session: Session, *, by: Viewer, person: str) -> None:
    """Of a closed account. Once more changes nothing. The last administrator's account cannot be closed."""
    by.check(Permission.ADMINISTER)
    found = session.get(Person, person, with_for_update=True)
    if not found:
        raise NotFound
    if not found.closed:
        raise Unfit("account", OPEN)
    if found.erased:
        return
    texts = _erase_names(session, found)
    rows = _erase_rows(session, found)
    number = (session.exec(select(func.max(Person.erased))).one() or 0) + 1
    found.name, found.email, found.erased = erased_name(number), f"borttagen-{number}", number
    found.password = None
    try:
        session.flush()
    except IntegrityError:
        raise Stale(AT_ONCE) from None
    audit.record(session, by=by.id, action="person:erased", subject=person, number=number, rows=rows, texts=texts)


def _erase_rows(session: Session, person: Person) -> dict[str, int]:
    """How many went, by table. Roles that are held still are ended: that they were held stays known."""
    held = (col(Appointment.person) == person.id, col(Appointment.ended).is_(None))
    session.connection().execute(update(Appointment).where(*held).values(ended=audit.now()))
    gone: dict[str, int] = {}
    for stored in TABLES:
        if stored.erasing is Erasing.GO:
            table = metadata.tables[stored.table]
            own = [table.c[name] == person.id for name in stored.whose]
            own += [table.c[name] == person.email for name in stored.email]
            if count := session.connection().execute(delete(table).where(or_(*own))).rowcount:
                gone[stored.table] = count
    return gone


# ── The name, where a field holds names ───────────────────────────────────────────────────


def _erase_names(session: Session, person: Person) -> int:
    """How many texts went."""
    assigned = select(Assignment.inspection).where(Assignment.person == person.id)
    clinics = select(Appointment.clinic).where(Appointment.person == person.id)
    plans = select(PlanRow.id).where(col(PlanRow.clinic).in_(clinics))
    found: dict[str, set[str]] = {}
    for pattern, subjects in ((_PRINTED, assigned), (_OWNER, plans)):
        at = (col(Revision.field).like(pattern), col(Revision.subject).in_(subjects), _holds(person.name))
        for id, subject, value in session.exec(select(Revision.id, Revision.subject, col(Revision.value)).where(*at)):
            if _is_named(decoded(value), person.name):
                found.setdefault(subject, set()).add(id)
    for subject in sorted(found):  # in one order, so that no two wait for one another
        _let_go(session, subject, found[subject])
    return sum(map(len, found.values()))


def _holds(name: str) -> ColumnElement[bool]:
    return col(Revision.value).contains(name, autoescape=True)


def _is_named(value: object, name: str) -> bool:
    return name in value if isinstance(value, list) else value == name


def _let_go(session: Session, subject: str, ids: set[str]) -> None:
    held = desk.locked(session, subject)
    if plan := session.get(PlanRow, subject):
        let_go(session, held, ids, lambda field: _clear(session, plan, field))
    else:
        let_go(session, held, ids, inspections.clearing(session, session.get_one(InspectionRow, subject)))


def _clear(session: Session, plan: PlanRow, field: str) -> None:
    if found := spot(plan_fields.KINDS, field):
        placing.place(session, plan, found, None)


# ── The name, in running text ─────────────────────────────────────────────────────────────


def mentions(session: Session, person: Person) -> Sequence[Mention]:
    """The inspections and plans in whose texts the name stands in the midst of other words. Not of working material:
    that goes in time, and what is in it is nobody's but its inspectors'."""
    named = or_(col(Revision.field) == _PRINTED, col(Revision.field).like(_OWNER), inspections.IS_WORKING)
    said = exists().where(col(Revision.subject) == col(Subject.id), _holds(person.name), ~named)
    ids = set(session.exec(select(Subject.id).where(said)))
    answered = dict(session.exec(select(PlanRow.id, PlanRow.inspection).where(col(PlanRow.id).in_(ids))).all())
    at = col(InspectionRow.id).in_(ids | set(answered.values()))
    rows = {row.id: row for row in session.exec(select(InspectionRow).where(at))}
    told = [Mention(_unit(rows[id]), f"/inspektioner/{id}") for id in ids & set(rows)]
    told += [Mention(f"Handlingsplan, {_unit(rows[id])}", f"/planer/{plan}") for plan, id in answered.items()]
    return sorted(told, key=lambda each: (each.unit, each.url))


def _unit(row: InspectionRow) -> str:
    return ", ".join(each for each in (row.clinic_name, row.hospital_name, row.specialty) if each)
