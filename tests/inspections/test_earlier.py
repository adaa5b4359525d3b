"""Since last time: which report that is, what of it stands beside an area, and what is taken over as a start."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.accounts.roles import Held, Role
from app.config import Settings
from app.following import when_signed
from app.ids import new_id
from app.inspections import actions, earlier, queries, signing
from app.places.models import ClinicSpeciality
from app.plans import content as plans
from app.plans.models import MeasureRow, PlanRow, PlanVersion
from app.plans.queries import plan_of
from tests.factories import RUBRIC, a_person, a_place, an_inspection
from tests.forms import Page
from tests.inspections.conftest import SECRET, Visit

AREA = "/omraden/E"
TEXT = "area/E/narrative"
THEN = "Så var det\n\nförra gången."
UNTRIED = "beskrivning i område E som är den förra rapportens, ej omprövad"


@pytest.fixture
def unit(visit: Visit) -> Visit:
    """The first inspection of a unit that nobody has inspected."""
    with visit.database.writing() as session:
        place = a_place(session, new_id()[:8])
        return replace(visit, place=place, id=an_inspection(session, place, visit.office, visit.a, visit.b))


def again(visit: Visit, first_day: str = "") -> Visit:
    """The same unit, inspected once more."""
    with visit.database.writing() as session:
        made = replace(visit, id=an_inspection(session, visit.place, visit.office, visit.a, visit.b))
    if first_day:
        made.put("front/first_day", first_day)
    return made


def signed(visit: Visit, first_day: str = "2021-10-18") -> Visit:
    visit.finish()
    visit.put("front/first_day", first_day)
    visit.put(TEXT, THEN)
    visit.put("area/E/grade", "D")
    weakness = f"finding/{new_id()}"
    for name, value in {"text": "Handledningen uteblir.", "kind": "weakness", "criteria": ["E-F1"]}.items():
        visit.put(f"{weakness}/{name}", value)
    for by in (visit.a, visit.b):
        signing.sign(visit.database, by=by, inspection=visit.id, seen=visit.hash(), then=when_signed(Settings()))
    return visit


def before(visit: Visit) -> str | None:
    with visit.database.reading() as session:
        found = earlier.earlier(session, queries.find(session, visit.id).row)
        return found.version.inspection if found else None


# ── Which one ─────────────────────────────────────────────────────────────────────────────


def test_a_unit_that_is_inspected_for_the_first_time_has_none(unit: Visit) -> None:
    again(unit)  # a draft is none
    assert before(unit) is None
    assert "Sedan förra gången" not in unit.open(unit.a, AREA).said


def test_it_is_the_newest_that_was_signed_of_a_visit_before_this_one(unit: Visit) -> None:
    first = signed(unit, "2016-05-02")
    assert before(first) is None
    second = signed(again(unit), "2021-10-18")
    assert [before(second), before(again(unit)), before(again(unit, "2021-10-18"))] == [first.id, second.id, first.id]
    assert before(again(unit, "2016-05-02")) is None


def test_another_units_is_none(unit: Visit) -> None:
    signed(unit)
    with unit.database.writing() as session:
        there = a_place(session, new_id()[:8])
        session.add_all(
            ClinicSpeciality(clinic=clinic, speciality=speciality)
            for clinic, speciality in ((unit.place.clinic, there.speciality), (there.clinic, unit.place.speciality))
        )
        session.flush()
        other = replace(unit.place, speciality=there.speciality)
        clinic = replace(there, speciality=unit.place.speciality)
        for place in (other, clinic):
            id = an_inspection(session, place, unit.office, unit.a, unit.b)
            assert earlier.earlier(session, queries.find(session, id).row) is None


def test_while_it_is_corrected_it_is_what_was_signed(unit: Visit) -> None:
    signed(unit)
    with unit.database.writing() as session:
        actions.correct(session, by=unit.office, inspection=unit.id, cause="Fel ord.")
    unit.put(TEXT, "Rättat.")
    page = again(unit).open(unit.a, AREA)
    assert ("förra gången." in page.said, "Rättat." in page.said) == (True, False)


# ── Beside the area ───────────────────────────────────────────────────────────────────────


def test_its_grade_weaknesses_and_words_stand_beside_the_area(unit: Visit) -> None:
    signed(unit)
    said = card(again(unit).open(unit.a, AREA))
    for told in ("18 oktober 2021", "D", "Åtgärder krävs", "Handledningen uteblir.", "Så var det", "Läs rapporten"):
        assert told in said
    assert "Handlingsplanen: inte inlämnad" in said
    elsewhere = card(again(unit).open(unit.a, "/omraden/F"))
    assert ("Handledningen uteblir." in elsewhere, "Inga svagheter är skrivna i området." in elsewhere) == (False, True)


def card(page: Page) -> str:
    return " ".join(page.tree.xpath("string(//*[@id='forra'])").split())


def test_what_became_of_its_plan_stands_there_as_others_may_read_it(unit: Visit) -> None:
    signed(unit)
    _plan(unit, [("Boka handledning varje vecka", "done"), ("Utbilda handledare", "")], "follow_up")
    said = card(again(unit).open(unit.a, AREA))
    assert "Handlingsplanen: uppföljning 1 av 2 åtgärder i området är klar." in said
    assert "Boka handledning varje vecka: klar" in said
    assert "Utbilda handledare: planerad" in said
    assert "Inga åtgärder gäller området." in card(again(unit).open(unit.a, "/omraden/F"))


def test_what_the_clinic_is_still_writing_in_its_plan_is_nobody_elses(unit: Visit) -> None:
    signed(unit)
    _plan(unit, [("Boka handledning", "")], "more", written_since="Hemligt utkast")
    said = card(again(unit).open(unit.a, AREA))
    assert ("Boka handledning: planerad" in said, "Hemligt utkast" in said) == (True, False)


def _plan(visit: Visit, measures: list[tuple[str, str]], state: str, written_since: str = "") -> None:
    """The unit's plan, submitted as these measures, and then in a state."""
    with visit.database.writing() as session:
        row = plan_of(session, visit.id)
        assert isinstance(row, PlanRow)
        for i, (what, status) in enumerate(measures):
            session.add(
                MeasureRow(plan=row.id, id=new_id(), what=what, status=status, criteria=["E-F1"], order=f"V{i}")
            )
        session.flush()
        made = plans.content(session, row)
        said = {"content": plans.canonical(made), "sha256": plans.fingerprint(made)}
        session.add(PlanVersion(plan=row.id, number=1, seq=0, submitted=_noon(), by=visit.office.id, **said))
        row.state, row.version = state, 1
        if written_since:
            session.add(MeasureRow(plan=row.id, id=new_id(), what=written_since, criteria=["E-F1"], order="W"))


