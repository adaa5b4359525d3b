"""What always holds of a plan, whatever is done to it: looked at after each step of a machine."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)
from sqlmodel import Session, col, select

from app.accounts.viewer import Viewer
from app.audit import Event
from app.inspections import queries
from app.inspections.models import RegradeRow, Version
from app.inspections.reading import Reading
from app.plans import fields
from app.plans.queries import find, submissions
from app.writing import said
from app.writing.apply import Answer
from app.writing.desk import Operation
from app.writing.fields import encoded, spot, stored
from app.writing.models import AGREED, Branch, Head, Revision
from tests.plans import whole
from tests.plans.factories import Planned, another


def is_move(event: Event) -> bool:
    return event.action not in ("plan:written", "plan:opened")


@dataclass
class Fixed:
    """What must never change once it is there."""

    submissions: dict[int, tuple[str, ...]] = field(default_factory=dict)
    answers: dict[int, Any] = field(default_factory=dict)
    reports: dict[int, str] = field(default_factory=dict)
    regrades: dict[str, Any] = field(default_factory=dict)

    def now(self, session: Session, plan: Planned) -> "Fixed":
        found = Fixed()
        for each in submissions(session, plan.plan):
            row = each.row
            found.submissions[row.number] = (row.content, row.sha256, row.by, str(row.submitted), str(row.seq))
            if row.outcome:
                given = {area: (one.verdict, one.reason) for area, one in each.answers.items()}
                found.answers[row.number] = (row.outcome, row.answered, row.answered_by, given)
        signed = session.exec(select(Version).where(Version.inspection == plan.id))
        found.reports = {each.number: each.content for each in signed}
        made = session.exec(select(RegradeRow).where(RegradeRow.inspection == plan.id))
        found.regrades = {each.id: each.model_dump() for each in made if each.version in found.reports}
        return found

    def holds(self, now: "Fixed") -> bool:
        return all(vars(now)[name].items() >= each.items() for name, each in vars(self).items())


class Promises(RuleBasedStateMachine):
    """A machine does its steps on `plan`, and notes in `sent` and `moves` what it did."""

    world: ClassVar[Planned]

    def __init__(self) -> None:
        super().__init__()
        self.plan = another(self.world)
        self.sent: list[tuple[str, Operation, Answer]] = []
        self.fixed = Fixed()
        self.moves: list[tuple[str, str]] = []  # the events that there should be

    def viewer(self, name: str) -> Viewer:
        found: Viewer = getattr(self.plan, name)
        return found

    def kind(self, key: str) -> fields.FieldKind:
        found = spot(fields.KINDS, key)
        assert found
        return found.kind

    @invariant()
    def nothing_is_lost_or_changed(self) -> None:
        with self.plan.database.reading() as session:
            whole.check(session, self.plan.plan)
            self._everything_acknowledged_is_there(session)
            self._what_is_fixed_stays(session)
            self._each_change_has_its_event(session)
            self._a_standing_grade_is_the_last(session)

    def _everything_acknowledged_is_there(self, session: Session) -> None:
        """In history as it was answered; and it stands, or somebody saw it, or it waits, or it came too late."""
        at = Revision.subject == self.plan.plan
        kept = {each.id: each for each in session.exec(select(Revision).where(at))}
        heads = set(session.exec(select(Head.revision).where(Head.subject == self.plan.plan, Head.voice == AGREED)))
        seen = {each.parent for each in kept.values()}
        shown = {each.beside.revision for each in said.clashes(session, self.plan.plan, fields.KINDS)}
        settled = {
            each.tip
            for each in session.exec(
                select(Branch).where(Branch.subject == self.plan.plan, col(Branch.settled_by).is_not(None))
            )
        }
        for name, made, answer in self.sent:
            found = kept[made.id]
            value = stored(made.value, self.kind(made.field))
            assert (found.value, found.by, found.outcome, found.seq) == (
                encoded(value),
                self.viewer(name).id,
                answer.outcome,
                answer.seq,
            )
            if found.outcome == "sibling":
                assert found.id in shown | settled | seen
            elif found.outcome == "head" and found.id not in heads | seen:
                assert self.kind(made.field).last_stands or self._same_came_back(found, kept)

    def _same_came_back(self, gone: Revision, kept: dict[str, Revision]) -> bool:
        """Whoever wrote over a text that stood saw it, or one that is equal, or wrote the same, or over nothing."""
        later = [
            each
            for each in kept.values()
            if each.field == gone.field and each.outcome == "head" and each.seq > gone.seq
        ]
        over = min(later, key=lambda each: each.seq)
        parent = kept.get(over.parent or "")
        return gone.value in ("null", over.value, parent.value if parent else None)

    def _what_is_fixed_stays(self, session: Session) -> None:
        now = self.fixed.now(session, self.plan)
        assert self.fixed.holds(now)
        assert sorted(now.submissions) == list(range(1, find(session, self.plan.plan).row.version + 1))
        self.fixed = now

    def _each_change_has_its_event(self, session: Session) -> None:
        at = select(Event).where(col(Event.subject).in_([self.plan.plan, self.plan.id]))
        events = session.exec(at.order_by(col(Event.n))).all()
        of_plan = [each for each in events if each.subject == self.plan.plan]
        moved = [(each.action, each.by) for each in of_plan if is_move(each)]
        assert moved == self.moves
        told = [id for each in of_plan if each.action == "plan:written" for id in each.details["revisions"]]
        kept = session.exec(select(Revision.id).where(Revision.subject == self.plan.plan))
        assert sorted(told) == sorted(kept)
        assert "ordet" not in json.dumps([each.details for each in events])

    def _a_standing_grade_is_the_last(self, session: Session) -> None:
        """Each change begins where the one before it ended, and never changes to what it was."""
        now = Reading(session, queries.find(session, self.plan.id).row).content()
        for area in "DE":
            grades = [now.review(area).grade, *(each.grade for each in now.review(area).regrades)]
            rows = [each for each in self.rows_of(session) if each.area == area]
            assert [(each.before, each.grade) for each in rows] == list(pairwise(grades))
            assert all(each.before != each.grade for each in rows)

    def rows_of(self, session: Session) -> Iterator[RegradeRow]:
        at = select(RegradeRow).where(RegradeRow.inspection == self.plan.id)
        yield from session.exec(at.order_by(col(RegradeRow.area), col(RegradeRow.place)))
