"""The pages of the comparison: who sees which units, choices that match nothing, and links that lead to the report."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from app.accounts.roles import Held, Role
from app.db import Database
from app.inspections import actions
from app.places import actions as places
from app.places.models import Clinic
from app.places.schemas import Named
from tests.clients import a_client
from tests.comparison.conftest import Land
from tests.comparison.other import signed_by_another_rubric
from tests.comparison.test_keeping import another, put, sign
from tests.factories import Drafted, a_person, a_place, drafted
from tests.forms import Page, at_a_browser
from tests.forms import Person as Browser
from tests.inspections.test_signing import finished

PAGES = ("/jamfor", "/jamfor/omraden", "/jamfor/kriterier", "/jamfor/kriterier?kriterium=D-F3", "/jamfor/att-folja-upp")
FILES = ("/jamfor/hamta/csv", "/jamfor/hamta/csv?blad=omraden", "/jamfor/hamta/csv?blad=kriterier")
ODD = ("\x00", "☃", "9" * 400, "-1", "' OR 1=1 --", "<b>", "{{ 7 * 7 }}")
NAMES = ("modell", "specialitet", "sjukhus", "ar", "plan", "kriterium", "omrade", "ordning", "sida")


def units_on(page: Page) -> dict[str, dict[str, str]]:
    """The grades that each row of the map shows, by area, of the unit of that name."""
    found = {}
    for row in page.tree.xpath("//table[contains(@class, 'map')]//tr[td]"):
        cells = [" ".join(cell.text_content().split()) for cell in row.xpath("td[a[@data-c]]")]
        found[" ".join(row.findtext("th").split())] = {cell.partition(":")[0]: cell for cell in cells}
    return found


def letters(cell: str) -> list[str]:
    """The grades in a cell, the oldest first."""
    return re.findall(r"[ABCD](?=Inga|Åtgärder)", cell.partition(": ")[2])


def test_a_region_sees_its_own_units_and_the_office_all(land: Land) -> None:
    for viewer, scope in ((land.region, land.regions[:1]), (land.office, land.regions)):
        own = [each for each in land.reports if each.latest and each.region in scope]
        shown: dict[str, dict[str, str]] = {}
        for number in range(1, len(own) // 50 + 2):
            shown |= units_on(land.browser(viewer).open(f"/jamfor?sida={number}"))
        assert len(shown) == len(own)
        for one in own:
            name = next(name for name in shown if name.startswith(one.names["clinic"]))
            assert set(shown[name]) == set(one.grades)
            for area, grades in one.grades.items():
                assert letters(shown[name][area]) == grades, (name, area)


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_nothing_of_another_region_s_units_is_told(land: Land, path: str) -> None:
    told = land.browser(land.region).open(path).text
    own, foreign = names(land, land.regions[:1]), names(land, land.regions[1:])
    assert [name for name in foreign if name in told] == []
    if "omraden" not in path and path != "/jamfor/kriterier" and "blad" not in path:
        assert [name for name in own if name in told]


def names(land: Land, regions: list[str]) -> set[str]:
    return {each.names["clinic"] for each in land.reports if each.region in regions}


def test_every_grade_leads_to_its_place_in_a_report_that_one_may_read(land: Land) -> None:
    browser = land.browser(land.region)
    page = browser.open("/jamfor")
    links = page.tree.xpath("//table[contains(@class, 'map')]//td/a[@data-c]/@href")
    assert len(links) == 8 * len(units_on(page))
    for link in links[:8] + links[-8:]:
        path, _, anchor = link.partition("#")
        report = browser.open(path)
        assert report.status == 200
        assert re.fullmatch(r"p\d+", anchor)
        assert f'id="{anchor}"' in report.text


def test_a_choice_stands_in_the_address_and_goes_along(land: Land) -> None:
    browser = land.browser(land.office)
    some = next(each for each in land.reports if each.latest and each.plan)
    asked = {"specialitet": some.speciality, "plan": some.plan.state if some.plan else ""}
    page = browser.open("/jamfor?" + "&".join(f"{name}={value}" for name, value in asked.items()))
    assert units_on(page)
    for name, value in asked.items():
        [chosen] = page.tree.xpath(f"//select[@name='{name}']/option[@selected]/@value")
        assert chosen == value
    tabs = page.tree.xpath("//nav[@class='tabs']//a/@href")
    files = page.tree.xpath("//form[contains(@class, 'filters')]//a/@href")
    for link in (*tabs, *files):
        kept = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        assert asked.items() <= kept.items(), link


def test_a_choice_that_matches_nothing_is_told_kindly_and_kept(land: Land) -> None:
    page = land.browser(land.office).open("/jamfor?ar=1950&plan=sen")
    assert page.status == 200
    assert "Inga enheter stämmer med det du har valt" in page.said
    assert page.tree.xpath("//select[@name='ar']/option[@selected]/@value") == ["1950"]
    [again] = page.tree.xpath("//a[text()='Visa alla enheter']/@href")
    assert units_on(land.browser(land.office).open(again))


@pytest.mark.parametrize("path", [*PAGES, FILES[0], "/jamfor/hamta/xlsx"])
def test_nothing_in_an_address_is_an_error(land: Land, path: str) -> None:
    browser = land.browser(land.region)
    for i, name in enumerate(NAMES):
        answer = browser.ask("GET", path.partition("?")[0], params={name: ODD[i % len(ODD)]})
        assert answer.status_code == 200, (name, answer.text[:200])
    for odd in ODD:
        answer = browser.ask("GET", path.partition("?")[0], params=dict.fromkeys(NAMES, odd))
        assert answer.status_code == 200, (odd, answer.text[:200])


def test_a_page_beyond_the_last_is_the_last(land: Land) -> None:
    last = land.browser(land.office).open("/jamfor?sida=2")
    assert units_on(land.browser(land.office).open("/jamfor?sida=999999")) == units_on(last)


def test_who_may_compare_nothing_finds_no_page_and_no_way_in(land: Land) -> None:
    with land.database.writing() as session:
        others = [
            a_person(session, "Stina Studie", Held(Role.DIRECTOR_OF_STUDIES, clinic=land.reports[0].clinic)),
            a_person(session, "Sam Ordna", Held(Role.COORDINATOR, speciality=land.reports[0].speciality)),
        ]
    for viewer in others:
        browser = land.browser(viewer)
        assert {browser.open(path).status for path in (*PAGES, *FILES, "/jamfor/hamta/xlsx")} == {404}
        assert "/jamfor" not in browser.open("/konto").text
    assert 'href="/jamfor"' in land.browser(land.region).open("/konto").text


# ── What counts is what is signed ─────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Opened:
    """A unit whose report is signed, and a browser of its region's."""

    draft: Drafted
    browser: Browser

    def open(self, path: str) -> Page:
        return self.browser.open(path)


