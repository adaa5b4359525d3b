"""A person's ties: told by themselves or by the office, and read by whoever decides who inspects."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app import audit
from app.accounts.models import Person
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.ids import is_id, new_id
from app.people.independence import Tie, TieKind, Unit
from app.people.models import TieRow
from app.people.schemas import TieIn
from app.places.models import Clinic, Hospital, Region
from app.places.queries import tree
from app.typed import Unfit

Options = Sequence[tuple[str, Sequence[tuple[str, str]]]]  # (group, its [(id, name)])
MOST = 100  # of one person


def tell(session: Session, *, by: Viewer, person: str, new: TieIn) -> str:
    """Adds a tie. One that is there already stays one. Returns its id."""
    _may(session, by, person)
    named = _named(session, new)
    known = session.exec(select(TieRow).where(TieRow.person == person, col(TieRow.removed).is_(None))).all()
    facts: dict[str, Any] = named | {"kind": new.kind, "since": new.since, "until": new.until}
    if same := [each for each in known if all(getattr(each, name) == value for name, value in facts.items())]:
        return same[0].id
    if len(known) >= MOST:
        raise Unfit("kind", "Det är för många band. Ta bort något som inte längre gäller.")
    row = TieRow(
        id=new_id(),
        person=person,
        kind=new.kind,
        since=new.since,
        until=new.until,
        told_by=by.id,
        told=audit.now(),
        region=named.get("region"),
        hospital=named.get("hospital"),
        clinic=named.get("clinic"),
    )
    session.add(row)
    session.flush()
    audit.record(session, by=by.id, action="person:tie_told", subject=person, tie=row.id, **facts)
    return row.id


def remove(session: Session, *, by: Viewer, person: str, tie: str) -> None:
    """What is not there, or no longer, is removed already."""
    _may(session, by, person)
    row = session.get(TieRow, tie)
    if not row or row.person != person or row.removed:
        return
    row.removed = audit.now()
    session.flush()
    audit.record(session, by=by.id, action="person:tie_removed", subject=person, tie=tie)


def _may(session: Session, by: Viewer, person: str) -> None:
    """Of oneself, or the office of anybody."""
    if by.id != person:
        by.check(Permission.ADMINISTER)
    if not session.get(Person, person, with_for_update=True):
        raise NotFound


def _named(session: Session, new: TieIn) -> dict[str, str]:
    """The place by its level: no two places have the same id."""
    levels: dict[str, type[Region | Hospital | Clinic]] = {"region": Region, "hospital": Hospital, "clinic": Clinic}
    level = next((name for name, table in levels.items() if session.get(table, new.where) is not None), None)
    if not level:
        raise Unfit("where", "Välj region, sjukhus eller klinik.")
    if new.kind is TieKind.HOME and level != "region":
        raise Unfit("where", "En hemregion är en region. Välj en sådan, eller ett annat slags band.")
    return {level: new.where}


# ── Read ──────────────────────────────────────────────────────────────────────────────────


def ties_of(session: Session, people: Collection[str]) -> dict[str, list[Tie]]:
    """What is told of these people, in one statement however many they are; the oldest first."""
    return _told(session, col(TieRow.person).in_(people), col(TieRow.removed).is_(None))


def removed(session: Session, person: str, tie: str) -> Tie | None:
    """One of theirs that has been removed, and can be told again."""
    at = (col(TieRow.id) == tie, col(TieRow.person) == person, col(TieRow.removed).is_not(None))
    found = _told(session, *at).get(person) if is_id(tie) else None
    return found[0] if found and str(found[0]) not in map(str, ties_of(session, [person]).get(person, [])) else None


def _told(session: Session, *where: Any) -> dict[str, list[Tie]]:
    query: Any = (  # what is joined from without may be None
        select(TieRow, Region, Hospital, Clinic)
        .join(Clinic, col(Clinic.id) == TieRow.clinic, isouter=True)
        .join(Hospital, col(Hospital.id) == func.coalesce(TieRow.hospital, Clinic.hospital), isouter=True)
        .join(Region, col(Region.id) == func.coalesce(TieRow.region, Hospital.region))
        .where(*where)
        .order_by(col(TieRow.told), col(TieRow.id))
    )
    told: dict[str, list[Tie]] = {}
    for row, region, hospital, clinic in session.exec(query):
        names = [each.name for each in (clinic, hospital or region) if each]
        tie = Tie(
            row.id,
            TieKind(row.kind),
            region.id,
            hospital.id if hospital else None,
            clinic.id if clinic else None,
            ", ".join(names),
            row.since,
            row.until,
        )
        told.setdefault(row.person, []).append(tie)
    return told


def unit_of(session: Session, clinic: str) -> Unit:
    hospital = session.get_one(Hospital, session.get_one(Clinic, clinic).hospital)
    return Unit(hospital.region, hospital.id, clinic)


def places(session: Session) -> Options:
    """Everything that a tie can be to: the regions, then by hospital."""
    found = tree(session)
    below = [
        (f"{here.name}, {region.name}", [(here.id, here.name), *((each.id, each.name) for each in here.clinics)])
        for region in found
        for here in region.hospitals
    ]
    return [("Hela regionen", [(each.id, each.name) for each in found]), *below]
