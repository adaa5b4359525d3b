"""How the server takes an operation: what becomes the head, what stays beside it, and what is refused.

Two people's edits are both kept until a person chooses; texts are never merged here. The rules are those of
the field's parent: an operation names the operation that its writer was looking at, never a version number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlmodel import Session

from app.errors import TooLarge
from app.ids import is_id
from app.writing.desk import AlreadyKept, Desk, Kept, Locked, Operation
from app.writing.fields import FieldKind, Spot, Value, encoded, spot, stored
from app.writing.models import AGREED, Outcome

MAX_BATCH = 200
# Texts that wait beside the one that stands, and beside all that stands: more nobody compares, and the pages that show
# them would have no end. Three inspectors who have each answered everything alone have some 300.
MAX_OPEN, MAX_OPEN_IN_ALL = 20, 500
FORMATS = {1}  # every shape of an operation that was ever sent by a device
TAKEN = "En annan ändring har redan det numret. Skicka den igen med ett nytt."
CHOOSE_FIRST = f"Här väntar redan {MAX_OPEN} texter bredvid den som gäller. Välj först mellan dem som finns."
CHOOSE_SOME = f"Det väntar redan {MAX_OPEN_IN_ALL} texter bredvid dem som gäller. Välj först mellan några av dem."
NOTHING = encoded(None)


@dataclass(frozen=True)
class Answer:
    """What became of an operation. `told` says why it was refused; a refusal is not remembered."""

    id: str
    outcome: Outcome | Literal["refused"]
    seq: int = 0
    told: str = ""


@dataclass(frozen=True)
class Target:
    """What the room that owns a subject tells the write path about it.

    It holds the subject's row: what is decided here is decided under that lock. `refuses` gives a sentence where
    this doer may not set this field to this value in this voice; `place` brings a new agreed head into the typed
    tables. `late` = the field is closed by now, to this doer or to all: what comes is kept, and changes nothing.
    `apart` = those who write here answer each alone for now.
    """

    subject: Locked
    kinds: Sequence[FieldKind]
    refuses: Callable[[Spot, Value, str], str | None]
    place: Callable[[Session, Spot, Value], None]
    late: Callable[[Spot], bool] = lambda _: False
    apart: Callable[[], bool] = lambda: False
    changed: set[str] = field(default_factory=set)  # the fields whose head has another value than before


def apply(session: Session, *, by: str, target: Target, operations: Sequence[Operation]) -> list[Answer]:
    """Takes operations in their order, each for itself: a refused one lets the others stand. Raises TooLarge."""
    if len(operations) > MAX_BATCH:
        raise TooLarge(f"Högst {MAX_BATCH} ändringar åt gången. Skicka dem i omgångar.")
    return write(session, by=by, target=target, operations=operations)


def write(session: Session, *, by: str, target: Target, operations: Sequence[Operation]) -> list[Answer]:
    """As `apply`, for the server's own (an import), which has no limit."""
    readable = [each for each in operations if is_id(each.id) and spot(target.kinds, each.field)]
    desk = Desk(session, target.subject, readable)
    answers: list[Answer] = []
    below: dict[str | None, str | None] = {}  # what a refused operation stood on: those that stood on it take it over
    for operation in operations:
        if operation.parent in below:
            operation = replace(operation, parent=below[operation.parent])
        try:
            answers.append(_one(desk, by, target, operation))
        except AlreadyKept:  # the same id came to two subjects at once
            answers.append(_refused(operation, TAKEN))
        if answers[-1].outcome == "refused":
            below[operation.id] = operation.parent
    desk.close(by)
    return answers


