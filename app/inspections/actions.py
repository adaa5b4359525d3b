"""What is done to an inspection while it is drafted: set up, staffed, written in, corrected.

Each action checks its permission, applies its rule, changes, and records, in the caller's transaction.
Signing is in `signing.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app import audit
from app.accounts.roles import Permission, Whose
from app.accounts.viewer import Viewer
from app.config import Settings
from app.errors import NotFound, Stale, Unacceptable
from app.ids import new_id, new_ids
from app.inspections import apart, content, fields, placing, staffing
from app.inspections.file import Inspection
from app.inspections.models import InspectionRow, RegradeRow
from app.inspections.queries import Draft, find_draft, found
from app.inspections.rubric_copy import Taken, keep, rubric_of
from app.inspections.signing import take_back
from app.places.closing import REOPEN, check_open
from app.places.models import Clinic, ClinicSpeciality, Hospital, Region, Speciality
from app.writing import apply, desk
from app.writing.apply import Answer, Target
from app.writing.desk import Locked, Operation
from app.writing.fields import Spot, Value
from app.writing.room import Room
from reports.shown import shown
from rubrics.model import Rubric
from rubrics.shape import MAX_TEXT, length

BEFORE = "Bara en rapport från ett besök dessförinnan går att läsa in."


@dataclass(frozen=True)
class Setup:
    """What an inspection is set up with."""

    clinic: str
    speciality: str
    inspectors: Sequence[str]
    first_day: date | None = None
    last_day: date | None = None
    mode: str = "onsite"
    place: str = ""
    motive: str = ""  # why somebody with a tie to the clinic inspects it all the same


def create(session: Session, *, by: Viewer, rubric: Taken, setup: Setup, tie_years: int = Settings.tie_years) -> str:
    """Sets up an inspection with an empty draft. Returns its id."""
    row, subject = _begun(session, by, rubric, setup, tie_years)
    unit = session.get_one(Clinic, row.clinic)
    hospital = session.get_one(Hospital, unit.hospital)
    written: dict[str, Value] = {
        "front/region": session.get_one(Region, row.region).name,
        "front/hospital": hospital.name if hospital.kind == "hospital" else None,
        "front/clinic": unit.name,
        "front/specialty": session.get_one(Speciality, row.speciality).name,
        "front/place": setup.place,
        "front/first_day": str(setup.first_day) if setup.first_day else None,
        "front/last_day": str(setup.last_day) if setup.last_day else None,
        "front/mode": setup.mode,
    }
    operations = [Operation(new_id(), key, value) for key, value in written.items() if value]
    _written(session, by, subject, rubric.rubric, operations)
    return row.id


def take_in(
    session: Session,
    *,
    by: Viewer,
    rubric: Taken,
    setup: Setup,
    file: Inspection,
    tie_years: int = Settings.tie_years,
) -> str:
    """Makes a new draft of an inspection file, with its regrades and its plan. Returns its id. Where the unit has ended
    since the visit it is taken in all the same."""
    visited = file.visit.last_day or file.visit.first_day
    row, subject = _begun(session, by, rubric, setup, tie_years, visited=visited)
    row.plan = content.plan_as_kept(file.plan) if file.plan else None
    session.add_all(_regraded(by, row, file))
    row.old_report = file.state == "signed"
    operations = list(content.operations_from(file, new_ids()))
    _written(session, by, subject, rubric.rubric, operations)
    return row.id


def _regraded(by: Viewer, row: InspectionRow, file: Inspection) -> Iterator[RegradeRow]:
    """The changed grades that a file tells of."""
    for area, review in file.areas.items():
        before = review.grade
        for place, each in enumerate(review.regrades):
            yield RegradeRow(
                id=new_id(),
                inspection=row.id,
                area=area,
                place=place,
                before=before,
                grade=each.grade,
                because=each.because,
                day=each.date,
                version=row.version,
                by=by.id,
            )
            before = each.grade


def _begun(
    session: Session, by: Viewer, taken: Taken, setup: Setup, tie_years: int, *, visited: date | None = None
) -> tuple[InspectionRow, Locked]:
    clinic = session.get(Clinic, setup.clinic)
    if not clinic:
        raise NotFound
    region = session.get_one(Hospital, clinic.hospital).region
    by.check(Permission.CREATE, Whose(setup.speciality, region, clinic.id))
    if not session.get(ClinicSpeciality, (clinic.id, setup.speciality)):
        raise Unacceptable("Kliniken utbildar inte i den specialiteten. Välj en annan, eller lägg till den där.")
    unit, told = (clinic.id, setup.speciality), BEFORE if visited else REOPEN
    check_open(session, ClinicSpeciality, [unit], field="enhet", by=visited, told=told)
    rubric = taken.rubric
    if rubric.status == "draft":
        raise Unacceptable("Granskningsmodellen är inte publicerad. Välj en som är det.")
    keep(session, taken)
    id = new_id()
    subject = desk.begin(session, subject=id, kind="inspection")
    row = InspectionRow(
        id=id,
        clinic=clinic.id,
        region=region,
        speciality=setup.speciality,
        rubric=rubric.reference,
        rubric_sha256=taken.sha256,
    )
    session.add(row)
    session.flush()
    audit.record(session, by=by.id, action="inspection:created", subject=id, rubric=rubric.reference, clinic=clinic.id)
    staffing.put(session, by, row, setup.inspectors, motive=setup.motive, tie_years=tie_years)
    return row, subject


def _written(session: Session, by: Viewer, subject: Locked, rubric: Rubric, operations: Sequence[Operation]) -> None:
    """The server's own operations in a new inspection: none of them may be refused."""

    def refuses(spot: Spot, value: Value, _: str) -> str | None:
        return fields.unfit(spot, value, rubric)

    def place(session: Session, spot: Spot, value: Value) -> None:
        placing.place(session, subject.id, 1, rubric, spot, value)

    target = Target(subject, fields.KINDS, refuses, place)
    answers = apply.write(session, by=by.id, target=target, operations=operations)
    if refused := [answer for answer in answers if answer.outcome == "refused"]:
        raise Unacceptable(refused[0].told)


