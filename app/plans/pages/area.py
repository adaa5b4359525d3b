"""The page of one area of a plan: what was found, what the clinic does about it, and the åtgärdsbank beside."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.roles import Permission
from app.errors import NotFound
from app.ids import new_id
from app.inspections.access import Rubrics
from app.inspections.pages.badges import badge
from app.plans import content, fields
from app.plans.access import Here, on_plan
from app.plans.coverage import Found
from app.plans.pages import writing
from app.plans.pages.frame import frame
from app.plans.pages.saving import Saved, saved, too_late
from app.plans.pages.work import Work, here_work
from app.plans.queries import submission
from app.web.render import page, wants_part
from app.writing import forms
from app.writing.forms import Filled
from app.writing.late import INSTEAD
from app.writing.said import Box, clashes, heads
from rubrics.library import Library
from rubrics.measures import Bank

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Writing = Annotated[Here, on_plan(Permission.WRITE_PLAN)]
ALL = "alla"


@router.get("/planer/{plan}/omraden/{area}")
def area(request: Request, here: Writing, library: Rubrics, area: str, svarar: str = "") -> Response:
    with here.database.reading() as session:
        return page(request, "plans/area.html", **_facts(session, here, library, area, svarar))


@router.post("/planer/{plan}/omraden/{area}")
def save(request: Request, here: Writing, library: Rubrics, area: str, filled: Filled) -> Response:
    sheet, svarar = str(filled.get("sheet", "")), str(filled.get("svarar", ""))
    with here.database.reading() as session:
        work = here_work(session, here)
        rows = [row for hidden in (False, True) for row in content.measures(session, here.row.id, hidden=hidden)]
        unmet = [each.id for each in work.covered.unmet]
    _found(work, area)
    new, more = writing.added(filled, area, rows, _bank(library, work), work.rubric, unmet)
    nameless = filled.get("add") == "own" and not new
    done = saved(here, filled, [*more, *writing.removed(filled, sheet)])
    if late := too_late(request, here, done):
        return late
    refused = done.refused | ({"what": "Skriv vad ni ska göra. En rad räcker."} if nameless else {})
    part = wants_part(request)
    if part and not refused and done.anew:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    if not part and not refused:
        asked = f"?svarar={svarar}" if svarar else ""
        return RedirectResponse(f"{here.url}/omraden/{area}{asked}{f'#m-{new}' if new else ''}", 303)
    with here.database.reading() as session:
        facts = _facts(session, here, library, area, svarar, done, refused, str(filled.get("what", "")))
    if refused:
        return page(request, "plans/area.html", 422, INSTEAD, **facts)
    return page(request, "plans/area_saved.html", **facts | {"saved": True})


def _bank(library: Library, work: Work) -> Bank:
    return library.bank(work.rubric.id)


def _found(work: Work, area: str) -> Found:
    found = next((each for each in work.covered.found if each.area and each.area.id == area), None)
    if not found:
        raise NotFound
    return found


def _facts(
    session: Session,
    here: Here,
    library: Library,
    id: str,
    svarar: str,
    done: Saved | None = None,
    refused: dict[str, str] | None = None,
    typed_what: str = "",
) -> dict[str, Any]:
    work = here_work(session, here)
    found = _found(work, id)
    standing, unsettled = heads(session, here.row.id), clashes(session, here.row.id, fields.KINDS)
    bank = _bank(library, work)
    asked = svarar or next((each.id for each in found.open), ALL)
    known = {each.id: each.text for each in work.covered.unmet}

    def box(key: str) -> Box:
        return Box(key, standing.get(key), [each for each in unsettled if each.spot.key == key])

    return {
        **frame(session, here, "planen"),
        "work": work,
        "found": found,
        "badge": badge(work.rubric, found.grade),
        "badges": {each.area.id: badge(work.rubric, each.grade) for each in work.covered.found if each.area},
        "measures": work.in_area(id),
        "text": box(fields.TEXT.key(area=id)),
        "box": box,
        "asked": asked,
        "bank": bank.measures_for(asked) if asked != ALL else bank.measures,
        "bank_size": len(bank.measures),
        "in_plan": {each.measure.bank for each in work.measures if each.measure.bank},
        "ask_options": [(ALL, f"Alla {len(bank.measures)} åtgärder"), *_options(work, known)],
        "more": _more(session, here, id),
        "writes": here.may(Permission.WRITE_PLAN) and fields.is_open(fields.TEXT, here.row.state),
        "tracks": here.may(Permission.WRITE_PLAN) and fields.is_open(fields.STATUS, here.row.state),
        "saved": False,
        "saved_at": max((said.at for said in standing.values()), default=None),
        "form": new_id(),
        **forms.to_mend(done.sent if done else None, refused or {}),
        "refused": refused or {},
        "typed_what": typed_what if refused else "",
    }


def _more(session: Session, here: Here, area: str) -> str:
    """What the inspectors have asked for here and wait for; "" where they do not."""
    last = submission(session, here.row) if here.row.state == "more" else None
    given = last.answers.get(area) if last else None
    return given.reason if given and given.verdict == "more" else ""


def _options(work: Work, known: dict[str, str]) -> list[tuple[str, str]]:
    open_ = {each.id for each in work.covered.unmet if not each.measures}
    return [(id, f"{id} {text}{' (saknar åtgärd)' if id in open_ else ''}") for id, text in known.items()]
