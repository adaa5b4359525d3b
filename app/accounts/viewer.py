"""Whoever asks: a person, and what they may. Pure."""

from dataclasses import dataclass

from app.accounts.roles import NOWHERE, Held, Permission, Role, Whose, may, may_somewhere
from app.audit import SYSTEM
from app.errors import NotYours


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@dataclass(frozen=True)
class Viewer:
    """A person who has signed in, with their appointments. Pages show what `may` allows; actions `check` it."""

    id: str
    name: str
    held: tuple[Held, ...]

    def may(self, permission: Permission, whose: Whose = NOWHERE) -> bool:
        return may(self.id, self.held, permission, whose)

    def may_somewhere(self, permission: Permission) -> bool:
        return may_somewhere(self.held, permission)

    def check(self, permission: Permission, whose: Whose = NOWHERE) -> None:
        """Raises NotYours: what one may not do is not there."""
        if not self.may(permission, whose):
            raise NotYours

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The ways in that this person has, for the frame of every page; the first is where they come in."""
        ways = [("Vår klinik", "/min-klinik")] if self.may_somewhere(Permission.WRITE_PLAN) else []
        ways.append(("Inspektioner", "/inspektioner"))
        if self.may_somewhere(Permission.READ_PLAN):
            ways.append(("Handlingsplaner", "/planer"))
        if self.may_somewhere(Permission.COMPARE):
            ways.append(("Jämför", "/jamfor"))
        ways.append(("Protokoll", "/protokoll"))
        if self.may_somewhere(Permission.ADMINISTER):
            ways += [("Platser", "/platser"), ("Personer", "/personer"), ("Drift", "/drift")]
        if self.may_somewhere(Permission.READ_EVENTS):
            ways.append(("Händelser", "/handelser"))
        return (*ways, ("Mitt konto", "/konto"))


OFFICE = Viewer(SYSTEM, "Sporra", (Held(Role.ADMINISTRATOR),))  # the command line, on the machine itself
