"""The inspectors' answer to a submitted plan: per area accepted, or more is asked for, and why. The same form with
script and without."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.models import Person
from app.accounts.roles import Permission
from app.errors import Refusal
from app.ids import new_id
from app.plans import actions
from app.plans.access import Here, as_inspector, on_plan
from app.plans.actions import OwesMore
from app.plans.coverage import coverage
from app.plans.fields import ANSWER, VERDICTS
from app.plans.pages.answer_view import asked, read_measures
from app.plans.pages.frame import frame
from app.plans.pages.saving import Saved, saved
from app.plans.queries import answered_report, find, submissions
from app.plans.rules import STATES
from app.web.render import page, wants_part
from app.writing import forms
from app.writing.fields import spot
from app.writing.forms import Filled
from app.writing.late import INSTEAD, Told, is_kept, late_page
from app.writing.said import Box, clashes, heads, late

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Answering = Annotated[Here, on_plan(Permission.ANSWER_PLAN)]
Writing = Annotated[Here, as_inspector(Permission.ANSWER_PLAN)]

HANDED_OVER = Told(
    "Inspektionen är överlämnad",
    "Det du skrev finns kvar och visas för dem som har tagit över, men ändrar inget i svaret.",
    "Hör av dig till den som har tagit över om det du skrev ska med.",
    [("Till inspektionerna", "/inspektioner")],
)


@router.get("/planer/{plan}/svar")
def answer(request: Request, here: Answering) -> Response:
    with here.database.reading() as session:
        return page(request, "plans/answer.html", **_facts(session, here))


@router.post("/planer/{plan}/svar")
def save(request: Request, here: Writing, filled: Filled) -> Response:
    done = saved(here, filled)
    if back := _not_taken(request, here, done):
        return back
    if not wants_part(request):
        return RedirectResponse(f"{here.url}/svar", 303)
    if done.anew:  # the fields themselves
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    with here.database.reading() as session:
        return page(request, "plans/answer_saved.html", **_facts(session, here) | {"saved": True})


@router.post("/planer/{plan}/svar/skicka")
def send(request: Request, here: Writing, filled: Filled) -> Response:
    """The whole form comes along: nothing that was typed just before the button is left behind."""
    done = saved(here, filled)
    if back := _not_taken(request, here, done):
        return back
    try:
        with here.database.writing() as session:
            actions.answer(session, by=here.viewer, plan=here.row.id, version=_version(filled))
    except OwesMore as error:
        return _again(request, here, 422, error.left)
    except Refusal as error:
        if error.status == 404:
            raise
        return _again(request, here, error.status, [("skicka", error.told)])
    if wants_part(request):
        return Response(status_code=204, headers={"HX-Redirect": f"{here.url}/svar"})
    return RedirectResponse(f"{here.url}/svar", 303)


def _version(filled: FormData) -> int:
    text = str(filled.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _not_taken(request: Request, here: Here, done: Saved) -> Response | None:
    """The answer to what came too late, or cannot be kept as it is. None = all of it stands."""
    with here.database.reading() as session:
        now = find(session, here.row.id)  # sent or handed over since the page was asked for
    may = here.viewer.may(Permission.ANSWER_PLAN, now.whose)
    if not may:
        return late_page(request, HANDED_OVER, done.answers, done.not_kept)
    elsewhere = any(not _in_last(key, now.row.version) for key in done.refused)
    if is_kept(done.answers) or elsewhere or (done.refused and now.row.state != "submitted"):
        return late_page(request, _sent_already(here, STATES[now.row.state]), done.answers, done.not_kept)
    if not done.refused:
        return None
    with here.database.reading() as session:
        facts = _facts(session, here, done)
    return page(request, "plans/answer.html", 422, INSTEAD, **facts)


def _in_last(key: str, version: int) -> bool:
    found = spot(ANSWER, key)
    return not found or found.parts["version"] == str(version)


def _sent_already(here: Here, state: str) -> Told:
    return Told(
        "Den inlämningen väntar inte på svar",
        "Det du skrev finns kvar, bredvid svaret, men ändrar inget i det.",
        f"Planen är nu {state}. Läs den som den är.",
        [("Till svaret", f"{here.url}/svar"), ("Till planen", here.url)],
    )


def _again(request: Request, here: Here, status: int, problems: Sequence[tuple[str, str]]) -> Response:
    with here.database.reading() as session:
        now = Here(here.viewer, here.database, find(session, here.row.id))
        facts = _facts(session, now) | {"problems": problems}
    return page(request, "plans/answer.html", status, INSTEAD, **facts)


# ── What the page shows ───────────────────────────────────────────────────────────────────


def _facts(session: Session, here: Here, done: Saved | None = None) -> dict[str, Any]:
    row, rubric, submitted = here.row, here.rubric(session), submissions(session, here.row.id)
    standing, unsettled = heads(session, row.id), clashes(session, row.id, ANSWER)
    refused = done.refused if done else {}

    def box(key: str) -> Box:
        return Box(key, standing.get(key), [each for each in unsettled if each.spot.key == key])

    facts: dict[str, Any] = {
        **frame(session, here, "svar"),
        "submitted": submitted[0].row if submitted else None,
        "areas": [],
        "others": [],
        "verdicts": VERDICTS,
        "writes": row.state == "submitted",
        "saved": False,  # just now, by script: else the line says when, since more may have been typed
        "saved_at": max((each.at for key, each in standing.items() if spot(ANSWER, key)), default=None),
        "form": new_id(),
        **forms.to_mend(done.sent if done else None, refused),
        "refused": refused,
        "problems": list(refused.items()),
        "late": late(session, row.id, ANSWER),
    }
    if submitted:
        last = submitted[0]
        covered = coverage(rubric, answered_report(session, row), last.content)
        facts["areas"] = asked(rubric, covered, submitted, box)
        known = {each.id for each in facts["areas"]}
        facts["others"] = [e for e in read_measures(rubric, last.content, covered) if e.measure.area not in known]
        facts["by"] = session.get_one(Person, last.row.by).name
        facts["answered_by"] = session.get_one(Person, last.row.answered_by).name if last.row.answered_by else ""
    return facts
