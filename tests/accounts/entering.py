"""People who can sign in, and how they do it."""

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts import passwords
from app.accounts.actions import set_password
from app.accounts.models import Person
from app.accounts.roles import Held, Role
from app.accounts.viewer import OFFICE, Viewer
from app.audit import SYSTEM
from app.db import Database
from app.people import actions
from app.people.schemas import PersonIn
from tests.clients import sign_in
from tests.factories import a_person

PASSWORD = "tre ord efter varandra"
_HASH = passwords.hashed(PASSWORD)


def enrol(database: Database, email: str, name: str = "Alva Exempel", *, demo: bool = False) -> str:
    """A person without roles who has chosen PASSWORD. Returns their id."""
    with database.writing() as session:
        person = actions.add(session, by=OFFICE, new=PersonIn(name=name, email=email), demo=demo)
        with_password(session, person)
    return person


def with_password(session: Session, person: str) -> None:
    set_password(session, person=session.get_one(Person, person), password=_HASH, by=SYSTEM)


def an_administrator(database: Database, name: str = "Kim Kansli") -> Viewer:
    with database.writing() as session:
        viewer = a_person(session, name, Held(Role.ADMINISTRATOR))
        with_password(session, viewer.id)
    return viewer


def enter(client: TestClient, database: Database, viewer: Viewer) -> None:
    with database.reading() as session:
        email = session.get_one(Person, viewer.id).email
    sign_in(client, email, PASSWORD)


def as_administrator(client: TestClient, database: Database) -> Viewer:
    """A new administrator, signed in."""
    viewer = an_administrator(database)
    enter(client, database, viewer)
    return viewer
