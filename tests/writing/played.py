"""A table's operations, sent by the short names that the table gives them."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlmodel import col, select

from app.ids import id_from
from app.writing.apply import Answer
from app.writing.desk import Operation
from app.writing.models import AGREED, Branch, Head
from tests.factories import Drafted

TEXT = "area/E/narrative"
OTHER = "area/F/narrative"
ANSWER, NOTE = "criterion/E-F1/answer", "criterion/E-F1/comment"
FINDING = "finding/2f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a57"
WORDS = f"{FINDING}/text"


class S(NamedTuple):
    """An operation and what it is answered. Its id begins with its doer's letter: `a1`, `b2`."""

    id: str
    value: object
    on: str | None
    outcome: str
    settles: tuple[str, ...] = ()
    field: str = TEXT
    voice: str = AGREED  # or "own"


A1 = S("a1", "ett", None, "head")
B1 = S("b1", "två", None, "sibling")
B2 = S("b2", "två tre", "b1", "sibling")


class Played:
    """Operations by short names, as a table writes them."""

    def __init__(self, draft: Drafted) -> None:
        self.draft = draft
        self.names: dict[str, str] = {}

    def id(self, name: str | None) -> str | None:
        if name is None:
            return None
        made = id_from(self.draft.id, name)
        self.names[made] = name
        return made

    def send(self, steps: list[S]) -> list[Answer]:
        """Steps of one doer, as one batch."""
        by = {"a": self.draft.a, "b": self.draft.b, "o": self.draft.office}[steps[0].id[0]]
        made = [
            Operation(
                self.id(step.id) or "",
                step.field,
                step.value,
                self.id(step.on),
                [self.id(each) or "" for each in step.settles],
                by.id if step.voice == "own" else step.voice,
            )
            for step in steps
        ]
        return self.draft.write(by, *made)

    def head(self, field: str = TEXT, voice: str = AGREED) -> str | None:
        with self.draft.database.reading() as session:
            found = session.get(Head, (self.draft.id, voice, field))
            return self.names[found.revision] if found else None

    def open(self) -> set[str]:
        with self.draft.database.reading() as session:
            at = (Branch.subject == self.draft.id, col(Branch.settled_by).is_(None))
            return {self.names[tip] for tip in session.exec(select(Branch.tip).where(*at))}


def runs(steps: list[S], together: bool) -> Iterator[list[S]]:
    """Each step alone, or as many as one doer has in a row."""
    run: list[S] = []
    for step in steps:
        if run and not (together and run[0].id[0] == step.id[0]):
            yield run
            run = []
        run.append(step)
    yield run


def own(id: str, value: object, on: str | None, outcome: str, field: str = ANSWER) -> S:
    return S(id, value, on, outcome, (), field, "own")


def agreed(id: str, value: object, on: str | None, outcome: str, *settles: str) -> S:
    return S(id, value, on, outcome, settles, ANSWER)
