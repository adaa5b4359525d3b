"""The programme and the notes without script: their pages, the Word file, and a note that becomes a finding."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree

from app.ids import new_id
from app.inspections import access
from app.inspections.fields import NOTE
from rubrics.model import Rubric
from tests.factories import RUBRIC
from tests.forms import Page
from tests.inspections.conftest import Visit

PROGRAM = "/program"


def fill(page: Page, **values: str) -> Page:
    """In the empty row."""
    id = new(page)
    return page.submit({f"interview/{id}/{name}": value for name, value in values.items()}, ("add", "more"))


def new(page: Page) -> str:
    [id] = page.tree.xpath("//form//li[@data-new]/@id")
    return str(id).removeprefix("s-")


def listed(page: Page) -> list[str]:
    rows = page.tree.xpath("//form//li[starts-with(@id, 's-') and not(@data-new)]")
    return [" ".join(each.find(".//h3").text_content().split()) for each in rows]


def a_talk(visit: Visit, **values: str) -> str:
    id = new_id()
    for name, value in ({"role": "st", "day": "2026-10-20"} | values).items():
        visit.put(f"interview/{id}/{name}", value)
    return id


def test_a_programme_is_made_and_read_by_day_and_time(visit: Visit) -> None:
    page = visit.open(visit.a, PROGRAM)
    page = fill(page, day="2026-10-21", role="chef", **{"from": "09:00", "to": "09:45"})
    page = fill(page, day="2026-10-20", role="st", who="ST-läkare, år 1", room="Sal 3", **{"from": "13:00"})
    page = fill(page, who="Rundvandring")
    assert listed(page) == ["13.00 ST-läkare, år 1 Sal 3", "09.00–09.45 Chef", "Rundvandring"]
    days = page.tree.xpath("//form//h2[contains(@class, 'talk-day') and not(@hidden)]/text()")
    assert days == ["Tisdag 20 oktober", "Onsdag 21 oktober", "Utan dag"]
    assert listed(visit.open(visit.office, PROGRAM)) == listed(page)


def test_a_form_that_is_sent_twice_makes_one_talk_and_an_empty_row_makes_none(visit: Visit) -> None:
    page = visit.open(visit.a, PROGRAM)
    sent = page.filled({f"interview/{new(page)}/who": "Chefen"}, ("add", "more"))
    after = [page.person.send(*sent) for _ in range(2)][-1]
    assert listed(after) == ["Chefen"]
    before = len(visit.revisions())
    assert new(after.submit({}, ("add", "more"))) != new(after)
    assert len(visit.revisions()) == before


def test_a_talk_is_changed_taken_away_and_brought_back(visit: Visit) -> None:
    id = a_talk(visit)
    page = visit.open(visit.b, PROGRAM).submit({f"interview/{id}/room": "Sal 4", f"interview/{id}/from": "08:15"})
    assert listed(page) == ["08.15 ST-läkare Sal 4"]
    page = page.submit({}, ("remove", id))
    assert (listed(page), "Borttagna (1)" in page.said) == ([], True)
    page = page.submit({}, ("restore", id))
    assert (listed(page), "Borttagna" in page.said) == (["08.15 ST-läkare Sal 4"], False)


def test_what_cannot_be_kept_comes_back_and_the_rest_is_saved(visit: Visit) -> None:
    page = visit.open(visit.a, PROGRAM)
    back = fill(page, who="Chefen", **{"from": "kl 9"})
    assert back.status == 422
    assert "kl 9 är ingen tid. Skriv den som 09:30." in back.said
    assert back.value(f"interview/{new(page)}/from") == "kl 9"
    assert visit.stands(f"interview/{new(page)}/who") == "Chefen"


def test_two_who_name_a_talk_differently_choose(visit: Visit) -> None:
    id = a_talk(visit, who="Handledare")
    hers, his = (visit.open(each, PROGRAM) for each in (visit.a, visit.b))
    hers.submit({f"interview/{id}/who": "Handledare A"})
    page = his.submit({f"interview/{id}/who": "Handledare B"})
    assert "Ni har skrivit olika här" in page.said
    [kept] = page.tree.xpath("//button[@name='keep' and contains(., 'Behåll min')]/@value")
    assert listed(page.submit({}, ("keep", str(kept)))) == ["Handledare B"]


# ── The file ──────────────────────────────────────────────────────────────────────────────


def test_the_programme_as_a_word_file(visit: Visit) -> None:
    a_talk(visit, who="ST-läkare, år 1", room="Sal 3", **{"from": "08:30", "to": "09:15"})
    gone = a_talk(visit, who="Borttagen")
    visit.put(f"interview/{gone}/gone", "1")
    answer = visit.browser(visit.office).ask("GET", f"{visit.url}/program.docx")
    with ZipFile(BytesIO(answer.content)) as parts:
        text = str(etree.fromstring(parts.read("word/document.xml")).xpath("string()"))
    assert "Tisdag 20 oktober" in text
    assert "08.30–09.15 ST-läkare, år 1" in text
    assert "Sal 3" in text
    assert "Borttagen" not in text


# ── Notes ─────────────────────────────────────────────────────────────────────────────────


def at_notes(visit: Visit, by: str, talk: str) -> Page:
    return visit.open(getattr(visit, by), f"/intervjuer/{talk}")


def test_notes_are_written_beside_each_other(visit: Visit) -> None:
    talk = a_talk(visit, **{"from": "08:30"})
    hers, his = (NOTE.key(interview=talk, person=each.id, about="E-F1") for each in (visit.a, visit.b))
    at_notes(visit, "a", talk).submit({hers: "Tid ställs in.", hers.replace("E-F1", "fritt"): "Gott mod."})
    page = at_notes(visit, "b", talk)
    assert "Alva Exempel skrev Tid ställs in." in page.said
    assert page.value(his) == ""
    page = page.submit({his: "De är nöjda."})
    assert (page.value(his), page.tree.xpath("//*[@name=$key]", key=hers)) == ("De är nöjda.", [])
    assert "Nils Påhitt skrev De är nöjda." in at_notes(visit, "a", talk).said


def test_a_note_becomes_a_finding(visit: Visit) -> None:
    talk = a_talk(visit)
    key = NOTE.key(interview=talk, person=visit.a.id, about="E-F1")
    visit.put(key, "Tid ställs in.")
    for by in (visit.a, visit.b):  # one's own, and the colleague's
        page = visit.open(by, f"/intervjuer/{talk}")
        [link] = page.tree.xpath("//a[@data-note=$key and not(ancestor::*[@hidden])]/@href", key=key)
        finding = page.person.open(str(link))
        assert (finding.value("text"), finding.value("area")) == ("Tid ställs in.", "E")
        assert finding.value("criteria") == "E-F1"
    assert "Tid ställs in." not in visit.open(visit.office, f"/iakttagelser?omrade=E&fran={key}").text
    told = finding.submit({"kind": "weakness"}, ("add", "one"))
    assert "Tid ställs in." in told.said


def test_the_notes_page_is_the_inspectors_own_and_of_a_talk_that_is_there(visit: Visit) -> None:
    talk = a_talk(visit)
    assert at_notes(visit, "office", talk).status == 404
    assert at_notes(visit, "a", new_id()).status == 404
    assert visit.browser(visit.a).send(f"{visit.url}/intervjuer/{new_id()}", []).status == 404
    assert f"/intervjuer/{talk}" not in visit.open(visit.office, PROGRAM).text


def test_a_note_that_is_too_long_comes_back(visit: Visit) -> None:
    talk = a_talk(visit)
    key = NOTE.key(interview=talk, person=visit.a.id, about="fritt")
    back = at_notes(visit, "a", talk).submit({key: "å" * 20_001})
    assert (back.status, back.value(key)) == (422, "å" * 20_001)


def test_what_is_taken_along_has_the_programme_and_the_notes(visit: Visit) -> None:
    talk, gone = a_talk(visit), a_talk(visit)
    visit.put(f"interview/{gone}/gone", "1")
    [pages] = visit.open(visit.a).tree.xpath("//*[@id='ta-med']/@data-pages")
    assert {f"{visit.url}/program", f"{visit.url}/intervjuer/{talk}"} <= set(pages.split())
    assert gone not in pages
    assert f"{visit.url}/intervjuer/ny" in pages.split()


def test_a_tablet_takes_along_a_page_for_the_notes_of_a_talk_that_nobody_has_heard_of(visit: Visit) -> None:
    page = visit.open(visit.a, "/intervjuer/ny")
    own = [name for name in page.tree.xpath("//textarea/@name") if name.endswith("/fritt")]
    assert own == [NOTE.key(interview="__id__", person=visit.a.id, about="fritt")]
    assert page.tree.xpath("//body/@data-seq") == ["-1"]  # what the device knows is newer, always
    assert page.submit({own[0]: "Ord."}).status == 404  # it is for the script alone
    assert visit.open(visit.office, "/intervjuer/ny").status == 404


def test_what_the_rubric_asks_a_role_is_asked_and_another_role_is_asked_about_every_criterion(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = json.loads(RUBRIC.rubric.model_dump_json(exclude_defaults=True))
    [asked] = [each for each in _below(asking) if each.get("id") == "E-F1"]
    asked["ask"] = {"st": ["Hinner ni med handledningen?"]}
    rubric = Rubric.model_validate(asking)
    monkeypatch.setattr(access, "rubric_of", lambda *_: rubric)
    st, chief = a_talk(visit), a_talk(visit, role="chef")
    visit.put(NOTE.key(interview=st, person=visit.b.id, about="A-F1"), "Det finns en plan.", visit.b)
    page = at_notes(visit, "a", st)
    assert page.tree.xpath("//*[@class='ask']/li/text()") == ["Hinner ni med handledningen?"]
    assert _asked_about(page) == ["fritt", "A-F1", "E-F1"]  # and what somebody has noted is never left out
    assert len(_asked_about(at_notes(visit, "a", chief))) == 1 + len(rubric.area_of)


def _asked_about(page: Page) -> list[str]:
    return [str(each) for each in page.tree.xpath("//form//@data-about")]


def _below(value: Any) -> Iterator[dict[str, Any]]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield value
    for each in inside:
        yield from _below(each)
