"""People, their appointments, and how they are signed in. Secrets are kept as hashes alone."""

from datetime import datetime

from sqlalchemy import Column, Enum, String, UniqueConstraint, event
from sqlmodel import Field

from app.accounts.roles import Role
from app.accounts.scopes import Scope
from app.alphabet import in_order
from app.db import Table

_ROLES = Enum(Role, native_enum=False, length=40, values_callable=lambda roles: [role.value for role in roles])
_SCOPES = Enum(Scope, native_enum=False, length=20, values_callable=lambda scopes: [scope.value for scope in scopes])
_BYTES = String().with_variant(String(collation="C"), "postgresql")  # compared as they are, in both databases


class Person(Table, table=True):
    __tablename__ = "person"

    id: str = Field(primary_key=True)
    email: str = Field(unique=True)  # in lower case
    listed: str = Field(default="", sa_type=_BYTES, index=True)  # where the name below stands in a list
    name: str
    password: str | None = None  # argon2id; None until the first one is chosen
    demo: bool = False  # signs in from this machine alone
    invited: datetime | None = None  # when a link to come in by was last made for them
    closed: bool = False  # may no longer sign in; what they wrote stays theirs
    erased: int | None = Field(
        default=None, index=True, unique=True
    )  # the number that stands for a name that is erased


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_in_order(_mapper: object, _connection: object, person: Person) -> None:
    """Follows the name, whoever sets it: a person who is not in the list's order would not be in the list."""
    person.listed = in_order(person.name)


class Appointment(Table, table=True):
    """A role at a place or for a speciality. Ended, never removed: who gave it and when stays known."""

    __tablename__ = "appointment"

    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_column=Column(_ROLES, nullable=False))
    speciality: str | None = Field(default=None, foreign_key="speciality.id")
    region: str | None = Field(default=None, foreign_key="region.id")
    clinic: str | None = Field(default=None, foreign_key="clinic.id")
    given_by: str
    since: datetime
    ended: datetime | None = None


class SignIn(Table, table=True):
    """A browser that is signed in. Its cookie holds the token; here is only the token's SHA-256."""

    __tablename__ = "sign_in"

    token: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    since: datetime
    seen: datetime
    confirmed: datetime | None = None  # when it was last shown who sits there
    way: str = ""  # how they signed in: a `sessions.Way`
    device: str = ""  # browser and system, in a few words


class Passkey(Table, table=True):
    """A key that a person's device or password program keeps. Here is only its public half."""

    __tablename__ = "passkey"

    id: str = Field(primary_key=True)  # the credential's, as base64url
    person: str = Field(foreign_key="person.id", index=True)
    name: str
    public_key: bytes
    count: int  # how often it says that it has been used; 0 = it does not count
    host: str  # for which it was made, and holds
    made: datetime
    used: datetime | None = None
    stopped: datetime | None = None  # since it counted backwards: there may be a copy


class SecondFactor(Table, table=True):
    """What a person's authenticator makes its codes from, locked (`app.locked`). In force once a code was right."""

    __tablename__ = "second_factor"

    person: str = Field(foreign_key="person.id", primary_key=True)
    secret: str
    since: datetime | None = None
    last_step: int = 0  # the half minute of the last code that was used: no code is good twice


class RecoveryCode(Table, table=True):
    """Lets a person in once without the authenticator. Here is only its hash (argon2id)."""

    __tablename__ = "recovery_code"

    hash: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    used: datetime | None = None


class CalendarAddress(Table, table=True):
    """The secret address that a person's calendar programs fetch from. Here is only its token's SHA-256."""

    __tablename__ = "calendar_address"

    person: str = Field(foreign_key="person.id", primary_key=True)
    token: str = Field(unique=True)
    made: datetime


class Invitation(Table, table=True):
    """A link that lets a person choose a password, once. Here is only the link's SHA-256. `recovers` = the person asked
    for it, who has forgotten the one before: it lets nobody in by itself."""

    __tablename__ = "invitation"

    token: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    made_by: str
    made: datetime
    ends: datetime
    used: datetime | None = None
    recovers: bool = False


class Identity(Table, table=True):
    """Who a person is to a region's own sign-in: the pair that OpenID Connect promises never to give to anybody else.
    Never an e-mail address, which may have been somebody else's last year."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person", "issuer"))

    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id")
    issuer: str
    subject: str
    made: datetime


class Errand(Table, table=True):
    """What a browser was sent to a region's sign-in for, until it comes back. Here are only hashes: neither what it
    came with nor what it must come back with."""

    __tablename__ = "errand"

    state: str = Field(primary_key=True)
    browser: str
    provider: str
    purpose: str
    about: str  # whose account is linked, or which invitation is accepted
    till: str
    ends: datetime = Field(index=True)


class ApiToken(Table, table=True):
    """An API-nyckel: lets a person's programs in at /api/. Here is only its SHA-256."""

    __tablename__ = "api_token"

    id: str = Field(primary_key=True)
    token: str = Field(unique=True)
    person: str = Field(foreign_key="person.id", index=True)
    name: str
    scope: Scope = Field(sa_column=Column(_SCOPES, nullable=False))
    made: datetime
    ends: datetime
    seen: datetime | None = None  # when it was last used
