"""The region's and the office's view: units and areas, grades, criteria, and what there is to follow up.

Every choice stands in the address, so that a page can be sent to a colleague, who sees of it what they may.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app import audit
from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.comparison import charts, follow, queries, sheets
from app.comparison.counting import LEAST
from app.comparison.figures import Chosen, Figures
from app.comparison.scope import BY_NAME, BY_WORK, NAMES, PLANS, Filters, Scope, scope_of
from app.config import Settings
from app.inspections.pages.badges import Badge, badge
from app.lists import sheets as as_files
from app.plans.opening import in_months
from app.web.render import page
from app.web.swedish import local
from rubrics.model import Area

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Comparing = Annotated[Viewer, may(Permission.COMPARE)]
HERE, AREAS, CRITERIA, FOLLOW = "/jamfor", "/jamfor/omraden", "/jamfor/kriterier", "/jamfor/att-folja-upp"
SHEETS = {HERE: "enheter", AREAS: "omraden", CRITERIA: "kriterier"}
BRIEF = {"recommended": "rekomm.", "required": "krävs"}


async def _filters(request: Request) -> Filters:
    """Everything by its name; what else stands in the address is nobody's."""
    return Filters(**{key: request.query_params.get(name, "").strip() for key, name in NAMES.items()})


Asked = Annotated[Filters, Depends(_filters)]


@dataclass(frozen=True)
class _Here:
    """What a page of the comparison begins with."""

    session: Session
    scope: Scope
    asked: Filters
    today: date
    settings: Settings
    choice: Chosen | None

    def facts(self, current: str) -> dict[str, Any]:
        late = follow.late_count(self.session, self.scope, self.today)
        ways = ((FOLLOW, "Att följa upp", late), (HERE, "Jämför", None), (AREAS, "Områden", None))
        kept = replace(self.asked, criterion="", area="", order="", page="")
        tabs = [
            (text, kept.address(path), path == current, count)
            for path, text, count in (*ways, (CRITERIA, "Kriterier", None))
        ]
        return {
            "tabs": tabs,
            "asked": self.asked,
            "choice": self.choice,
            "today": self.today,
            "path": current,
            "names": NAMES,
            **self._choices(current),
            "plans": _with(list(PLANS.items()), self.asked.plan),
            "orders": [(BY_NAME, "Namn"), (BY_WORK, "Mest kvar i planen")],
            "rest": self.choice is not None and self.scope.regions is not None,
            "left_out": queries.left_out(self.session, self.scope),
            "threshold": max(self.settings.smallest_count, LEAST),
        }

    def _choices(self, current: str) -> dict[str, Any]:
        """For the form, and the files that hold the same."""
        kept, sheet = replace(self.asked, page=""), SHEETS.get(current, "")
        csv = kept.address(f"{HERE}/hamta/csv")
        names = self.choice.regions if self.choice else ()
        asked = self.asked
        return {
            "specialities": _with(self.choice.specialities, asked.speciality) if self.choice else [],
            "hospitals": _with(self.choice.hospitals, asked.hospital) if self.choice else [],
            "families": [(id, title) for id, title, _ in self.choice.families] if self.choice else [],
            "years": _with([(str(year), str(year) if year else "Utan år") for year in self.choice.years], asked.year)
            if self.choice
            else [],
            "order": current == HERE,
            "taken": {
                "xlsx": kept.address(f"{HERE}/hamta/xlsx"),
                "csv": f"{csv}{'&' if '?' in csv else '?'}blad={sheet}",
            },
            "where": ", ".join(names) or ("Hela landet" if self.scope.regions is None else "Egen region"),
            "invented": any("påhittad" in name for name in names),
        }


