"""What a comparison reads: counts from the prepared figures, each by one index, and the units of one page by name.

Units stand in the order of their speciality, and within it by name or by how much work their plan has left; never by
grade. How long a page takes follows what it shows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app import alphabet
from app.comparison.counting import LEAST, Counts, Guarded, guarded, small, tallied
from app.comparison.figures import (
    AreaFigures,
    Cell,
    Chosen,
    Course,
    CriterionFigures,
    PlanLine,
    Share,
    UnitLine,
    Units,
)
from app.comparison.models import Compared, ComparedArea, ComparedCriterion
from app.comparison.scope import BY_WORK, Filters, Scope
from app.inspections.earlier import LAST_IS_WITHHELD
from app.inspections.models import InspectionRow, Withholding
from app.inspections.rubric_copy import rubric_of
from app.places.models import Clinic, Hospital, Region, Speciality
from app.plans.models import PlanRow
from rubrics.model import Area, Rubric

PAGE = 50
in_order = lru_cache(maxsize=20_000)(alphabet.in_order)
FAR = date.max


# ── What there is to choose ───────────────────────────────────────────────────────────────


def chosen(session: Session, scope: Scope, filters: Filters) -> Chosen | None:
    """None where there is nothing to compare yet. A rubric that nobody was inspected by gives way to the commonest."""
    held = _editions(session, scope)
    if not held:
        return None
    families = Counter[str]()
    for (family, _), count in held.items():
        families[family] += count
    family = filters.rubric if filters.rubric in families else max(families, key=lambda each: (families[each], each))
    newest = {each: max(edition for id, edition in held if id == each) for each in families}
    rubrics = {key: rubric_of(session, _copy(session, *key)) for key in {*newest.items(), *_of(held, family)}}
    here = (col(Compared.family) == family, col(Compared.latest).is_(True), scope.own(Compared))
    return Chosen(
        rubric=rubrics[family, newest[family]],
        editions={edition: rubrics[family, edition] for _, edition in _of(held, family)},
        families=[(each, rubrics[each, newest[each]].title, count) for each, count in families.most_common()],
        specialities=_named(session, Speciality, here, col(Compared.speciality)),
        hospitals=_named(session, Hospital, here, col(Compared.hospital)),
        years=sorted(session.exec(select(Compared.year).where(*here).distinct()), reverse=True),
        regions=_region_names(session, scope),
    )


def left_out(session: Session, scope: Scope) -> int:
    """How many of one's own inspections are not counted, since what was signed last is withheld."""
    held = select(Withholding.inspection).where(Withholding.outcome == "withheld")
    query = select(func.count()).select_from(InspectionRow).where(col(InspectionRow.id).in_(held), LAST_IS_WITHHELD)
    return session.exec(query.where(scope.own(InspectionRow))).one()


def _editions(session: Session, scope: Scope) -> dict[tuple[str, int], int]:
    query = rows_of(col(Compared.family), col(Compared.edition), func.count())
    at = query.where(col(Compared.latest).is_(True), scope.own(Compared))
    rows = session.execute(at.group_by(col(Compared.family), col(Compared.edition))).all()
    return {(family, edition): count for family, edition, count in rows}


def _of(held: Iterable[tuple[str, int]], family: str) -> list[tuple[str, int]]:
    return [key for key in held if key[0] == family]


def _copy(session: Session, family: str, edition: int) -> str:
    at = (col(Compared.family) == family, col(Compared.latest).is_(True), Compared.edition == edition)
    return session.exec(select(Compared.rubric_sha256).where(*at).limit(1)).one()


def _named(session: Session, table: Any, here: Iterable[Any], column: Any) -> list[tuple[str, str]]:
    used = select(column).where(*here).distinct()
    rows = session.execute(rows_of(table.id, table.name).where(table.id.in_(used))).all()
    return sorted(((id, name) for id, name in rows), key=lambda row: (in_order(row[1]), row[0]))


def _region_names(session: Session, scope: Scope) -> list[str]:
    if scope.regions is None:
        return []
    names = session.exec(select(Region.name).where(col(Region.id).in_(scope.regions)))
    return sorted(names, key=in_order)


def _specialities(session: Session) -> dict[str, str]:
    return dict(session.execute(rows_of(col(Speciality.id), col(Speciality.name))).all())


