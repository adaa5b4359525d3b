"""What the page shows on which all lay together what each has said alone: by area, side by side, what differs first.

Here are only the fields in which nothing is agreed: what has been agreed on leaves the page, and is changed where it
stands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.accounts.viewer import initials
from app.inspections.fields import ANSWER, COMMENT, GRADE, GRADE_REASON
from app.inspections.pages.badges import Badge, badge
from app.inspections.suggested import short
from app.writing.fields import FieldKind, Value
from app.writing.said import Said
from rubrics.model import Area, Criterion, Rubric


@dataclass(frozen=True)
class Speaker:
    """Somebody who has answered alone, by the first name where that tells them apart."""

    id: str
    name: str
    initials: str


@dataclass(frozen=True)
class Asked:
    """A field, and what has been said in it; by one person more than once where it was on two devices."""

    key: str
    said: Sequence[Said]
    equal: Value  # what all have said; None where they differ, or somebody has said nothing

    def by(self, person: str) -> list[Said]:
        return [each for each in self.said if each.person == person]


@dataclass(frozen=True)
class Card:
    """A choice with the text that belongs to it: an answer and its comment, a grade and its reason."""

    choice: Asked | None
    text: Asked | None
    criterion: Criterion | None = None  # None = the area's grade
    short: str = ""

    @property
    def asked(self) -> list[Asked]:
        return [each for each in (self.choice, self.text) if each]

    @property
    def differs(self) -> bool:
        return any(each.equal is None for each in self.asked)


@dataclass(frozen=True)
class ToAgree:
    """An area in which something is left."""

    area: Area
    offered: Sequence[tuple[Badge, str]]
    cards: Sequence[Card]  # of its criteria
    grade: Card | None

    @property
    def all(self) -> list[Card]:
        return [*self.cards, *([self.grade] if self.grade else [])]

    @property
    def differing(self) -> list[Card]:
        return [each for each in self.cards if each.differs]

    @property
    def alike(self) -> list[Card]:
        return [each for each in self.cards if not each.differs]

    @property
    def equal(self) -> dict[str, Value]:
        """What all have said, by the field."""
        return {asked.key: asked.equal for card in self.all for asked in card.asked if asked.equal is not None}


def speakers(said: Sequence[Said], me: str) -> list[Speaker]:
    """The viewer first, then the others in the order in which they are called."""
    names = {each.person: each.by for each in said}
    first = [name.partition(" ")[0] for name in names.values()]
    by_name = sorted(names.items(), key=lambda each: (each[0] != me, each[1], each[0]))
    return [Speaker(id, _short(name, first), initials(name)) for id, name in by_name]


def _short(name: str, first: Sequence[str]) -> str:
    short = name.partition(" ")[0]
    return short if first.count(short) == 1 else name


def to_agree(rubric: Rubric, said: Sequence[Said]) -> list[ToAgree]:
    by_field: dict[str, list[Said]] = {}
    for each in said:
        by_field.setdefault(each.field, []).append(each)
    everybody = {each.person for each in said}
    asked = {key: Asked(key, each, _equal(each, everybody)) for key, each in by_field.items()}
    areas = (_area(rubric, area, asked) for area in rubric.areas)
    return [each for each in areas if each.all]


def _equal(said: Sequence[Said], everybody: set[str]) -> Value:
    return said[0].value if {each.person for each in said} == everybody and _same(said) else None


def _same(said: Iterable[Said]) -> bool:
    return len({str(each.value) for each in said}) == 1


def _area(rubric: Rubric, area: Area, asked: Mapping[str, Asked]) -> ToAgree:
    grade = _card(asked, GRADE, GRADE_REASON, area=area.id)
    offered = [(badge(rubric, each.grade), each.text) for each in area.grades]
    return ToAgree(area, offered, list(_cards(area, asked)), grade if grade.asked else None)


def _cards(area: Area, asked: Mapping[str, Asked]) -> Iterator[Card]:
    for each in area.criteria:
        card = _card(asked, ANSWER, COMMENT, criterion=each.id)
        if card.asked:
            yield Card(card.choice, card.text, each, short(area, each.id))


def _card(asked: Mapping[str, Asked], choice: FieldKind, text: FieldKind, **parts: str) -> Card:
    return Card(asked.get(choice.key(**parts)), asked.get(text.key(**parts)))
