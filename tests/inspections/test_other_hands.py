"""A page that was drawn for one person and is sent after somebody else has signed in in the same browser: nothing is
done in the other's name, and what was typed comes back."""

from dataclasses import replace

import pytest
from sqlmodel import select

from app.ids import new_id
from app.inspections.models import Signature
from tests.forms import Page
from tests.inspections.conftest import Visit

TEXT = "area/E/narrative"
TYPED = "Alvas ord, skrivna i en annan flik."


def taken_over(visit: Visit, page: Page) -> Page:
    """The same tab, after the other inspector has signed in in another."""
    return replace(page, person=visit.browser(visit.b))


def test_a_text_is_not_kept_as_somebody_elses_and_comes_back(visit: Visit) -> None:
    before = len(visit.revisions())
    answer = taken_over(visit, visit.open(visit.a, "/omraden/E")).submit({TEXT: TYPED})
    assert (answer.status, answer.title) == (409, "Något har hänt sedan du öppnade sidan – Sporra")
    assert "Någon annan är inloggad här nu, och inget är sparat." in answer.said
    assert [quote.text for quote in answer.tree.iter("blockquote")] == [TYPED]
    assert visit.b.name not in answer.text
    assert len(visit.revisions()) == before


def test_with_htmx_the_page_stays_with_what_was_typed(visit: Visit) -> None:
    """htmx sends the fields of the form, as a browser does."""
    url, fields = visit.open(visit.a, "/omraden/E").filled({TEXT: TYPED})
    answer = visit.browser(visit.b).send(url, fields, {"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (answer.status, answer.answer.headers["HX-Retarget"]) == (409, "#trouble")
    assert visit.revisions(TEXT) == []


def test_a_report_is_not_signed_by_the_wrong_hands(visit: Visit) -> None:
    visit.finish()
    page = visit.open(visit.a, "/rapport")
    answer = taken_over(visit, page).submit({"content": visit.hash()})
    with visit.database.reading() as session:
        signed = session.exec(select(Signature.person).where(Signature.inspection == visit.id)).all()
    assert (answer.status, signed) == (409, [])
    page.submit({"content": visit.hash()})
    with visit.database.reading() as session:
        assert session.exec(select(Signature.person).where(Signature.inspection == visit.id)).all() == [visit.a.id]


def test_what_waited_for_a_new_sign_in_waits_for_the_same_person(visit: Visit) -> None:
    page = visit.open(visit.a, "/omraden/E")
    out = replace(page, person=replace(page.person, token="")).submit({TEXT: TYPED})
    assert out.status == 401
    again = out.filled(button=None)
    assert visit.browser(visit.b).send(*again).status == 409
    assert visit.browser(visit.a).send(*again).value(TEXT) == TYPED


@pytest.mark.parametrize("whose", [["", "a"], ["b", "a"], [""]])
def test_a_form_that_names_anybody_else_at_all_is_refused(visit: Visit, whose: list[str]) -> None:
    names = {"a": visit.a.id, "b": visit.b.id}
    pairs = [*(("whose", names.get(each, each)) for each in whose), ("sheet", new_id()), (TEXT, TYPED)]
    assert visit.browser(visit.a).send(f"{visit.url}/omraden/E", pairs).status == 409
