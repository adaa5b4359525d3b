"""Texts that were used before: found by criterion in the signed reports that one may read, and begun with in sight."""

from dataclasses import replace

import pytest
from sqlmodel import select

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.config import Settings
from app.following import when_signed
from app.ids import new_id
from app.inspections import actions, queries, signing
from app.inspections.models import UsedText
from app.inspections.used import used
from app.writing.order import spread
from tests.factories import RUBRIC, Place, a_person, a_place, an_inspection
from tests.forms import Page
from tests.inspections.conftest import Visit

Text = tuple[str, str, list[str]]
WEAK: Text = ("Handledningen uteblir.", "weakness", ["E-F1"])
BETTER: Text = ("Boka handledning varje vecka.", "improvement", ["E-F1", "E-F2"])


def elsewhere(visit: Visit, *texts: Text, day: str = "2020-03-02", place: Place | None = None) -> Visit:
    """Another inspection, by the same two, signed."""
    with visit.database.writing() as session:
        place = place or a_place(session, new_id()[:8])
        made = replace(visit, place=place, id=an_inspection(session, place, visit.office, visit.a, visit.b))
    made.finish()
    made.put("front/first_day", day)
    for (text, kind, criteria), order in zip(texts, spread(len(texts)), strict=True):
        finding = f"finding/{new_id()}"
        for name, value in {"text": text, "kind": kind, "criteria": criteria, "order": order}.items():
            made.put(f"{finding}/{name}", value)
    return signed(made)


def signed(visit: Visit) -> Visit:
    for by in (visit.a, visit.b):
        signing.sign(visit.database, by=by, inspection=visit.id, seen=visit.hash(), then=when_signed(Settings()))
    return visit


def told(visit: Visit, viewer: Viewer, criterion: str = "E-F1") -> list[str]:
    with visit.database.reading() as session:
        row = queries.find(session, visit.id).row
        found = used(session, viewer, but=row, rubric=RUBRIC.rubric, criterion=criterion)
        return [each.row.text for each in found]


@pytest.fixture(autouse=True)
def alone(visit: Visit) -> None:
    """Nothing was signed before."""
    with visit.database.writing() as session:
        for each in session.exec(select(UsedText)):
            session.delete(each)


# ── What is found ─────────────────────────────────────────────────────────────────────────


def test_a_text_is_found_by_each_criterion_that_it_is_linked_to(visit: Visit) -> None:
    elsewhere(visit, WEAK, BETTER, ("Utan koppling.", "strength", []))
    assert told(visit, visit.a) == [WEAK[0], BETTER[0]]
    assert told(visit, visit.a, "E-F2") == [BETTER[0]]
    assert told(visit, visit.a, "E-F3") == []


def test_the_newest_come_first_and_each_text_once(visit: Visit) -> None:
    elsewhere(visit, ("Gammalt.", "weakness", ["E-F1"]), WEAK, day="2015-01-01")
    elsewhere(visit, WEAK, day="2024-01-01")
    assert told(visit, visit.a) == [WEAK[0], "Gammalt."]


def test_neither_a_draft_nor_the_inspection_itself_is_found(visit: Visit) -> None:
    visit.finish()
    for name, value in {"text": WEAK[0], "kind": "weakness", "criteria": ["E-F1"]}.items():
        visit.put(f"finding/11111111-1111-4111-8111-111111111111/{name}", value)
    assert told(replace(visit, id=elsewhere(visit).id), visit.a) == []
    signed(visit)
    assert told(visit, visit.a) == []
    assert told(elsewhere(visit), visit.a) == [WEAK[0]]


def test_what_a_correction_took_back_is_found_no_more(visit: Visit) -> None:
    other = elsewhere(visit, WEAK)
    with visit.database.writing() as session:
        actions.correct(session, by=visit.office, inspection=other.id, cause="Fel.")
        text = next(each.field for each in other.revisions() if each.field.endswith("/text"))
    other.put(text, "Rättat.")
    assert told(visit, visit.a) == [WEAK[0]]  # while it is a draft the version before stands
    signed(other)
    assert told(visit, visit.a) == ["Rättat."]


