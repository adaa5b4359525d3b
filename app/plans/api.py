"""Plans as JSON: the same actions as the pages, for devices and for other programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlmodel import Session

from app.accounts.access import Db, may
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound, Unacceptable
from app.inspections.api import change as changed
from app.inspections.api import outcome
from app.inspections.file import Plan
from app.inspections.promises import promise
from app.inspections.regrading import Change
from app.inspections.schemas import Batch, Outcome, Waiting
from app.plans import actions
from app.plans.access import Here, as_inspector, on_plan
from app.plans.actions import OwesMore
from app.plans.content import content, fingerprint, measures
from app.plans.coverage import Coverage, coverage
from app.plans.fields import KINDS
from app.plans.lists import PAGE, Listed, listed, read_mark
from app.plans.pages.frame import today
from app.plans.queries import Submission, answered_report, submission, submissions
from app.plans.recurrence import adherence
from app.plans.rules import State
from app.plans.schemas import (
    Answered,
    Covered,
    Gap,
    Kept,
    Lacking,
    PlanChanges,
    PlanLine,
    PlanPage,
    PlanRegrading,
    PlanVersionLine,
    PlanVersionWhole,
    PlanWhole,
    Sending,
    Sent,
    Submitted,
    Submitting,
    Unmet,
)
from app.writing.fields import spot
from app.writing.said import CHANGES, Clash, changes, clashes

router = APIRouter(prefix="/api/plans", tags=["plans"])

Reading = Annotated[Here, on_plan(Permission.READ_PLAN)]
Telling = Annotated[Here, on_plan(Permission.WRITE_PLAN, Permission.ANSWER_PLAN)]
Writing = Annotated[Here, as_inspector(Permission.WRITE_PLAN, Permission.ANSWER_PLAN)]
Number = Annotated[int, Path(ge=1, le=9_999)]


# ── Reading ───────────────────────────────────────────────────────────────────────────────


@router.get("")
def all_plans(
    viewer: Annotated[Viewer, may(Permission.READ_PLAN)],
    database: Db,
    after: Annotated[str, Query(max_length=80)] = "",
    state: State | None = None,
) -> PlanPage:
    """Those that the viewer may see, the most urgent first."""
    mark = read_mark(after)
    if after and not mark:
        raise Unacceptable("after går inte att läsa. Ta det från svarets next.")
    with database.reading() as session:
        lines = listed(session, viewer, mark, state=state)
    shown = lines[:PAGE]
    return PlanPage(plans=[_line(each) for each in shown], next=str(shown[-1].mark) if len(lines) > PAGE else None)


@router.get("/{plan}")
def whole(here: Reading) -> PlanWhole:
    """The plan, whether it answers what was found, and what is done beside what was promised."""
    row, own = here.row, here.may(Permission.WRITE_PLAN)
    with here.database.reading() as session:
        now, ids = _seen(session, here, own)
        covered = coverage(here.rubric(session), answered_report(session, row), now) if now else None
    return PlanWhole(
        id=row.id,
        inspection=row.inspection,
        report=row.report,
        state=row.state,
        opened=row.opened,
        due=row.due,
        version=row.version,
        plan=now,
        measures=ids,
        content=fingerprint(now) if own and now else None,
        coverage=_covered(covered) if covered else None,
        adherence=_adherence(now) if now else [],
    )


def _seen(session: Session, here: Here, own: bool) -> tuple[Plan | None, list[str]]:
    """What is not submitted is the clinic's own."""
    if own:
        return content(session, here.row), [each.id for each in measures(session, here.row.id)]
    last = submission(session, here.row)
    return (last.content if last else None), []


@router.get("/{plan}/changes")
def new_since(here: Telling, since: Annotated[int, Query(ge=0, le=2**31)] = 0) -> PlanChanges:
    """What is new since an operation number, and what waits for a choice, in the fields that the viewer reads."""
    with here.database.reading() as session:
        said = changes(session, here.row.id, since)
        reads = [kind for kind in KINDS if here.may(kind.reads)]
        waiting = clashes(session, here.row.id, reads) if said else None
    read = [each for each in said if (found := spot(KINDS, each.field)) and here.may(found.kind.reads)]
    return PlanChanges(
        changes=[changed(each) for each in read],
        waiting=None if waiting is None else [_waiting(each) for each in waiting],
        more=len(said) == CHANGES,
        last=said[-1].seq if said else since,
    )


@router.get("/{plan}/versions")
def all_versions(here: Reading) -> list[PlanVersionLine]:
    """The submissions, the last one first. Their files are at /planer/{id}/versioner/{n}/hamta/{format}."""
    with here.database.reading() as session:
        return [PlanVersionLine(**_version(each)) for each in submissions(session, here.row.id)]


