"""The rules of the write path, as a table: operations in; what each was answered, what stands and what waits, out."""

import pytest

from tests.factories import Drafted
from tests.writing import whole
from tests.writing.played import A1, B1, B2, OTHER, Played, S, runs

# name: (operations with their answers, the head, the open tips)
RULES: dict[str, tuple[list[S], str, set[str]]] = {
    # Known id
    "sent again, it gets the same answer": ([A1, A1], "a1", set()),
    "sent again after others, it gets the same answer": (
        [A1, S("a2", "tre", "a1", "head"), B1, A1, B1],
        "a2",
        {"b1"},
    ),
    "sent again with line ends of another sort, it is the same": (
        [S("a1", "x\r\ny", None, "head"), S("a1", "x\ny", None, "head")],
        "a1",
        set(),
    ),
    "a known id with another value is refused": ([A1, S("a1", "annat", None, "refused")], "a1", set()),
    "a known id in another field is refused": ([A1, S("a1", "ett", None, "refused", (), OTHER)], "a1", set()),
    # New head
    "the first text stands": ([A1], "a1", set()),
    "who saw the head writes the next": ([A1, S("b1", "två", "a1", "head")], "b1", set()),
    "an emptied field is as one never written": (
        [A1, S("a2", "  ", "a1", "head"), S("b1", "två", None, "head")],
        "b1",
        set(),
    ),
    "an emptied field is a text like others to who saw the text": (
        [A1, S("a2", None, "a1", "head"), S("b1", "ett två", "a1", "sibling")],
        "a2",
        {"b1"},
    ),
    "what was there came back, so nothing was missed (ABA)": (
        [A1, S("a2", "annat", "a1", "head"), S("a3", "ett", "a2", "head"), S("b1", "ett två", "a1", "head")],
        "b1",
        set(),
    ),
    "the same text from both is no conflict": ([A1, S("b1", "ett", None, "head")], "b1", set()),
    "the same text but for line ends is no conflict": (
        [S("a1", "x\ny", None, "head"), S("b1", "x\r\ny", None, "head"), S("a2", "x\ry", None, "head")],
        "a2",
        set(),
    ),
    "emptying what is empty is no conflict": ([S("a1", "", None, "head"), S("b1", None, None, "head")], "b1", set()),
    # Sibling
    "who did not see the head writes beside it": ([A1, B1], "a1", {"b1"}),
    "a parent that nobody knows is nobody's text": ([A1, S("b1", "två", "b9", "sibling")], "a1", {"b1"}),
    "a parent from another field is nobody's text": (
        [A1, S("a2", "ett", None, "head", (), OTHER), S("b1", "två", "a2", "sibling")],
        "a1",
        {"b1"},
    ),
    "typing on grows the branch": ([A1, B1, B2, S("b3", "två tre fyra", "b2", "sibling")], "a1", {"b3"}),
    "two devices on one tip make two branches": (
        [A1, B1, B2, S("b3", "två fyra", "b1", "sibling")],
        "a1",
        {"b2", "b3"},
    ),
    "the head goes on beside a branch": ([A1, B1, S("a2", "ett och", "a1", "head"), B2], "a2", {"b2"}),
    "who comes round to what stands has come home": (
        [A1, B1, S("b2", "ett", "b1", "head"), S("b3", "ett till", "b2", "head")],
        "b3",
        set(),
    ),
    "what comes to stand takes home the branch that says the same": (
        [A1, B1, S("a2", "två", "a1", "head")],
        "a2",
        set(),
    ),
    # Settling
    "choosing closes what is named": ([A1, B1, S("a2", "ett två", "a1", "head", ("b1",))], "a2", set()),
    "keeping what stands is choosing too": ([A1, B1, S("a2", "ett", "a1", "head", ("b1",))], "a2", set()),
    "exactly what is named closes": (
        [A1, B1, S("b2", "tre", None, "sibling"), S("a2", "ett två", "a1", "head", ("b1",))],
        "a2",
        {"b2"},
    ),
    "what has grown since stays open": ([A1, B1, B2, S("a2", "ett två", "a1", "head", ("b1",))], "a2", {"b2"}),
    "who settles and becomes a sibling has settled": (
        [A1, B1, S("a2", "ny", "a1", "head"), S("b2", "ett två", "a1", "sibling", ("b1",))],
        "a2",
        {"b2"},
    ),
    "naming what is settled is no error": (
        [A1, B1, S("a2", "val", "a1", "head", ("b1",)), S("a3", "val två", "a2", "head", ("b1", "b9"))],
        "a3",
        set(),
    ),
    "typing on in what was settled meanwhile opens it anew": (
        [A1, B1, S("a2", "val", "a1", "head", ("b1",)), B2],
        "a2",
        {"b2"},
    ),
    "a field's operation settles nothing in another field": (
        [A1, B1, S("a2", "x", None, "head", ("b1",), OTHER)],
        "a1",
        {"b1"},
    ),
    # Refused, alone
    "one is refused and the rest stand": (
        [A1, S("a2", "ett", None, "refused", (), "area/Q/narrative"), S("a3", "ett två", "a1", "head")],
        "a3",
        set(),
    ),
    "a refusal is not remembered": ([S("a1", 7, None, "refused"), A1], "a1", set()),
}


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in batches"])
@pytest.mark.parametrize("name", RULES)
def test_rule(draft: Drafted, name: str, together: bool) -> None:
    steps, head, waiting = RULES[name]
    played = Played(draft)
    answers = [answer for run in runs(steps, together) for answer in played.send(run)]
    assert [answer.outcome for answer in answers] == [step.outcome for step in steps]
    taken = [answer for answer in answers if answer.outcome != "refused"]
    assert len(set(taken)) == len({answer.id for answer in taken})  # what is sent again is answered alike
    assert (played.head(), played.open()) == (head, waiting)
    assert all(bool(answer.told) == (answer.outcome == "refused") for answer in answers)
    with draft.database.reading() as session:
        whole.check(session, draft.id)
