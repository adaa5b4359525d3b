"""What was written before in a plan's fields: the clinic's for the clinic, the answer's for those who answer."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.roles import Permission
from app.errors import NotFound, Stale
from app.plans import actions, fields
from app.plans.access import Here, on_plan
from app.plans.models import MeasureRow
from app.plans.pages.frame import frame
from app.web.render import page
from app.writing.fields import Spot, spot
from app.writing.history import earlier, taken_up
from app.writing.said import Said
from rubrics.model import Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Writing = Annotated[Here, on_plan(Permission.WRITE_PLAN)]
Answering = Annotated[Here, on_plan(Permission.ANSWER_PLAN)]
Text = Annotated[str, Form()]


@router.get("/planer/{plan}/historik")
def field_history(request: Request, here: Writing, falt: str = "", fore: int = 0) -> Response:
    return _shown(request, here, falt, fore, Permission.WRITE_PLAN, here.url)


@router.post("/planer/{plan}/historik")
def restore(here: Writing, falt: Text = "", version: Text = "", sheet: Text = "") -> Response:
    return _restored(here, falt, version, sheet, Permission.WRITE_PLAN, here.url)


@router.get("/planer/{plan}/svar/historik")
def answer_history(request: Request, here: Answering, falt: str = "", fore: int = 0) -> Response:
    return _shown(request, here, falt, fore, Permission.ANSWER_PLAN, f"{here.url}/svar")


@router.post("/planer/{plan}/svar/historik")
def restore_answer(here: Answering, falt: Text = "", version: Text = "", sheet: Text = "") -> Response:
    return _restored(here, falt, version, sheet, Permission.ANSWER_PLAN, f"{here.url}/svar")


def _shown(request: Request, here: Here, key: str, fore: int, asked: Permission, url: str) -> Response:
    found = _spot(key, asked)
    with here.database.reading() as session:
        facts = {
            **frame(session, here, "svar" if found.kind in fields.ANSWER else ""),
            **earlier(session, here.row.id, key, fore),
            "around": "plans/frame.html",
            "words": partial(in_words, found=found),
            "label": _name(session, here, found),
            "writes": _is_open(here, found),
            "action": f"{url}/historik",
            "back": _page_of(found, here),
        }
    return page(request, "writing/history.html", **facts)


def _restored(here: Here, key: str, version: str, sheet: str, asked: Permission, url: str) -> Response:
    _spot(key, asked)
    with here.database.writing() as session:
        made = taken_up(session, here.row.id, key, version, sheet)
        answers = actions.write(session, by=here.viewer, plan=here.row.id, operations=made)
        if any(answer.outcome != "head" for answer in answers):
            raise Stale("Det gick inte att ta tillbaka: planen är i ett annat läge nu, eller någon skrev just nu.")
    return RedirectResponse(f"{url}/historik?falt={key}", 303)


def _spot(key: str, asked: Permission) -> Spot:
    """The field, where those who have come here may read it: each field says itself who reads it."""
    found = spot(fields.KINDS, key)
    if not found or found.kind.reads is not asked:
        raise NotFound
    return found


def _is_open(here: Here, found: Spot) -> bool:
    """An answer to an earlier submission is sent, and stands."""
    last = str(here.row.version)
    now = fields.is_open(found.kind, here.row.state) and found.parts.get("version", last) == last
    return now and here.may(found.kind.writes)


def in_words(said: Said, found: Spot) -> str:
    """A value as a person reads it: a choice in its own word, a list as names."""
    if not said.value:
        return "(tomt)"
    if not isinstance(said.value, str):
        return ", ".join(said.value)
    return fields.CHOICES.get(found.kind, {}).get(said.value, said.value)


def _name(session: Session, here: Here, found: Spot) -> str:
    """`Ansvarig, Handledarträffar`: a field as a person would name it."""
    measure = session.get(MeasureRow, (here.row.id, found.parts.get("measure", "")))
    about = (measure.what if measure else "") or _area(here.rubric(session), found.parts.get("area", ""))
    return f"{found.kind.label}, {about}" if about and found.kind is not fields.WHAT else found.kind.label


def _area(rubric: Rubric, id: str) -> str:
    area = rubric.area(id)
    return area.name if area else id


def _page_of(found: Spot, here: Here) -> str:
    if found.kind in fields.ANSWER:
        return f"{here.url}/svar#{found.key}"
    if "measure" in found.parts:
        return f"{here.url}/atgarder/{found.parts['measure']}"
    if "area" in found.parts:
        return f"{here.url}/omraden/{found.parts['area']}"
    return here.url