@router.get("/{plan}/versions/{number}")
def one_version(here: Reading, number: Number) -> PlanVersionWhole:
    """What was submitted, and what the inspectors answered to it."""
    with here.database.reading() as session:
        found = next((each for each in submissions(session, here.row.id) if each.row.number == number), None)
        if not found:
            raise NotFound
    told = bool(found.row.outcome) or here.may(Permission.REGRADE)
    given = sorted(found.answers.values(), key=lambda each: each.area) if told else []
    answers = [Answered(area=each.area, verdict=each.verdict, reason=each.reason) for each in given]
    return PlanVersionWhole(**_version(found), plan=found.content, answers=answers)


# ── Doing ─────────────────────────────────────────────────────────────────────────────────


@router.post("/{plan}/operations")
def write(here: Writing, batch: Batch) -> list[Outcome]:
    """Takes a batch of operations, at most 200, each for itself: what is refused lets the others stand."""
    with here.database.writing() as session:
        answers = actions.write(session, by=here.viewer, plan=here.row.id, operations=batch.operations)
    return [outcome(each) for each in answers]


@router.post("/{plan}/submit")
def submit(here: Annotated[Here, on_plan(Permission.WRITE_PLAN)], seen: Submitting) -> Submitted:
    """Submits the content with this hash: a version that never changes."""
    try:
        with here.database.writing() as session:
            return Submitted(version=actions.submit(session, by=here.viewer, plan=here.row.id, seen=seen.content))
    except OwesMore as error:
        raise _in_full(error) from None


@router.post("/{plan}/answer")
def answer(here: Annotated[Here, on_plan(Permission.ANSWER_PLAN)], sending: Sending) -> Sent:
    """Sends the answer to a submission, as it is written in the fields version/{n}/area/{area}/verdict and /reason."""
    try:
        with here.database.writing() as session:
            move = actions.answer(session, by=here.viewer, plan=here.row.id, version=sending.version)
    except OwesMore as error:
        raise _in_full(error) from None
    return Sent(outcome="accepted" if move == "accept" else "more")


@router.post("/{plan}/follow", status_code=204)
def follow(here: Annotated[Here, on_plan(Permission.WRITE_PLAN)]) -> Response:
    """Begins to follow an accepted plan."""
    with here.database.writing() as session:
        actions.follow(session, by=here.viewer, plan=here.row.id)
    return Response(status_code=204)


@router.post("/{plan}/close", status_code=204)
def close(here: Annotated[Here, on_plan(Permission.FOLLOW_PLAN)]) -> Response:
    """Closes a plan whose measures are done, or given up, and have shown their effect."""
    try:
        with here.database.writing() as session:
            actions.close(session, by=here.viewer, plan=here.row.id)
    except OwesMore as error:
        raise _in_full(error) from None
    return Response(status_code=204)


@router.post("/{plan}/regrade", status_code=204)
def regrade(here: Annotated[Here, on_plan(Permission.REGRADE)], regrading: PlanRegrading) -> Response:
    """PlanChanges grades because of the accepted plan: opens the report's next version, for the inspectors to sign."""
    made = [Change(each.area, each.grade, each.measures) for each in regrading.changes]
    with here.database.writing() as session:
        actions.regrade(session, by=here.viewer, plan=here.row.id, changes=made, day=regrading.day)
    return Response(status_code=204)


def _in_full(error: OwesMore) -> Unacceptable:
    return Unacceptable("\n".join([error.told, *(told for _, told in error.left)]))


# ── From rows ─────────────────────────────────────────────────────────────────────────────


def _line(each: Listed) -> PlanLine:
    row = each.row
    return PlanLine(
        id=row.id,
        inspection=row.inspection,
        clinic=each.clinic,
        hospital=each.hospital,
        speciality=each.speciality,
        state=row.state,
        opened=row.opened,
        due=row.due,
        version=row.version,
    )


def _waiting(clash: Clash) -> Waiting:
    stands = changed(clash.stands) if clash.stands else None
    return Waiting(field=clash.spot.key, before=clash.before, stands=stands, beside=changed(clash.beside))


def _covered(found: Coverage) -> Covered:
    return Covered(
        told=found.sentence,
        unmet=[
            Unmet(
                criterion=each.id,
                area=area.area.id if area.area else "",
                answer=each.answer,
                binds=each.binds,
                measures=list(each.measures),
            )
            for area in found.found
            for each in area.unmet
        ],
        gaps=[Gap(area=each.area, criteria=list(each.criteria), told=each.sentence) for each in found.gaps],
        unfinished=[Lacking(measure=each.measure, lacks=list(each.lacks)) for each in found.unfinished],
    )


def _adherence(plan: Plan) -> list[Kept]:
    made = []
    for i, each in enumerate(plan.measures):
        if each.recurs:
            found = adherence(
                each.recurs, start=each.start, due=each.due, staff=plan.staff, done=each.done, today=today()
            )
            told = {"planned": found.planned, "by_now": found.by_now, "done": found.done, "late": found.late}
            made.append(Kept(measure=i, promise=promise(each.recurs), next_day=found.next_day, **told))
    return made


def _version(each: Submission) -> dict[str, Any]:
    row = each.row
    return {
        "number": row.number,
        "submitted": row.submitted,
        "content": row.sha256,
        "outcome": row.outcome,
        "answered": row.answered,
    }