# ── Writing ───────────────────────────────────────────────────────────────────────────────


def write(session: Session, *, by: Viewer, inspection: str, operations: Sequence[Operation]) -> list[Answer]:
    """Takes operations on the inspection's fields. Raises NotFound for whoever has nothing to write in it.

    What comes for a signed inspection, or from an inspector who has handed over, is kept without effect.
    """
    subject = desk.locked(session, inspection)
    draft = find_draft(session, inspection)
    if not draft.has_inspected(by.id):
        by.check(Permission.WRITE_FRONT, draft.whose)
    rubric = rubric_of(session, draft.rubric_sha256)
    target = _target(subject, draft, rubric, by=by, room=Room(session, subject, fields.LIMITS))
    answers = apply.apply(session, by=by.id, target=target, operations=operations)
    taken = (each for each, answer in zip(operations, answers, strict=True) if answer.outcome != "refused")
    touched = {found.parts["finding"] for each in taken if (found := _finding_of(each.field))}
    placing.settle_gone(session, inspection, touched)
    if target.changed and draft.is_signed_by_some:
        take_back(session, by, session.get_one(InspectionRow, inspection))
    return answers


def _finding_of(key: str) -> Spot | None:
    return fields.TEXT.match(key) or fields.GONE.match(key)


def _target(subject: Locked, draft: Draft, rubric: Rubric, *, by: Viewer, room: Room) -> Target:
    """What somebody writes."""
    alone = draft.apart

    def may(spot: Spot) -> bool:
        return by.may(spot.kind.writes, draft.whose)

    def late(spot: Spot) -> bool:
        return draft.state == "signed" or not may(spot)  # not refused, though they may not: they have inspected here

    def refuses(spot: Spot, value: Value, voice: str) -> str | None:
        if not may(spot) and not draft.has_inspected(by.id):
            return f"{spot.kind.label}: det är inspektörerna som skriver här."
        if spot.kind is fields.NOTE and spot.parts["person"] != by.id:
            return "Här skriver var och en sina egna anteckningar."
        if spot.kind is fields.DONE and spot.parts["person"] != by.id:
            return "Var och en säger själv när hon eller han är klar."
        if spot.kind is fields.DONE and value is None and not alone:
            return "Nu är alla klara och ser varandras svar. Det går inte att ta tillbaka."
        return fields.unfit(spot, value, rubric) or room.lacks(spot, value, voice)

    def place(session: Session, spot: Spot, value: Value) -> None:
        nonlocal alone
        placing.place(session, draft.id, draft.version, rubric, spot, value)
        if spot.kind in (fields.APART, fields.DONE):
            row = session.get_one(InspectionRow, draft.id)
            apart.reckon(session, row, draft.whose.inspectors)
            alone = row.apart

    return Target(subject, fields.KINDS, refuses, place, late, lambda: alone)


# ── People ────────────────────────────────────────────────────────────────────────────────


def staff(
    session: Session,
    *,
    by: Viewer,
    inspection: str,
    inspectors: Sequence[str],
    motive: str = "",
    tie_years: int = Settings.tie_years,
) -> None:
    """Decides who inspects, in the order of their names. Whoever is left out hands over: what they wrote stays.
    Raises Hindered where somebody has a tie to the unit and `motive` does not say why that is right."""
    desk.locked(session, inspection)
    one = found(session, inspection, by, Permission.STAFF)
    if one.row.state == "signed":
        raise Stale("Rapporten är fastställd. Öppna en rättelse om inspektörerna ska bytas.")
    staffing.put(session, by, one.row, inspectors, motive=motive, tie_years=tie_years)
    apart.reckon(session, one.row, set(inspectors))
    take_back(session, by, one.row)


# ── Correction ────────────────────────────────────────────────────────────────────────────


def correct(session: Session, *, by: Viewer, inspection: str, cause: str) -> None:
    """Opens a draft of the next version from the signed text. The signed one stays as it is and is still read."""
    desk.locked(session, inspection)
    one = found(session, inspection, by, Permission.CORRECT)
    if one.row.state != "signed":
        raise Stale("Det finns redan ett utkast att skriva i.")
    open_next(session, by=by, row=one.row, cause=_cause(cause))


def _cause(text: str) -> str:
    told = shown(text).strip()
    if not told:
        raise Unacceptable("Skriv varför rapporten rättas. Det står bredvid den nya versionen.")
    if length(told) > MAX_TEXT:
        raise Unacceptable("Skälet är för långt. Det får ha högst 20 000 tecken; korta det.")
    return told


def open_next(session: Session, *, by: Viewer, row: InspectionRow, cause: str) -> None:
    """The draft of version n + 1, of an inspection whose version n is signed. Its caller has checked who may."""
    row.state, row.version, row.cause = "draft", row.version + 1, cause
    audit.record(session, by=by.id, action="inspection:correction_opened", subject=row.id, version=row.version)
