"""As many texts as may wait in a field, and in all."""

import pytest

from app.writing import apply
from app.writing.apply import CHOOSE_FIRST, CHOOSE_SOME, MAX_OPEN
from tests.factories import Drafted
from tests.writing import whole
from tests.writing.played import A1, B1, NOTE, OTHER, Played, S, own, runs

TIPS = [f"b{n}" for n in range(MAX_OPEN)]
FULL = [A1, *(S(tip, f"text {tip}", None, "sibling") for tip in TIPS)]
B99 = S("b99", "en till", None, "sibling")

# name: (operations after those that fill the field, how many texts wait then)
ALL_WAIT: dict[str, tuple[list[S], int]] = {
    "one more is refused": ([B99._replace(outcome="refused")], MAX_OPEN),
    "and so is what stands on it": (
        [B99._replace(outcome="refused"), S("b98", "en till och", "b99", "refused")],
        MAX_OPEN,
    ),
    "typing on is no more": ([S("b99", "text b0 och", "b0", "sibling")], MAX_OPEN),
    "a refused one sent again is taken, once there is room": (
        [B99._replace(outcome="refused"), S("a2", "val", "a1", "head", ("b0",)), B99],
        MAX_OPEN,
    ),
    "who settles one and becomes a sibling is no more": (
        [S("a2", "ny", "a1", "head"), S("b99", "ett två", "a1", "sibling", ("b0",))],
        MAX_OPEN,
    ),
    "what was settled before makes no room": (
        [S("a2", "ny", "a1", "head", ("b0",)), B99, S("b98", "två", None, "refused", ("b0",))],
        MAX_OPEN,
    ),
    "whoever chooses is heard": ([S("a2", "ett två", "a1", "head", tuple(TIPS))], 0),
    "what stands goes on": ([S("a2", "ett till", "a1", "head")], MAX_OPEN),
    "another field has its own": ([S("a2", "x", None, "head", (), OTHER), B99._replace(field=OTHER)], MAX_OPEN + 1),
}


@pytest.mark.parametrize("name", ALL_WAIT)
def test_only_so_many_texts_wait_in_a_field(draft: Drafted, name: str) -> None:
    steps, waiting = ALL_WAIT[name]
    played = Played(draft)
    answers = [answer for run in runs([*FULL, *steps], together=True) for answer in played.send(run)]
    assert [answer.outcome for answer in answers] == [step.outcome for step in [*FULL, *steps]]
    assert {answer.told for answer in answers if answer.outcome == "refused"} <= {CHOOSE_FIRST}
    assert len(played.open()) == waiting
    with draft.database.reading() as session:
        whole.check(session, draft.id)


def test_only_so_many_texts_wait_in_all(draft: Drafted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "MAX_OPEN_IN_ALL", 2)
    played = Played(draft)
    beside = [S("a2", "x", None, "head", (), OTHER), B1, S("b9", "y", None, "sibling", (), OTHER)]
    more = [
        S("b8", "z", None, "refused", (), OTHER),
        S("b7", "y och", "b9", "sibling", (), OTHER),
        S("b6", "val", None, "sibling", ("b7",), OTHER),
        S("b5", "fri", None, "head", (), "area/G/narrative"),
    ]
    answers = [answer for run in runs([A1, *beside, *more], together=True) for answer in played.send(run)]
    assert [answer.outcome for answer in answers] == [step.outcome for step in [A1, *beside, *more]]
    assert [answer.told for answer in answers if answer.told] == [CHOOSE_SOME]
    with draft.database.reading() as session:
        whole.check(session, draft.id)


def test_no_way_around_by_voices(draft: Drafted) -> None:
    """A branch that was begun alone and goes on together makes no room for one more to be begun."""
    played = Played(draft)
    alone = [own(f"a{n}", f"partly {n}", None, "sibling", NOTE) for n in range(MAX_OPEN)]
    together = S("a90", "met", "a0", "sibling", (), NOTE)
    steps = [own("a99", "met", None, "head", NOTE), *alone, together, own("a91", "unmet", None, "refused", NOTE)]
    assert [answer.outcome for answer in played.send(steps)] == [step.outcome for step in steps]
    with draft.database.reading() as session:
        whole.check(session, draft.id)
