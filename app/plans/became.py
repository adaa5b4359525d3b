"""What became of a plan, for those who inspect the same unit the next time."""

from sqlmodel import Session

from app.inspections.earlier import Became
from app.plans.content import content, told
from app.plans.queries import plan_of, submission
from app.plans.rules import STATES, WRITTEN


def became(session: Session, inspection: str) -> Became | None:
    """Of an inspection's plan. While its clinic writes, what was submitted last is what others read."""
    row = plan_of(session, inspection)
    if not row:
        return None
    last = submission(session, row)
    if not last:
        return Became("inte inlämnad", ())
    stands = last.content if row.state in WRITTEN else told(content(session, row))
    return Became(STATES[row.state], stands.measures)
