"""Who has come in, who is invited and who is not; and inviting several people in one go.

Who has a way in (`accounts.ways`) has come in. Of those who have not, and may, some are invited and the others are not:
one notion on all pages. An invitation may have run out since: then there is no link, and they can be invited again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, or_, select

from app import audit
from app.accounts.actions import LASTS, invite, invite_by_mail
from app.accounts.models import Person
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.accounts.ways import HAVE_COME
from app.ids import is_id

AT_ONCE = 200  # more than one hands over in a day, and few enough for the writer

Conditions = tuple[Any, ...]  # on a person


@dataclass(frozen=True)
class Invited:
    person: Person
    token: str  # of the link that lets them in: told this once. "" = it goes by mail


def _waiting() -> Conditions:
    """Not come in yet."""
    return (~HAVE_COME, col(Person.closed).is_(False))


def invited() -> Conditions:
    return (*_waiting(), col(Person.invited).is_not(None))


def not_invited() -> Conditions:
    return (*_waiting(), col(Person.invited).is_(None))


def lacks_link() -> Conditions:
    """Not invited, or so long ago that the link has run out."""
    return (*_waiting(), or_(col(Person.invited).is_(None), col(Person.invited) <= audit.now() - LASTS))


def waiting_of(session: Session, people: Sequence[Person]) -> set[str]:
    """The ids of those among them who have not come in yet."""
    return set(session.exec(select(Person.id).where(*_waiting(), col(Person.id).in_([each.id for each in people]))))


def count(session: Session, *where: Any) -> int:
    return session.exec(select(func.count()).select_from(Person).where(*where)).one()


def lacking(session: Session) -> tuple[Sequence[Person], int]:
    """The first of those who lack a link, by name, and how many they are."""
    query = select(Person).where(*lacks_link()).order_by(Person.listed, Person.id).limit(AT_ONCE)
    return session.exec(query).all(), count(session, *lacks_link())


def invite_several(session: Session, *, by: Viewer, people: Sequence[str], by_mail: bool = False) -> list[Invited]:
    """Each who still lacks a link gets one, in a letter or to be handed over. Whom somebody has invited meanwhile keeps
    that one."""
    by.check(Permission.ADMINISTER)
    chosen = [each for each in people if is_id(each)][:AT_ONCE]
    wanted = select(Person).where(*lacks_link(), col(Person.id).in_(chosen))
    found = session.exec(wanted.order_by(Person.listed, Person.id)).all()
    if by_mail:
        for person in found:
            invite_by_mail(session, by=by, person=person.id)
        return [Invited(person, "") for person in found]
    return [Invited(person, invite(session, by=by, person=person.id)) for person in found]
