"""A signed version that must not be kept: one of the office proposes to withhold it, another decides.

Its content and its files are erased; that it was signed, by whom and when stays, and so do the hashes of what was
signed, with the reason. What is left to read is which unit and which days it was about, so that whoever reads versions
(lists, a plan, the next inspection) finds one that says nothing, and no hole.

The texts of a version live in the revisions too, so those that came to be for it go with it:

* Where a later version or a draft stands, what stands there is left alone: one withholds the version with the error in
  it when the error is corrected. What nobody wrote on in, and is only history, goes.
* Where it is the last, all of them go but the front page, and a correction starts from what is left.

The proposal's note is for the office alone. A version is not counted while the last one is withheld, also not the one
before it: that one was replaced since it was no longer right.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound, Stale, Unacceptable, Withheld
from app.ids import new_id
from app.inspections.content import canonical, plan_as_kept
from app.inspections.erasing import clearing
from app.inspections.file import Inspection, Unit, Visit
from app.inspections.models import FindingRow, InspectionRow, RegradeRow, UsedText, Version, VersionFile, Withholding
from app.inspections.queries import Found, find
from app.writing import desk
from app.writing.erasing import let_go
from app.writing.models import AGREED, Branch, Head, Revision
from reports.shown import shown
from rubrics.shape import length

MAX_NOTE = 500


# Why. It stands on the page, for everybody who may read the report.
REASONS: Mapping[str, str] = {
    "secrecy": "Den har uppgifter som omfattas av sekretess",
    "person": "Den har personuppgifter som inte får finnas där",
    "wrong_unit": "Den gäller en annan klinik än den som står på den",
    "decided": "En myndighet eller domstol har bestämt det",
}
NO_REASON = "Välj varför versionen ska hållas inne."
TOO_LONG = f"Skriv en kortare anteckning, högst {MAX_NOTE} tecken."
TWICE = "Det finns redan ett förslag om den här versionen."
NOT_ALONE = "Det ska vara två. Be en annan administratör att bekräfta."
DECIDED = "Förslaget är redan avgjort."

WhenWithheld = Callable[[Session, InspectionRow], None]  # the rooms above have their say; `main` knows them


def propose(session: Session, *, by: Viewer, inspection: str, number: int, reason: str, note: str = "") -> None:
    """Raises Unacceptable, and Stale where it is proposed or withheld already."""
    version = _held(session, by, inspection, number)
    if reason not in REASONS:
        raise Unacceptable(NO_REASON)
    if length(kept := shown(note).strip()) > MAX_NOTE:
        raise Unacceptable(TOO_LONG)
    if version.withheld or proposal(session, inspection, number):
        raise Stale(TWICE)
    about: dict[str, Any] = {"inspection": inspection, "number": number, "reason": reason, "note": kept}
    session.add(Withholding(id=new_id(), **about, proposed_by=by.id, proposed=audit.now()))
    session.flush()
    told = {"version": number, "reason": reason}
    audit.record(session, by=by.id, action="inspection:withholding_proposed", subject=inspection, **told)


def withdraw(session: Session, *, by: Viewer, inspection: str, number: int) -> None:
    """Any of the office may, also the one who proposed it."""
    _held(session, by, inspection, number)
    _decided(session, by, inspection, number, "taken_back")
    audit.record(session, by=by.id, action="inspection:withholding_taken_back", subject=inspection, version=number)


def withhold(session: Session, *, by: Viewer, inspection: str, number: int, then: Sequence[WhenWithheld] = ()) -> None:
    """Carries out what somebody else proposed. Raises Unacceptable for the same person."""
    version = _held(session, by, inspection, number)
    waits = proposal(session, inspection, number)
    if waits and waits.proposed_by == by.id:
        raise Unacceptable(NOT_ALONE)
    done = _decided(session, by, inspection, number, "withheld")
    one = find(session, inspection)
    _erase_texts(session, one, number)
    hashes = _erase_version(session, one, version, done.reason)
    session.flush()
    if one.last_version == number:
        for follow in then:
            follow(session, one.row)
    kept = {"reason": done.reason, "content": version.content_sha256, "files": hashes}
    audit.record(session, by=by.id, action="inspection:withheld", subject=inspection, version=number, **kept)


def check(session: Session, row: InspectionRow, number: int) -> None:
    """Raises Withheld where that version is."""
    reason = session.exec(
        select(Version.withheld).where(Version.inspection == row.id, Version.number == number)
    ).first()
    if reason:
        raise Withheld(f"Version {number} är innehållen, och går inte att läsa eller hämta. {REASONS[reason]}.")


def proposal(session: Session, inspection: str, number: int) -> Withholding | None:
    """The one that waits."""
    at = (Withholding.inspection == inspection, Withholding.number == number, Withholding.outcome == "")
    return session.exec(select(Withholding).where(*at)).first()


def waiting(session: Session) -> Sequence[Withholding]:
    """Every proposal that waits, the oldest first."""
    return session.exec(
        select(Withholding).where(Withholding.outcome == "").order_by(col(Withholding.proposed), Withholding.id)
    ).all()


def _held(session: Session, by: Viewer, inspection: str, number: int) -> Version:
    """The version, of an inspection that nobody else changes until this is done."""
    by.check(Permission.ADMINISTER)
    desk.locked(session, inspection)
    version = session.get(Version, (inspection, number))
    if not version:
        raise NotFound
    return version


def _decided(session: Session, by: Viewer, inspection: str, number: int, outcome: str) -> Withholding:
    waits = proposal(session, inspection, number)
    if not waits:
        raise Stale(DECIDED)
    waits.outcome, waits.decided_by, waits.decided = outcome, by.id, audit.now()
    session.flush()
    return waits


# ── What goes ─────────────────────────────────────────────────────────────────────────────

_PRINTED = ("area/%", "criterion/%", "finding/%")  # what is written in a report, but for its front page


def _erase_version(session: Session, one: Found, version: Version, reason: str) -> dict[str, str]:
    """Returns the hashes of its files, which stay."""
    left = Inspection(
        format="inspection/1",
        rubric=one.row.rubric,
        unit=Unit(region=one.row.region_name, hospital=version.hospital_name, clinic=version.clinic_name),
        specialty=version.specialty,
        visit=Visit(first_day=version.first_day, last_day=version.last_day),
    )
    version.content, version.cause, version.withheld = canonical(left), "", reason
    files = (col(VersionFile.inspection) == version.inspection, col(VersionFile.number) == version.number)
    hashes = dict(session.exec(select(VersionFile.format, VersionFile.sha256).where(*files)).all())
    session.connection().execute(update(VersionFile).where(*files).values(content=b""))
    used = (col(UsedText.inspection) == version.inspection, col(UsedText.version) == version.number)
    session.connection().execute(delete(UsedText).where(*used))
    return hashes


def _erase_texts(session: Session, one: Found, number: int) -> None:
    """The texts that came to be for this version: after the last one before it that is not withheld."""
    row, stands_alone = one.row, one.row.state == "signed" and one.row.version == number
    before = _before(session, row, number)
    fields = (*_PRINTED, *(() if stands_alone else ("front/%",)))
    at = (col(Revision.subject) == row.id, col(Revision.value).is_not(None))
    seq = session.exec(select(Version.seq).where(Version.inspection == row.id, Version.number == number)).one()
    came = (col(Revision.seq) > (before.seq if before else 0), col(Revision.seq) <= seq)
    texts = select(Revision.id).where(*at, *came, or_(*(col(Revision.field).like(each) for each in fields)))
    if not stands_alone:
        stands = select(Head.revision).where(Head.subject == row.id, Head.voice == AGREED)
        waits = select(Branch.tip).where(Branch.subject == row.id, col(Branch.settled_by).is_(None))
        texts = texts.where(col(Revision.id).not_in(stands), col(Revision.id).not_in(waits))
    if ids := set(session.exec(texts)):
        let_go(session, desk.locked(session, row.id), ids, clearing(session, row))
    if stands_alone:
        _clear_draft(session, row, before)


def _before(session: Session, row: InspectionRow, number: int) -> Version | None:
    """The last version before this one that is not withheld."""
    at = (Version.inspection == row.id, Version.number < number, Version.withheld == "")
    return session.exec(select(Version).where(*at).order_by(col(Version.number).desc()).limit(1)).first()


def _clear_draft(session: Session, row: InspectionRow, before: Version | None) -> None:
    """What is no field: the findings of which nothing is left, the grades that were changed, the printed plan."""
    nothing = (col(FindingRow.inspection) == row.id, col(FindingRow.text) == "", col(FindingRow.kind) == "")
    session.connection().execute(delete(FindingRow).where(*nothing))
    changed = (col(RegradeRow.inspection) == row.id, col(RegradeRow.version) > (before.number if before else 0))
    session.connection().execute(delete(RegradeRow).where(*changed))
    printed = Inspection.model_validate_json(before.content).plan if before else None
    row.plan, row.cause = plan_as_kept(printed) if printed else None, ""
