"""What a list of people would change, and the change.

A person is known by their e-mail address. Nobody is removed and no role is ended; who is added cannot sign in until
they are invited. Comparing is pure, and is done outside the database's writing door.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter
from sqlmodel import Session

from app.accounts.roles import NAMES, Permission, Reach, Role
from app.accounts.viewer import Viewer
from app.alphabet import in_order
from app.errors import Stale
from app.lists.preview import CHANGED, Change, Preview, also
from app.lists.tables import Line, NotUnderstood, Table
from app.people import actions
from app.people.as_list import EMAIL, NAME, ROLE, WHERE, State, state
from app.people.schemas import AppointmentIn, PersonIn
from app.typed import Email, Name

_NAME: TypeAdapter[str] = TypeAdapter(Name)
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_BY_LABEL = {role.label: role for role in Role}
CLOSED = "Kontot är stängt. Öppna det på personens sida först."


@dataclass
class _Person:
    """Somebody in the file. `id` is None for who is not there yet."""

    row: int
    name: str
    id: str | None
    before: str | None  # the name as it is kept
    has: set[tuple[Role, str | None]]
    gets: dict[tuple[Role, str | None], str] = field(default_factory=dict)  # with their words


@dataclass(frozen=True)
class Wanted:
    state: State
    preview: Preview
    new: Sequence[PersonIn]
    renamed: Sequence[tuple[str, PersonIn]]
    roles: Sequence[tuple[str, AppointmentIn]]  # by e-mail


def compared(state: State, table: Table) -> Wanted:
    found = _Found(state)
    for line in table.lines:
        found.take(line)
    return found.wanted(table.notes)


class _Found:
    """Everybody who is there, and what the rows so far ask for."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.there = {email: (id, name, closed) for id, email, name, closed in state.people}
        kept = state.places
        # What a role can name, by the columns that it is told in.
        self.places = {
            columns: {at: id for id, at in named.items()}
            for columns, named in (
                (WHERE[Reach.SPECIALITY], {id: (name,) for id, name in kept.called.items()}),
                (WHERE[Reach.REGION], kept.region_at),
                (WHERE[Reach.CLINIC], kept.clinic_at),
            )
        }
        self.ended = kept.ended
        self.held: dict[str, set[tuple[Role, str | None]]] = {}
        for person, role, where in state.held:
            self.held.setdefault(person, set()).add((role, where))
        self.namesakes = {in_order(name): email for _, email, name, closed in state.people if not closed}
        self.people: dict[str, _Person] = {}
        self.seen: set[tuple[str, str, str | None]] = set()
        self.twice: list[int] = []
        self.same = 0
        self.not_understood: list[Change] = []

    def take(self, line: Line) -> None:
        try:
            if line.wrong:
                raise NotUnderstood(line.wrong[0])
            name, email = line.fit(NAME, _NAME), line.fit(EMAIL, _EMAIL)
            if not (name and email):
                raise NotUnderstood("Skriv både namn och e-post.")
            role, where, words = self._role(line)
            self._check_open(email, role, where)
            person = self._person(line.number, name, email)
        except NotUnderstood as error:
            self.not_understood.append(Change(line.number, f"Rad {line.number}", str(error)))
            return
        asked = (email, role or "", where)
        if asked in self.seen:
            self.twice.append(line.number)
            return
        self.seen.add(asked)
        if role and (role, where) not in person.has:
            person.has.add((role, where))
            person.gets[role, where] = words
        elif person.id and person.name == person.before:
            self.same += 1

    def _check_open(self, email: str, role: Role | None, where: str | None) -> None:
        """A role that is held stays; where something has ended no new one is given."""
        id, _, _ = self.there.get(email, ("", "", False))
        found = self.ended.get(where or "")
        if found and (role, where) not in self.held.get(id, set()):
            raise NotUnderstood(f"{found} Öppna den igen först, om det är fel.")

    def _person(self, row: int, name: str, email: str) -> _Person:
        if email in self.people:
            if self.people[email].name != name:
                other = self.people[email]
                raise NotUnderstood(f"{email} heter {other.name} på rad {other.row}. Skriv samma namn på båda raderna.")
            return self.people[email]
        id, before, closed = self.there.get(email, (None, None, False))
        if closed:
            raise NotUnderstood(CLOSED)
        self.people[email] = _Person(row, name, id, before, set(self.held.get(id or "", ())))
        return self.people[email]

    def _role(self, line: Line) -> tuple[Role | None, str | None, str]:
        """The role of a row, the id of what it names, and both in words."""
        label = " ".join(line[ROLE].casefold().split())
        if not label:
            return None, None, ""
        if not (role := _BY_LABEL.get(label)):
            raise NotUnderstood(f"Roll: Skriv en av {', '.join(_BY_LABEL)}.")
        columns = WHERE[NAMES[role]]
        at = tuple(line.fit(column, _NAME) for column in columns)
        if missing := [column for column, name in zip(columns, at, strict=True) if not name]:
            raise NotUnderstood(f"{missing[0]}: Skriv vilken, för rollen {role.label}.")
        if not columns:
            return role, None, role.label
        if not (where := self.places[columns].get(at)):
            told = ", ".join(reversed(at))
            raise NotUnderstood(
                f"{told} finns inte bland platserna. Skriv namnet som det står där, eller lägg till det."
            )
        return role, where, f"{role.label}, {', '.join(reversed(at[1:] if len(at) > 1 else at))}"

    def wanted(self, notes: Sequence[str]) -> Wanted:
        new = [(email, each) for email, each in self.people.items() if not each.id]
        there = [(email, each) for email, each in self.people.items() if each.id]
        renamed = [(email, each) for email, each in there if each.name != each.before]
        changed = [(email, each) for email, each in there if each.gets or each.name != each.before]
        told = Preview(
            [Change(each.row, each.name, _told(email, each), self._namesake(email, each)) for email, each in new],
            [Change(each.row, each.name, _told(email, each)) for email, each in changed],
            self.same,
            self.not_understood,
            [*notes, *also(self.twice)],
        )
        return Wanted(
            self.state,
            told,
            [PersonIn(name=each.name, email=email) for email, each in new],
            [(each.id or "", PersonIn(name=each.name, email=email)) for email, each in renamed],
            [
                (email, AppointmentIn(role=role, where=where))
                for email, each in self.people.items()
                for role, where in each.gets
            ],
        )

    def _namesake(self, email: str, person: _Person) -> str:
        other = self.namesakes.setdefault(in_order(person.name), email)
        if other == email:
            return ""
        return f"Någon som heter så har {other}. Är det samma person, så skriv den adressen och läs in filen igen."


def _told(email: str, person: _Person) -> str:
    name = f"Hette {person.before}" if person.id and person.name != person.before else ""
    roles = " · ".join(f"Blir {words}" for words in person.gets.values())
    return " · ".join(each for each in (email, name, roles) if each)


# ── Done ──────────────────────────────────────────────────────────────────────────────────


def take_in(session: Session, *, by: Viewer, new: Wanted) -> None:
    """Each thing as if it were done by hand. Raises Stale where anything has changed since it was compared, as
    places' own does."""
    by.check(Permission.ADMINISTER)
    if state(session) != new.state:
        raise Stale(CHANGED)
    ids = {email: id for id, email, _, _ in new.state.people}
    made = actions.add_people(session, by=by, new=new.new)
    ids |= dict(zip([each.email for each in new.new], made, strict=True))
    for id, person in new.renamed:
        actions.change(session, by=by, person=id, new=person)
    actions.appoint_people(session, by=by, new=[(ids[email], each) for email, each in new.roles])
