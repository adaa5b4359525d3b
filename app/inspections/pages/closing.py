"""The closing talk: what is shown to the clinic before one leaves. Findings by area, and nothing else of the work.

Its audience is the clinic: no comments, no reasons, no names. A finding whose kind nobody has said yet is not shown,
for nobody knows in which list it would hurt. `static/device/closing.js` draws the same of what a device knows.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.accounts.roles import Permission
from app.inspections.access import Here, on_inspection
from app.inspections.fields import FINDING_KINDS
from app.inspections.models import FindingRow, InspectionRow
from app.inspections.pages.badges import badge, badges
from app.inspections.pages.frame import frame
from app.inspections.suggested import changed
from app.web.render import page
from rubrics.model import Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_WORK)]

_THANKS = {1: "Tack för i dag", 2: "Tack för två fina dagar", 3: "Tack för tre fina dagar"}  # by the visit's days


@dataclass(frozen=True)
class Said:
    area: str  # "" = of no area
    title: str
    texts: Sequence[str]


@router.get("/inspektioner/{inspection}/slutsamtal")
def closing(request: Request, here: Seeing) -> Response:
    with here.database.reading() as session:
        rubric, reading = here.rubric(session), here.reading(session)
        inspection = reading.content()
        facts = {
            **frame(session, here, "slutsamtal"),
            "thanks": thanks(here.row),
            "lists": said(reading.findings, rubric),
            "grades": [(area, badge(rubric, inspection.review(area.id).standing)) for area in rubric.areas],
            "badges": badges(rubric),
            "facts": json.dumps(_for_the_device(rubric, changed(inspection)), ensure_ascii=False),
        }
    return page(request, "inspections/closing.html", **facts)


def said(rows: Iterable[FindingRow], rubric: Rubric) -> list[tuple[str, list[Said]]]:
    """By kind: what belongs to no area first, then by area in the rubric's order."""
    shown = [row for row in rows if row.text.strip()]
    titles = {"": "", **{area.id: area.title for area in rubric.areas}}

    def of(kind: str) -> list[Said]:
        texts = {id: [row.text for row in shown if row.kind == kind and row.area == id] for id in titles}
        return [Said(id, title, texts[id]) for id, title in titles.items() if texts[id]]

    return [(kind, of(kind)) for kind in FINDING_KINDS]


def thanks(row: InspectionRow) -> str:
    days = (row.last_day - row.first_day).days + 1 if row.first_day and row.last_day else 1
    return _THANKS.get(days, "Tack för de här dagarna")


def _for_the_device(rubric: Rubric, changed: dict[str, str]) -> dict[str, object]:
    return {"areas": [(area.id, area.title) for area in rubric.areas], "changed": changed}