def _noon() -> datetime:
    return datetime(2022, 1, 10, 12, tzinfo=UTC)


def test_who_did_not_inspect_then_reads_it_there_and_not_elsewhere(unit: Visit) -> None:
    """What the unit's report said is part of the work; the report itself is for those who may read reports."""
    signed(unit)
    now = again(unit)
    with unit.database.writing() as session:
        new = a_person(session, "Ny Inspektör", Held(Role.INSPECTOR, speciality=unit.place.speciality))
        stranger = a_person(session, "Annan Inspektör", Held(Role.INSPECTOR, speciality=unit.place.speciality))
        actions.staff(session, by=unit.office, inspection=now.id, inspectors=[new.id])
    page = now.open(new, AREA)
    assert "Handledningen uteblir." in card(page)
    assert not page.tree.xpath("//*[@id='forra']//a")
    assert unit.open(new, "/versioner/1").status == 404
    assert now.open(stranger, AREA).status == 404
    assert "Läs rapporten" in card(now.open(unit.office, AREA))


def test_nothing_that_no_report_prints_is_there(unit: Visit) -> None:
    signed(unit)
    assert SECRET not in again(unit).open(unit.a, AREA).text


def test_of_an_inspection_by_another_rubric_only_that_there_was_one(unit: Visit) -> None:
    signed(unit)
    with unit.database.reading() as session:
        one = earlier.earlier(session, queries.find(session, again(unit).id).row)
    assert one
    rubric = RUBRIC.rubric
    assert one.comparable(rubric.model_copy(update={"edition": 9}))
    other = rubric.model_copy(update={"id": "at-spur/2020"})
    assert (one.comparable(other), one.narratives(other)) == (False, {})