@pytest.fixture
def signed(database: Database) -> Drafted:
    draft = finished(drafted(database))
    put(draft, "criterion/D-F3/answer", "unmet")
    put(draft, "area/D/grade", "D")
    sign(draft)
    return draft


@pytest.fixture
def opened(signed: Drafted, database_url: str) -> Iterator[Opened]:
    with signed.database.writing() as session:
        region = a_person(session, "Ronja Region", Held(Role.REGION_OFFICE, region=signed.place.region))
    with a_client(database_url) as client:
        yield Opened(signed, at_a_browser(client, signed.database, region))


def test_a_correction_changes_nothing_until_it_is_signed(opened: Opened) -> None:
    draft, before = opened.draft, units_on(opened.open("/jamfor"))
    with draft.database.writing() as session:
        actions.correct(session, by=draft.office, inspection=draft.id, cause="Fel gradering.")
    put(draft, "area/D/grade", "C")
    assert units_on(opened.open("/jamfor")) == before
    assert "1 ej uppfyllt" in opened.open("/jamfor/kriterier?kriterium=D-F3").said
    put(draft, "criterion/D-F3/answer", "met")
    sign(draft)
    [[*_, grades]] = [list(units_on(opened.open("/jamfor")).values())]
    assert letters(grades["D"]) == ["C"]
    assert "Ingen enhet saknar det" in opened.open("/jamfor/kriterier?kriterium=D-F3").said


def test_a_unit_that_was_renamed_has_its_present_name_and_its_report_its_own(opened: Opened) -> None:
    draft = opened.draft
    with draft.database.writing() as session:
        places.rename(session, by=draft.office, kind=Clinic, id=draft.place.clinic, new=Named(name="Nya kliniken"))
    page = opened.open("/jamfor")
    [name] = units_on(page)
    assert name.startswith("Nya kliniken, ")
    link = page.tree.xpath("//td/a[@data-c]/@href")[0].partition("#")[0]
    report = opened.open(link).text
    assert "Nya kliniken" not in report
    put(newer := another(draft, "2027-02-01"), "area/A/grade", "D")
    sign(newer)
    assert list(units_on(opened.open("/jamfor"))) == [name]  # one unit still, with its newest report
    assert date(2027, 2, 1).year == int(opened.open("/jamfor").tree.xpath("//td[contains(@class, 'num')]/text()")[0])


def test_units_by_another_rubric_stand_for_themselves(opened: Opened) -> None:
    draft = opened.draft
    signed_by_another_rubric(draft)
    page = opened.open("/jamfor")
    assert len(units_on(page)) == 1
    assert "1 enhet är granskad enligt AT-SPUR (utkast) och visas för sig" in page.said
    [there] = page.tree.xpath("//a[text()='Visa dem']/@href")
    other = opened.open(there)
    assert len(units_on(other)) == 1
    assert "1 enhet är granskad enligt ST-SPUR" in other.said
    asked = there.partition("?")[2]
    assert "Granskningsmodellen har inga kriterier" in opened.open(f"/jamfor/kriterier?{asked}").said
    assert "Åtgärder krävs oftast i Verksamheten: 1 av 1" in opened.open(f"/jamfor/omraden?{asked}").said


def test_before_anything_is_signed_each_page_says_so(database: Database, database_url: str) -> None:
    with database.writing() as session:
        place = a_place(session)
        region = a_person(session, "Ronja Region", Held(Role.REGION_OFFICE, region=place.region))
    with a_client(database_url) as client:
        browser = at_a_browser(client, database, region)
        for path in ("/jamfor", "/jamfor/omraden", "/jamfor/kriterier"):
            assert "Inget att jämföra än" in browser.open(path).said
        assert "Inga planer är sena" in browser.open("/jamfor/att-folja-upp").said
        assert "Aldrig granskad" in browser.open("/jamfor/att-folja-upp").said
        for path in (*FILES, "/jamfor/hamta/xlsx"):
            assert browser.ask("GET", path).status_code == 200
