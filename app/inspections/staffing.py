"""Who inspects: how each stands to the unit, and putting them to it.

A tie that hinders (`people/independence.py` says which do) stops that, until the office writes why it is right all the
same: small specialities have few inspectors. What is allowed so are those very ties; one that is told later asks anew.
Ties are weighed in the year that it is decided.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, or_, select

from app import audit
from app.accounts.models import Appointment, Person
from app.accounts.roles import Role
from app.accounts.viewer import Viewer
from app.errors import Unacceptable
from app.ids import new_id
from app.inspections.models import Assignment, InspectionRow
from app.people.independence import Standing, standing
from app.people.ties import ties_of, unit_of
from reports.shown import shown
from rubrics.shape import length

MAX_MOTIVE = 2_000


class Hindered(Unacceptable):
    """Somebody has a tie to the unit, and nobody has written why they inspect it all the same."""


def standings(
    session: Session, clinic: str, people: Collection[str], *, years: int, but: str = ""
) -> Mapping[str, Standing]:
    """How these people stand to a clinic, in as many statements for five hundred as for one. `but` = the inspection
    that it is asked for, which is not one of the earlier."""
    unit, year, ties = unit_of(session, clinic), audit.now().year, ties_of(session, people)
    inspected: dict[str, set[int]] = {}
    query = (
        rows_of(col(Assignment.person), col(InspectionRow.first_day))
        .join(InspectionRow, col(InspectionRow.id) == col(Assignment.inspection))
        .where(col(InspectionRow.clinic) == clinic, col(InspectionRow.id) != but, col(Assignment.ended).is_(None))
        .where(or_(col(InspectionRow.state) == "signed", col(InspectionRow.version) > 1))
        .where(col(Assignment.person).in_(people))
    )
    for person, day in session.execute(query):
        if day:
            inspected.setdefault(person, set()).add(day.year)
    return {
        each: standing(ties.get(each, ()), unit, inspected.get(each, ()), year=year, years=years) for each in people
    }


def put(
    session: Session, by: Viewer, row: InspectionRow, inspectors: Sequence[str], *, motive: str, tie_years: int
) -> None:
    """These inspect from now on, in this order; whoever is left out hands over. Its caller has checked who may."""
    chosen = list(dict.fromkeys(inspectors))
    names = _inspecting(session, chosen)
    present = {each.person: each for each in assigned(session, row)}
    now = audit.now()
    for person in present.keys() - set(chosen):
        present[person].ended = now
    for place, person in enumerate(chosen):
        if person not in present:
            present[person] = Assignment(id=new_id(), inspection=row.id, person=person, place=place, since=now)
            session.add(present[person])
        present[person].place = place
    found = standings(session, row.clinic, chosen, years=tie_years, but=row.id)
    barred = [each for each in chosen if found[each].bars - set(present[each].despite)]
    written = _written(motive) if barred else ""
    if barred and not written:
        told = [f"{names[each]} har band till enheten: {found[each].why}." for each in barred]
        raise Hindered(" ".join((*told, "Välj någon annan, eller skriv varför det ändå är rätt.")))
    for person in barred:
        present[person].motive, present[person].despite = written, sorted(found[person].bars)
    session.flush()
    audit.record(session, by=by.id, action="inspection:staffed", subject=row.id, inspectors=chosen)
    for person in barred:
        salt, hash = audit.salted(written)
        about = {"person": person, "ties": present[person].despite, "salt": salt, "motive": hash}
        audit.record(session, by=by.id, action="inspection:tie_allowed", subject=row.id, **about)


def assigned(session: Session, row: InspectionRow) -> Sequence[Assignment]:
    """Who inspects now, in the order of their names in the report."""
    at = (Assignment.inspection == row.id, col(Assignment.ended).is_(None))
    return session.exec(select(Assignment).where(*at).order_by(col(Assignment.place))).all()


def _inspecting(session: Session, chosen: Sequence[str]) -> dict[str, str]:
    """Their names, where all of them are inspectors."""
    query = (
        select(Person.id, Person.name)
        .join(Appointment, col(Appointment.person) == Person.id)
        .where(col(Person.id).in_(chosen), col(Person.closed).is_(False))
        .where(Appointment.role == Role.INSPECTOR, col(Appointment.ended).is_(None))
    )
    names = dict(session.exec(query).all())
    if names.keys() != set(chosen):
        raise Unacceptable("Någon av dem är inte inspektör. Välj bland inspektörerna.")
    return names


def _written(motive: str) -> str:
    told = shown(motive).strip()
    if length(told) > MAX_MOTIVE:
        raise Unacceptable("Motiveringen är för lång. Den får ha högst 2 000 tecken; korta den.")
    return told
