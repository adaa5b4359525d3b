"""The rules of the write path, as a table: operations in; what each was answered, what stands and what waits, out."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from sqlmodel import col, select

from app.ids import id_from
from app.inspections import queries
from app.inspections.content import content
from app.inspections.fields import KINDS
from app.inspections.models import FindingRow
from app.inspections.rubric_copy import rubric_of
from app.inspections.signing import left
from app.writing import apply, said
from app.writing.apply import CHOOSE_FIRST, CHOOSE_SOME, MAX_OPEN, Answer
from app.writing.desk import Operation
from app.writing.fields import Value
from app.writing.models import AGREED, Branch, Head
from tests.factories import Drafted
from tests.writing import whole

TEXT = "area/E/narrative"
OTHER = "area/F/narrative"
ANSWER, NOTE = "criterion/E-F1/answer", "criterion/E-F1/comment"
FINDING = "finding/2f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a57"


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


# ── As many texts as may wait in a field ──────────────────────────────────────────────────

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


# ── What the last one says stands, and findings that are taken away ───────────────────────

WORDS = f"{FINDING}/text"
F1 = S("a1", "ett", None, "head", (), WORDS)
GONE1 = S("a2", "a1", None, "head", (), f"{FINDING}/gone")  # its value is the id of a1

# name: (operations, hidden, wanted away)
AWAY: dict[str, tuple[list[S], bool, bool]] = {
    "taken away": ([F1, GONE1], True, False),
    "taken back": ([F1, GONE1, S("b1", None, "a2", "head", (), f"{FINDING}/gone")], False, False),
    "written on by who saw the text": ([F1, GONE1, S("b1", "ett två", "a1", "head", (), WORDS)], False, True),
    "written beside": ([F1, GONE1, S("b1", "två", None, "sibling", (), WORDS)], False, True),
    "written beside, before it was taken away": ([F1, S("b1", "två", None, "sibling", (), WORDS), GONE1], False, True),
    "chosen, then taken away": (
        [
            F1,
            S("b1", "två", None, "sibling", (), WORDS),
            S("b2", "ett", "a1", "head", ("b1",), WORDS),
            S("a3", "b2", None, "head", (), f"{FINDING}/gone"),
        ],
        True,
        False,
    ),
    "taken away after a text that another has replaced": (
        [F1, S("b1", "x", "a1", "head", (), WORDS), GONE1],
        False,
        True,
    ),
    "taken away before its text has come": ([GONE1, F1], True, False),
}


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in batches"])
@pytest.mark.parametrize("name", AWAY)
def test_a_finding_is_hidden_while_its_text_is_what_the_deleter_saw(draft: Drafted, name: str, together: bool) -> None:
    steps, hidden, wanted_away = AWAY[name]
    played = Played(draft)
    named = [s._replace(value=s.value and played.id(str(s.value))) if s.field.endswith("gone") else s for s in steps]
    answers = [answer for run in runs(named, together) for answer in played.send(run)]
    assert [answer.outcome for answer in answers] == [step.outcome for step in steps]
    with draft.database.reading() as session:
        [finding] = session.exec(select(FindingRow).where(FindingRow.inspection == draft.id))
        assert (finding.hidden, bool(finding.gone) and not finding.hidden) == (hidden, wanted_away)
        row = queries.find(session, draft.id).row
        told = [
            each.text
            for each in left(session, row, content(session, row), rubric_of(session, row.rubric_sha256), works=True)
        ]
        assert any(text.startswith("borttagen") for text in told) == wanted_away
        whole.check(session, draft.id)


@pytest.mark.parametrize(("field", "first", "second"), [
    ("order", "V", "k"), ("kind", "strength", "weakness"), ("area", "E", "F"), ("criteria", ["E-F1"], ["E-F2"]),
])  # fmt: skip
def test_the_last_stands_and_nobody_has_to_choose(draft: Drafted, field: str, first: Value, second: Value) -> None:
    key = f"{FINDING}/{field}"
    played = Played(draft)
    steps = [S("a1", first, None, "head", (), key), S("b1", second, None, "head", (), key)]
    assert [played.send([step])[0].outcome for step in steps] == ["head", "head"]
    assert (played.head(key), played.open()) == ("b1", set())
    with draft.database.reading() as session:
        assert [said.value for said in said.history(session, draft.id, key)] == [second, first]
        whole.check(session, draft.id)


# ── Voices ────────────────────────────────────────────────────────────────────────────────


def own(id: str, value: object, on: str | None, outcome: str, field: str = ANSWER) -> S:
    return S(id, value, on, outcome, (), field, "own")


def agreed(id: str, value: object, on: str | None, outcome: str, *settles: str) -> S:
    return S(id, value, on, outcome, settles, ANSWER)


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
