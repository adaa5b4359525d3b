"""Who can sign in, told at start: the demonstration's people, where they are; else how the first one is added."""

from sqlmodel import col, select

from app.accounts.models import Appointment, Person
from app.db import Database
from app.demo.people import PASSWORD

NOBODY = "Ingen kan logga in än. Lägg till den första: sporra user add"


def ways_in(database: Database) -> list[str]:
    """The lines to print under the address."""
    with database.reading() as session:
        if not session.exec(select(Person.id).limit(1)).first():
            return [NOBODY]
        query = select(Person, Appointment).join(Appointment).where(Person.demo, col(Person.closed).is_(False))
        found = session.exec(query.order_by(col(Appointment.since), Appointment.id)).all()
    roles: dict[str, list[str]] = {}
    for person, appointment in found:
        roles.setdefault(f"  {person.email:<24}{person.name}, ", []).append(appointment.role.label)
    lines = [who + " och ".join(dict.fromkeys(labels)) for who, labels in roles.items()]
    head = f"Logga in från den här datorn som någon av dem, alla påhittade, med lösenordet {PASSWORD}:"
    return ["", head, *lines, ""] if lines else []
