"""The page on which each says "Jag är klar", and on which all then lay together what each has said alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.roles import Permission
from app.accounts.viewer import initials
from app.ids import id_from, new_id
from app.inspections import actions
from app.inspections.access import Here, as_inspector, on_inspection
from app.inspections.apart import not_done
from app.inspections.fields import DONE, KINDS
from app.inspections.pages.agreeing_view import speakers, to_agree
from app.inspections.pages.badges import badges, looks
from app.inspections.pages.frame import frame
from app.inspections.pages.late import too_late
from app.inspections.queries import inspectors
from app.web.render import page
from app.writing import forms
from app.writing.desk import Operation
from app.writing.fields import Value, encoded
from app.writing.forms import Filled, Sent, sent_form
from app.writing.models import AGREED
from app.writing.said import Box, heads, voices

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_WORK)]
Writing = Annotated[Here, as_inspector(Permission.WRITE)]


@router.get("/inspektioner/{inspection}/jamka")
def agreeing(request: Request, here: Seeing) -> Response:
    with here.database.reading() as session:
        return page(request, "inspections/agreeing.html", **_facts(session, here))


@router.post("/inspektioner/{inspection}/jamka")
def agree(request: Request, here: Writing, filled: Filled) -> Response:
    sent = sent_form(filled, KINDS)
    with here.database.writing() as session:
        taken = _taken(session, here, sent, filled)
        typed = forms.operations(session, here.row.id, here.viewer.id, sent, KINDS)
        made = [*taken, *(each for each in typed if each.field not in {one.field for one in taken})]
        answers = actions.write(session, by=here.viewer, inspection=here.row.id, operations=made)
    refused = forms.refused(made, answers)
    if late := too_late(request, here, Permission.WRITE, answers, forms.not_kept(made, refused)):
        return late
    if refused:
        with here.database.reading() as session:
            return page(request, "inspections/agreeing.html", 422, **_facts(session, here, sent, refused))
    return RedirectResponse(f"{here.url}/jamka", 303)


def _taken(session: Session, here: Here, sent: Sent, filled: FormData) -> list[Operation]:
    """What a button takes over as it was said: `take`, one field's texts (field=operations; none of them: it is to be
    empty), or `equal`, all that is alike in an area."""
    if here.row.apart or not (filled.get("take") or filled.get("equal")):
        return []
    said = voices(session, here.row.id)
    chosen: dict[str, Value] = {}
    key, _, revisions = str(filled.get("take", "")).partition("=")
    texts = {each.revision: str(each.value) for each in said if each.field == key}
    if texts and texts.keys() >= set(revisions.split()):
        chosen[key] = "\n\n".join(texts[each] for each in revisions.split()) or None
    for each in to_agree(here.rubric(session), said):
        if each.area.id == filled.get("equal"):
            chosen |= each.equal
    return [
        Operation(id_from(sent.form, "agree", field, encoded(value)), field, value) for field, value in chosen.items()
    ]


def _facts(
    session: Session, here: Here, sent: Sent | None = None, refused: dict[str, str] | None = None
) -> dict[str, Any]:
    rubric, standing = here.rubric(session), heads(session, here.row.id)
    said = [] if here.row.apart else voices(session, here.row.id)
    own = DONE.key(person=here.viewer.id)
    return {
        **frame(session, here, ""),
        "areas": to_agree(rubric, said),
        "speakers": speakers(said, here.viewer.id),
        "standing": standing,
        "rubric": rubric,
        "answer_look": looks(rubric),
        "grade_words": {each.letter: f"{each.letter}: {each.word}" for each in badges(rubric)},
        "answer_words": {key: answer.label or key for key, answer in rubric.answers.items()},
        "inspectors": [(each, initials(each.name)) for each in inspectors(session, here.found)],
        "waits_for": not_done(session, here.row),
        "done": Box(own, standing.get(own), ()),
        "voice": AGREED,
        "form": new_id(),
        **forms.to_mend(sent, refused or {}),
        "refused": refused or {},
        "writes": here.writes,
    }