def _one(desk: Desk, by: str, target: Target, operation: Operation) -> Answer:
    if not is_id(operation.id):
        return _refused(operation, "Ändringen har inget eget nummer. Ladda om sidan och gör den igen.")
    if operation.unfit or operation.format not in FORMATS:
        which = operation.unfit or f"format {operation.format}"
        told = f"Ändringen är skriven på ett sätt som inte går att läsa här ({which}). Ladda om sidan."
        return _refused(operation, told)
    found = spot(target.kinds, operation.field)
    if not found:
        return _refused(operation, "Fältet finns inte här.")
    try:
        value = stored(operation.value, found.kind)
    except ValueError as error:
        return _refused(operation, str(error))
    if known := desk.kept.get(operation.id):
        return _again(known, operation, by, target, value)
    if why := _no_voice(operation, found, by) or target.refuses(found, value, operation.voice):
        return _refused(operation, why)
    if _alone(desk, by, target, operation, found):
        operation = replace(operation, voice=by)
    new = desk.new(by, operation, value)
    if target.late(found):
        desk.keep(new, "late")
    elif _takes_the_head(desk, new, found):
        _stand(desk, target, new, found, value)
    elif why := _one_too_many(desk, new):
        return _refused(operation, why)
    else:
        desk.keep(new, "sibling")
        desk.settle(new, operation.settles)
        desk.grow(new)
    return Answer(new.id, new.outcome, new.seq)


def _refused(operation: Operation, why: str) -> Answer:
    return Answer(operation.id, "refused", told=why)


def _again(known: Kept, operation: Operation, by: str, target: Target, value: Value) -> Answer:
    """The same operation sent once more: the first answer, once more."""
    same = (known.subject, known.field, known.by) == (target.subject.id, operation.field, by)
    if same and known.value in (encoded(value), None):  # of what has been erased nobody knows the value any more
        return Answer(known.id, known.outcome, known.seq)
    return _refused(operation, TAKEN)


def _no_voice(operation: Operation, found: Spot, by: str) -> str | None:
    if operation.voice == AGREED or (found.kind.voices and operation.voice == by):
        return None
    return "Här skriver ni alltid tillsammans." if not found.kind.voices else "Du kan bara svara med din egen röst."


def _alone(desk: Desk, by: str, target: Target, operation: Operation, found: Spot) -> bool:
    """Whether what comes as agreed is its writer's own word, where nothing is agreed: they answer each alone now, which
    a form or an older page need not know; or it goes on from what its writer has said alone."""
    if operation.voice != AGREED or not found.kind.voices or desk.head(AGREED, operation.field):
        return False
    on = desk.kept.get(operation.parent or "")
    return target.apart() or bool(on and on.voice == by and on.outcome == "head")


def _takes_the_head(desk: Desk, new: Kept, found: Spot) -> bool:
    """Its writer saw what stands, or something equal to it, or has written what stands. Who saw nothing, or what is
    not known here, has seen nobody's text."""
    if found.kind.last_stands:
        return True
    agreed = desk.head(AGREED, new.field)
    if new.voice != AGREED and agreed:
        return new.value == agreed.value  # what was agreed meanwhile stands; another value is shown beside it
    head = desk.head(new.voice, new.field)
    return _value(head) in (new.value, _value(desk.parent(new)))


def _value(said: Kept | None) -> str:
    """What has been erased is nothing, as what nobody has written."""
    return (said.value if said else None) or NOTHING


def _one_too_many(desk: Desk, new: Kept) -> str | None:
    """Why a sibling may not open a branch more, as a sentence. Who types on in one, or settles one, adds none."""
    beside = [branch.tip for branch in desk.open_in(new.field)]
    if desk.branch(new) or not set(beside).isdisjoint(new.settles):
        return None
    if len(beside) >= MAX_OPEN:
        return CHOOSE_FIRST
    return CHOOSE_SOME if desk.open_in_all() >= MAX_OPEN_IN_ALL else None


def _stand(desk: Desk, target: Target, new: Kept, found: Spot, value: Value) -> None:
    """The operation becomes the head. A branch that it grew from, or that says the same, has come home."""
    before = desk.head(new.voice, new.field)
    desk.keep(new, "head")
    mine = [branch.tip for branch in desk.open_in(new.field) if branch.voice == new.voice]
    same = [tip for tip in mine if desk.kept[tip].value == new.value]
    desk.settle(new, [*new.settles, new.parent, *same])
    desk.stand(new)
    if _value(before) != new.value:
        target.changed.add(new.field)
    if new.voice == AGREED:
        target.place(desk.session, found, value)
