"""Two people at three devices, with delays, lost answers and things sent twice: nothing that is typed gets lost."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.accounts.viewer import Viewer
from app.ids import new_id
from app.writing.apply import Answer
from app.writing.desk import Operation
from app.writing.models import AGREED, Branch, Head, Revision, Subject
from tests.factories import Drafted, an_inspection
from tests.writing import whole

FINDING = "finding/2f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a57"
WORDS, GONE = f"{FINDING}/text", f"{FINDING}/gone"
ORDER = f"{FINDING}/order"
FIELDS = ("area/E/narrative", "front/place", WORDS, GONE, ORDER)

devices = st.integers(0, 2)
keys = st.sampled_from(FIELDS)
texts = st.sampled_from(["", "a", "b", "c", "a\r\nb", "a\nb"])
actions = st.one_of(
    st.tuples(st.just("type"), devices, keys, texts),
    st.tuples(st.just("type"), devices, keys, texts),
    st.tuples(st.just("send"), devices, st.none() | keys, st.booleans()),
    st.tuples(st.just("send"), devices, st.none() | keys, st.booleans()),
    st.tuples(st.just("look"), devices),
    st.tuples(st.just("choose"), devices, keys, texts),
)

pytestmark = pytest.mark.hypothesis  # for `make soak`: the examples run within


@dataclass
class Device:
    """What a person types waits in a queue until its answer has come."""

    draft: Drafted
    person: Viewer
    saw: dict[str, str] = field(default_factory=dict)  # field → the operation whose text is on the screen
    queue: list[Operation] = field(default_factory=list)
    answered: dict[str, Answer] = field(default_factory=dict)  # what the server said first, also where it got lost
    sent: list[Operation] = field(default_factory=list)

    def type(self, key: str, text: str, settles: tuple[str, ...] = ()) -> None:
        value = (self.saw.get(WORDS) if text else None) if key == GONE else text[:1] if key == ORDER else text
        made = Operation(new_id(), key, value, self.saw.get(key), settles)
        self.queue.append(made)
        self.saw[key] = made.id

    def send(self, key: str | None, lost: bool) -> None:
        """All that waits, or what waits in one field before all else. A lost answer leaves it waiting."""
        going = [each for each in self.queue if key in (None, each.field)]
        for answer in self.draft.write(self.person, *going):
            assert answer == self.answered.setdefault(answer.id, answer)
            assert answer.outcome in ("head", "sibling")
        with self.draft.database.reading() as session:
            whole.check(session, self.draft.id)
        if not lost:
            self.sent += going
            self.queue = [each for each in self.queue if each not in going]

    def look(self) -> None:
        """Takes over what stands, but for fields where something waits, or stands beside."""
        with self.draft.database.reading() as session:
            waiting = {each.field for each in self.queue} | {
                key for key, id in self.saw.items() if id in _tips(session, self.draft.id, key)
            }
            for head in session.exec(select(Head).where(Head.subject == self.draft.id, Head.voice == AGREED)):
                if head.field not in waiting:
                    self.saw[head.field] = head.revision

    def choose(self, key: str, text: str) -> None:
        """Settles what stands beside, as it is now."""
        with self.draft.database.reading() as session:
            head = session.get(Head, (self.draft.id, AGREED, key))
            tips = _tips(session, self.draft.id, key)
        if head and not any(each.field == key for each in self.queue):
            self.saw[key] = head.revision
            self.type(key, text, tuple(tips))


def _tips(session: Session, id: str, key: str) -> list[str]:
    at = (Branch.subject == id, Branch.field == key, col(Branch.settled_by).is_(None))
    return list(session.exec(select(Branch.tip).where(*at)))


def played(draft: Drafted, play: list[tuple[Any, ...]]) -> list[Device]:
    found = [Device(draft, person) for person in (draft.a, draft.a, draft.b)]
    for name, device, *rest in play:
        act: Callable[..., None] = getattr(found[device], name)
        act(*rest)
    return found


def test_whatever_comes_in_whatever_order_nothing_typed_is_lost(start: Drafted) -> None:
    examples = settings().max_examples // (2 if start.database.is_sqlite else 15)

    @settings(max_examples=examples)
    @given(st.lists(actions, min_size=4, max_size=30), st.integers(0, 20), st.integers(0, 20))
    def holds(play: list[tuple[Any, ...]], first: int, last: int) -> None:
        with start.database.writing() as session:
            draft = replace(start, id=an_inspection(session, start.place, start.office, start.a, start.b))
        found = played(draft, play)
        for device in found:
            device.send(None, lost=False)
        with draft.database.reading() as session:
            seq = session.get_one(Subject, draft.id).seq
            kept = set(session.exec(select(Revision.id).where(Revision.subject == draft.id)))
        assert kept >= {each.id for device in found for each in device.sent}
        for device in found:  # any part of it, once more
            again = device.draft.write(device.person, *device.sent[first:last])
            assert again == [device.answered[each.id] for each in device.sent[first:last]]
        with draft.database.reading() as session:
            assert session.get_one(Subject, draft.id).seq == seq

    holds()
