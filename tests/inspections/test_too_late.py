"""Forms that come after the last signature, or from an inspector who has handed over: what they are answered with."""

import pytest

from app.ids import new_id
from app.inspections import actions
from app.writing.fields import MAX_TEXT
from tests.forms import Pairs
from tests.inspections.conftest import SECRET, Visit

HTMX = {"hx-request": "true"}
TOO_LONG = "Det här hann vi höra. " * 1_000
REFUSED: dict[str, Pairs] = {
    "/omraden/E": [("area/E/narrative", TOO_LONG)],
    "/framsida": [("front/clinic", ""), ("front/place", TOO_LONG)],
    "/iakttagelser": [("text", TOO_LONG), ("add", "one")],
}


def hand_over(visit: Visit) -> None:
    with visit.database.writing() as session:
        actions.staff(session, by=visit.office, inspection=visit.id, inspectors=[visit.b.id])


@pytest.mark.parametrize("page", REFUSED)
@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("nothing", [True, False])
def test_who_has_handed_over_reads_nothing_whatever_they_send(
    visit: Visit, page: str, headers: dict[str, str], nothing: bool
) -> None:
    visit.finish()
    hand_over(visit)
    answer = visit.browser(visit.a).send(visit.url + page, [] if nothing else REFUSED[page], headers)
    assert (answer.status, answer.title) == (409, "Inspektionen är överlämnad – Sporra")
    for secret in (SECRET, "Det är gott.", "Exempelstad", "Exempelkliniken", "/omraden", "grade-"):
        assert secret not in answer.text


@pytest.mark.parametrize("page", REFUSED)
@pytest.mark.parametrize("handed_over", [True, False])
def test_what_could_not_be_kept_is_given_back(visit: Visit, page: str, handed_over: bool) -> None:
    assert len(TOO_LONG) > MAX_TEXT
    visit.finish()
    if handed_over:
        hand_over(visit)
    else:
        visit.sign()
    besides = [("sheet", new_id()), ("area/E/grade_reason", "Sent skäl.")]
    answer = visit.browser(visit.a).send(visit.url + page, [*REFUSED[page], *besides])
    assert answer.status == 409
    assert TOO_LONG.strip() in answer.said
    assert "Det är inte sparat." in answer.said
    assert [each.outcome for each in visit.revisions("area/E/grade_reason")][-1] == "late"


def test_a_finding_without_a_kind_is_given_back_when_the_report_was_signed_meanwhile(visit: Visit) -> None:
    visit.finish()
    open_page = visit.open(visit.a, "/iakttagelser")
    visit.sign()
    answer = open_page.submit({"text": "Det enda jag skrev."}, ("add", "one"))
    assert (answer.status, answer.title) == (409, "Rapporten är fastställd – Sporra")
    assert "Det enda jag skrev." in answer.said
    assert "finns kvar" not in answer.said
