"""Two who write at the very same time, flat out."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from sqlmodel import col, select

from app.accounts.viewer import Viewer
from app.ids import new_id
from app.inspections import actions
from app.writing.apply import TAKEN, Answer
from app.writing.desk import Operation
from app.writing.models import Branch, Revision
from tests.factories import Drafted
from tests.writing import whole

SECONDS = 0.7
OWN, SHARED = {0: "area/A/narrative", 1: "area/B/narrative"}, "area/E/narrative"


def test_two_who_write_flat_out_lose_nothing(draft: Drafted) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = [a for done in pool.map(lambda i: _typed(draft, i), (0, 1)) for a in done]
    assert {answer.outcome for answer in answers} <= {"head", "sibling"}
    with draft.database.reading() as session:
        whole.check(session, draft.id)
        kept = session.exec(select(Revision.id, Revision.seq).where(Revision.subject == draft.id)).all()
        assert set(kept) >= {(answer.id, answer.seq) for answer in answers}
        at = (Branch.subject == draft.id, col(Branch.settled_by).is_(None))
        assert len(session.exec(select(Branch).where(*at)).all()) == 1  # one stands, the other's typing beside it


def _typed(draft: Drafted, i: int) -> Sequence[Answer]:
    """One who types in a field alone and in one that both type in, and looks at nothing but the own text."""
    by: Viewer = (draft.a, draft.b)[i]
    answers: list[Answer] = []
    saw: dict[str, str | None] = {OWN[i]: None, SHARED: None}
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        batch = [Operation(new_id(), key, f"{i} {len(answers)}", parent) for key, parent in saw.items()]
        answers += draft.write(by, *batch)
        saw = {each.field: each.id for each in batch}
    return answers


def test_an_id_that_comes_to_two_inspections_at_once_is_kept_in_one(draft: Drafted, start: Drafted) -> None:
    the_same = new_id()
    with ThreadPoolExecutor(1) as pool:
        with draft.database.writing() as session:
            operation = Operation(the_same, "area/A/narrative", "Först.")
            [first] = actions.write(session, by=draft.a, inspection=draft.id, operations=[operation])
            also = [Operation(the_same, "area/A/narrative", "Sedan."), Operation(new_id(), "area/B/narrative", "Eget.")]
            later = pool.submit(start.write, start.b, *also)
            wait([later], timeout=0.3)  # it comes as far as to where it has to wait for the first
        answers = later.result()
    assert (first.outcome, [each.outcome for each in answers]) == ("head", ["refused", "head"])
    assert answers[0].told == TAKEN
    with draft.database.reading() as session:
        whole.check(session, draft.id)
        whole.check(session, start.id)