def _sorted(ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return sorted(ids, key=lambda each: (in_order(names[each]), each))


# ── Units ─────────────────────────────────────────────────────────────────────────────────

_UNIT = [
    *(col(getattr(Compared, name)) for name in ("inspection", "version", "edition", "year", "first_day")),
    *(col(each.name).label(label) for each, label in ((Clinic, "clinic"), (Hospital, "hospital"), (Region, "region"))),
    col(Hospital.kind),
    col(Compared.speciality),
    col(PlanRow.id).label("plan"),
    col(PlanRow.state),
    col(PlanRow.due),
    col(PlanRow.version).label("submissions"),
]


def units(
    session: Session,
    scope: Scope,
    filters: Filters,
    family: str,
    today: date,
    *,
    page: int | None,
    lacking: Sequence[str] = (),
) -> Units:
    """A page of units, or all of them. `lacking` = those with one of these answers to the chosen criterion."""
    here = _here(scope, filters, family, today, lacking)
    by_speciality = col(Compared.speciality)
    counts: dict[str, int] = dict(
        session.execute(rows_of(by_speciality, func.count()).where(*here).group_by(by_speciality)).all()
    )
    names = _specialities(session)
    wanted, skipped = _overlapping(_sorted(counts, names), counts, page)
    query = rows_of(*_UNIT).join(Clinic, col(Clinic.id) == col(Compared.clinic))
    query = query.join(Hospital, col(Hospital.id) == col(Clinic.hospital))
    query = query.join(Region, col(Region.id) == col(Compared.region))
    query = query.outerjoin(PlanRow, col(PlanRow.inspection) == col(Compared.inspection))
    rows = session.execute(query.where(*here, by_speciality.in_(wanted))).all()
    place = {id: i for i, id in enumerate(wanted)}
    ordered = sorted(rows, key=lambda row: (place[row.speciality], *_rank(row, filters, today)))
    shown = ordered[skipped : skipped + PAGE] if page else ordered
    cells = _cells(session, shown, here, every=page is None)
    answers = _answered(session, shown, filters) if lacking else {}
    return Units([_line(row, names, cells, answers) for row in shown], sum(counts.values()))


def _here(scope: Scope, filters: Filters, family: str, today: date, lacking: Sequence[str]) -> list[Any]:
    at = [Compared.family == family, col(Compared.latest).is_(True), scope.own(Compared)]
    at += filters.matching(Compared, today)
    if lacking:
        table = ComparedCriterion
        same = (col(table.family) == family, col(table.latest).is_(True), col(table.criterion) == filters.criterion)
        at.append(col(Compared.inspection).in_(select(table.inspection).where(*same, col(table.answer).in_(lacking))))
    return at


def _overlapping(order: Sequence[str], counts: Mapping[str, int], page: int | None) -> tuple[list[str], int]:
    """The specialities that a page shows something of, and how many units of the first come before it."""
    if page is None:
        return list(order), 0
    begins, found, before, skipped = (page - 1) * PAGE, list[str](), 0, 0
    for id in order:
        if before + counts[id] > begins and before < begins + PAGE:
            if not found:
                skipped = begins - before if begins > before else 0
            found.append(id)
        before += counts[id]
    return found, skipped


def _rank(row: Any, filters: Filters, today: date) -> tuple[Any, ...]:
    name = (in_order(row.clinic), in_order(row.hospital), row.inspection)
    if filters.order != BY_WORK:
        return name
    plan = _plan(row)
    return (plan.work_left(today) if plan else (9, FAR), *name)


def _plan(row: Any) -> PlanLine | None:
    return PlanLine(row.plan, row.state, row.due, row.submissions) if row.plan else None


def _cells(session: Session, shown: Sequence[Any], here: Iterable[Any], *, every: bool) -> dict[str, dict[str, Cell]]:
    """The areas of these units. Of very many it is quicker to say which they are than to name each."""
    table = ComparedArea
    names = ("inspection", "area", "standing", "history", "anchor")
    query = rows_of(*(col(getattr(table, name)) for name in names))
    of = select(Compared.inspection).where(*here) if every else [row.inspection for row in shown]
    found: dict[str, dict[str, Cell]] = {}
    for inspection, area, standing, history, anchor in session.execute(query.where(col(table.inspection).in_(of))):
        before = tuple(history.split(">")[:-1])
        found.setdefault(inspection, {})[area] = Cell(area, standing, before, anchor)
    return found


def _answered(session: Session, shown: Sequence[Any], filters: Filters) -> dict[str, str]:
    table = ComparedCriterion
    query = rows_of(col(table.inspection), col(table.answer)).where(col(table.criterion) == filters.criterion)
    return dict(session.execute(query.where(col(table.inspection).in_([row.inspection for row in shown]))).all())


def _line(
    row: Any, names: Mapping[str, str], cells: Mapping[str, dict[str, Cell]], answers: Mapping[str, str]
) -> UnitLine:
    return UnitLine(
        inspection=row.inspection,
        version=row.version,
        clinic=row.clinic,
        hospital=row.hospital,
        in_hospital=row.kind == "hospital",
        region=row.region,
        speciality=names[row.speciality],
        edition=row.edition,
        year=row.year,
        first_day=row.first_day,
        cells=cells.get(row.inspection, {}),
        plan=_plan(row),
        answer=answers.get(row.inspection, ""),
    )


# ── Grades ────────────────────────────────────────────────────────────────────────────────


def areas(
    session: Session, scope: Scope, filters: Filters, rubric: Rubric, today: date, threshold: int
) -> list[AreaFigures]:
    """Every area of the rubric, with its grades as they stand."""
    table = ComparedArea
    at = (col(table.family) == rubric.id, col(table.latest).is_(True))
    query = rows_of(col(table.area), col(table.standing), func.count()).group_by(col(table.area), col(table.standing))
    own: dict[str, dict[str, int]] = tallied(
        session.execute(query.where(*at, scope.own(table), *filters.matching(table, today))).all()
    )
    rest: dict[str, Counts | None] = {}
    if with_rest(scope, filters):
        others: dict[str, dict[str, int]] = tallied(session.execute(query.where(*at, scope.others(table))).all())
        rest = {area: None if small(counts, max(threshold, LEAST)) else counts for area, counts in others.items()}
    return [AreaFigures(area, own.get(area.id, {}), rest.get(area.id)) for area in rubric.areas]


def with_rest(scope: Scope, filters: Filters) -> bool:
    """The rest of the country is shown as a whole, by year and by speciality: never a part of it that one chooses,
    since parts can be laid over each other until one unit is left."""
    return scope.regions is not None and not filters.narrowed


def course(
    session: Session, scope: Scope, filters: Filters, family: str, area: Area, today: date, threshold: int
) -> Course:
    """One area, year by year and by speciality."""
    names = _specialities(session)
    matching = [*filters.matching(ComparedArea, today)]
    own, rest = scope.own(ComparedArea), scope.others(ComparedArea)
    specialities = _by_speciality(session, family, area, [own, *matching])
    years = _by_year(session, family, area, [own, *matching])
    rest_years: Guarded[int] | None = None
    rest_specialities: Guarded[str] | None = None
    if with_rest(scope, filters):
        rest_years = guarded(_by_last_year(session, family, area, [rest]), threshold)
        rest_specialities = _by_name(guarded(_by_speciality(session, family, area, [rest]), threshold), names)
    by_name = {names[id]: specialities[id] for id in _sorted(specialities, names)}
    return Course(area, dict(sorted(years.items())), by_name, rest_years, rest_specialities)


def _by_year(session: Session, family: str, area: Area, at: Iterable[Any]) -> dict[int, dict[str, int]]:
    """Every inspection, with the grade that was decided then."""
    table = ComparedArea
    query = rows_of(col(table.year), col(table.decided), func.count())
    query = query.where(col(table.family) == family, col(table.area) == area.id, *at)
    return tallied(session.execute(query.group_by(col(table.year), col(table.decided))).all())


def _by_last_year(session: Session, family: str, area: Area, at: Iterable[Any]) -> dict[int, dict[str, int]]:
    """Every unit, by the year it was last inspected, with the grade that stands: the very units and grades of the other
    tables that tell of the rest of the country, so that no two of them give a change away by subtraction."""
    table = ComparedArea
    query = rows_of(col(table.year), col(table.standing), func.count())
    query = query.where(col(table.family) == family, col(table.latest).is_(True), col(table.area) == area.id, *at)
    return tallied(session.execute(query.group_by(col(table.year), col(table.standing))).all())


def _by_speciality(session: Session, family: str, area: Area, at: Iterable[Any]) -> dict[str, dict[str, int]]:
    """Every unit, with the grade that stands."""
    table = ComparedArea
    query = rows_of(col(table.speciality), col(table.standing), func.count())
    query = query.where(col(table.family) == family, col(table.latest).is_(True), col(table.area) == area.id, *at)
    return tallied(session.execute(query.group_by(col(table.speciality), col(table.standing))).all())


def _by_name(table: Guarded[str], names: Mapping[str, str]) -> Guarded[str]:
    return Guarded(table.whole, {names[id]: table.rows[id] for id in _sorted(table.rows, names)}, table.others)


# ── Criteria ──────────────────────────────────────────────────────────────────────────────


def criteria(
    session: Session, scope: Scope, filters: Filters, choice: Chosen, today: date, threshold: int
) -> list[CriterionFigures]:
    """Every criterion that any edition in use has, those that most units lack first."""
    own = _answers(session, choice, [scope.own(ComparedCriterion), *filters.matching(ComparedCriterion, today)])
    asked = _asked(session, choice, [scope.own(Compared), *filters.matching(Compared, today)])
    rest: dict[str, dict[str, int]] = {}
    rest_asked, few = Counter[str](), max(threshold, LEAST)
    if with_rest(scope, filters):
        rest = _answers(session, choice, [scope.others(ComparedCriterion), _in_editions(choice)])
        rest_asked = _asked(session, choice, [scope.others(Compared)])
    found = [
        _criterion(id, area, edition, own.get(id, {}), asked.get(id, 0), rest.get(id, {}), rest_asked.get(id, 0), few)
        for id, (area, edition) in _places(choice).items()
    ]
    return sorted(found, key=lambda each: -each.lacking)


def _places(choice: Chosen) -> dict[str, tuple[Area, Rubric]]:
    """Each criterion as the newest edition that has it says it, in that order."""
    found: dict[str, tuple[Area, Rubric]] = {}
    for _, rubric in sorted(choice.editions.items(), reverse=True):
        for area in rubric.areas:
            for each in area.criteria:
                found.setdefault(each.id, (area, rubric))
    return found


def _answers(session: Session, choice: Chosen, at: Iterable[Any]) -> dict[str, dict[str, int]]:
    table = ComparedCriterion
    query = rows_of(col(table.criterion), col(table.answer), func.count())
    query = query.where(col(table.family) == choice.rubric.id, col(table.latest).is_(True), *at)
    return tallied(session.execute(query.group_by(col(table.criterion), col(table.answer))).all())


def _in_editions(choice: Chosen) -> Any:
    """Of the editions that are compared: others' units may have been inspected by one that is not."""
    of_these = (col(Compared.family) == choice.rubric.id, col(Compared.edition).in_(list(choice.editions)))
    return col(ComparedCriterion.inspection).in_(rows_of(col(Compared.inspection)).where(*of_these))


def _asked(session: Session, choice: Chosen, at: Iterable[Any]) -> Counter[str]:
    """How many units each criterion was asked of: an edition that lacks it says nothing about it."""
    edition = col(Compared.edition)
    here = (col(Compared.family) == choice.rubric.id, col(Compared.latest).is_(True), *at)
    counts = session.execute(rows_of(edition, func.count()).where(*here).group_by(edition)).all()
    found = Counter[str]()
    for number, count in counts:
        if number in choice.editions:
            found.update(dict.fromkeys(choice.editions[number].area_of, count))
    return found


def _criterion(
    id: str, area: Area, rubric: Rubric, counts: Counts, asked: int, rest: Counts, rest_asked: int, few: int
) -> CriterionFigures:
    criterion = next(each for each in area.criteria if each.id == id)
    lacking, rest_lacking = (sum(each.get(answer, 0) for answer in rubric.counted[1:]) for each in (counts, rest))
    halves = {"lacking": rest_lacking, "other": rest_asked - rest_lacking}
    hidden = not rest_asked or small(halves, few)
    told = None if hidden else Share(rest_lacking, rest_asked)
    return CriterionFigures(criterion, area, area.kinds[id], asked, counts, lacking, told)
