"""Strengths, weaknesses, potential for improvement: written, ordered, linked, taken away and brought back."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session, select
from starlette.datastructures import FormData

from app.accounts.roles import Permission
from app.ids import id_from, new_id
from app.inspections import actions, fields
from app.inspections.access import Here, as_inspector, on_inspection
from app.inspections.fields import FINDING_KINDS, KINDS
from app.inspections.models import FindingRow
from app.inspections.pages.findings_view import blank, columns, gone
from app.inspections.pages.frame import frame
from app.inspections.pages.late import too_late
from app.inspections.reading import findings
from app.inspections.used import start_of
from app.web.render import page
from app.writing import forms
from app.writing.desk import Operation
from app.writing.fields import FieldKind, Value, stored
from app.writing.forms import Filled, Sent, sent_form
from app.writing.models import Revision
from app.writing.order import between, moved
from app.writing.said import Box, clashes, heads

BLANK = "__id__"  # in a template on the page, where the device writes a finding's own id

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_WORK)]
Writing = Annotated[Here, as_inspector(Permission.WRITE)]


@router.get("/inspektioner/{inspection}/iakttagelser")
def all_findings(
    request: Request, here: Seeing, omrade: str = "", andra: str = "", flyttad: str = "", fran: str = ""
) -> Response:
    with here.database.reading() as session:
        facts = _facts(session, here, omrade, andra, typed=_begun(session, here, fran))
        return page(request, "inspections/findings.html", moved=flyttad, **facts)


@router.post("/inspektioner/{inspection}/iakttagelser")
def save(request: Request, here: Writing, filled: Filled) -> Response:
    sent, id = sent_form(filled, KINDS), here.row.id
    with here.database.writing() as session:
        rows = findings(session, id)
        new, wrong = _new(filled, sent, rows)
        made = forms.operations(session, id, here.viewer.id, sent, KINDS)
        made += forms.chosen(session, id, str(filled.get("keep", "")), sent, KINDS)
        made += [*_moved(session, filled, sent, rows), *_removed(filled, sent), *_restored(filled, sent), *new[:1]]
        answers = actions.write(session, by=here.viewer, inspection=id, operations=made)
        if new and answers[-1].outcome != "refused":  # a finding without its text is none
            answers += actions.write(session, by=here.viewer, inspection=id, operations=new[1:])
            made += new[1:]
    refused = forms.refused(made, answers)
    not_kept = forms.not_kept(made, refused) | ({"text": str(filled.get("text", ""))} if wrong else {})
    if late := too_late(request, here, Permission.WRITE, answers, not_kept):
        return late
    if new and new[0].field in refused:
        wrong |= {"text": refused.pop(new[0].field)}
    wrong |= refused
    if wrong:
        with here.database.reading() as session:
            edited = next((key.split("/")[1] for key in wrong if key.startswith("finding/")), "")
            facts = _facts(session, here, str(filled.get("area", "")), edited, sent=sent, wrong=wrong, typed=filled)
            return page(request, "inspections/findings.html", 422, moved="", **facts)
    return RedirectResponse(f"{here.url}/iakttagelser{_back_to(filled, sent)}", 303)


def _back_to(filled: FormData, sent: Sent) -> str:
    """Where on the page to go on: at the finding that was touched, on the button that moved it, or in a new one."""
    if filled.get("add"):
        more = filled["add"] == "more"
        return f"?omrade={filled.get('area', '')}#ny" if more else f"#f-{_id_of_new(filled, sent)}"
    if filled.get("move"):
        return f"?flyttad={filled['move']}"
    written = next((key.split("/")[1] for key in sent.values if key.startswith("finding/")), "")
    touched = filled.get("restore") or written
    return f"#f-{touched}" if touched else ""


# ── What the buttons ask for ──────────────────────────────────────────────────────────────


def _new(filled: FormData, sent: Sent, rows: Sequence[FindingRow]) -> tuple[list[Operation], dict[str, str]]:
    """A new finding, last of all, its text first. Nothing typed makes nothing, unless the button was pressed."""
    text, kind = str(filled.get("text", "")), str(filled.get("kind", ""))
    if not text.strip():
        return [], {"text": "Skriv vad du såg eller hörde."} if filled.get("add") else {}
    if kind not in FINDING_KINDS:
        return [], {"kind": "Välj slag: styrka, svaghet eller förbättringspotential."}
    try:
        stored(text, fields.TEXT)
    except ValueError as error:  # refused as a whole: a finding without its text is none
        return [], {"text": str(error)}
    finding = _id_of_new(filled, sent)
    if any(row.id == finding for row in rows):
        return [], {}  # sent twice
    values: dict[FieldKind, Value] = {
        fields.TEXT: text,
        fields.KIND: kind,
        fields.AREA: str(filled.get("area", "")),
        fields.CRITERIA: [str(each) for each in filled.getlist("criteria")],
        fields.ORDER: between(max((row.order for row in rows), default=""), ""),
    }
    made = [
        Operation(id_from(finding, field.pattern), field.key(finding=finding), value)
        for field, value in values.items()
        if value
    ]
    return made, {}


def _id_of_new(filled: FormData, sent: Sent) -> str:
    """By its text too: who goes back to the page and writes another means another finding."""
    return id_from(sent.form, "finding", str(filled.get("kind", "")), str(filled.get("text", "")))


def _moved(session: Session, filled: FormData, sent: Sent, rows: Sequence[FindingRow]) -> list[Operation]:
    """`move` = `up:<id>` or `down:<id>`: past its neighbour among those of its own kind."""
    way, _, id = str(filled.get("move", "")).partition(":")
    row = next((row for row in rows if row.id == id), None)
    if not row:
        return []
    same = [(each.id, each.order) for each in rows if each.kind == row.kind]
    place = same.index((id, row.order)) + (-1 if way == "up" else 1)
    sent_before = session.exec(select(Revision.id).where(Revision.id == id_from(sent.form, "move", way, id))).first()
    if sent_before or not 0 <= place < len(same):
        return []
    return [
        Operation(id_from(sent.form, "move", way, each), fields.ORDER.key(finding=each), key)
        for each, key in moved(same, id, place)
    ]


def _removed(filled: FormData, sent: Sent) -> list[Operation]:
    """`remove` = the finding's id. It names the text that its remover saw."""
    id = str(filled.get("remove", ""))
    seen = sent.seen.get(fields.TEXT.key(finding=id), "")
    return [Operation(id_from(sent.form, "remove", id), fields.GONE.key(finding=id), seen)] if id and seen else []


