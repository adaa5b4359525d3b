"""A form of a plan's page, saved: the same with script and without, and with whatever its buttons ask for besides."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.plans import actions
from app.plans.access import Here
from app.plans.fields import KINDS
from app.plans.queries import find
from app.plans.rules import STATES, State
from app.writing import forms
from app.writing.apply import Answer
from app.writing.desk import Operation
from app.writing.fields import Value
from app.writing.forms import Sent
from app.writing.late import Told, is_kept, late_page


@dataclass(frozen=True)
class Saved:
    """`refused` by field, in sentences; `anew` = the page's own fields may look another way by now."""

    sent: Sent
    answers: Sequence[Answer]
    refused: dict[str, str]
    not_kept: dict[str, Value]
    anew: bool


def saved(here: Here, filled: FormData, more: Sequence[Operation] = ()) -> Saved:
    """`more` are the operations that the form's buttons ask for: of one that is refused, what follows is not tried."""
    sent = forms.sent_form(filled, KINDS)
    with here.database.writing() as session:
        id = here.row.id
        made = forms.operations(session, id, here.viewer.id, sent, KINDS)
        made += forms.chosen(session, id, str(filled.get("keep", "")), sent, KINDS)
        answers = actions.write(session, by=here.viewer, plan=id, operations=made)
        first = actions.write(session, by=here.viewer, plan=id, operations=more[:1])
        rest = more[1:] if all(each.outcome != "refused" for each in first) else ()
        answers = [*answers, *first, *actions.write(session, by=here.viewer, plan=id, operations=rest)]
    tried = [*made, *more[:1], *rest]
    refused = forms.refused(tried, answers)
    differ = any(answer.outcome == "sibling" for answer in answers) or any(operation.settles for operation in made)
    anew = differ or bool(more) or bool(filled.get("keep") or filled.get("clear"))
    return Saved(sent, answers, refused, forms.not_kept(tried, refused), anew)


def too_late(request: Request, here: Here, done: Saved) -> Response | None:
    """The answer to the clinic's form that came while its fields were closed: kept, without effect. None = in time."""
    if not is_kept(done.answers):
        return None
    with here.database.reading() as session:
        state = find(session, here.row.id).row.state
    return late_page(request, _closed(here, state), done.answers, done.not_kept)


def _closed(here: Here, state: State) -> Told:
    onward = {
        "submitted": "Inspektörerna läser planen. Ber de om en komplettering kan ni skriva i den igen.",
        "closed": "Planen är avslutad och ändras inte mer.",
    }.get(state, "Läge, ansvarig, slutdag och vad det blev går att ändra medan planen följs upp.")
    kept = "Det du skrev finns kvar under Tidigare versioner, men ändrar inget i planen."
    return Told(f"Planen är {STATES[state]}", kept, onward, [("Till planen", here.url)])
