"""What the last one says stands, and findings that are taken away."""

import pytest
from sqlmodel import select

from app.inspections import queries
from app.inspections.models import FindingRow
from app.inspections.reading import Reading
from app.inspections.rubric_copy import rubric_of
from app.inspections.signing import left
from app.writing import said
from app.writing.fields import Value
from tests.factories import Drafted
from tests.writing import whole
from tests.writing.played import FINDING, WORDS, Played, S, runs

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
        reading, rubric = Reading(session, row), rubric_of(session, row.rubric_sha256)
        told = [each.text for each in left(reading, reading.content(), rubric, works=True)]
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
