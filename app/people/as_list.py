"""All people with their roles as a list: one row for each role, as it is sent out and taken in.

Who has a closed account is not in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.models import Appointment, Person
from app.accounts.roles import NAMES, Reach, Role
from app.lists.sheets import Column, Sheet
from app.places import as_list as places
from app.places.as_list import CLINIC, HOSPITAL, REGION, SPECIALITY

NAME, EMAIL, ROLE = "Namn", "E-post", "Roll"
COLUMNS = {
    NAME: (),
    EMAIL: ("E-postadress", "Epost", "Mejl", "Mail"),
    ROLE: (),
    **{name: places.COLUMNS[name] for name in (SPECIALITY, REGION, HOSPITAL, CLINIC)},
}
NEEDED = (NAME, EMAIL)
_ROLES = ", ".join(role.label for role in Role)
MEANINGS = {
    NAME: "Förnamn och efternamn.",
    EMAIL: "Adressen som personen loggar in med. Den säger vem det är.",
    ROLE: f"En av: {_ROLES}. Flera skrivs på var sin rad. Får vara tom.",
    SPECIALITY: "För inspektör och samordnare.",
    REGION: "För regionkansli, studierektor och verksamhetschef.",
    HOSPITAL: "För studierektor och verksamhetschef.",
    CLINIC: "För studierektor och verksamhetschef.",
}
# The columns that a role's appointment is told in, by what it must name.
WHERE: dict[Reach | None, tuple[str, ...]] = {
    None: (),
    Reach.SPECIALITY: (SPECIALITY,),
    Reach.REGION: (REGION,),
    Reach.CLINIC: (REGION, HOSPITAL, CLINIC),
}
_WIDTHS = [Column(name, "", 30) for name in COLUMNS]
EXAMPLE = ("Alva Exempel", "alva@exempel.se", "inspektör", "Internmedicin", "", "", "")


def template() -> Sheet:
    return Sheet("Personer", _WIDTHS, [EXAMPLE])


def sheet(session: Session) -> Sheet:
    return Sheet("Personer", _WIDTHS, list(_rows(state(session), _in_order(session))))


def _in_order(session: Session) -> Sequence[str]:
    return session.exec(select(Person.id).order_by(Person.listed, Person.id)).all()


# ── What a list is compared with ──────────────────────────────────────────────────────────

Held = tuple[str, Role, str | None]  # a person, a role, and the id of what it names


@dataclass(frozen=True)
class State:
    """Everybody and what they are appointed to now, in the order of ids: two that are the same are equal."""

    people: Sequence[tuple[str, str, str, bool]]  # id, e-mail, name, closed
    held: Sequence[Held]
    places: places.State

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """By the id of what a role can name, what stands in its columns."""
        specialities = {id: (name,) for id, name in self.places.called.items()}
        return {**specialities, **self.places.region_at, **self.places.clinic_at}


def state(session: Session) -> State:
    columns: Any = (Person.id, Person.email, Person.name, Person.closed)
    named: Any = (Appointment.speciality, Appointment.region, Appointment.clinic)
    held = select(col(Appointment.person), col(Appointment.role), *named).where(col(Appointment.ended).is_(None))
    rows = session.exec(held.order_by(Appointment.id))
    return State(
        [tuple(row) for row in session.exec(select(*columns).order_by(Person.id))],
        [(person, Role(role), speciality or region or clinic) for person, role, speciality, region, clinic in rows],
        places.state(session),
    )


def _rows(state: State, order: Sequence[str]) -> Iterator[Sequence[str]]:
    held: dict[str, list[tuple[Role, str | None]]] = {}
    for person, role, where in state.held:
        held.setdefault(person, []).append((role, where))
    known, named, order_of = {each[0]: each for each in state.people}, state.named, list(Role).index
    for id in order:
        _, email, name, closed = known[id]
        if closed:
            continue
        if id not in held:
            yield name, email, "", "", "", "", ""
        roles = ((role, named[where] if where else ()) for role, where in held.get(id, ()))
        for role, at in sorted(roles, key=lambda each: (order_of(each[0]), each[1])):
            told = dict(zip(WHERE[NAMES[role]], at, strict=True))
            yield name, email, role.label, *(told.get(column, "") for column in (SPECIALITY, REGION, HOSPITAL, CLINIC))
