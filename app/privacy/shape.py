"""What is said of a table and of its columns, as far as personal data go. Pure.

Every column is in exactly one group of its table, by what it holds; the groups decide what happens to it:

    whose     the id of the person whom the row is about: an export of that person's data holds the row
    others    the id of somebody else who had a hand in it: never in an export of another's data
    email     an e-mail address, of the account that has the same
    facts     told in an export as it is, under the Swedish word that stands beside it
    texts     what people typed; it may name anybody
    secrets   what signs somebody in, hashed or not: never shown to anybody
    rest      nothing about a person
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

GROUPS = ("whose", "others", "email", "facts", "texts", "secrets", "rest")


class Whom(Enum):
    """Whom something is stored about."""

    ACCOUNT = "den som har ett konto"
    INSPECTOR = "inspektörer"
    CLINIC = "den som skriver klinikens handlingsplan"
    MET = "den som inspektörerna talar med"
    MENTIONED = "den som nämns i en text"


class Erasing(Enum):
    """What becomes of the rows when the person whom they are about is erased."""

    GO = "raderas"
    STAY = "står kvar med ett nummer i stället för namnet"


@dataclass(frozen=True)
class Goes:
    """Rows are removed so many days after what the column says; a row that says nothing there stays."""

    column: str
    days: int


@dataclass(frozen=True)
class Stored:
    """A table. `facts` may hold columns of `whose` once more: then they are told too, in words."""

    table: str
    whose: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    title: str = ""  # of its rows, in an export
    erasing: Erasing = Erasing.STAY
    goes: Goes | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Each column, and the group that it is in."""
        return {column: group for group in GROUPS for column in getattr(self, group)}

    @property
    def is_personal(self) -> bool:
        return any(group != "rest" for group in self.columns.values())


@dataclass(frozen=True)
class Register:
    """Tables that are kept for one purpose and one time: a line on the page *Personuppgifter*, and a section of the
    record of processing. `time` may name `{erase_months}`."""

    title: str
    what: str
    about: tuple[Whom, ...]
    why: str
    time: str
    tables: tuple[Stored, ...]


@dataclass(frozen=True)
class Line:
    """What is said of one column: is it about a person, about whom, why, for how long. `group` is one of GROUPS."""

    table: str
    column: str
    group: str
    about: tuple[Whom, ...]
    why: str
    time: str


def lines(registers: tuple[Register, ...]) -> Iterator[Line]:
    for register in registers:
        for stored in register.tables:
            for column, group in stored.columns.items():
                if group == "rest":
                    yield Line(stored.table, column, group, (), "", "")
                else:
                    yield Line(stored.table, column, group, register.about, register.why, register.time)
