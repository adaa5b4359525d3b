"""The programme of the visit: whom one meets, when and where. Written as one form, or field by field by the device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.access import Db, by_address
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.ids import id_from, is_id, new_id
from app.inspections import actions
from app.inspections.access import Here, as_inspector, on_inspection
from app.inspections.calendar import calendar, events, own_inspections
from app.inspections.fields import CALLED_OFF, INTERVIEW, ROLES
from app.inspections.models import InterviewRow
from app.inspections.pages.findings import BLANK
from app.inspections.pages.frame import frame, unit
from app.inspections.pages.late import too_late
from app.inspections.pages.report import MEDIA, download
from app.inspections.program import document, hours, in_order, with_whom
from app.inspections.queries import interviews
from app.web.render import page
from app.writing import forms
from app.writing.desk import Operation
from app.writing.forms import Filled, Sent, sent_form
from app.writing.said import Box, Clash, Said, clashes, heads
from reports.formats import write

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_WORK)]
Writing = Annotated[Here, as_inspector(Permission.WRITE)]


@router.get("/inspektioner/{inspection}/program")
def program(request: Request, here: Seeing) -> Response:
    with here.database.reading() as session:
        return page(request, "inspections/program.html", **_facts(session, here))


@router.post("/inspektioner/{inspection}/program")
def save(request: Request, here: Writing, filled: Filled) -> Response:
    sent, id = sent_form(filled, INTERVIEW), here.row.id
    with here.database.writing() as session:
        made = forms.operations(session, id, here.viewer.id, sent, INTERVIEW)
        made += forms.chosen(session, id, str(filled.get("keep", "")), sent, INTERVIEW)
        made += _called_off(filled, sent)
        answers = actions.write(session, by=here.viewer, inspection=id, operations=made)
    refused = forms.refused(made, answers)
    if late := too_late(request, here, Permission.WRITE, answers, forms.not_kept(made, refused)):
        return late
    if refused:
        with here.database.reading() as session:
            return page(request, "inspections/program.html", 422, **_facts(session, here, sent, refused))
    return RedirectResponse(f"{here.url}/program{'#ny' if 'add' in filled else ''}", 303)


def _called_off(filled: FormData, sent: Sent) -> list[Operation]:
    """`remove` or `restore` = the talk's id."""
    return [
        Operation(id_from(sent.form, button, talk), CALLED_OFF.key(interview=talk), value)
        for button, value in (("remove", "1"), ("restore", None))
        if is_id(talk := str(filled.get(button, "")))
    ]


@router.get("/inspektioner/{inspection}/program.docx", response_class=Response)
def as_word(here: Seeing) -> Response:
    with here.database.reading() as session:
        standing = [row for row in interviews(session, here.row.id) if not row.gone]
    made = document(unit(here.row), here.row.specialty, standing)
    return download(write(made, "docx"), "docx", f"program-{here.row.id[:8]}.docx")


@router.get("/inspektioner/{inspection}/program.ics", response_class=Response)
def as_calendar(here: Seeing) -> Response:
    with here.database.reading() as session:
        made = calendar(events(session, [here.row]))
    return download(made, "ics", f"program-{here.row.id[:8]}.ics")


@router.get("/kalender/{token}/spur.ics", response_class=Response)
def feed(viewer: Annotated[Viewer, by_address()], database: Db) -> Response:
    """All that one inspects, for a calendar program: it fetches again and again, and cannot sign in."""
    with database.reading() as session:
        made = calendar(events(session, own_inspections(session, viewer)))
    return Response(made, media_type=MEDIA["ics"], headers={"Cache-Control": "private, no-store"})


# ── What the page shows ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Talk:
    id: str
    row: InterviewRow
    when: str
    whom: str
    boxes: Mapping[str, Box]  # by the last part of the key


def _facts(
    session: Session, here: Here, sent: Sent | None = None, refused: dict[str, str] | None = None
) -> dict[str, Any]:
    standing, unsettled = heads(session, here.row.id), clashes(session, here.row.id, INTERVIEW)
    talks = [_talk(row, standing, unsettled) for row in in_order(interviews(session, here.row.id))]
    mended = next((key.split("/")[1] for key in refused or {}), "")
    # The empty row has its own id from the start: so it is filled in like any other, with a net or without.
    new = mended if mended and mended not in {each.id for each in talks} else new_id()
    return {
        **frame(session, here, "program"),
        "talks": [each for each in talks if not each.row.gone],
        "gone": [each for each in talks if each.row.gone],
        "new": _talk(InterviewRow(inspection=here.row.id, id=new), standing, ()),
        "blank": _talk(InterviewRow(inspection=here.row.id, id=BLANK), standing, ()),
        "roles": list(ROLES.items()),
        "notes": here.may(Permission.NOTES),
        "form": new_id(),
        **forms.to_mend(sent, refused or {}),
        "refused": refused or {},
        "writes": here.writes,
    }


def _talk(row: InterviewRow, standing: Mapping[str, Said], unsettled: Sequence[Clash]) -> Talk:
    boxes = {
        kind.pattern.rpartition("/")[2]: Box(
            key := kind.key(interview=row.id), standing.get(key), [e for e in unsettled if e.spot.key == key]
        )
        for kind in INTERVIEW
    }
    return Talk(row.id, row, hours(row), with_whom(row), boxes)
