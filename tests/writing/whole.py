"""What holds after every operation, whatever came in which order: of an inspection, and of any other subject."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from app.inspections.models import AnswerRow, AreaState, FindingRow, InspectionRow, InterviewRow
from app.writing.apply import MAX_OPEN, MAX_OPEN_IN_ALL
from app.writing.fields import Value, decoded
from app.writing.models import AGREED, Branch, Head, Revision, Subject
from app.writing.room import IN_ALL

FRONT = {"region": "region_name", "hospital": "hospital_name", "clinic": "clinic_name", "inspectors": "names"}
FRONT |= {name: name for name in ("specialty", "place", "first_day", "last_day", "mode")}

UNTYPED = ("note/", "done/", "front/apart")  # kept in no column, or as what has followed from it


def check(session: Session, id: str) -> None:
    """As of any subject; and the typed tables equal the heads."""
    check_operations(session, id, last_stands)
    standing = {field: value for field, value in heads(session, id).items() if value is not None}
    assert typed(session, id) == {field: value for field, value in standing.items() if not field.startswith(UNTYPED)}
    for finding in session.exec(select(FindingRow).where(FindingRow.inspection == id)):
        assert finding.hidden == _away(session, finding)


def check_operations(session: Session, id: str, last_stands: Callable[[str], bool]) -> None:
    """Of whatever is written in: numbered without gaps; nothing lost; one tip to a branch."""
    revisions = session.exec(select(Revision).where(Revision.subject == id).order_by(col(Revision.seq))).all()
    branches = session.exec(select(Branch).where(Branch.subject == id)).all()
    subject = session.get_one(Subject, id)
    assert [each.seq for each in revisions] == list(range(1, subject.seq + 1))
    assert subject.held == session.connection().execute(IN_ALL, {"subject": id}).scalar_one()
    _check_heads(session, revisions, last_stands)
    _check_branches({each.id: each for each in revisions}, branches)


def _check_heads(session: Session, revisions: Sequence[Revision], last_stands: Callable[[str], bool]) -> None:
    """Whoever wrote a head anew had seen what stood, wrote the same, or found nothing there."""
    known = {each.id: each for each in revisions}
    stood: dict[tuple[str, str], Revision] = {}
    for each in revisions:
        if each.outcome == "head":
            before = stood.get((each.voice, each.field))
            saw = known.get(each.parent or "")
            while saw and saw.outcome == "late":  # it changed nothing: what its own writer saw stands for it
                saw = known.get(saw.parent or "")
            fine = (each.value, "null", saw.value if saw and saw.field == each.field else None)
            assert before is None or last_stands(each.field) or before.value in fine
            stood[each.voice, each.field] = each
    at = (Head.subject == each.subject for each in revisions[:1])
    assert {(h.voice, h.field): h.revision for h in session.exec(select(Head).where(*at))} == {
        key: each.id for key, each in stood.items()
    }


def _check_branches(revisions: Mapping[str, Revision], branches: Sequence[Branch]) -> None:
    """What stands beside is a branch's tip, or was grown on; who closed a branch named its tip or wrote the same. No
    more of them wait in a field than people can choose between."""
    waiting = Counter(branch.field for branch in branches if not branch.settled_by)
    assert all(count <= MAX_OPEN for count in waiting.values())
    assert waiting.total() <= MAX_OPEN_IN_ALL
    beside = [each for each in revisions.values() if each.outcome == "sibling"]
    tips = [branch.tip for branch in branches]
    assert len(tips) == len(set(tips))
    assert {each.id for each in beside} <= {*tips, *(each.parent for each in beside)}
    for branch in branches:
        if branch.settled_by:
            by = revisions[branch.settled_by]
            assert branch.tip in (*by.settles, by.parent) or revisions[branch.tip].value == by.value


def heads(session: Session, id: str) -> dict[str, Value]:
    at = (Head.subject == id, Head.voice == AGREED)
    joined = select(Head.field, Revision.value).join(Revision, col(Revision.id) == Head.revision).where(*at)
    return {field: decoded(value) for field, value in session.exec(joined)}


def last_stands(field: str) -> bool:
    return field.startswith(("finding/", "interview/", "done/", "front/apart")) and not field.endswith(
        ("/text", "/who")
    )


def typed(session: Session, id: str) -> dict[str, Value]:
    """What the typed tables hold, as fields: written here once more, so that a slip in placing shows."""
    row = session.get_one(InspectionRow, id)
    found: dict[str, Value] = {f"front/{name}": _plain(getattr(row, column)) for name, column in FRONT.items()}
    for area in session.exec(select(AreaState).where(AreaState.inspection == id)):
        found |= {f"area/{area.area}/{n}": getattr(area, n) for n in ("narrative", "grade", "grade_reason")}
    for answer in session.exec(select(AnswerRow).where(AnswerRow.inspection == id)):
        found |= {f"criterion/{answer.criterion}/{n}": getattr(answer, n) for n in ("answer", "comment")}
    for finding in session.exec(select(FindingRow).where(FindingRow.inspection == id)):
        names = ("text", "kind", "area", "criteria", "order", "gone")
        found |= {f"finding/{finding.id}/{n}": getattr(finding, n) for n in names}
    for talk in session.exec(select(InterviewRow).where(InterviewRow.inspection == id)):
        columns = {"from": "begins", "to": "ends"} | {n: n for n in ("who", "role", "room", "gone")}
        found |= {f"interview/{talk.id}/{n}": getattr(talk, column) for n, column in columns.items()}
        found[f"interview/{talk.id}/day"] = _plain(talk.day)
    return {field: value for field, value in found.items() if value}


def _plain(value: object) -> Value:
    return value if isinstance(value, list) else str(value) if value else None


def _away(session: Session, finding: FindingRow) -> bool:
    text = f"finding/{finding.id}/text"
    head = session.get(Head, (finding.inspection, AGREED, text))
    waits = session.exec(
        select(Branch).where(
            Branch.subject == finding.inspection, Branch.field == text, col(Branch.settled_by).is_(None)
        )
    )
    return head is not None and finding.gone == head.revision and waits.first() is None
