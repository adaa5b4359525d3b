"""What one says alone, and what all agree on."""

import pytest

from app.inspections.fields import KINDS
from app.writing import said
from tests.factories import Drafted
from tests.writing import whole
from tests.writing.played import ANSWER, TEXT, WORDS, Played, S, agreed, own

# name: (operations, agreed head, open tips, number of fields that wait for a choice)
VOICES: dict[str, tuple[list[S], str | None, set[str], int]] = {
    "each answers alone": ([own("a1", "met", None, "head"), own("b1", "unmet", None, "head")], None, set(), 0),
    "a sibling in a single voice blocks nothing": (
        [own("a1", "met", None, "head"), own("a2", "unmet", None, "sibling")],
        None,
        {"a2"},
        0,
    ),
    "an answer alone after an agreed one waits beside it": (
        [agreed("a1", "met", None, "head"), own("b1", "unmet", None, "sibling"), own("b2", "partly", "b1", "sibling")],
        "a1",
        {"b2"},
        1,
    ),
    "and is settled like any other": (
        [
            agreed("a1", "met", None, "head"),
            own("b1", "unmet", None, "sibling"),
            agreed("a2", "unmet", "a1", "head", "b1"),
        ],
        "a2",
        set(),
        0,
    ),
    "a branch in a single voice that grows after they agreed waits beside what they agreed": (
        [
            own("b1", "met", None, "head"),
            own("b2", "unmet", None, "sibling"),
            agreed("a1", "met", None, "head"),
            own("b3", "partly", "b2", "sibling"),
        ],
        "a1",
        {"b3"},
        1,
    ),
    "agreeing closes a single voice's branch that it names": (
        [
            own("b1", "met", None, "head"),
            own("b2", "unmet", None, "sibling"),
            agreed("a1", "partly", None, "head", "b2"),
        ],
        "a1",
        set(),
        0,
    ),
    "narrative is always agreed": ([own("a1", "text", None, "refused", TEXT)], None, set(), 0),
    "a finding is always agreed": ([own("a1", "text", None, "refused", WORDS)], None, set(), 0),
    "nobody answers in another's voice": ([agreed("a1", "met", None, "refused")._replace(voice="b")], None, set(), 0),
}


@pytest.mark.parametrize("name", VOICES)
def test_voice(draft: Drafted, name: str) -> None:
    steps, head, waiting, to_choose = VOICES[name]
    played = Played(draft)
    assert [played.send([step])[0].outcome for step in steps] == [step.outcome for step in steps]
    assert (played.head(ANSWER), played.open()) == (head, waiting)
    with draft.database.reading() as session:
        assert len(said.clashes(session, draft.id, KINDS)) == to_choose
        whole.check(session, draft.id)