def _with(options: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """The choices, and the one that was made where it is none of them: it stands, and matches nothing."""
    known = not chosen or any(value == chosen for value, _ in options)
    return [*options] if known else [*options, (chosen, "Finns inte här")]


def _here(request: Request, session: Session, viewer: Viewer, asked: Filters) -> _Here:
    scope, settings = scope_of(viewer), request.app.state.settings
    today = local(audit.now()).date()
    choice = queries.chosen(session, scope, asked)
    if choice:
        asked = replace(asked, rubric=choice.rubric.id if asked.rubric else "")
    return _Here(session, scope, asked, today, settings, choice)


# ── Pages ─────────────────────────────────────────────────────────────────────────────────


@router.get(HERE)
def compare(request: Request, viewer: Comparing, database: Db, asked: Asked) -> Response:
    """Units and areas: each unit's newest report, with the grades that stand."""
    with database.reading() as session:
        here = _here(request, session, viewer, asked)
        facts = here.facts(HERE) | _units(here)
        return page(request, "comparison/map.html", **facts)


@router.get(AREAS)
def by_area(request: Request, viewer: Comparing, database: Db, asked: Asked) -> Response:
    """How many units have each grade, area by area, and one area year by year and by speciality."""
    with database.reading() as session:
        here = _here(request, session, viewer, asked)
        return page(request, "comparison/areas.html", **here.facts(AREAS), **_areas(here))


@router.get(CRITERIA)
def by_criterion(request: Request, viewer: Comparing, database: Db, asked: Asked) -> Response:
    """Which criteria most units lack, and which units lack one of them."""
    with database.reading() as session:
        here = _here(request, session, viewer, asked)
        return page(request, "comparison/criteria.html", **here.facts(CRITERIA), **_criteria(here))


@router.get(FOLLOW)
def to_follow_up(request: Request, viewer: Comparing, database: Db, asked: Asked) -> Response:
    with database.reading() as session:
        here = _here(request, session, viewer, asked)
        before = in_months(here.today, -12 * here.settings.revisit_years)
        facts: dict[str, Any] = {
            "late": follow.late_plans(session, here.scope, here.today),
            "soon": follow.plans_due_soon(session, here.scope, here.today),
            "unvisited": follow.unvisited(session, here.scope, before),
            "long": here.settings.revisit_years,
            "days": follow.SOON,
        }
        return page(request, "comparison/follow.html", **here.facts(FOLLOW), **facts)


def _units(here: _Here, lacking: Sequence[str] = ()) -> dict[str, Any]:
    if not here.choice:
        return {"units": None}
    number = max(here.asked.number, 1)
    rubric = here.choice.rubric
    found = queries.units(here.session, here.scope, here.asked, rubric.id, here.today, page=number, lacking=lacking)
    last = max(1, -(-found.count // queries.PAGE))
    if number > last:
        number = last
        found = queries.units(here.session, here.scope, here.asked, rubric.id, here.today, page=number, lacking=lacking)
    return {
        "units": found,
        "number": number,
        "last": last,
        "begins": (number - 1) * queries.PAGE,
        "badges": _badges(here.choice),
        "briefs": {step.grade: "" if step.label else BRIEF.get(step.follow_up, "") for step in rubric.scale},
        "heads": [_head(area) for area in rubric.areas],
    }


@dataclass(frozen=True)
class _Head:
    """An area at the top of a column: its letter, its whole name, and as much of it as there is room for."""

    area: Area
    letter: str
    word: str
    short: str


def _head(area: Area) -> _Head:
    word = area.title.split()[0]
    return _Head(area, area.code, word, word if len(word) < 8 else f"{word[:5]}.")


def _badges(choice: Chosen) -> dict[int, dict[str, Badge]]:
    return {
        edition: {grade: badge(rubric, grade) for grade in ("", *(step.grade for step in rubric.scale))}
        for edition, rubric in choice.editions.items()
    }


def _areas(here: _Here) -> dict[str, Any]:
    choice = here.choice
    if not choice:
        return {"areas": []}
    rubric, few = choice.rubric, here.settings.smallest_count
    found = queries.areas(here.session, here.scope, here.asked, rubric, here.today, few)
    area = rubric.area(here.asked.area) or rubric.areas[0]
    course = queries.course(here.session, here.scope, here.asked, rubric.id, area, here.today, few)
    most = max((count for each in found for count in each.own.values()), default=0)
    named = {str(year) if year else "Utan år": counts for year, counts in course.years.items()}
    return {
        "areas": found,
        "grades": charts.grades_of(rubric),
        "charts": [charts.single(rubric, each.area, each.own, most) for each in found],
        "said": _finding(here, found),
        "course": course,
        "stacks": charts.stacked(rubric, named),
        "count": max((each.total for each in found), default=0),
        "with_rest": queries.with_rest(here.scope, here.asked),
    }


def _finding(here: _Here, found: list[Any]) -> str:
    """What the charts show, in a sentence about areas and never about a clinic."""
    assert here.choice  # noqa: S101 - there are figures of it
    worst = [step.grade for step in here.choice.rubric.scale if step.follow_up == "required"]
    counts = [(sum(each.own.get(grade, 0) for grade in worst), each) for each in found]
    most, each = max(counts, key=lambda pair: pair[0], default=(0, None))
    if not each or not most:
        return "Så är områdena graderade"
    return f"Åtgärder krävs oftast i {each.area.name}: {most} av {each.total} enheter"


def _criteria(here: _Here) -> dict[str, Any]:
    choice = here.choice
    if not choice:
        return {"criteria": [], "opened": None, "units": None}
    found = queries.criteria(here.session, here.scope, here.asked, choice, here.today, here.settings.smallest_count)
    opened = next((each for each in found if each.criterion.id == here.asked.criterion), None)
    facts: dict[str, Any] = {
        "criteria": found,
        "asked_of": max((each.asked for each in found), default=0),
        "opened": opened,
        "answers": {key: answer.label or key for key, answer in choice.rubric.answers.items()},
        "counted": choice.rubric.counted[1:],
        "ignored": [key for key, answer in choice.rubric.answers.items() if answer.ignored],
        "best": choice.rubric.counted[0],
        "with_rest": queries.with_rest(here.scope, here.asked),
    }
    return facts | (_units(here, choice.rubric.counted[1:]) if opened else {"units": None})


# ── To take along ─────────────────────────────────────────────────────────────────────────


@router.get(f"{HERE}/hamta/xlsx", response_class=Response)
def as_xlsx(request: Request, viewer: Comparing, database: Db, asked: Asked) -> Response:
    made = as_files.xlsx(_sheets(request, viewer, database, asked), "Jämförelse ur Sporra")
    return _file(made, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@router.get(f"{HERE}/hamta/csv", response_class=Response)
def as_csv(request: Request, viewer: Comparing, database: Db, asked: Asked, blad: str = "") -> Response:
    """One sheet; the units where no other is named."""
    found = dict(zip(SHEETS.values(), _sheets(request, viewer, database, asked), strict=False))
    return _file(as_files.csv(found.get(blad) or found["enheter"]), "csv", "text/csv; charset=utf-8")


def _sheets(request: Request, viewer: Viewer, database: Db, asked: Filters) -> list[as_files.Sheet]:
    with database.reading() as session:
        here = _here(request, session, viewer, asked)
        return sheets.sheets(_figures(here), here.asked, with_rest=here.scope.regions is not None)


def _figures(here: _Here) -> Figures | None:
    choice = here.choice
    if not choice:
        return None
    at = (here.session, here.scope, here.asked)
    few, today, family = here.settings.smallest_count, here.today, choice.rubric.id
    criteria = queries.criteria(*at, choice, today, few)
    known = any(each.criterion.id == here.asked.criterion for each in criteria)
    return Figures(
        chosen=choice,
        units=queries.units(*at, family, today, page=None, lacking=choice.rubric.counted[1:] if known else ()),
        areas=queries.areas(*at, choice.rubric, today, few),
        courses=[queries.course(*at, family, area, today, few) for area in choice.rubric.areas],
        criteria=criteria,
        today=today,
    )


def _file(content: bytes, ending: str, media: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="sporra-jamforelse.{ending}"'}
    return Response(content, media_type=media, headers=headers)
