"""What is done to a plan: written, submitted, answered, followed, closed; and the grades that it earns.

Each action checks its permission, applies its rule, changes, and records, in the caller's transaction. Who may make
which move from which state is the table in `rules.py`.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import Session

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotYours, Stale, Unacceptable
from app.inspections import regrading
from app.inspections.file import Measure, Plan
from app.inspections.regrading import Change
from app.inspections.rubric_copy import rubric_of
from app.inspections.rules import areas_to_answer
from app.plans import fields, placing
from app.plans.content import canonical, content, fingerprint, measures
from app.plans.models import PlanRow, PlanVersion
from app.plans.queries import Found, Submission, answered_report, find, found, submission
from app.plans.rules import MOVES, STATES, TRANSITIONS, Move
from app.writing import apply, desk
from app.writing.apply import Answer, Target
from app.writing.desk import Locked, Operation
from app.writing.fields import FieldKind, Limit, Spot, Value
from app.writing.room import Room
from app.writing.said import clashes
from rubrics.model import Rubric

LIMITS = {
    "measure": Limit(200, "Planen har 200 åtgärder. Slå ihop några av dem först."),
    # as many as a plan's file can hold of a single measure
    "occurrence": Limit(2_000, "Planen har 2 000 loggade tillfällen. Logga flera på en gång, som ett antal."),
}
_TELLS = (Permission.WRITE_PLAN, Permission.ANSWER_PLAN)
_CLINICS = [kind for kind in fields.KINDS if kind not in fields.ANSWER]  # what the clinic writes


class OwesMore(Unacceptable):
    """Something is left to do first. `left` = (where it is mended, the sentence); a place is a field's key."""

    def __init__(self, told: str, left: Sequence[tuple[str, str]]) -> None:
        super().__init__(told)
        self.left = left


# ── Writing ───────────────────────────────────────────────────────────────────────────────


def write(session: Session, *, by: Viewer, plan: str, operations: Sequence[Operation]) -> list[Answer]:
    """Takes operations on the plan's fields. Raises NotFound for whoever has nothing to write in it.

    What comes when its field is closed (the plan waits for an answer, or is closed), or from an inspector who has
    handed over, is kept without effect.
    """
    subject = desk.locked(session, plan)
    one = find(session, plan)
    if not any(by.may(each, one.whose) for each in _TELLS) and not one.inspection.has_inspected(by.id):
        raise NotYours
    rubric = rubric_of(session, one.row.rubric_sha256)
    target = _target(subject, one, rubric, by, Room(session, subject, LIMITS))
    answers = apply.apply(session, by=by.id, target=target, operations=operations)
    taken = (each.field for each, answer in zip(operations, answers, strict=True) if answer.outcome != "refused")
    placing.settle_gone(session, one.row, {key.split("/")[1] for key in taken if key.startswith("measure/")})
    return answers


def _target(subject: Locked, one: Found, rubric: Rubric, by: Viewer, room: Room) -> Target:
    row = one.row

    def may(spot: Spot) -> bool:
        return by.may(spot.kind.writes, one.whose)

    def late(spot: Spot) -> bool:
        return not fields.is_open(spot.kind, row.state) or not may(spot)

    def refuses(spot: Spot, value: Value, voice: str) -> str | None:
        theirs = spot.kind in fields.ANSWER
        if not may(spot) and not (theirs and one.inspection.has_inspected(by.id)):
            who = "inspektörerna som svarar" if theirs else "kliniken som skriver"
            return f"{spot.kind.label}: det är {who} här."
        return fields.unfit(spot, value, rubric, row.version) or room.lacks(spot, value, voice)

    def place(session: Session, spot: Spot, value: Value) -> None:
        placing.place(session, row, spot, value)

    return Target(subject, fields.KINDS, refuses, place, late)


# ── Moves ─────────────────────────────────────────────────────────────────────────────────


def submit(session: Session, *, by: Viewer, plan: str, seen: str) -> int:
    """Submits the plan as it stands: a version that never changes. Returns its number.

    `seen` is the fingerprint of the content that its submitter read. Raises OwesMore, Stale.
    """
    subject = desk.locked(session, plan)
    one = _at(session, by, plan, "submit")
    row, now = one.row, content(session, one.row)
    if left := list(_stops(session, row, now)):
        raise OwesMore("Planen går inte att lämna in än. Inget har gått förlorat.", left)
    if seen != fingerprint(now):
        raise Stale("Någon har ändrat i planen sedan du läste den. Läs den igen och lämna in sedan.")
    row.version += 1
    session.add(
        PlanVersion(
            plan=row.id,
            number=row.version,
            seq=subject.seq,
            content=canonical(now),
            sha256=seen,
            submitted=audit.now(),
            by=by.id,
        )
    )
    _move(session, by, row, "submit", version=row.version, content=seen)
    return row.version


def answer(session: Session, *, by: Viewer, plan: str, version: int) -> Move:
    """Sends the inspectors' answer to a submission: accepted, unless some area needs more. Returns which.

    Raises OwesMore where an area has no answer yet or no reason, Stale where it has been answered meanwhile.
    """
    desk.locked(session, plan)
    one = found(session, plan, by, Permission.ANSWER_PLAN)
    row, now = one.row, submission(session, one.row)
    if row.state != "submitted" or not now or now.row.number != version:
        raise Stale(f"Den inlämningen väntar inte på svar: planen är {STATES[row.state]}. Läs den som den är nu.")
    rubric = rubric_of(session, row.rubric_sha256)
    asked = areas_to_answer(answered_report(session, row), rubric)
    if left := [*_clashes(session, row, fields.ANSWER), *_unanswered(now, rubric, asked)]:
        raise OwesMore("Svaret går inte att skicka än. Inget har gått förlorat.", left)
    verdicts = {area: given.verdict for area, given in now.answers.items() if given.verdict}
    move: Move = "ask_more" if "more" in verdicts.values() else "accept"
    now.row.outcome = TRANSITIONS[row.state, move].to
    now.row.answered, now.row.answered_by = audit.now(), by.id
    _move(session, by, row, move, version=version, verdicts=verdicts)
    return move


