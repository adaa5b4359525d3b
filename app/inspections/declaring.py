"""Each inspector says of each inspection whether they have a tie to its unit, before they sign it.

Whether the field asks so in writing is not known: so nobody is stopped for not having said it, and it is asked again
where they sign. Who says that they have a tie tells which, and the office sees it and decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app import audit
from app.accounts.models import Person
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.ids import new_id
from app.inspections.models import Declaration, InspectionRow
from app.inspections.owed import Owed
from app.inspections.queries import found
from app.inspections.staffing import assigned, standings
from app.people import ties
from app.people.independence import Standing
from app.people.schemas import TieIn


def declare(session: Session, *, by: Viewer, inspection: str, new: TieIn | None = None, tie_years: int) -> None:
    """That one has no tie to the unit but those that are told; with `new` among them."""
    row = found(session, inspection, by, Permission.SIGN).row
    if new:
        ties.tell(session, by=by, person=by.id, new=new)
    stands = standings(session, row.clinic, [by.id], years=tie_years)[by.id]
    told = sorted(each.id for each in (*stands.hinders, *stands.informs))
    session.add(
        Declaration(id=new_id(), inspection=row.id, person=by.id, at=audit.now(), unit=printed_unit(row), ties=told)
    )
    session.flush()
    audit.record(session, by=by.id, action="inspection:ties_declared", subject=row.id, ties=told)


def printed_unit(row: InspectionRow) -> str:
    """What a declaration is about. Where it is changed on the front page, each is asked once more."""
    return "\n".join((row.clinic, row.clinic_name, row.hospital_name, row.region_name))


def declared(session: Session, row: InspectionRow) -> dict[str, Declaration]:
    """What each has said last of the unit as it stands now."""
    at = (Declaration.inspection == row.id, Declaration.unit == printed_unit(row))
    query = select(Declaration).where(*at).order_by(col(Declaration.at), col(Declaration.id))
    return {each.person: each for each in session.exec(query)}  # the last one wins


def undeclared(session: Session, row: InspectionRow, person: str) -> bool:
    """They have still to say it. Of a report that was signed elsewhere nobody is asked."""
    return not row.old_report and person not in declared(session, row)


@dataclass(frozen=True)
class Independence:
    """How an inspector stands to the unit: what they have said, what is known, why they inspect in spite of it."""

    person: str
    name: str
    said: Declaration | None
    stands: Standing
    motive: str
    allowed: bool

    @property
    def to_decide(self) -> bool:
        """The office has a tie to decide on."""
        return bool(self.stands.hinders) and not self.allowed


def independence(session: Session, row: InspectionRow, *, tie_years: int) -> list[Independence]:
    """Of everybody who inspects."""
    people = assigned(session, row)
    ids = [each.person for each in people]
    names = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids))).all())
    said, known = declared(session, row), standings(session, row.clinic, ids, years=tie_years, but=row.id)
    return [
        Independence(
            each.person,
            names[each.person],
            said.get(each.person),
            known[each.person],
            each.motive,
            known[each.person].bars <= set(each.despite),
        )
        for each in people
    ]


def to_declare(session: Session, row: InspectionRow, person: str) -> Iterator[Owed]:
    if row.state == "draft" and undeclared(session, row, person):
        yield Owed("independence", "svar om du har något band till enheten", stops=False)


def to_decide(session: Session, row: InspectionRow, *, tie_years: int) -> Iterator[Owed]:
    """For who staffs."""
    for each in independence(session, row, tie_years=tie_years):
        if each.to_decide:
            yield Owed(
                "inspectors", f"{each.name} har band till enheten: byt, eller skriv varför det är rätt", stops=False
            )
