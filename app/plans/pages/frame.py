"""What stands around every page of a plan: where one is, how it stands, and the plan's other pages."""

from datetime import date
from typing import Any

from sqlmodel import Session

from app import audit
from app.accounts.roles import Permission
from app.inspections.models import Version
from app.plans.access import Here
from app.plans.models import PlanRow
from app.plans.rules import STATES
from app.web.swedish import day, local, many

SOON = 30  # days before the deadline that waiting begins to show


def frame(session: Session, here: Here, current: str) -> dict[str, Any]:
    """`plan`, `url`, `tabs`, `inspection` (as signed), `clinic` (by the name that it has there) and `state` for a page
    called `current`."""
    tabs: list[tuple[str, str, bool, int | None]] = [("Planen", here.url, current == "planen", None)]
    if here.may(Permission.WRITE_PLAN):
        tabs.append(("Åtgärder", f"{here.url}/atgarder", current == "atgarder", None))
    if here.found.is_submitted:
        if here.may(Permission.ANSWER_PLAN):
            tabs.append(("Svara", f"{here.url}/svar", current == "svar", None))
        if here.may(Permission.REGRADE):
            tabs.append(("Ändra gradering", f"{here.url}/gradering", current == "gradering", None))
    row = here.row
    answered = session.get_one(Version, (row.inspection, row.report))  # what is drafted now is not for readers
    return {
        "plan": row,
        "url": here.url,
        "tabs": tabs,
        "inspection": answered,
        "report_url": f"/inspektioner/{row.inspection}/versioner/{here.found.inspection.last_version}",
        "clinic": answered.clinic_name,
        "state": standing(row),
        "own": here.may(Permission.WRITE_PLAN),
    }


def today() -> date:
    return local(audit.now()).date()


def standing(row: PlanRow) -> tuple[str, str]:
    """How a plan stands, in words, and how that is seen: done, now, wait or must."""
    if row.state != "draft":
        seen = {"more": "wait", "submitted": "wait", "accepted": "done", "follow_up": "now", "closed": "done"}
        return STATES[row.state].capitalize(), seen[row.state]
    left, when = (row.due - today()).days, f"Lämnas in senast {day(row.due)}"
    if left < 0:
        return f"{when}: {many(-left, 'dag', 'dagar')} sen", "must"
    return f"{when}, {many(left, 'dag', 'dagar')} kvar", "wait" if left <= SOON else "now"
