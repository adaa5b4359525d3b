"""What an administrator does with people: adds and renames them, gives and ends roles, closes and opens accounts.

There is always an administrator who can sign in. So nobody ends their own role or closes their own account, and
of two administrators who end each other's at the same time, one is refused.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import audit
from app.accounts import sessions
from app.accounts.actions import ADDRESS_CHANGED, end_links, end_programs
from app.accounts.models import Appointment, Person
from app.accounts.roles import NAMES, Permission, Reach, Role
from app.accounts.viewer import Viewer
from app.accounts.ways import CAN_SIGN_IN, can_sign_in
from app.errors import NotFound, Stale
from app.ids import new_id
from app.mail import queue
from app.people.schemas import AppointmentIn, PersonIn
from app.places.closing import check_open
from app.places.models import Clinic, Region, Speciality
from app.typed import CHANGED_SINCE, Unfit

TAKEN = "Någon har redan den e-postadressen. Sök efter den bland personerna."
LAST = "Det måste finnas en administratör som kan logga in. Ge rollen till någon annan först."
OWN_ROLE = "Du kan inte avsluta din egen roll som administratör. Be en annan administratör om det."
OWN_ACCOUNT = "Du kan inte stänga ditt eget konto. Be en annan administratör om det."
ERASED = "Uppgifterna om personen är raderade. Lägg till personen på nytt om det behövs."

# What an appointment names: its column, where that is looked up, and what to say where it is not there.
_NAMED: dict[Reach, tuple[str, type[Speciality | Region | Clinic], str]] = {
    Reach.SPECIALITY: ("speciality", Speciality, "Välj specialitet."),
    Reach.REGION: ("region", Region, "Välj region."),
    Reach.CLINIC: ("clinic", Clinic, "Välj klinik eller vårdcentral."),
}


def add(session: Session, *, by: Viewer, new: PersonIn, demo: bool = False) -> str:
    """A person who cannot sign in yet: that takes a link (`accounts.actions.invite`). Returns their id."""
    return add_people(session, by=by, new=[new], demo=demo)[0]


def add_people(session: Session, *, by: Viewer, new: Sequence[PersonIn], demo: bool = False) -> list[str]:
    """Several at once, as a list of them brings (`importing.py`)."""
    by.check(Permission.ADMINISTER)
    people = [Person(id=new_id(), email=each.email, name=each.name, demo=demo) for each in new]
    session.add_all(people)
    _flushed(session)
    for each in people:
        audit.record(session, by=by.id, action="person:added", subject=each.id)
    return [each.id for each in people]


def change(session: Session, *, by: Viewer, person: str, new: PersonIn, stands: PersonIn | None = None) -> PersonIn:
    """Returns what stood there before. Of a new address whoever is in already is told at the one before: letters that
    let somebody in go to the new one. `stands` is what whoever puts a change back has seen: raises Stale where
    somebody has changed it since."""
    found = _held(session, by, person)
    if found.erased:
        raise Unfit("name", ERASED)
    before = PersonIn.model_construct(name=found.name, email=found.email)
    if stands is not None and before != stands:
        raise Stale(CHANGED_SINCE)
    changed = [field for field in ("name", "email") if getattr(found, field) != getattr(new, field)]
    if changed:
        found.name, found.email = new.name, new.email
        _flushed(session)
        if "email" in changed:  # the old address may be a stranger's, who has been sent one
            end_links(session, person)
            if can_sign_in(session, person):  # whose way in it leads to, wherever it goes now
                queue.put(session, kind=ADDRESS_CHANGED, by=by.id, person=person, address=before.email)
        audit.record(session, by=by.id, action="person:changed", subject=person, fields=changed)
    return before


def _flushed(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:  # the database holds that an address is one person's, also when two are added at once
        raise Unfit("email", TAKEN) from None


# ── Roles ─────────────────────────────────────────────────────────────────────────────────


def appoint(session: Session, *, by: Viewer, person: str, new: AppointmentIn) -> None:
    """Gives a role. One that the person already has stays one."""
    appoint_people(session, by=by, new=[(person, new)])


def appoint_people(session: Session, *, by: Viewer, new: Sequence[tuple[str, AppointmentIn]]) -> None:
    """Gives roles to several at once."""
    by.check(Permission.ADMINISTER)
    wanted = {person for person, _ in new}
    held = session.exec(select(Person).where(col(Person.id).in_(wanted)).order_by(Person.id).with_for_update()).all()
    if len(held) < len(wanted):
        raise NotFound
    if any(each.erased for each in held):
        raise Unfit("roles", ERASED)
    _check_named(session, [each for _, each in new])
    still = (col(Appointment.person).in_(wanted), col(Appointment.ended).is_(None))
    have = {_told(row) for row in session.exec(select(Appointment).where(*still))}
    rows = []
    for person, each in new:
        named: dict[str, Any] = {_NAMED[reach][0]: each.where} if (reach := NAMES[each.role]) else {}
        row = Appointment(id=new_id(), person=person, role=each.role, given_by=by.id, since=audit.now(), **named)
        if _told(row) not in have:
            have.add(_told(row))
            rows.append((row, named))
    for column, table, _ in _NAMED.values():
        check_open(session, table, {named[column] for _, named in rows if column in named}, field="where")
    session.add_all(row for row, _ in rows)
    session.flush()
    for row, named in rows:
        audit.record(session, by=by.id, action="person:appointed", subject=row.person, role=row.role, **named)


def _told(row: Appointment) -> tuple[str, Role, str | None, str | None, str | None]:
    return row.person, row.role, row.speciality, row.region, row.clinic


def _check_named(session: Session, new: Sequence[AppointmentIn]) -> None:
    """Whether what the roles must name is there to be named."""
    for reach, (_, table, told) in _NAMED.items():
        wanted = {each.where for each in new if NAMES[each.role] is reach}
        known = set(session.exec(select(table.id).where(col(table.id).in_(wanted)))) if wanted else set()
        if wanted - known:
            raise Unfit("where", told)


def end_appointment(session: Session, *, by: Viewer, person: str, appointment: str) -> None:
    by.check(Permission.ADMINISTER)
    administrators = _administrators(session)
    _held(session, by, person)
    row = session.get(Appointment, appointment)
    if not row or row.person != person or row.ended:
        raise NotFound
    if row.role == Role.ADMINISTRATOR:
        if person == by.id:
            raise Unfit("roles", OWN_ROLE)
        _keep_another(administrators, person, "roles")
    row.ended = audit.now()
    session.flush()
    audit.record(session, by=by.id, action="person:appointment_ended", subject=person, appointment=appointment)


# ── Accounts ──────────────────────────────────────────────────────────────────────────────


def close(session: Session, *, by: Viewer, person: str) -> None:
    """They can no longer sign in, and are signed out at once. What they wrote stays theirs."""
    by.check(Permission.ADMINISTER)
    administrators = _administrators(session)
    found = _held(session, by, person)
    if person == by.id:
        raise Unfit("account", OWN_ACCOUNT)
    if found.closed:
        return
    if any(row.person == person for row in administrators):
        _keep_another(administrators, person, "account")
    found.closed = True
    session.flush()
    end_links(session, person)
    end_programs(session, by=by.id, person=person)
    sessions.end_all(session, by=by.id, person=person)
    audit.record(session, by=by.id, action="person:closed", subject=person)


def open_again(session: Session, *, by: Viewer, person: str) -> None:
    found = _held(session, by, person)
    if found.erased:
        raise Unfit("account", ERASED)
    if found.closed:
        found.closed = False
        session.flush()
        audit.record(session, by=by.id, action="person:opened", subject=person)


def sign_out(session: Session, *, by: Viewer, person: str) -> None:
    """Everywhere: a lost tablet, say."""
    _held(session, by, person)
    sessions.end_all(session, by=by.id, person=person)


def _held(session: Session, by: Viewer, person: str) -> Person:
    """The person, whom nobody else changes until this is done."""
    by.check(Permission.ADMINISTER)
    found = session.get(Person, person, with_for_update=True)
    if not found:
        raise NotFound
    return found


def _keep_another(administrators: Sequence[Appointment], person: str, field: str) -> None:
    if not any(row.person != person for row in administrators):
        raise Unfit(field, LAST)


def _administrators(session: Session) -> list[Appointment]:
    """Those who could sign in and administer now, held so that no two are ended side by side. Asked for before a
    person is held: two who end each other then wait in one line, and not for one another."""
    query = (
        select(Appointment)
        .join(Person, col(Person.id) == Appointment.person)
        .where(Appointment.role == Role.ADMINISTRATOR, col(Appointment.ended).is_(None))
        .where(col(Person.closed).is_(False), CAN_SIGN_IN)
        .order_by(Appointment.id)
        .with_for_update()
    )
    return list(session.exec(query))
