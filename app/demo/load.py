"""The demonstration, put into an empty database: places, people, inspections and plans on their way.

What an inspection holds gets there as a person's own work would: through its actions, by somebody who may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session, select

from app import audit
from app.accounts import passwords
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.config import Settings, settings
from app.db import Database
from app.demo import visit
from app.demo.people import (
    ABROAD,
    ALVA,
    CENTRE,
    MEDICINE,
    NILS,
    OFFICE,
    OPERATIONS,
    PASSWORD,
    PEOPLE,
    SAGA,
    TIES,
    WHY,
    Somebody,
    Unit,
)
from app.demo.places import Ids, add_person, add_places, add_tie
from app.demo.promises import promised
from app.following import when_signed
from app.ids import new_id
from app.inspections import actions, disk, signing
from app.inspections.actions import Setup
from app.inspections.attaching import Sent, attach
from app.inspections.content import fingerprint
from app.inspections.declaring import declare
from app.inspections.file import Inspection, Plan, Visit
from app.inspections.file import Unit as PrintedUnit
from app.inspections.queries import find
from app.inspections.reading import Reading
from app.inspections.rubric_copy import Taken, taken
from app.papers.storage import Storage
from app.places.models import Region
from app.web.swedish import local
from app.writing.desk import Operation
from rubrics.library import Library

FILE = Path(__file__).parent / "exempelstad.inspection.yaml"
COME_TO = "ABCD"  # the areas that somebody has written in, halfway
NARRATIVES = (
    "Kliniken är (som allt här) påhittad. Den har tolv ST-läkare och tar emot patienter dygnet runt.",
    "Påhittad klinik med tolv ST-läkare, varav två i föräldraledighet. Patienter tas emot dygnet runt.",
)


def load(database: Database, library: Library, storage: Storage) -> bool:
    """Fills a database that holds nobody and no place, and says whether it was one."""
    with database.reading() as session:
        if not _empty(session):
            return False
    rubric, file = taken(library, "st-spur/2015-8"), disk.read(FILE)[1]
    hashed = passwords.hashed(PASSWORD)  # outside the writer, and once for all of them
    with database.writing() as session:
        if not _empty(session):  # somebody was first
            return False
        ids = add_places(session)
        desk = _Desk(session, rubric, ids, {who: add_person(session, who, hashed, ids) for who in PEOPLE})
        for who, bond in TIES:
            add_tie(session, desk.viewers[who], bond, ids)
        whole = desk.take_in(MEDICINE, _promised(file), ALVA, NILS)
        fresh = desk.take_in(OPERATIONS, _unanswered(file), SAGA)
        visited = desk.take_in(ABROAD, _halfway(file), NILS, SAGA)
        declare(session, by=desk.viewers[NILS], inspection=visited, tie_years=Settings.tie_years)
        desk.meet(visited, _today(-1), NILS, SAGA)
        desk.meet(desk.create(CENTRE, _today(21), ALVA, NILS), _today(21), ALVA)
        desk.two_texts(desk.create(MEDICINE, _today(-7), ALVA, SAGA), ALVA, SAGA)
    for who, inspection in ((ALVA, whole), (NILS, whole), (SAGA, fresh)):
        _sign(database, desk.viewers[who], inspection)
    for each in visit.papers(ABROAD.clinic):
        sent = Sent(new_id(), each.about, each.name, each.content)
        attach(database, by=desk.viewers[SAGA], inspection=visited, sent=sent, storage=storage)
    return True


def _empty(session: Session) -> bool:
    return not any(session.exec(select(table.id).limit(1)).first() for table in (Person, Region))


@dataclass(frozen=True)
class _Desk:
    """Where the office sets up inspections, and inspectors begin to write."""

    session: Session
    rubric: Taken
    ids: Ids
    viewers: dict[Somebody, Viewer]

    def create(self, unit: Unit, first_day: date, *inspectors: Somebody) -> str:
        setup = self._setup(unit, inspectors, first_day)
        return actions.create(self.session, by=self.viewers[OFFICE], rubric=self.rubric, setup=setup)

    def take_in(self, unit: Unit, file: Inspection, *inspectors: Somebody) -> str:
        setup = self._setup(unit, inspectors)
        return actions.take_in(self.session, by=self.viewers[OFFICE], rubric=self.rubric, setup=setup, file=file)

    def two_texts(self, inspection: str, *inspectors: Somebody) -> None:
        """They write in the same field without having seen each other's text: both are kept."""
        for who, text in zip(inspectors, NARRATIVES, strict=True):
            written = [Operation(new_id(), "area/A/narrative", text)]
            actions.write(self.session, by=self.viewers[who], inspection=inspection, operations=written)

    def meet(self, inspection: str, first_day: date, *inspectors: Somebody) -> None:
        """The programme of a visit, by the first of them; of two, what each has noted so far."""
        writing = [[*visit.programme(inspection, first_day)], []]
        if len(inspectors) > 1:
            for n, who in enumerate(inspectors):
                writing[n] += visit.notes(inspection, n, self.viewers[who].id)
        for who, written in zip(inspectors, writing, strict=False):
            actions.write(self.session, by=self.viewers[who], inspection=inspection, operations=written)

    def _setup(self, unit: Unit, inspectors: Sequence[Somebody], first_day: date | None = None) -> Setup:
        return Setup(
            clinic=self.ids[unit.clinic],
            speciality=self.ids[unit.speciality],
            inspectors=[self.viewers[who].id for who in inspectors],
            first_day=first_day,
            last_day=first_day + timedelta(days=1) if first_day else None,
            place=unit.place,
            motive=WHY,
        )


def _halfway(file: Inspection) -> Inspection:
    """The same inspection of another clinic, with half of it written and nothing decided."""
    undecided = {"grade": "", "grade_reason": "", "regrades": ()}
    areas = {id: review.model_copy(update=undecided) for id, review in file.areas.items() if id in COME_TO}
    return file.model_copy(
        update={
            "state": "draft",
            "unit": PrintedUnit(region=ABROAD.region, hospital=ABROAD.hospital, clinic=ABROAD.clinic),
            "place": ABROAD.place,
            "visit": Visit(first_day=_today(-1), last_day=_today(0), mode="onsite"),
            "inspectors": (NILS.name, SAGA.name),
            "findings": tuple(each for each in file.findings if each.area in COME_TO),
            "areas": areas,
            "plan": None,
        }
    )


def _promised(file: Inspection) -> Inspection:
    """The inspection whose clinic follows its plan."""
    return file.model_copy(update={"plan": promised(file.plan or Plan(), _today(0))})


def _unanswered(file: Inspection) -> Inspection:
    """The same inspection of another clinic, a month ago: its plan is still to be written."""
    areas = {id: review.model_copy(update={"regrades": ()}) for id, review in file.areas.items()}
    return file.model_copy(
        update={
            "unit": PrintedUnit(region=OPERATIONS.region, hospital=OPERATIONS.hospital, clinic=OPERATIONS.clinic),
            "specialty": OPERATIONS.speciality,
            "place": OPERATIONS.place,
            "visit": Visit(first_day=_today(-31), last_day=_today(-30), mode="onsite"),
            "inspectors": (SAGA.name,),
            "areas": areas,
            "plan": None,
        }
    )


def _today(days: int) -> date:
    return local(audit.now()).date() + timedelta(days=days)


def _sign(database: Database, by: Viewer, inspection: str) -> None:
    with database.reading() as session:
        row = find(session, inspection).row
        seen = fingerprint(Reading(session, row).content("signed"), row.rubric_sha256)
    signing.sign(database, by=by, inspection=inspection, seen=seen, then=when_signed(settings()))