def test_each_finds_what_they_may_read_and_no_more(visit: Visit) -> None:
    other = elsewhere(visit, WEAK)
    place, apart = other.place, visit.place
    with visit.database.writing() as session:
        readers = {
            name: a_person(session, name, held)
            for name, held in {
                "the office": Held(Role.ADMINISTRATOR),
                "the speciality": Held(Role.COORDINATOR, speciality=place.speciality),
                "another speciality": Held(Role.COORDINATOR, speciality=apart.speciality),
                "the region": Held(Role.REGION_OFFICE, region=place.region),
                "another region": Held(Role.REGION_OFFICE, region=apart.region),
                "the clinic": Held(Role.HEAD_OF_CLINIC, clinic=place.clinic),
                "another clinic": Held(Role.HEAD_OF_CLINIC, clinic=apart.clinic),
                "an inspector of others": Held(Role.INSPECTOR, speciality=place.speciality),
            }.items()
        }
    found = {name for name, viewer in readers.items() if told(visit, viewer)}
    assert found == {"the office", "the speciality", "the region", "the clinic"}
    nobody = Viewer(new_id(), "Ingen", ())
    assert told(visit, nobody) == []


# ── The page ──────────────────────────────────────────────────────────────────────────────


def texts(page: Page) -> list[str]:
    return page.tree.xpath("//main//li/p[@class='asis']/text()")


def test_they_are_looked_up_from_the_criterion_and_begun_with_in_sight(visit: Visit) -> None:
    elsewhere(visit, WEAK, BETTER)
    [link] = visit.open(visit.a, "/omraden/E").tree.xpath("//*[@id='E-F1']//a[contains(@href, 'formuleringar')]/@href")
    page = visit.browser(visit.a).open(link)
    assert texts(page) == [WEAK[0], BETTER[0]]
    assert "2020" in page.said
    before = len(visit.revisions())
    [start, _] = page.tree.xpath("//main//li[1]//a[starts-with(., 'Använd som början')]/@href")
    form = visit.browser(visit.a).open(start.partition("#")[0])
    assert (form.value("text"), form.value("kind"), form.value("area"), form.value("criteria")) == (WEAK[0], "weakness", "E", "E-F1")  # fmt: skip
    assert len(visit.revisions()) == before  # nothing is written before somebody adds it
    form.submit({"text": "Handledningen uteblir var tredje vecka."}, button=("add", "one"))
    assert [each.value for each in visit.revisions() if each.field.endswith("/text")] == [
        '"Handledningen uteblir var tredje vecka."'
    ]


@pytest.mark.parametrize("key", ["used/x/E-F1/0", "used", "used/{id}/E-F1/9", "used/{id}/E-F9/0", "used/{id}/E-F1/x"])
def test_a_start_that_is_not_there_begins_nothing(visit: Visit, key: str) -> None:
    other = elsewhere(visit, WEAK)
    assert visit.open(visit.a, f"/iakttagelser?omrade=E&fran={key.format(id=other.id)}").value("text") in ("", None)


def test_a_start_that_one_may_not_read_begins_nothing(visit: Visit) -> None:
    other = elsewhere(visit, WEAK)
    with visit.database.writing() as session:
        stranger = a_person(session, "Ny Inspektör", Held(Role.INSPECTOR, speciality=visit.place.speciality))
        actions.staff(session, by=visit.office, inspection=visit.id, inspectors=[stranger.id])
    page = f"/iakttagelser?omrade=E&fran=used/{other.id}/E-F1/0"
    assert WEAK[0] not in visit.open(stranger, page).text
    assert texts(visit.open(stranger, "/formuleringar?kriterium=E-F1")) == []
    with visit.database.writing() as session:
        actions.staff(session, by=visit.office, inspection=visit.id, inspectors=[stranger.id, visit.a.id])
    assert WEAK[0] in visit.open(visit.a, page).text


@pytest.mark.parametrize("criterion", ["", "X-F1", "E-F99"])
def test_of_no_criterion_nothing_is_shown(visit: Visit, criterion: str) -> None:
    elsewhere(visit, WEAK)
    page = visit.open(visit.a, f"/formuleringar?kriterium={criterion}")
    assert (page.status, texts(page)) == (200, [])
