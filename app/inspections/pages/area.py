"""The page of one area: narrative, criteria, suggestion, decision. The same form with script and without."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.roles import Permission
from app.errors import NotFound
from app.ids import new_id
from app.inspections import actions
from app.inspections.access import Becoming, Here, as_inspector, on_inspection
from app.inspections.earlier import WhatBecame
from app.inspections.fields import KINDS, NARRATIVE
from app.inspections.pages.area_view import fields_of, view
from app.inspections.pages.badges import looks
from app.inspections.pages.earlier_view import earlier_view
from app.inspections.pages.findings_view import written_of
from app.inspections.pages.frame import as_heard, frame, links, what_is_left
from app.inspections.pages.late import too_late
from app.inspections.pages.papers import beside
from app.web.render import page
from app.writing import forms
from app.writing.forms import Filled, Sent, sent_form
from app.writing.said import heads
from rubrics.model import Area, Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_WORK)]
Writing = Annotated[Here, as_inspector(Permission.WRITE)]


@router.get("/inspektioner/{inspection}/omraden", response_class=RedirectResponse)
def areas(here: Seeing) -> Response:
    with here.database.reading() as session:
        first = here.rubric(session).areas[0]
    return RedirectResponse(f"{here.url}/omraden/{first.id}", 303)


@router.get("/inspektioner/{inspection}/omraden/{area}")
def area(request: Request, here: Seeing, area: str, became: Becoming) -> Response:
    with here.database.reading() as session:
        return page(request, "inspections/area.html", **_facts(session, here, area, became))


@router.post("/inspektioner/{inspection}/omraden/{area}")
def save(request: Request, here: Writing, area: str, filled: Filled, became: Becoming) -> Response:
    sent = sent_form(filled, KINDS)
    if filled.get("start") == "earlier" and here.writes:
        sent = _begun(here, area, sent)
    with here.database.writing() as session:
        _area(here.rubric(session), area)
        made = [
            *forms.operations(session, here.row.id, here.viewer.id, sent, KINDS),
            *forms.chosen(session, here.row.id, str(filled.get("keep", "")), sent, KINDS, here.voice),
        ]
        answers = actions.write(session, by=here.viewer, inspection=here.row.id, operations=made)
    refused = forms.refused(made, answers)
    if late := too_late(request, here, Permission.WRITE, answers, forms.not_kept(made, refused)):
        return late
    if refused:
        with here.database.reading() as session:
            return page(request, "inspections/area.html", 422, **_facts(session, here, area, became, sent, refused))
    return RedirectResponse(f"{here.url}/omraden/{area}", 303)


def _begun(here: Here, area: str, sent: Sent) -> Sent:
    """What was filled in, with the narrative of the unit's report before this one where nothing else was written."""
    key = NARRATIVE.key(area=area)
    with here.database.reading() as session:
        before = here.reading(session).earlier
        text = before.narratives(here.rubric(session)).get(area) if before else None
    return replace(sent, values={**sent.values, key: text}) if text and not sent.values.get(key) else sent


def _facts(
    session: Session,
    here: Here,
    id: str,
    became: WhatBecame,
    sent: Sent | None = None,
    refused: dict[str, str] | None = None,
) -> dict[str, Any]:
    rubric = here.rubric(session)
    reading, area = here.reading(session), _area(rubric, id)
    inspection = as_heard(here, reading)
    standing = heads(session, here.row.id, here.voice, among=fields_of(area))
    to_do = what_is_left(here, reading, inspection)
    shown = view(rubric, area, inspection, standing, reading.clashes, to_do)
    return {
        **frame(session, here, "omraden", to_do),
        "view": shown,
        "before": earlier_view(here, reading, area, became),
        "rubric": rubric,
        "written_of": written_of(reading.findings),
        "left": links(shown.left, here, rubric),
        "answer_look": looks(rubric),
        "answer_words": {key: answer.label or key for key, answer in rubric.answers.items()},
        "form": new_id(),
        **forms.to_mend(sent, refused or {}),
        "refused": refused or {},
        "writes": here.writes,
        "alone": here.viewer.id if here.row.apart and here.writes else "",
        "attached": beside(session, here) if here.may(Permission.NOTES) else None,
    }


def _area(rubric: Rubric, id: str) -> Area:
    found = rubric.area(id)
    if not found:
        raise NotFound
    return found
