"""The page of what stood in a field before: what differs, what was written in one go, and whose it was."""

from datetime import timedelta

from sqlmodel import col, select

from app import audit
from app.ids import new_id
from app.writing import said
from app.writing.desk import Operation
from app.writing.history import ON_A_PAGE, PAUSE
from app.writing.models import Revision
from tests.forms import Page
from tests.inspections.conftest import Visit, site, visit

__all__ = ["site", "visit"]

TEXT = "area/E/narrative"


def shown(page: Page) -> list[tuple[str, int]]:
    """Each version as it is marked, and how many saves on the way are folded under it."""
    marks = {"ins": "{{+{}+}}", "del": "[-{}-]"}
    cards = page.tree.xpath("//main/ol/li")
    made = []
    for card in cards:
        [text, *_] = card.xpath("p[@class='asis']")
        said = (text.text or "") + "".join(marks[each.tag].format(each.text) + (each.tail or "") for each in text)
        made.append((said.strip(), len(card.xpath(".//li"))))
    return made


def history(visit: Visit, more: str = "") -> Page:
    return visit.open(visit.a, f"/historik?falt={TEXT}{more}")


def long_ago(visit: Visit, revision: str) -> None:
    """As if that and everything before it had been written a pause ago."""
    with visit.database.writing() as session:
        until = session.exec(select(Revision.seq).where(Revision.id == revision)).one()
        for each in session.exec(select(Revision).where(col(Revision.seq) <= until, Revision.subject == visit.id)):
            each.received -= PAUSE + timedelta(seconds=1)
            session.add(each)


def test_each_version_tells_what_differs_from_what_its_writer_saw(visit: Visit) -> None:
    first = visit.put(TEXT, "Samtal hålls.")
    visit.put(TEXT, "Samtal hålls varje år.", visit.b)
    visit.write(visit.a, Operation(new_id(), TEXT, "Samtal ska hållas.", first))
    visit.put(TEXT, None, visit.a)
    assert shown(history(visit)) == [
        ("(tomt) [-Samtal hålls varje år.-]", 0),
        ("Samtal [-hålls-]{+ska hållas+}.", 0),
        ("Samtal hålls{+ varje år+}.", 0),
        ("Samtal hålls.", 0),
    ]


def test_a_text_has_the_time_when_it_was_written_unless_that_is_still_to_come(visit: Visit) -> None:
    now = audit.now()
    typed = now - timedelta(hours=3)  # without a net, until now
    for id, at in ((first := new_id(), typed), (second := new_id(), now + timedelta(days=1))):
        visit.write(visit.a, Operation(id, TEXT, f"Skrivet {id}.", at=at))
    with visit.database.reading() as session:
        when = {each.revision: each.at for each in said.history(session, visit.id, TEXT)}
    assert when[first] == typed
    assert now <= when[second] <= audit.now()


def test_what_one_writes_in_one_go_is_one_version_with_its_saves_folded(visit: Visit) -> None:
    long_ago(visit, visit.put(TEXT, "Samtal"))
    for text in ("Samtal hålls", "Samtal hålls varje", "Samtal hålls varje år."):
        visit.put(TEXT, text)
    visit.put(TEXT, "Samtal hålls.", visit.b)
    page = history(visit)
    assert shown(page) == [("Samtal hålls[- varje år-].", 0), ("Samtal{+ hålls varje år.+}", 2), ("Samtal", 0)]
    saves = [each.text_content() for each in page.tree.xpath("//li//li/p[@class='asis']")]
    assert saves == ["Samtal hålls varje", "Samtal hålls"]


def test_a_long_history_comes_page_by_page(visit: Visit) -> None:
    for i in range(ON_A_PAGE + 2):
        visit.put(TEXT, f"Text {i}.", (visit.a, visit.b)[i % 2])
    page = history(visit)
    [older] = page.tree.xpath("//a[text()='Äldre']/@href")
    assert len(shown(page)) == ON_A_PAGE
    assert shown(history(visit, f"&{older.partition('&')[2]}")) == [("Text [-0-]{+1+}.", 0), ("Text 0.", 0)]