# ── Taken over ────────────────────────────────────────────────────────────────────────────


def left(visit: Visit) -> list[str]:
    return [" ".join(each.text_content().split()) for each in visit.open(visit.a).tree.xpath("//*[@class='left-text']")]


def test_its_words_are_taken_over_where_nothing_is_written_and_marked_until_touched(unit: Visit) -> None:
    signed(unit)
    now = again(unit)
    page = now.open(now.a, AREA).submit({"criterion/E-F1/answer": "met"}, button=("start", "earlier"))
    assert (now.stands(TEXT), page.value(TEXT), now.stands("criterion/E-F1/answer")) == (THEN, THEN, "met")
    assert [each.by for each in now.revisions(TEXT)] == [now.a.id]
    assert mark(page) == "Ej omprövat"
    assert UNTRIED in left(now)
    page = page.submit({TEXT: f"{THEN} Och nu."})
    assert mark(page) == ""
    assert UNTRIED not in left(now)
    now.put(TEXT, THEN)
    assert mark(now.open(now.b, AREA)) == "Ej omprövat"  # read from the texts: whoever wrote it, and however


def mark(page: Page) -> str:
    return "".join(page.tree.xpath("//*[@data-part='untried'][not(@hidden)]/span[contains(@class, 'status')]/text()"))


def test_over_what_is_written_nothing_is_taken(unit: Visit) -> None:
    signed(unit)
    now = again(unit)
    page = now.open(now.a, AREA)
    page.submit({TEXT: "Skrivet nu."}, button=("start", "earlier"))
    assert now.stands(TEXT) == "Skrivet nu."
    assert now.open(now.a, AREA).tree.xpath("//*[@data-part='begin']/@hidden")


def test_from_a_page_that_was_open_before_it_was_written_both_texts_are_kept(unit: Visit) -> None:
    signed(unit)
    now = again(unit)
    page = now.open(now.a, AREA)
    now.put(TEXT, "Nils ord.", now.b)
    told = page.submit(button=("start", "earlier")).said
    assert (now.stands(TEXT), "Ni har skrivit olika här" in told) == ("Nils ord.", True)


def test_it_can_be_signed_all_the_same_and_the_page_for_that_says_so(unit: Visit) -> None:
    signed(unit)
    now = again(unit)
    now.finish()
    now.put(TEXT, THEN)
    asked = now.open(now.a, "/rapport").tree.xpath("//*[@id='faststall']//*[starts-with(., 'Ej omprövat.')]//a/@href")
    assert asked == [f"{now.url}{AREA}#narr"]
    now.sign()
    assert now.open(now.a, "/versioner/1").status == 200


def test_what_is_left_is_counted_on_every_page(unit: Visit) -> None:
    def count(page: Page) -> int:
        return int(
            page.tree.xpath("string(//*[@class='tabs']//a[contains(@href, '#kvar-att-gora')]/*[@class='count'])")
        )

    unit.put(TEXT, THEN)
    pages = ("", "/framsida", "/omraden/A", "/iakttagelser", "/olika", "/rapport", f"/historik?falt={TEXT}")
    counts = {count(unit.open(unit.a, page)) for page in pages}
    assert counts == {len(unit.open(unit.a).tree.xpath("//*[@id='kvar-att-gora']//li"))}


def test_advice_tells_of_answers_and_is_for_those_who_see_the_work(unit: Visit) -> None:
    unit.put("criterion/E-F1/answer", "unmet")
    with unit.database.writing() as session:
        coordinator = a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=unit.place.speciality))
    told = "kriterium med svaret ”Ej uppfyllt” utan svaghet i område E"
    assert told in unit.open(unit.a).said
    page = unit.open(coordinator)
    assert (told in page.said, "gradering saknas i område E" in page.said) == (False, True)
