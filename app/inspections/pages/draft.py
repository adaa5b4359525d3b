"""The pages around the areas: what is done and what is left, the front page, who inspects."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.roles import Permission
from app.errors import Unacceptable
from app.ids import new_id
from app.inspections import actions
from app.inspections.access import Here, as_inspector, on_inspection
from app.inspections.content import fingerprint
from app.inspections.fields import FRONT, KINDS, MODES
from app.inspections.pages.badges import badge, badges
from app.inspections.pages.declare import shown_independence
from app.inspections.pages.frame import as_heard, frame, links, taken_back, what_is_left
from app.inspections.pages.late import too_late
from app.inspections.pages.people import NOBODY, candidates
from app.inspections.queries import inspectors, interviews
from app.inspections.reading import printed_names
from app.inspections.suggested import changed, how_far
from app.web.render import page
from app.writing import forms
from app.writing.forms import Filled, Sent, ids, sent_form
from app.writing.said import Box, clashes, heads
from rubrics.model import Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_DRAFT)]
Fronting = Annotated[Here, as_inspector(Permission.WRITE_FRONT)]
Staffing = Annotated[Here, on_inspection(Permission.STAFF)]


@router.get("/inspektioner/{inspection}")
def overview(request: Request, here: Seeing) -> Response:
    with here.database.reading() as session:
        rubric = here.rubric(session)
        reading = here.reading(session)
        inspection = as_heard(here, reading)
        to_do = what_is_left(here, reading, inspection)
        reviews = [(part.title, [(area, inspection.review(area.id)) for area in part.areas]) for part in rubric.parts]
        hash = fingerprint(reading.content("signed"), here.row.rubric_sha256)
        facts = {
            **frame(session, here, "oversikt", to_do),
            "rubric": rubric,
            "parts_of": [
                (title, [(area, review, badge(rubric, review.standing)) for area, review in areas])
                for title, areas in reviews
            ],
            "answered": sum(len(review.assessed) for _, areas in reviews for _, review in areas),
            "graded": sum(bool(review.standing) for _, areas in reviews for _, review in areas),
            "badges": badges(rubric),
            "facts": json.dumps(how_far(rubric, changed(inspection)), separators=(",", ":")),
            "left": links(to_do, here, rubric),
            "inspectors": inspectors(session, here.found, hash),
            "taken_back": taken_back(session, here),
            "works": here.may(Permission.SEE_WORK),
            "staffs": here.may(Permission.STAFF),
            "follows": here.may(Permission.READ_OWN_EVENTS),
            "independence": shown_independence(session, here),
            "silent": any(each.place == "independence" for each in to_do),
            "taken_along": taken_along(session, here, rubric) if here.writes else [],
        }
    return page(request, "inspections/overview.html", **facts)


def taken_along(session: Session, here: Here, rubric: Rubric) -> list[str]:
    """The pages that are wanted where there is no net, from the one that the installed application opens with."""
    areas = [f"/omraden/{area.id}" for area in rubric.areas]
    talks = [f"/intervjuer/{each.id}" for each in interviews(session, here.row.id) if not each.gone]
    talks.append("/intervjuer/ny")  # in place of one that is added there
    written = ("", "/omraden", *areas, "/iakttagelser", "/program", *talks, "/underlag")
    around = ("/olika", "/jamka", "/slutsamtal", "/framsida", "/rapport")
    return ["/", "/inspektioner", *(f"{here.url}{path}" for path in (*written, *around))]


# ── Front page ────────────────────────────────────────────────────────────────────────────


@router.get("/inspektioner/{inspection}/framsida")
def front(request: Request, here: Seeing) -> Response:
    with here.database.reading() as session:
        return page(request, "inspections/front.html", **_front_facts(session, here))


@router.post("/inspektioner/{inspection}/framsida")
def save_front(request: Request, here: Fronting, filled: Filled) -> Response:
    sent = sent_form(filled, KINDS)
    with here.database.writing() as session:
        id = here.row.id
        made = forms.operations(session, id, here.viewer.id, sent, KINDS)
        made += forms.chosen(session, id, str(filled.get("keep", "")), sent, KINDS)
        answers = actions.write(session, by=here.viewer, inspection=id, operations=made)
    refused = forms.refused(made, answers)
    if late := too_late(request, here, Permission.WRITE_FRONT, answers, forms.not_kept(made, refused)):
        return late
    if refused:
        with here.database.reading() as session:
            return page(request, "inspections/front.html", 422, **_front_facts(session, here, sent, refused))
    return RedirectResponse(f"{here.url}/framsida", 303)


def _front_facts(
    session: Session, here: Here, sent: Sent | None = None, refused: dict[str, str] | None = None
) -> dict[str, Any]:
    standing, unsettled = heads(session, here.row.id), clashes(session, here.row.id, KINDS)
    boxes = {
        kind.pattern.partition("/")[2]: Box(
            kind.pattern, standing.get(kind.pattern), [each for each in unsettled if each.spot.key == kind.pattern]
        )
        for kind in FRONT
    }
    return {
        **frame(session, here, "oversikt"),
        "boxes": boxes,
        "labels": {kind.pattern: kind.label for kind in FRONT},
        "modes": list(MODES.items()),
        "accounts": printed_names(session, here.row.id),
        "form": new_id(),
        **forms.to_mend(sent, refused or {}),
        "refused": refused or {},
        "writes": here.may(Permission.WRITE_FRONT) and here.row.state == "draft",
        "works": here.may(Permission.SEE_WORK),
        "several": len(here.found.whose.inspectors) > 1,
    }


# ── Inspectors ────────────────────────────────────────────────────────────────────────────


@router.get("/inspektioner/{inspection}/inspektorer")
def staff(request: Request, here: Staffing, alla: bool = False) -> Response:
    return page(request, "inspections/staff.html", **_staff_facts(here, alla))


@router.post("/inspektioner/{inspection}/inspektorer")
def save_staff(request: Request, here: Staffing, filled: Filled) -> Response:
    chosen, motive = ids(filled, "inspektor"), str(filled.get("motiv", ""))
    try:
        if not chosen:
            raise Unacceptable(NOBODY)
        with here.database.writing() as session:
            actions.staff(
                session,
                by=here.viewer,
                inspection=here.row.id,
                inspectors=chosen,
                motive=motive,
                tie_years=here.tie_years,
            )
    except Unacceptable as error:
        facts = _staff_facts(here, False, chosen) | {"problems": [("inspektor", error.told)], "motive": motive}
        return page(request, "inspections/staff.html", 422, **facts)
    return RedirectResponse(here.url, 303)


def _staff_facts(here: Here, everybody: bool, chosen: Sequence[str] | None = None) -> dict[str, Any]:
    with here.database.reading() as session:
        present = [each.id for each in inspectors(session, here.found)]
        chosen = present if chosen is None else chosen
        speciality, years = None if everybody else here.row.speciality, here.tie_years
        also = [*present, *chosen]
        choices = candidates(session, here.row.clinic, speciality, also, tie_years=years, row=here.row)
        return {
            **frame(session, here, "oversikt"),
            "people": choices.people,
            "asks": bool(choices.barred & set(chosen)),
            "chosen": chosen,
            "everybody": everybody,
            "problems": [],
            "motive": "",
        }
