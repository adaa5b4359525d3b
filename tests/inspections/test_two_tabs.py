"""One person with the same page open twice, or with an old page brought back: their own texts stay in order."""

import pytest

from app.inspections.fields import KINDS
from app.writing import room
from app.writing.said import clashes
from tests.inspections.conftest import Visit

NARRATIVE = "area/E/narrative"


def test_a_page_goes_on_from_its_own_text_though_the_other_has_one_beside_it(visit: Visit) -> None:
    visit.put(NARRATIVE, "Grund.")
    one, other = visit.open(visit.a, "/omraden/E"), visit.open(visit.a, "/omraden/E")
    for page, text in ((one, "Ett."), (other, "Två."), (one, "Ett, och mer."), (other, "Två, och mer.")):
        page.submit({NARRATIVE: text})  # each page stays open, as with htmx
    with visit.database.reading() as session:
        [clash] = clashes(session, visit.id, KINDS)
    assert (visit.stands(NARRATIVE), clash.beside.value) == ("Ett, och mer.", "Två, och mer.")


def test_an_old_page_of_history_takes_a_text_back_a_second_time(visit: Visit) -> None:
    first = visit.put(NARRATIVE, "Först.")
    visit.put(NARRATIVE, "Sedan.")
    history = visit.open(visit.a, f"/historik?falt={NARRATIVE}")
    for _ in range(2):
        history.submit(button=("version", first))
        assert visit.stands(NARRATIVE) == "Först."
        visit.put(NARRATIVE, "Något nytt.", by=visit.b)


def test_a_finding_that_there_is_no_room_for_is_given_back_whole(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_TEXT", 100)
    page = visit.open(visit.a, "/iakttagelser")
    for _ in range(2):  # a double click too
        answer = page.submit({"kind": "weakness", "text": "Lång. " * 30}, ("add", "one"))
        assert answer.status == 422
        assert answer.value("text") == "Lång. " * 30
        assert 'href="#text"' in answer.text
    assert visit.revisions("") == [each for each in visit.revisions("") if not each.field.startswith("finding/")]
