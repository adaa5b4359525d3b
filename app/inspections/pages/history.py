"""What was written before: every version of a field, and the places where two texts stand."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.roles import Permission
from app.errors import NotFound, Stale
from app.inspections import actions
from app.inspections.access import Here, on_inspection
from app.inspections.fields import (
    ANSWER,
    APART,
    DONE,
    FINDING_KINDS,
    GRADE,
    GRADE_REASON,
    KIND,
    MODE,
    MODES,
    NARRATIVE,
    ROLE,
    ROLES,
)
from app.inspections.pages.frame import frame
from app.web.render import page
from app.writing.fields import Spot, spot
from app.writing.history import earlier, taken_up
from app.writing.said import Said, clashes, late
from rubrics.model import Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_WORK)]


@router.get("/inspektioner/{inspection}/historik")
def field_history(request: Request, here: Seeing, falt: str = "", fore: int = 0) -> Response:
    found = spot(here.reads, falt)
    if not found:
        raise NotFound
    with here.database.reading() as session:
        facts = {
            **frame(session, here, ""),
            **earlier(session, here.row.id, falt, fore, here.only),
            "around": "inspections/frame.html",
            "words": partial(in_words, rubric=here.rubric(session)),
            "label": name_of(found),
            "writes": here.may(found.kind.writes) and here.row.state == "draft",
            "action": f"{here.url}/historik",
            "back": f"{here.url}/{_page_of(found, here)}",
        }
    return page(request, "writing/history.html", **facts)


@router.post("/inspektioner/{inspection}/historik")
def restore(
    here: Seeing,
    falt: Annotated[str, Form()] = "",
    version: Annotated[str, Form()] = "",
    sheet: Annotated[str, Form()] = "",
) -> Response:
    found = spot(here.reads, falt)
    if not found or not here.may(found.kind.writes):  # each field says itself who writes in it
        raise NotFound
    with here.database.writing() as session:
        made = taken_up(session, here.row.id, falt, version, sheet, here.only)
        answers = actions.write(session, by=here.viewer, inspection=here.row.id, operations=made)
        if any(answer.outcome != "head" for answer in answers):
            raise Stale("Det gick inte att ta tillbaka: rapporten är fastställd, eller någon skrev just nu.")
    return RedirectResponse(f"{here.url}/historik?falt={falt}", 303)


@router.get("/inspektioner/{inspection}/olika")
def differing(request: Request, here: Seeing) -> Response:
    with here.database.reading() as session:
        reads = here.reads
        waiting = [
            (name_of(clash.spot), f"{here.url}/{_page_of(clash.spot, here)}", clash)
            for clash in clashes(session, here.row.id, reads, here.voice)
        ]
        came_late = late(session, here.row.id, reads, here.only)
        facts = {**frame(session, here, ""), "waiting": waiting, "late": came_late}
        facts["words"] = partial(in_words, rubric=here.rubric(session))
        facts["names"] = {said.field: name_of(found) for said in facts["late"] if (found := spot(reads, said.field))}
    return page(request, "inspections/differing.html", **facts)


def in_words(said: Said, rubric: Rubric) -> str:
    """A value as a person reads it: an answer, a kind or a mode in its own word, a list as names."""
    if not said.value:
        return "(tomt)"
    if not isinstance(said.value, str):
        return ", ".join(said.value)
    if ANSWER.match(said.field) and said.value in rubric.answers:
        return rubric.answers[said.value].label or said.value
    known = {APART: {"1": "Ja"}, DONE: {"1": "Klar"}, KIND: FINDING_KINDS, ROLE: ROLES, MODE: MODES}
    words = next((words for kind, words in known.items() if kind.match(said.field)), {})
    return words.get(said.value, said.value)


def name_of(found: Spot) -> str:
    """`Svar, E-F1`: a field as a person would name it."""
    part = next((found.parts[each] for each in ("area", "criterion", "about") if each in found.parts), "")
    return f"{found.kind.label}, {part}" if part else found.kind.label


# What the templates of an area call the parts where people have written differently.
_IN_AREA = {NARRATIVE: "narr", GRADE: "grad", GRADE_REASON: "skal"}


def _page_of(found: Spot, here: Here) -> str:
    if found.key.startswith("front/"):
        return "framsida"
    if found.key.startswith("done/"):
        return "jamka"
    if found.key.startswith("finding/"):
        return f"iakttagelser#f-{found.parts['finding']}"
    if found.key.startswith("interview/"):
        return f"program#s-{found.parts['interview']}"
    if found.key.startswith("note/"):
        return f"intervjuer/{found.parts['interview']}#n-{found.parts['about']}"
    area = found.parts.get("area")
    if area:
        return f"omraden/{area}#{_IN_AREA[found.kind]}-olika"
    with here.database.reading() as session:
        criterion = found.parts["criterion"]
        return f"omraden/{here.rubric(session).area_of.get(criterion, '')}#{criterion}"
