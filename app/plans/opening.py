"""How a plan comes about: by itself, when a report is signed that asks something of the clinic.

An old report that was taken in with its plan brings that one along instead.
"""

from calendar import monthrange
from datetime import date

from sqlmodel import Session

from app import audit
from app.accounts.viewer import Viewer
from app.errors import Unacceptable
from app.ids import new_id, new_ids
from app.inspections.file import Inspection, Plan
from app.inspections.models import InspectionRow
from app.inspections.rules import areas_to_answer
from app.inspections.signing import WhenSigned
from app.plans import fields, placing
from app.plans.content import canonical, fingerprint, written
from app.plans.models import PlanRow, PlanVersion
from app.plans.queries import plan_of
from app.web.swedish import local
from app.writing import apply, desk
from app.writing.apply import Target
from app.writing.desk import Operation
from app.writing.fields import Spot, Value
from rubrics.model import Rubric


def opening(months: int) -> WhenSigned:
    """What a signature brings with it: a plan, with so many months to submit it in."""

    def opened(session: Session, by: Viewer, row: InspectionRow, signed: Inspection, rubric: Rubric) -> None:
        if plan_of(session, row.id):
            return
        if signed.plan:
            _brought_along(session, by, row, signed, signed.plan)
        elif areas_to_answer(signed, rubric):
            _opened(session, by, row, months, Plan(unit_line=signed.unit.line))

    return opened


def _opened(session: Session, by: Viewer, row: InspectionRow, months: int, begins: Plan) -> PlanRow:
    """A plan that begins with this. It is written as fields like any other, for people to write on."""
    today = local(audit.now()).date()
    plan = PlanRow(
        id=new_id(),
        inspection=row.id,
        report=row.version,
        clinic=row.clinic,
        region=row.region,
        speciality=row.speciality,
        rubric_sha256=row.rubric_sha256,
        opened=today,
        due=in_months(today, months),
    )
    subject = desk.begin(session, subject=plan.id, kind="plan")
    session.add(plan)
    session.flush()
    audit.record(session, by=by.id, action="plan:opened", subject=plan.id, inspection=row.id, due=str(plan.due))

    def place(session: Session, spot: Spot, value: Value) -> None:
        placing.place(session, plan, spot, value)

    target = Target(subject, fields.KINDS, lambda *_: None, place)
    operations = [Operation(new_id(), key, value) for key, value in written(begins, new_ids()) if value]
    answers = apply.write(session, by=by.id, target=target, operations=operations)
    if refused := [answer for answer in answers if answer.outcome == "refused"]:
        raise Unacceptable(refused[0].told)
    return plan


def _brought_along(session: Session, by: Viewer, row: InspectionRow, signed: Inspection, brought: Plan) -> None:
    """The plan of an old report: submitted, and accepted where a grade was changed because of it."""
    plan = _opened(session, by, row, 0, brought)
    accepted = any(each.because == "plan" for review in signed.areas.values() for each in review.regrades)
    plan.version, plan.state = 1, "accepted" if accepted else "submitted"
    session.add(
        PlanVersion(
            plan=plan.id,
            number=1,
            seq=desk.locked(session, plan.id).seq,
            content=canonical(brought),
            sha256=fingerprint(brought),
            submitted=audit.now(),
            by=by.id,
            outcome="accepted" if accepted else "",
        )
    )
    audit.record(session, by=by.id, action="plan:brought_along", subject=plan.id, inspection=row.id, state=plan.state)
    session.flush()


def in_months(day: date, months: int) -> date:
    """So many months later; the last day of a month that is too short: 30 November + 3 = 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
