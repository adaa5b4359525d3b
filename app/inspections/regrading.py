"""A grade that is changed after signing: an event, which makes the report's next version.

The decided grade stays what it was; the change stands beside it. What is changed is printed, and signed by the
inspectors as any version is; until then it can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import Stale, Unacceptable
from app.ids import new_id
from app.inspections.actions import open_next
from app.inspections.content import fingerprint, plan_as_kept
from app.inspections.file import Inspection, Plan
from app.inspections.models import InspectionRow, RegradeRow, Version
from app.inspections.queries import found, signatures
from app.inspections.reading import Reading, regrades
from app.inspections.rubric_copy import rubric_of
from app.inspections.signing import take_back
from app.web.swedish import local
from app.writing import desk
from rubrics.model import Area, Cause, Rubric

CAUSES: dict[Cause, str] = {
    "plan": "Ändrad gradering efter handlingsplan.",
    "revisit": "Ändrad gradering efter återbesök.",
    "correction": "Rättad gradering.",
}


@dataclass(frozen=True)
class Change:
    """One area's new grade. `measures` are the ids of those in the plan that it rests on."""

    area: str
    grade: str
    measures: Sequence[str] = ()


def regrade(
    session: Session,
    *,
    by: Viewer,
    inspection: str,
    because: Cause,
    changes: Sequence[Change],
    day: date,
    plan: Plan | None = None,
) -> None:
    """Changes the grades of areas in a signed report: opens version n + 1 with them, or adds to the one that is open.

    `plan` is printed as its appendix. Raises Unacceptable where a grade cannot be given, Stale before version 1.
    """
    desk.locked(session, inspection)
    row = found(session, inspection, by, Permission.REGRADE).row
    if row.state == "draft" and row.version == 1:
        raise Stale("Rapporten är inte fastställd än. Sätt graderingen i området i stället.")
    if row.state == "signed" and session.get_one(Version, (row.id, row.version)).withheld:
        raise Stale("Rapporten är innehållen, och har ingen gradering att ändra. Öppna en rättelse i stället.")
    if plan:
        row.plan = plan_as_kept(plan)
    if day > local(audit.now()).date():
        raise Unacceptable("Dagen har inte varit än. Skriv den dag då graderingen ändrades.")
    if because == "plan" and plan is None:
        raise Unacceptable("Ändringen bygger på en handlingsplan. Gör den från planen, när den är godtagen.")
    rubric, now = rubric_of(session, row.rubric_sha256), Reading(session, row).content()
    checked = [(each, _area(rubric, each)) for each in changes]
    if not checked:
        raise Unacceptable("Välj en ny gradering för minst ett område.")
    if row.state == "signed":
        open_next(session, by=by, row=row, cause=CAUSES[because])
    for change, area in checked:
        _changed(session, by, row, now, area, change, because, day)
    session.flush()
    take_back(session, by, row)


def _area(rubric: Rubric, change: Change) -> Area:
    area = rubric.area(change.area)
    if area is None:
        raise Unacceptable(f"Området {change.area[:60]} finns inte i {rubric.reference}.")
    if change.grade not in area.offered:
        offered = ", ".join(area.offered)
        raise Unacceptable(
            f"{change.grade[:60]} går inte att välja i område {area.code or area.title}: välj {offered}."
        )
    return area


def _changed(
    session: Session,
    by: Viewer,
    row: InspectionRow,
    now: Inspection,
    area: Area,
    change: Change,
    because: Cause,
    day: date,
) -> None:
    """One more regrade of an area. One that is not signed yet gives way to it."""
    earlier = [each for each in regrades(session, row.id) if each.area == area.id]
    if earlier and earlier[-1].version == row.version:
        session.delete(earlier.pop())
        session.flush()
    before = earlier[-1].grade if earlier else now.review(area.id).grade
    if not before:
        raise Unacceptable(f"Område {area.code or area.title} har ingen gradering att ändra. Öppna en rättelse.")
    if before == change.grade:
        raise Unacceptable(f"Område {area.code or area.title} har redan {before}. Välj en annan, eller låt det stå.")
    after = max(
        (day_ for day_ in (now.visit.last_day, now.visit.first_day, *(e.day for e in earlier)) if day_), default=day
    )
    if day < after:
        raise Unacceptable(f"Ändringen kan inte vara före {after}. Välj en senare dag.")
    new = RegradeRow(
        id=new_id(),
        inspection=row.id,
        area=area.id,
        place=len(earlier),
        before=before,
        grade=change.grade,
        because=because,
        day=day,
        version=row.version,
        by=by.id,
        measures=list(change.measures),
    )
    session.add(new)
    audit.record(
        session,
        by=by.id,
        action="inspection:regraded",
        subject=row.id,
        area=area.id,
        before=before,
        grade=change.grade,
        because=because,
        measures=list(change.measures),
    )


def let_stand(session: Session, *, by: Viewer, inspection: str, area: str) -> None:
    """Takes back an area's regrade that is not signed yet: the grade before it stands. The plan of the last one that
    rested on it is no appendix then, and a draft that holds nothing else is closed."""
    desk.locked(session, inspection)
    row = found(session, inspection, by, Permission.REGRADE).row
    own = [each for each in regrades(session, row.id) if each.area == area and each.version == row.version]
    if row.state == "signed" or row.version == 1 or not own:
        raise Stale("Det finns ingen ändring av området som väntar på att fastställas.")
    session.delete(own[-1])
    audit.record(session, by=by.id, action="inspection:regrade_taken_back", subject=row.id, area=area)
    session.flush()
    before = session.get_one(Version, (row.id, row.version - 1))
    if not any(each.because == "plan" and each.version == row.version for each in regrades(session, row.id)):
        printed = Inspection.model_validate_json(before.content).plan
        row.plan = plan_as_kept(printed) if printed else None
    take_back(session, by, row)
    _close_where_nothing_is_left(session, by, row, before)


def _close_where_nothing_is_left(session: Session, by: Viewer, row: InspectionRow, before: Version) -> None:
    """A draft that was opened for a changed grade alone, and says what version n says again: n stands, undisturbed."""
    now = fingerprint(Reading(session, row).content("signed"), row.rubric_sha256)
    if before.withheld:
        return
    if row.cause in CAUSES.values() and now == before.content_sha256 and not signatures(session, row):
        row.state, row.version, row.cause = "signed", before.number, before.cause
        audit.record(session, by=by.id, action="inspection:correction_closed", subject=row.id, version=before.number)
