"""All measures of a plan, and one of them: everything that can be written in it, and what is logged."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.roles import Permission
from app.errors import NotFound
from app.ids import id_from, is_id, new_id
from app.inspections.access import Rubrics
from app.plans import fields
from app.plans.access import Here, on_plan
from app.plans.models import MeasureRow, OccurrenceRow
from app.plans.pages import writing
from app.plans.pages.frame import frame, today
from app.plans.pages.saving import Saved, saved, too_late
from app.plans.pages.work import Work, here_work
from app.web.render import page, wants_part
from app.writing import forms
from app.writing.desk import Operation
from app.writing.fields import stored
from app.writing.forms import Filled
from app.writing.late import INSTEAD
from app.writing.said import Box, clashes, heads
from rubrics.library import Library

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

EARLIEST = 2000  # years before it are slips of the pen

Writing = Annotated[Here, on_plan(Permission.WRITE_PLAN)]


# ── All ───────────────────────────────────────────────────────────────────────────────────


@router.get("/planer/{plan}/atgarder")
def all_measures(request: Request, here: Writing) -> Response:
    return page(request, "plans/measures.html", **_all_facts(here))


@router.post("/planer/{plan}/atgarder")
def save_staff(request: Request, here: Writing, filled: Filled) -> Response:
    """How many ST-läkare the clinic has from a day on: one more line, in the order of the days."""
    given, line = here.row.staff, f"{filled.get('since', '')} {filled.get('trainees', '')}"
    try:
        since, _ = fields.headcount(line)
    except ValueError:
        problems = [("since", "Skriv dagen, och antalet som ett tal, till exempel 14.")]
        return page(request, "plans/measures.html", 422, **_all_facts(here) | {"problems": problems, "typed": filled})
    lines = sorted([*(each for each in given if not each.startswith(str(since))), line])
    id = id_from(str(filled.get("sheet", "")), "staff", *lines)
    with here.database.reading() as session:
        head = heads(session, here.row.id).get(fields.STAFF.pattern)
    operation = Operation(id, fields.STAFF.pattern, lines, head.revision if head else None)
    done = saved(here, filled, [operation] if lines != given else [])
    return too_late(request, here, done) or RedirectResponse(f"{here.url}/atgarder", 303)


def _all_facts(here: Here) -> dict[str, Any]:
    with here.database.reading() as session:
        work = here_work(session, here)
        return {
            **frame(session, here, "atgarder"),
            "work": work,
            "form": new_id(),
            "staff": [fields.headcount(line) for line in here.row.staff],
            "counts_staff": any(
                each.measure.recurs and each.measure.recurs.each == "trainee" for each in work.measures
            ),
            "tracks": fields.is_open(fields.STATUS, here.row.state),
            "logs": here.row.state in ("accepted", "follow_up"),
            "today": today(),
            "problems": [],
            "typed": {},
            "loggad": "",
        }


# ── One ───────────────────────────────────────────────────────────────────────────────────


@router.get("/planer/{plan}/atgarder/{measure}")
def one_measure(request: Request, here: Writing, library: Rubrics, measure: str) -> Response:
    with here.database.reading() as session:
        return page(request, "plans/measure.html", **_facts(session, here, library, measure))


@router.post("/planer/{plan}/atgarder/{measure}")
def save(request: Request, here: Writing, library: Rubrics, measure: str, filled: Filled) -> Response:
    sheet = str(filled.get("sheet", ""))
    with here.database.reading() as session:
        if not is_id(measure) or not session.get(MeasureRow, (here.row.id, measure)):
            raise NotFound
    done = saved(here, filled, writing.removed(filled, sheet))
    if late := too_late(request, here, done):
        return late
    if wants_part(request) and not done.refused:
        if filled.get("remove"):
            return Response(status_code=204, headers={"HX-Redirect": here.url})
        if done.anew:
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        with here.database.reading() as session:
            facts = _facts(session, here, library, measure)
        return page(request, "plans/measure_saved.html", **facts | {"saved": True})
    if done.refused:
        with here.database.reading() as session:
            facts = _facts(session, here, library, measure, done)
        return page(request, "plans/measure.html", 422, INSTEAD, **facts)
    return RedirectResponse(here.url if filled.get("remove") else f"{here.url}/atgarder/{measure}", 303)


def _facts(session: Session, here: Here, library: Library, id: str, done: Saved | None = None) -> dict[str, Any]:
    work = here_work(session, here)
    each = next((each for each in work.measures if each.id == id), None)
    if not each:
        raise NotFound
    standing, unsettled = heads(session, here.row.id), clashes(session, here.row.id, fields.KINDS)

    def box(name: str) -> Box:
        key = f"measure/{id}/{name}"
        return Box(key, standing.get(key), [clash for clash in unsettled if clash.spot.key == key])

    state, refused = here.row.state, done.refused if done else {}
    return {
        **frame(session, here, "atgarder"),
        "work": work,
        "each": each,
        "box": box,
        "labels": {kind.pattern.rpartition("/")[2]: kind.label for kind in fields.MEASURE},
        "open": {kind.pattern.rpartition("/")[2] for kind in fields.MEASURE if fields.is_open(kind, state)},
        "unmet": [(one.id, f"{one.id} {one.text}") for one in work.covered.unmet],
        "others": _others(work),
        "areas": [(area.id, area.name) for area in work.rubric.areas],
        "bank": library.bank(work.rubric.id).by_id.get(each.measure.bank),
        "statuses": list(fields.STATUSES.items()),
        "periods": list(fields.PERIODS.items()),
        "eaches": list(fields.EACHES.items()),
        "form": new_id(),
        "logs": state in ("accepted", "follow_up"),
        "today": today(),
        "loggad": "",
        "saved": False,
        "saved_at": max((said.at for said in standing.values()), default=None),
        **forms.to_mend(done.sent if done else None, refused),
        "refused": refused,
    }


def _others(work: Work) -> list[tuple[str, list[tuple[str, str]]]]:
    """The criteria that are met, by area: a measure may answer those too."""
    unmet = {one.id for one in work.covered.unmet}
    return [
        (area.name, [(one.id, f"{one.id} {one.text}") for one in area.criteria if one.id not in unmet])
        for area in work.rubric.areas
    ]


# ── Logging ───────────────────────────────────────────────────────────────────────────────


@router.post("/planer/{plan}/logga")
def log(request: Request, here: Writing, filled: Filled) -> Response:
    """What was done of a measure: today and once, unless the form says another day or number."""
    measure, back = str(filled.get("measure", "")), _back(here, filled)
    with here.database.reading() as session:
        if not is_id(measure) or not session.get(MeasureRow, (here.row.id, measure)):
            raise NotFound
    given = _occasion(filled)
    if isinstance(given, str):
        return page(request, "plans/not_logged.html", 422, told=given, back=back, typed=filled)
    day, count, note = given
    id, operations = writing.logged(str(filled.get("sheet", "")), measure, day, count, note)
    done = saved(here, filled, operations)
    if late := too_late(request, here, done):
        return late
    if done.refused:
        told = next(iter(done.refused.values()))
        return page(request, "plans/not_logged.html", 422, told=told, back=back, typed=filled)
    return RedirectResponse(f"{back}?loggad={id}#m-{measure}", 303)


@router.post("/planer/{plan}/angra")
def undo(request: Request, here: Writing, filled: Filled) -> Response:
    occurrence = str(filled.get("occurrence", ""))
    with here.database.reading() as session:
        row = session.get(OccurrenceRow, (here.row.id, occurrence)) if is_id(occurrence) else None
    if not row:
        raise NotFound
    done = saved(here, filled, writing.undone(str(filled.get("sheet", "")), row))
    return too_late(request, here, done) or RedirectResponse(f"{_back(here, filled)}#m-{row.measure}", 303)


def _occasion(filled: FormData) -> tuple[date, int, str] | str:
    """The day, the number and the note; or what to mend, as a sentence."""
    try:
        day = date.fromisoformat(str(filled["day"])) if filled.get("day") else today()
    except ValueError:
        return "Skriv dagen som 2026-10-20."
    if day.year < EARLIEST:
        return f"Dagen är före {EARLIEST}. Skriv den dag då det gjordes."
    if day > today():
        return "Dagen har inte varit än. Logga det som är gjort."
    count = str(filled.get("count") or "1")
    if not (count.isascii() and count.isdigit() and len(count) < 6 and 1 <= int(count) <= writing.MOST):
        return f"Skriv antalet som ett tal från 1 till {writing.MOST}."
    note = str(filled.get("note", ""))
    try:
        stored(note, fields.NOTE)
    except ValueError as error:  # nothing is logged by half
        return str(error)
    return day, int(count), note


def _back(here: Here, filled: FormData) -> str:
    """The page that the button stood on: one of ours, by its name."""
    pages = {"start": "/min-klinik", "atgard": f"{here.url}/atgarder/{filled.get('measure', '')}"}
    return pages.get(str(filled.get("back", "")), f"{here.url}/atgarder")
