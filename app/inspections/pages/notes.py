"""The notes of one talk: what to ask about, one's own words beside the colleague's. For the inspectors alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.roles import Permission
from app.errors import NotFound
from app.ids import new_id
from app.inspections import actions
from app.inspections.access import Here, as_inspector, on_inspection
from app.inspections.fields import FREE, NOTE, ROLES
from app.inspections.models import InterviewRow
from app.inspections.pages.findings import BLANK
from app.inspections.pages.frame import frame
from app.inspections.pages.late import too_late
from app.inspections.program import hours, with_whom
from app.inspections.queries import interview
from app.web.render import page
from app.writing import forms
from app.writing.forms import Filled, Sent, sent_form
from app.writing.said import Box, Clash, Said, clashes, heads
from rubrics.model import Area, Criterion, Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.NOTES)]
Writing = Annotated[Here, as_inspector(Permission.NOTES)]


# Before the next, which would take it for a talk. No page to go to, and so no HTMLResponse.
@router.get("/inspektioner/{inspection}/intervjuer/ny", response_class=Response)
def stand_in(request: Request, here: Seeing) -> Response:
    """Taken along by a tablet, whose worker (static/sw.js) shows it for a talk that the server has not heard of yet."""
    row = InterviewRow(inspection=here.row.id, id=BLANK)
    with here.database.reading() as session:
        return page(request, "inspections/notes.html", **_facts(session, here, row) | {"seq": -1})


@router.get("/inspektioner/{inspection}/intervjuer/{interview}")
def notes(request: Request, here: Seeing, interview: str) -> Response:
    with here.database.reading() as session:
        row = _row(session, here, interview)
        return page(request, "inspections/notes.html", **_facts(session, here, row))


@router.post("/inspektioner/{inspection}/intervjuer/{interview}")
def save(request: Request, here: Writing, interview: str, filled: Filled) -> Response:
    sent, id = sent_form(filled, (NOTE,)), here.row.id
    with here.database.writing() as session:
        _row(session, here, interview)
        made = forms.operations(session, id, here.viewer.id, sent, (NOTE,))
        made += forms.chosen(session, id, str(filled.get("keep", "")), sent, (NOTE,))
        answers = actions.write(session, by=here.viewer, inspection=id, operations=made)
    refused = forms.refused(made, answers)
    if late := too_late(request, here, Permission.NOTES, answers, forms.not_kept(made, refused)):
        return late
    if refused:
        with here.database.reading() as session:
            row = _row(session, here, interview)
            return page(request, "inspections/notes.html", 422, **_facts(session, here, row, sent, refused))
    return RedirectResponse(f"{here.url}/intervjuer/{interview}", 303)


def _row(session: Session, here: Here, id: str) -> InterviewRow:
    found = interview(session, here.row.id, id)
    if not found:
        raise NotFound
    return found


# ── What the page shows ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Asked:
    """Something to ask about: a criterion, or what belongs to none. With one's own note, and the others'."""

    about: str
    text: str
    questions: Sequence[str]
    own: Box
    others: Sequence[Said]

    @property
    def written(self) -> int:
        return bool(self.own.value) + len(self.others)


def _facts(
    session: Session, here: Here, row: InterviewRow, sent: Sent | None = None, refused: dict[str, str] | None = None
) -> dict[str, Any]:
    id, rubric = row.id, here.rubric(session)
    said = {key: each for key, each in heads(session, here.row.id).items() if key.startswith(f"note/{id}/")}
    unsettled = clashes(session, here.row.id, (NOTE,))

    def asked(about: str, text: str = "", questions: Sequence[str] = ()) -> Asked:
        key = NOTE.key(interview=id, person=here.viewer.id, about=about)
        others = [each for other, each in said.items() if other != key and other.endswith(f"/{about}") and each.value]
        return Asked(about, text, questions, _box(key, said, unsettled), others)

    def in_area(area: Area) -> list[Asked]:
        made = [asked(each.id, each.text, _questions(each, row.role)) for each in area.criteria]
        return [each for each in made if each.questions or each.written or not _has_questions(rubric, row.role)]

    return {
        **frame(session, here, "program"),
        "talk": row,
        "whom": with_whom(row),
        "when": hours(row),
        "role": ROLES.get(row.role, ""),
        "roles": json.dumps(ROLES, ensure_ascii=False),
        "free": asked(FREE),
        "areas": [(area, lines) for area in rubric.areas if (lines := in_area(area))],
        "form": new_id(),
        **forms.to_mend(sent, refused or {}),
        "refused": refused or {},
        "writes": here.writes,
    }


def _box(key: str, said: Mapping[str, Said], unsettled: Sequence[Clash]) -> Box:
    return Box(key, said.get(key), [each for each in unsettled if each.spot.key == key])


def _questions(criterion: Criterion, role: str) -> Sequence[str]:
    """The rubric's own, for that role; a role that it has none for is asked about the criterion as it stands."""
    return getattr(criterion.ask, role, ()) if criterion.ask else ()


def _has_questions(rubric: Rubric, role: str) -> bool:
    return any(_questions(each, role) for area in rubric.areas for each in area.criteria)
