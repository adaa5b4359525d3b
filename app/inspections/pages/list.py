"""The list of inspections, and how a new one comes about: set up, or taken in from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from app.accounts.access import Db, may, signed_in
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.errors import Unacceptable
from app.ids import is_id
from app.inspections import actions
from app.inspections.access import Rubrics, TieYears
from app.inspections.actions import Setup
from app.inspections.fields import MODES, PLACE
from app.inspections.intake import read_upload
from app.inspections.lists import PAGE, listed, read_mark
from app.inspections.models import State
from app.inspections.pages.people import NOBODY, Choices, candidates, units
from app.inspections.rubric_copy import rubric_of, taken
from app.typed import Unfit
from app.web.render import page
from app.writing.fields import stored
from app.writing.forms import Filled, ids
from rubrics.library import Library
from rubrics.problems import DataError

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Anyone = Annotated[Viewer, signed_in()]
Creating = Annotated[Viewer, may(Permission.CREATE)]


@router.get("/", response_class=RedirectResponse)
def start(viewer: Anyone) -> Response:
    _, way_in = viewer.links[0]
    return RedirectResponse(way_in, 303)


@router.get("/inspektioner")
def inspections(request: Request, viewer: Anyone, database: Db, efter: str = "", visa: str = "") -> Response:
    state: State | None = "signed" if visa == "klara" else "draft" if visa == "pagar" else None
    with database.reading() as session:
        lines = listed(session, viewer, read_mark(efter), state)
        shown = lines[:PAGE]
        rubrics = {line.rubric_sha256: rubric_of(session, line.rubric_sha256) for line in shown}
    day, id = shown[-1].mark if shown else (date.max, "")
    facts: dict[str, Any] = {
        "lines": shown,
        "rubrics": rubrics,
        "visa": visa,
        "older": f"/inspektioner?efter={day}_{id}{f'&visa={visa}' if visa else ''}" if len(lines) > PAGE else "",
        "newer": f"/inspektioner{f'?visa={visa}' if visa else ''}" if efter else "",
        "creates": viewer.may_somewhere(Permission.CREATE),
        "drafts": viewer.may_somewhere(Permission.SEE_DRAFT),
    }
    return page(request, "inspections/list.html", **facts)


# ── Setting up ────────────────────────────────────────────────────────────────────────────


@router.get("/inspektioner/ny")
def new(
    request: Request,
    viewer: Creating,
    database: Db,
    library: Rubrics,
    years: TieYears,
    enhet: str = "",
    alla: bool = False,
) -> Response:
    return page(request, "inspections/new.html", **_choices(database, viewer, library, years, enhet, alla))


@router.post("/inspektioner/ny")
def create(
    request: Request, viewer: Creating, database: Db, library: Rubrics, years: TieYears, filled: Filled
) -> Response:
    entered = _entered(filled)
    if not entered.problems:
        try:
            rubric = taken(library, entered.rubric)
            with database.writing() as session:
                id = actions.create(session, by=viewer, rubric=rubric, setup=entered.setup(), tie_years=years)
            return RedirectResponse(f"/inspektioner/{id}", 303)
        except DataError:
            entered.problems.append(("modell", "Den granskningsmodellen finns inte här. Välj en i listan."))
        except Unacceptable as error:
            entered.problems.append(_refused(error))
    facts = _choices(database, viewer, library, years, entered.unit, False, entered.inspectors)
    return page(request, "inspections/new.html", 422, **facts | _back(entered, filled))


# ── Taking in a file ──────────────────────────────────────────────────────────────────────


@router.get("/inspektioner/importera")
def upload(
    request: Request,
    viewer: Creating,
    database: Db,
    library: Rubrics,
    years: TieYears,
    enhet: str = "",
    alla: bool = False,
) -> Response:
    facts = _choices(database, viewer, library, years, enhet, alla, ended=True)
    return page(request, "inspections/import.html", **facts, told=[])


@router.post("/inspektioner/importera")
def take_in(
    request: Request, viewer: Creating, database: Db, library: Rubrics, years: TieYears, filled: Filled
) -> Response:
    entered, told = _entered(filled, with_visit=False), []
    file = filled.get("fil")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            entered.problems.append(("fil", "Välj filen som ska läsas in."))
        elif not entered.problems:
            read = read_upload(file.file.read(), library)
            with database.writing() as session:
                id = actions.take_in(
                    session, by=viewer, rubric=read.rubric, setup=entered.setup(), file=read.file, tie_years=years
                )
            return RedirectResponse(f"/inspektioner/{id}", 303)
    except DataError as error:
        told = [str(problem) for problem in error.problems]
        entered.problems.append(("fil", "Filen går inte att läsa in. Inget har skrivits. Rätta det som står nedan."))
    except Unacceptable as error:
        entered.problems.append(_refused(error))
    facts = _choices(database, viewer, library, years, entered.unit, False, entered.inspectors, ended=True)
    return page(request, "inspections/import.html", 422, **facts | _back(entered, filled), told=told)


# ── The forms ─────────────────────────────────────────────────────────────────────────────


@dataclass
class _Entered:
    unit: str
    rubric: str
    inspectors: list[str]
    first: date | None
    last: date | None
    mode: str
    place: str
    motive: str
    problems: list[tuple[str, str]]

    def setup(self) -> Setup:
        clinic, _, speciality = self.unit.partition(":")
        return Setup(clinic, speciality, self.inspectors, self.first, self.last, self.mode, self.place, self.motive)


def _entered(filled: FormData, *, with_visit: bool = True) -> _Entered:
    problems: list[tuple[str, str]] = []
    unit = str(filled.get("enhet", ""))
    if [is_id(each) for each in unit.split(":")] != [True, True]:
        problems.append(("enhet", "Välj klinik och specialitet."))
    first, last = _day(filled, "forsta", problems), _day(filled, "sista", problems)
    if with_visit and not filled.get("modell"):
        problems.append(("modell", "Välj granskningsmodell."))
    if first and last and last < first:
        problems.append(("sista", "Besöket slutar före den första dagen. Byt plats på dagarna."))
    inspectors = ids(filled, "inspektor")
    if not inspectors:
        problems.append(("inspektor", NOBODY))
    mode, place = str(filled.get("form", "onsite")), str(filled.get("ort", ""))
    try:
        stored(place, PLACE)
    except ValueError as error:
        problems.append(("ort", str(error)))
    if mode not in MODES:
        problems.append(("form", "Välj besökets form."))
    rubric, motive = str(filled.get("modell", "")), str(filled.get("motiv", ""))
    return _Entered(unit, rubric, inspectors, first, last or first, mode, place, motive, problems)


def _day(filled: FormData, name: str, problems: list[tuple[str, str]]) -> date | None:
    text = str(filled.get(name, "")).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append((name, "Skriv dagen som 2026-10-20."))
        return None


def _choices(
    database: Database,
    viewer: Viewer,
    library: Library,
    years: int,
    unit: str,
    everybody: bool,
    chosen: Sequence[str] = (),
    *,
    ended: bool = False,
) -> dict[str, Any]:
    """`ended`: also where nothing new begins."""
    with database.reading() as session:
        groups = units(session, viewer, ended=ended)
        known = {value: f"{text}, {group}" for group, options in groups for value, text in options}
        clinic, _, speciality = unit.partition(":")
        choices = (
            candidates(session, clinic, None if everybody else speciality, chosen, tie_years=years)
            if unit in known
            else Choices([])
        )
        return {
            "units": groups,
            "unit": unit if unit in known else "",
            "unit_name": known.get(unit, ""),
            "people": choices.people,
            "asks": bool(choices.barred & set(chosen)),
            "everybody": everybody,
            "rubrics": [(each.reference, f"{each.title}, utgåva {each.edition}") for each in library.published],
            "modes": list(MODES.items()),
            "problems": [],
            "chosen": chosen,
            "typed": {},
        }


def _refused(error: Unacceptable) -> tuple[str, str]:
    return error.field if isinstance(error, Unfit) else "inspektor", error.told


def _back(entered: _Entered, filled: FormData) -> dict[str, Any]:
    """The form as it was filled in, with what is wrong."""
    return {"problems": entered.problems, "typed": dict(filled)}