def follow(session: Session, *, by: Viewer, plan: str) -> None:
    """Begins to follow an accepted plan. Sent twice it is begun once."""
    desk.locked(session, plan)
    one = found(session, plan, by, TRANSITIONS["accepted", "follow"].permission)
    if one.row.state != "follow_up":
        _move(session, by, _at(session, by, plan, "follow").row, "follow")


def close(session: Session, *, by: Viewer, plan: str) -> None:
    """Closes a plan whose measures are done, or given up, and have shown their effect. Raises OwesMore."""
    desk.locked(session, plan)
    row = _at(session, by, plan, "close").row
    if left := left_to_close(session, row):
        raise OwesMore("Planen går inte att avsluta än.", [("", each) for each in left])
    _move(session, by, row, "close")


def left_to_close(session: Session, row: PlanRow) -> list[str]:
    """What the clinic has to tell before the plan can be closed, in sentences. Afterwards nobody could choose between
    two texts."""
    undone = (each for measure in content(session, row).measures for each in _undone(measure))
    return [*(told for _, told in _clashes(session, row, _CLINICS)), *undone]


def _at(session: Session, by: Viewer, plan: str, move: Move) -> Found:
    """The plan, where the viewer may make the move. Raises Stale where its state has no such move."""
    permissions = {step.permission for (_, each), step in TRANSITIONS.items() if each == move}
    one = found(session, plan, by, *permissions)
    if (one.row.state, move) not in TRANSITIONS:
        raise Stale(f"Det går inte att {MOVES[move]} planen nu: den är {STATES[one.row.state]}.")
    return one


def _move(session: Session, by: Viewer, row: PlanRow, move: Move, **details: object) -> None:
    step = TRANSITIONS[row.state, move]
    before, row.state = row.state, step.to
    audit.record(session, by=by.id, action=f"plan:{move}", subject=row.id, before=before, after=step.to, **details)


# ── What stops a move ─────────────────────────────────────────────────────────────────────


def _stops(session: Session, row: PlanRow, now: Plan) -> Iterator[tuple[str, str]]:
    yield from _clashes(session, row, _CLINICS)
    if not now.areas and not now.measures:
        yield "", "Planen är tom. Skriv något om ett område, eller lägg till en åtgärd."
    for measure in now.measures:
        if measure.start and measure.due and measure.due < measure.start:
            told = f"den ska vara klar {measure.due}, före den börjar {measure.start}. Rätta en av dagarna."
            yield "", f"{measure.what}: {told}"


def _clashes(session: Session, row: PlanRow, kinds: Sequence[FieldKind]) -> Iterator[tuple[str, str]]:
    """Where two texts wait for a choice. In a measure that is taken away nobody has to choose."""
    found = clashes(session, row.id, kinds)
    away = {each.id for each in measures(session, row.id, hidden=True)} if found else set()
    for clash in found:
        if clash.spot.parts.get("measure") not in away:
            yield clash.spot.key, f"{clash.spot.kind.label}: ni har skrivit olika. Välj vad som gäller."


def _unanswered(now: Submission, rubric: Rubric, asked: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A verdict for each area that the report asks of; and a reason wherever more is asked for."""
    for area in rubric.areas:
        given = now.answers.get(area.id)
        verdict = given.verdict if given else ""
        at = {"version": str(now.row.number), "area": area.id}
        if area.id in asked and not verdict:
            told = f"Svara för {area.name}: godtas planen, eller behöver den kompletteras?"
            yield fields.VERDICT.key(**at), told
        elif given and verdict == "more" and not given.reason.strip():
            yield fields.REASON.key(**at), f"Skriv vad som behöver kompletteras i {area.name}."


def _undone(measure: Measure) -> Iterator[str]:
    if measure.status not in ("done", "stopped"):
        yield f"{measure.what}: sätt läget till genomförd eller utgår."
    elif not measure.effect.strip():
        yield f"{measure.what}: skriv vad det blev."


# ── Regrading ─────────────────────────────────────────────────────────────────────────────


def regrade(session: Session, *, by: Viewer, plan: str, changes: Sequence[Change], day: date) -> None:
    """Changes grades because of an accepted plan: opens the report's next version, with the plan as its appendix, for
    the inspectors to sign. Raises Stale where the plan is not accepted, Unacceptable where a grade cannot be given."""
    desk.locked(session, plan)
    row = found(session, plan, by, Permission.REGRADE).row
    accepted = submission(session, row)
    if not accepted or accepted.row.outcome != "accepted":
        raise Stale("Planen är inte godtagen än. Graderingen kan ändras när den är det.")
    known = {each.id for each in measures(session, row.id)}
    if not known.issuperset(id for change in changes for id in change.measures):
        raise Unacceptable("En av åtgärderna finns inte i planen. Ladda om sidan och välj igen.")
    regrading.regrade(
        session, by=by, inspection=row.inspection, because="plan", changes=changes, day=day, plan=accepted.content
    )
    audit.record(session, by=by.id, action="plan:regraded", subject=row.id, areas=[each.area for each in changes])
