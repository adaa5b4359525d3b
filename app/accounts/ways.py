"""Who has a way in, whichever it is: a password, a key, or what they have at work. Conditions on `Person`."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, exists, or_, select

from app.accounts.models import Identity, Passkey, Person


def _any(*of_keys: ColumnElement[bool]) -> ColumnElement[bool]:
    key = exists().where(col(Passkey.person) == Person.id, *of_keys)
    linked = exists().where(col(Identity.person) == Person.id)
    return or_(col(Person.password).is_not(None), key, linked)


HAVE_COME = _any()  # also who has nothing left but a key that has been stopped
CAN_SIGN_IN = _any(col(Passkey.stopped).is_(None))


def can_sign_in(session: Session, person: str) -> bool:
    return session.exec(select(Person.id).where(Person.id == person, CAN_SIGN_IN)).first() is not None


def has_come(session: Session, person: str) -> bool:
    return session.exec(select(Person.id).where(Person.id == person, HAVE_COME)).first() is not None


def may_come(session: Session, person: Person) -> bool:
    """Has come in, or is invited to: nobody else gets a link by asking for one."""
    return person.invited is not None or has_come(session, person.id)