def _restored(filled: FormData, sent: Sent) -> list[Operation]:
    id = str(filled.get("restore", ""))
    return [Operation(id_from(sent.form, "restore", id), fields.GONE.key(finding=id), None)] if id else []


def _begun(session: Session, here: Here, key: str) -> FormData | None:
    """The form of a new finding that begins with a text from elsewhere, for its writer to change."""
    if not (start := start_of(session, here.viewer, key)):
        return _from_note(session, here, key)
    return FormData([("text", start.text), ("kind", start.kind), ("criteria", start.criterion)])


def _from_note(session: Session, here: Here, key: str) -> FormData | None:
    """A note that is to become a finding: its text, and the criterion that it is about."""
    found = fields.NOTE.match(key)
    said = heads(session, here.row.id).get(key) if found and here.may(fields.NOTE.reads) else None
    if not found or not said or not isinstance(said.value, str):
        return None
    about = found.parts["about"]
    return FormData([("text", said.value), *([("criteria", about)] if about != fields.FREE else [])])


# ── What the page shows ───────────────────────────────────────────────────────────────────


def _facts(
    session: Session,
    here: Here,
    area: str,
    edited: str,
    *,
    sent: Sent | None = None,
    wrong: dict[str, str] | None = None,
    typed: FormData | None = None,
) -> dict[str, Any]:
    rubric = here.rubric(session)
    standing, unsettled = heads(session, here.row.id), clashes(session, here.row.id, KINDS)

    def box(finding: str) -> Box:
        key = fields.TEXT.key(finding=finding)
        return Box(key, standing.get(key), [each for each in unsettled if each.spot.key == key])

    at = (FindingRow.inspection == here.row.id, FindingRow.hidden == True)  # noqa: E712
    return {
        **frame(session, here, "iakttagelser"),
        "rubric": rubric,
        "columns": columns(findings(session, here.row.id), box, rubric.area_of),
        "blank": blank(BLANK),
        "gone": gone(session.exec(select(FindingRow).where(*at))),
        "kinds": FINDING_KINDS,
        "revisions": {key: said.revision for key, said in standing.items()},
        "crit_options": {
            each.id: [(criterion.id, f"{criterion.id} {criterion.text}") for criterion in each.criteria]
            for each in rubric.areas
        },
        "areas": [(each.id, each.name) for each in rubric.areas],
        "chosen_area": rubric.area(area),
        "edited": edited,
        "form": new_id(),
        **forms.to_mend(sent, wrong or {}),
        "wrong": wrong or {},
        "typed": typed or {},
        "linked": typed.getlist("criteria") if typed else [],
        "writes": here.writes,
    }
