"""Every figure of the comparison is what the signed versions say, whoever looks and whatever they chose."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from sqlmodel import Session, select

from app.alphabet import in_order
from app.comparison import follow, queries
from app.comparison.counting import LEAST, guarded
from app.comparison.figures import Chosen, Share
from app.comparison.scope import Filters, Scope
from app.places.models import Clinic, ClinicSpeciality, Hospital
from app.plans.opening import in_months
from tests.comparison.conftest import TODAY, Land
from tests.comparison.recomputed import Report, by_answer, by_grade, is_late

FAMILY = "st-spur/2015-8"


def choices(land: Land) -> Iterator[Filters]:
    """Everything, each thing by itself, and a few together."""
    some = next(each for each in land.reports if each.latest and each.region == land.regions[0] and each.plan)
    yield Filters()
    yield Filters(speciality=some.speciality)
    yield Filters(hospital=some.hospital)
    yield Filters(year=str(some.year))
    yield from (Filters(plan=plan) for plan in ("sen", "ingen", "draft", "submitted", "accepted", "closed"))
    yield Filters(speciality=some.speciality, year=str(some.year), plan=some.plan.state if some.plan else "")
    yield Filters(speciality="ingenstans", year="-1", plan="?", hospital="\x00")


def expected(land: Land, scope: Scope, asked: Filters, *, every: bool = False) -> list[Report]:
    """`every` = each inspection, not only the newest of each unit."""
    found = [each for each in land.reports if every or each.latest]
    found = [each for each in found if scope.regions is None or each.region in scope.regions]
    for column, wanted in (("speciality", asked.speciality), ("hospital", asked.hospital)):
        found = [each for each in found if not wanted or getattr(each, column) == wanted]
    found = [each for each in found if not asked.year or str(each.year) == asked.year]
    if asked.plan == "sen":
        return [each for each in found if is_late(each, TODAY)]
    if asked.plan == "ingen":
        return [each for each in found if each.plan is None]
    return [each for each in found if not asked.plan or (each.plan and each.plan.state == asked.plan)]


def scopes(land: Land) -> list[Scope]:
    return [Scope(None), land.own, Scope(frozenset(land.regions[:2])), Scope(frozenset())]


def chosen(session: Session, scope: Scope) -> Chosen | None:
    return queries.chosen(session, scope, Filters())


def test_the_country_has_what_there_is_to_try(land: Land) -> None:
    assert {each.edition for each in land.reports} == {1, 2}
    assert len({each.plan.state for each in land.reports if each.plan}) == 6
    assert any(len(grades) > 1 for each in land.reports for grades in each.grades.values())
    assert len({each.region for each in land.reports}) == 3


def test_each_unit_stands_once_with_its_newest_report_and_every_grade(land: Land) -> None:
    with land.database.reading() as session:
        for scope, asked in product(scopes(land), choices(land)):
            want = expected(land, scope, asked)
            got = queries.units(session, scope, asked, FAMILY, TODAY, page=None)
            assert got.count == len(got.lines) == len(want)
            by_id = {each.id: each for each in want}
            for line in got.lines:
                one = by_id.pop(line.inspection)
                shown = {area: [*cell.before, cell.standing] for area, cell in line.cells.items()}
                assert shown == one.grades
                assert (line.version, line.year, line.first_day) == (one.number, one.year, one.first)
                names = {"clinic": line.clinic, "hospital": line.hospital, "speciality": line.speciality}
                assert names == one.names
                assert (line.plan and line.plan.state) == (one.plan and one.plan.state)
            assert not by_id


def test_units_stand_by_speciality_and_name_or_work_left_and_page_by_page_all_come(land: Land) -> None:
    with land.database.reading() as session:
        for scope, order in product(scopes(land), ("", "kvar")):
            asked = Filters(order=order)
            whole = queries.units(session, scope, asked, FAMILY, TODAY, page=None).lines
            pages = range(1, len(whole) // queries.PAGE + 2)
            paged = [queries.units(session, scope, asked, FAMILY, TODAY, page=page).lines for page in pages]
            assert [line for lines in paged for line in lines] == list(whole)
            assert [in_order(line.speciality) for line in whole] == sorted(in_order(line.speciality) for line in whole)
            if not order:
                keys = [(in_order(line.speciality), in_order(line.clinic)) for line in whole]
                assert keys == sorted(keys)
            else:
                late = [line.plan.days_late(TODAY) if line.plan else 0 for line in whole]
                groups: dict[str, list[int]] = {}
                for line, days in zip(whole, late, strict=True):
                    groups.setdefault(line.speciality, []).append(days)
                assert all(days == sorted(days, reverse=True) for days in groups.values())


def test_grades_are_counted_by_area_year_and_speciality(land: Land) -> None:
    with land.database.reading() as session:
        for scope, asked in product(scopes(land), choices(land)):
            choice = chosen(session, scope)
            if not choice:
                assert scope.regions == frozenset()
                continue
            want, every = expected(land, scope, asked), expected(land, scope, asked, every=True)
            for each in queries.areas(session, scope, asked, choice.rubric, TODAY, 3):
                assert each.own == by_grade(want, each.area.id, -1)
            for area in choice.rubric.areas[3:5]:
                course = queries.course(session, scope, asked, FAMILY, area, TODAY, 3)
                assert course.years == {
                    year: by_grade([one for one in every if one.year == year], area.id, 0)
                    for year in sorted({one.year for one in every})
                }
                assert course.specialities == {
                    name: by_grade([one for one in want if one.names["speciality"] == name], area.id, -1)
                    for name in {one.names["speciality"] for one in want}
                }


def test_the_rest_of_the_country_is_counted_whole_and_shown_guarded(land: Land) -> None:
    scope = land.own
    rest = [each for each in land.reports if each.region != land.regions[0]]
    latest = [each for each in rest if each.latest]
    with land.database.reading() as session:
        choice = chosen(session, scope)
        assert choice
        areas = queries.areas(session, scope, Filters(), choice.rubric, TODAY, 3)
        for each in areas:
            counts = by_grade(latest, each.area.id, -1)
            assert each.rest == (None if any(count < LEAST for count in counts.values()) else counts)
            course = queries.course(session, scope, Filters(), FAMILY, each.area, TODAY, 3)
            years = {
                year: by_grade([one for one in latest if one.year == year], each.area.id, -1)
                for year in {one.year for one in latest}
            }
            names = {
                name: by_grade([one for one in latest if one.names["speciality"] == name], each.area.id, -1)
                for name in {one.names["speciality"] for one in latest}
            }
            assert course.rest_years == guarded(years, 3)
            assert course.rest_specialities == guarded(names, 3)
            if course.rest_specialities.rows:  # what stands by itself is what there is
                assert course.rest_specialities.rows.items() <= names.items()
        assert any(each.rest for each in areas)


def test_of_a_part_of_one_s_own_nothing_is_told_of_the_rest(land: Land) -> None:
    with land.database.reading() as session:
        choice = chosen(session, land.own)
        assert choice
        for asked in list(choices(land))[1:]:
            assert {each.rest for each in queries.areas(session, land.own, asked, choice.rubric, TODAY, 3)} == {None}
            course = queries.course(session, land.own, asked, FAMILY, choice.rubric.areas[0], TODAY, 3)
            assert (course.rest_years, course.rest_specialities) == (None, None)
            assert {each.rest for each in queries.criteria(session, land.own, asked, choice, TODAY, 3)} == {None}


def test_criteria_are_counted_and_editions_aligned_by_their_ids(land: Land) -> None:
    with land.database.reading() as session:
        for scope, asked in product(scopes(land)[:3], choices(land)):
            choice = chosen(session, scope)
            assert choice
            want = expected(land, scope, asked)
            got = queries.criteria(session, scope, asked, choice, TODAY, 3)
            assert "E-KI3" in {each.criterion.id for each in got}
            for each in got:
                counts = by_answer(want, each.criterion.id)
                assert each.asked == sum(counts.values())
                assert each.counts == {key: count for key, count in counts.items() if key != "met"}
                assert each.lacking == counts.get("partly", 0) + counts.get("unmet", 0)
            assert [each.lacking for each in got] == sorted((each.lacking for each in got), reverse=True)


def test_the_rest_s_answers_to_a_criterion_stand_where_none_is_small(land: Land) -> None:
    latest = [each for each in land.reports if each.region != land.regions[0] and each.latest]
    with land.database.reading() as session:
        choice = chosen(session, land.own)
        assert choice
        got = queries.criteria(session, land.own, Filters(), choice, TODAY, 3)
        for each in got:
            counts = by_answer(latest, each.criterion.id)
            asked, lacking = sum(counts.values()), counts.get("partly", 0) + counts.get("unmet", 0)
            small = any(0 < count < LEAST for count in (lacking, asked - lacking))
            assert each.rest == (None if small or not asked else Share(lacking, asked))
        assert {each.rest is None for each in got} == {True, False}


def test_which_units_lack_a_criterion(land: Land) -> None:
    with land.database.reading() as session:
        for scope, criterion in product(scopes(land), ("D-F3", "G-KI2", "E-KI3", "finns-inte")):
            asked = Filters(criterion=criterion)
            want = {
                each.id: answer
                for each in expected(land, scope, Filters())
                if (answer := each.answers.get(criterion)) in ("partly", "unmet")
            }
            got = queries.units(session, scope, asked, FAMILY, TODAY, page=None, lacking=("partly", "unmet"))
            assert {line.inspection: line.answer for line in got.lines} == want


# ── To follow up ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("years", [1, 3, 5])
def test_what_there_is_to_follow_up(land: Land, years: int) -> None:
    before = in_months(TODAY, -12 * years)
    with land.database.reading() as session:
        for scope in scopes(land):
            own = [each for each in land.reports if scope.regions is None or each.region in scope.regions]
            late = sorted((each.plan.due, each.id) for each in own if each.plan and is_late(each, TODAY))
            got = follow.late_plans(session, scope, TODAY)
            assert [line.plan.due for line in got.lines] == [due for due, _ in late][: follow.PAGE]
            assert got.count == follow.late_count(session, scope, TODAY) == len(late)
            soon = [
                each.plan.due
                for each in own
                if each.plan and each.plan.state in ("draft", "more") and 0 <= (each.plan.due - TODAY).days <= 30
            ]
            assert follow.plans_due_soon(session, scope, TODAY).count == len(soon)
            units = follow.unvisited(session, scope, before)
            assert units.count == len(_unvisited(session, own, scope, before))
            days = [line.last or date.min for line in units.lines]
            assert days == sorted(days)


def _unvisited(session: Session, own: list[Report], scope: Scope, before: date) -> set[tuple[str, str]]:
    last: dict[tuple[str, str], date] = {}
    for each in own:
        unit = (each.clinic, each.speciality)
        last[unit] = max(last.get(unit, date.min), each.first or date.min)
    query = select(ClinicSpeciality.clinic, ClinicSpeciality.speciality, Hospital.region)
    trains = session.exec(query.select_from(ClinicSpeciality).join(Clinic).join(Hospital)).all()
    here = {unit[:2] for unit in trains if scope.regions is None or unit[2] in scope.regions}
    return {unit for unit in here if last.get(unit, date.min) < before}
