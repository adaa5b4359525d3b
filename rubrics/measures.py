"""The åtgärdsbank: what can be done about a criterion, for a clinic's handlingsplan to pick from.

The shape of `<family>/measures.yaml`, what a promise that recurs is, and what must hold in a bank. Pure: the
library finds and reads the files. A bank belongs to every rubric of its family, whose editions share their
criterion ids; it names those that its criteria are checked against. What a source does not say is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from rubrics.checks import Fault
from rubrics.model import Rubric, RubricId
from rubrics.shape import Count, Flag, Many, Matching, Name, Shape, Text

FILE = "measures.yaml"

MeasureKind = Literal["once", "each_trainee", "recurring"]
Per = Literal["week", "month", "year"]
Each = Literal["clinic", "trainee", "supervisor"]

KINDS: Mapping[MeasureKind, str] = {
    "once": "Görs en gång, och gäller sedan",
    "each_trainee": "Görs en gång för varje ST-läkare",
    "recurring": "Återkommer",
}

Several = Annotated[Count, Field(ge=1, le=1_000)]  # more of anything is a slip
MeasureId = Annotated[Name, Matching(r"[A-Z]{1,10}[0-9]{2,4}", "Skriv versaler och siffror, som M01.")]


class Recurs(Shape):
    """A promise in the field's terms: so many `times` every so many weeks, months or years. "Minst 6 EPA per
    ST-läkare och år" is 6, 1, year, trainee, EPA."""

    times: Several
    per: Per
    every: Several = 1
    each: Each = "clinic"
    term: Text = ""  # what is counted, as it is said: EPA, handledarträffar


class BankMeasure(Shape):
    """One thing that a clinic can do."""

    id: MeasureId
    title: Name
    how: Name
    kind: MeasureKind
    proof: Name  # what to record as evidence
    sources: Many[Name]
    programme: Text = ""  # what it is a part of, where it is one of several
    recurs: Recurs | None = None
    goal: Text = ""  # the target in words
    criteria: Many[Name] = ()
    all_criteria: Flag = False
    steps: Many[Name] = ()  # how one begins, and goes on
    caution: Text = ""

    def answers(self, criterion: str) -> bool:
        return self.all_criteria or criterion in self.criteria


class Bank(Shape):
    """The measures of one family of rubrics, in the order that they are offered."""

    rubrics: Many[RubricId]
    measures: Many[BankMeasure]

    @cached_property
    def by_id(self) -> dict[str, BankMeasure]:
        return {measure.id: measure for measure in self.measures}

    def measures_for(self, criterion: str) -> tuple[BankMeasure, ...]:
        """What answers a criterion: first what is made for it, then what answers any."""
        found = [measure for measure in self.measures if measure.answers(criterion)]
        return tuple(sorted(found, key=lambda measure: measure.all_criteria))


NO_MEASURES = Bank(rubrics=(), measures=())  # of a family without a bank


def check_bank(bank: Bank, rubrics: Sequence[Rubric]) -> Iterator[Fault]:
    """Everything that is wrong in a bank, given the rubrics that it names."""
    if not bank.rubrics:
        yield Fault(("rubrics",), "listan är tom. Ange minst en granskningsmodell, som st-spur/2015-8.")
    known = {id for rubric in rubrics for id in rubric.area_of}
    seen: set[str] = set()
    for i, measure in enumerate(bank.measures):
        at = ("measures", i)
        if measure.id in seen:
            yield Fault((*at, "id"), f"åtgärden {measure.id} står två gånger. Varje id används en gång.")
        seen.add(measure.id)
        if measure.recurs and measure.kind != "recurring":
            yield Fault((*at, "recurs"), "bara det som återkommer har recurs. Sätt kind: recurring, eller ta bort det.")
        if measure.all_criteria == bool(measure.criteria):
            yield Fault(at, "ange antingen criteria eller all_criteria: true, så att åtgärden svarar mot något.")
        for c, id in enumerate(measure.criteria):
            if id not in known:
                message = f"kriteriet {id} finns inte i {' eller '.join(rubric.reference for rubric in rubrics)}."
                yield Fault((*at, "criteria", c), message)
            elif id in measure.criteria[:c]:
                yield Fault((*at, "criteria", c), f"kriteriet {id} står två gånger. Ta bort det ena.")
