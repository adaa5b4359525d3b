"""What the clinic is shown in the closing talk, and what it is not."""

from app.ids import new_id
from tests.forms import Page
from tests.inspections.conftest import SECRET, Visit

CLOSING = "/slutsamtal"


def write(visit: Visit, kind: str, text: str, area: str = "", order: str = "V") -> str:
    id = new_id()
    for name, value in {"text": text, "kind": kind, "area": area, "order": order}.items():
        if value:
            visit.put(f"finding/{id}/{name}", value)
    return id


def shown(page: Page, kind: str) -> list[str]:
    """The headings and texts of one list, in order."""
    [part] = page.tree.xpath(f"//*[@data-of='{kind}']")
    return [each.text_content() for each in part.iter("h3", "li", "p")]


def test_findings_are_shown_by_kind_and_area_and_first_those_of_no_area(visit: Visit) -> None:
    write(visit, "strength", "Tät handledning", "E", "b")
    write(visit, "strength", "Gott kollegium", "", "c")
    write(visit, "strength", "Allsidig vård", "A", "d")
    write(visit, "strength", "Samtal varje vecka", "E", "a")
    write(visit, "weakness", "Ont om tid")
    page = visit.open(visit.a, CLOSING)
    areas = {"A": "Verksamheten", "E": "Handledning och uppföljning"}
    assert shown(page, "strength") == [
        "Gott kollegium",
        areas["A"],
        "Allsidig vård",
        areas["E"],
        "Samtal varje vecka",
        "Tät handledning",
    ]
    assert shown(page, "weakness") == ["Ont om tid"]
    assert shown(page, "improvement") == ["Inget att ta upp här."]


def test_what_is_taken_away_and_what_has_no_kind_is_not_shown(visit: Visit) -> None:
    away = write(visit, "weakness", "Borttagen svaghet")
    [text] = visit.revisions(f"finding/{away}/text")
    visit.put(f"finding/{away}/gone", text.id)
    write(visit, "", "Ingen har sagt slag")
    got = visit.open(visit.a, CLOSING)
    assert shown(got, "weakness") == ["Inget att ta upp här."]
    for text in ("Borttagen svaghet", "Ingen har sagt slag"):
        assert text not in got.text


def test_the_clinic_sees_no_reason_no_comment_no_narrative_and_nobodys_name(visit: Visit) -> None:
    visit.finish()
    got = visit.open(visit.a, CLOSING).text
    for hidden in (SECRET, "Det är gott.", visit.a.name, visit.b.name):
        assert hidden not in got


def test_grades_are_asked_for_each_time_and_said_to_be_preliminary(visit: Visit) -> None:
    visit.finish()
    page = visit.open(visit.a, CLOSING)
    assert page.tree.xpath("//input[@checked]/@value") == ["nej"]
    [grades] = page.tree.xpath("//section[@class='closing-grades']")
    assert len(grades.xpath(".//li")) == 8
    assert "Preliminär" in grades.text_content()
    visit.sign()
    [grades] = visit.open(visit.a, CLOSING).tree.xpath("//section[@class='closing-grades']")
    assert "Preliminär" not in grades.text_content()


def test_it_thanks_for_as_many_days_as_the_visit_had(visit: Visit) -> None:
    def thanks() -> str:
        return str(visit.open(visit.a, CLOSING).tree.findtext(".//h1"))

    visit.put("front/first_day", "2026-10-20")
    visit.put("front/last_day", "2026-10-20")
    assert thanks() == "Tack för i dag"
    visit.put("front/last_day", "2026-10-21")
    assert thanks() == "Tack för två fina dagar"
    visit.put("front/last_day", "2026-10-29")
    assert thanks() == "Tack för de här dagarna"


def test_it_is_taken_along_and_found_from_the_overview_and_the_findings(visit: Visit) -> None:
    overview = visit.open(visit.a)
    [card] = overview.tree.xpath("//*[@id='ta-med']")
    assert f"{visit.url}{CLOSING}" in card.get("data-pages").split()
    for page in (overview, visit.open(visit.a, "/iakttagelser")):
        assert page.tree.xpath(f"//a[@href='{visit.url}{CLOSING}']")


def test_an_area_is_read_where_it_stands_in_the_report_and_one_finds_back(visit: Visit) -> None:
    page = visit.open(visit.a, "/omraden/E")
    [link] = page.tree.xpath("//a[text()='Läs som i rapporten']/@href")
    report = visit.browser(visit.a).open(link)
    [frame] = report.tree.xpath("//iframe/@src")
    preview, _, place = frame.partition("#")
    [heading] = visit.browser(visit.a).open(preview).tree.xpath(f"//*[@id='{place}']")
    assert heading.text_content() == "E Handledning och uppföljning"
    assert report.tree.xpath(f"//a[@href='{visit.url}/omraden/E']")
    [frame] = visit.open(visit.a, "/rapport?omrade=Z").tree.xpath("//iframe/@src")
    assert "#" not in frame
