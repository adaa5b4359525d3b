"""The plan as a document: each submitted version, to read and to fetch, and the draft, for the clinic alone.

Made when it is asked for, from content that never changes: the same every time.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.roles import Permission
from app.errors import NotFound
from app.inspections.pages.badges import badge
from app.inspections.pages.report import FORMAT_NAMES, FRAMED, MEDIA, download
from app.inspections.rules import areas_to_answer
from app.plans.access import Here, on_plan
from app.plans.content import content
from app.plans.fields import VERDICTS
from app.plans.models import PlanRow, PlanVersion
from app.plans.pages.frame import frame
from app.plans.queries import Submission, answered_report, submissions
from app.plans.report import plan_document
from app.plans.rules import STATES, State
from app.web.render import page
from app.web.swedish import local
from reports.blocks import Document
from reports.formats import FORMATS, write
from rubrics.model import Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Reading = Annotated[Here, on_plan(Permission.READ_PLAN)]
Writing = Annotated[Here, on_plan(Permission.WRITE_PLAN)]
Number = Annotated[int, Path(ge=1, le=9_999)]  # a longer one fits no column


@router.get("/planer/{plan}/versioner/{number}")
def version(request: Request, here: Reading, number: Number) -> Response:
    with here.database.reading() as session:
        return page(request, "plans/version.html", **_facts(session, here, number))


@router.get("/planer/{plan}/versioner/{number}/visa", response_class=Response)
def version_preview(here: Reading, number: Number) -> Response:
    return Response(write(_submitted(here, number), "html"), media_type=MEDIA["html"], headers=FRAMED)


@router.get("/planer/{plan}/versioner/{number}/hamta/{format}", response_class=Response)
def version_file(here: Reading, number: Number, format: str) -> Response:
    if format not in FORMATS:
        raise NotFound
    return download(write(_submitted(here, number), format), format, f"{_stem(here.row)}-v{number}.{format}")


@router.get("/planer/{plan}/visa", response_class=Response)
def preview(here: Writing) -> Response:
    return Response(write(_drafted(here), "html"), media_type=MEDIA["html"], headers=FRAMED)


@router.get("/planer/{plan}/hamta/{format}", response_class=Response)
def draft_file(here: Writing, format: str) -> Response:
    if format not in FORMATS:
        raise NotFound
    return download(write(_drafted(here), format), format, f"{_stem(here.row)}-utkast.{format}")


# ── Documents ─────────────────────────────────────────────────────────────────────────────


def _submitted(here: Here, number: int) -> Document:
    with here.database.reading() as session:
        found = _one(submissions(session, here.row.id), number)
        report, rubric = answered_report(session, here.row), here.rubric(session)
    return plan_document(
        report, rubric, found.content, state=_state(found.row), version=number, submitted=_day(found.row)
    )


def _drafted(here: Here) -> Document:
    """Not submitted as it stands, however far the version before it has come."""
    with here.database.reading() as session:
        report, rubric = answered_report(session, here.row), here.rubric(session)
        return plan_document(report, rubric, content(session, here.row), state=here.row.state)


def _one(submitted: list[Submission], number: int) -> Submission:
    found = next((each for each in submitted if each.row.number == number), None)
    if not found:
        raise NotFound
    return found


def _state(row: PlanVersion) -> State:
    """Where the version led: what the plan has come to since is not its own."""
    return next((state for state in STATES if state == row.outcome), "submitted")


def _day(row: PlanVersion) -> date:
    return local(row.submitted).date()


def _stem(row: PlanRow) -> str:
    """A file's name without anything that people typed."""
    return f"handlingsplan-{row.opened}-{row.id[:8]}"


# ── The page ──────────────────────────────────────────────────────────────────────────────


def _facts(session: Session, here: Here, number: int) -> dict[str, Any]:
    submitted, rubric = submissions(session, here.row.id), here.rubric(session)
    found = _one(submitted, number)
    return {
        **frame(session, here, "planen"),
        "version": found.row,
        "outcome": STATES[_state(found.row)],
        "by": session.get_one(Person, found.row.by).name,
        "versions": [each.row for each in submitted],
        "answers": _answers(session, here, rubric, found),
        "formats": FORMAT_NAMES,
    }


def _answers(session: Session, here: Here, rubric: Rubric, found: Submission) -> list[dict[str, Any]]:
    """What was answered, area by area. Before it is sent it is for inspectors and office alone."""
    if not found.row.outcome and not here.may(Permission.REGRADE):
        return []
    report = answered_report(session, here.row)
    areas = [rubric.area(id) for id in areas_to_answer(report, rubric)]
    return [
        {
            "area": area,
            "badge": badge(rubric, report.review(area.id).standing),
            "verdict": VERDICTS.get(given.verdict, ""),
            "accepted": given.verdict == "accepted",
            "reason": given.reason,
        }
        for area in areas
        if area and (given := found.answers.get(area.id)) and (given.verdict or given.reason)
    ]
