"""A signed inspection that asks something of the clinic, the plan that it opened, and everybody who has to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id, new_ids
from app.inspections import content, queries, reading, signing
from app.inspections.file import Plan
from app.inspections.models import RegradeRow, Version, VersionFile
from app.inspections.reading import Reading
from app.inspections.regrading import Change
from app.plans import actions, fields
from app.plans.content import content as plan_content
from app.plans.content import fingerprint, written
from app.plans.models import PlanRow, PlanVersion
from app.plans.opening import opening
from app.plans.queries import find, plan_of
from app.writing import said
from app.writing.apply import Answer
from app.writing.desk import Operation
from app.writing.fields import Value
from app.writing.models import Subject
from tests.factories import RUBRIC, Drafted, a_person, an_inspection, drafted

MONTHS = 3
PRIVATE = "Bara för inspektörerna"
VISIT = date(2025, 10, 20)  # in the past: what is regraded comes after it
D_IN_D_AND_E = {area.id: "D" if area.id in "DE" else area.offered[0] for area in RUBRIC.rubric.areas}


@dataclass(frozen=True)
class Planned(Drafted):
    """`id` is the inspection's. Two of the clinic, two who inspected, the region, the office, the coordinator."""

    plan: str
    director: Viewer
    head: Viewer
    region: Viewer
    coordinator: Viewer

    # ── Writing ──

    def tell(self, by: Viewer, *operations: Operation) -> list[Answer]:
        """Sends operations on the plan."""
        with self.database.writing() as session:
            return actions.write(session, by=by, plan=self.plan, operations=operations)

    def said(self, field: str) -> str | None:
        """The operation that stands in a field."""
        with self.database.reading() as session:
            head = said.heads(session, self.plan).get(field)
            return head.revision if head else None

    def stands(self, field: str) -> Value:
        with self.database.reading() as session:
            head = said.heads(session, self.plan).get(field)
            return head.value if head else None

    def put(self, field: str, value: object, by: Viewer | None = None) -> str:
        """Writes on top of what stands. Returns the operation's id."""
        made = Operation(new_id(), field, value, self.said(field))
        [answer] = self.tell(by or self.director, made)
        assert answer.outcome == "head", answer
        return made.id

    def clashes(self) -> list[str]:
        with self.database.reading() as session:
            return [each.spot.key for each in said.clashes(session, self.plan, fields.KINDS)]

    def late(self) -> list[Value]:
        with self.database.reading() as session:
            return [each.value for each in said.late(session, self.plan, fields.KINDS)]

    # ── Reading ──

    @property
    def row(self) -> PlanRow:
        with self.database.reading() as session:
            return find(session, self.plan).row

    @property
    def state(self) -> str:
        return self.row.state

    def content(self) -> Plan:
        with self.database.reading() as session:
            return plan_content(session, find(session, self.plan).row)

    def seen(self) -> str:
        """The fingerprint that the page shows now."""
        return fingerprint(self.content())

    def submitted(self) -> list[PlanVersion]:
        """The submissions, the first one first."""
        with self.database.reading() as session:
            at = select(PlanVersion).where(PlanVersion.plan == self.plan).order_by(col(PlanVersion.number))
            return list(session.exec(at))

    def events(self, subject: str = "") -> list[str]:
        """What was done to the plan, or to another subject, oldest first."""
        with self.database.reading() as session:
            return [each.action for each in audit.history(session, subject or self.plan)]

    def regrades(self) -> list[RegradeRow]:
        with self.database.reading() as session:
            return list(reading.regrades(session, self.id))

    def files(self, number: int) -> dict[str, bytes]:
        """What is stored of a version of the report."""
        with self.database.reading() as session:
            at = (VersionFile.inspection == self.id, VersionFile.number == number)
            return {each.format: each.content for each in session.exec(select(VersionFile).where(*at))}

    # ── Moves ──

    def submit(self, by: Viewer | None = None, seen: str = "") -> int:
        with self.database.writing() as session:
            return actions.submit(session, by=by or self.director, plan=self.plan, seen=seen or self.seen())

    def judge(self, verdicts: Mapping[str, str | tuple[str, str]], by: Viewer | None = None) -> None:
        """Writes verdicts, some with their reasons, on the last submission."""
        version = str(self.row.version)
        for area, given in verdicts.items():
            verdict, reason = (given, "") if isinstance(given, str) else given
            self.put(fields.VERDICT.key(version=version, area=area), verdict, by or self.a)
            if reason:
                self.put(fields.REASON.key(version=version, area=area), reason, by or self.a)

    def answer(self, by: Viewer | None = None, version: int = 0) -> str:
        with self.database.writing() as session:
            number = version or find(session, self.plan).row.version
            return actions.answer(session, by=by or self.a, plan=self.plan, version=number)

    def follow(self, by: Viewer | None = None) -> None:
        with self.database.writing() as session:
            actions.follow(session, by=by or self.director, plan=self.plan)

    def close(self, by: Viewer | None = None) -> None:
        with self.database.writing() as session:
            actions.close(session, by=by or self.region, plan=self.plan)

    def regrade(self, *changes: Change, by: Viewer | None = None, day: date = date(2026, 3, 1)) -> None:
        with self.database.writing() as session:
            actions.regrade(session, by=by or self.a, plan=self.plan, changes=changes, day=day)

    def sign(self) -> None:
        """By both: the report's next version."""
        sign(self)

    # ── As far as … ──

    def as_submitted(self) -> "Planned":
        self.put("area/D/text", "Vi gör om introduktionen.")
        self.submit()
        return self

    def as_more(self) -> "Planned":
        self.as_submitted()
        self.judge({"D": ("more", "När?"), "E": "accepted"})
        self.answer()
        return self

    def as_accepted(self) -> "Planned":
        self.as_submitted()
        self.judge({"D": "accepted", "E": "accepted"})
        self.answer()
        return self

    def as_followed(self) -> "Planned":
        self.as_accepted()
        self.follow()
        return self

    def as_closed(self) -> "Planned":
        self.as_followed()
        self.close()
        return self


def graded(draft: Drafted, grades: Mapping[str, str] | None = None) -> None:
    """Nothing is owed for signing, and these are the grades."""
    given = D_IN_D_AND_E if grades is None else grades
    said = [
        ("front/place", "Exempelstad"),
        ("front/first_day", str(VISIT)),
        ("area/E/narrative", "Handledningen varierar."),
        *((f"area/{area}/grade", grade) for area, grade in given.items()),
        *((f"area/{area}/grade_reason", PRIVATE) for area in given),
    ]
    operations = [Operation(new_id(), key, value) for key, value in said]
    assert {each.outcome for each in draft.write(draft.a, *operations)} == {"head"}


def sign(draft: Drafted, months: int = MONTHS) -> None:
    """By both, with all that a signature brings with it."""
    for by in (draft.a, draft.b):
        then = (opening(months),)
        signing.sign(draft.database, by=by, inspection=draft.id, seen=draft.hash(), then=then)


def sign_quickly(draft: Drafted) -> None:
    """Signed as far as plans look at it: the version stands, and its files, which take their time, are not made."""
    with draft.database.writing() as session:
        row = queries.find(session, draft.id).row
        signed = Reading(session, row).content("signed")
        session.add(
            Version(
                inspection=row.id,
                number=row.version,
                seq=session.get_one(Subject, row.id).seq,
                content=content.canonical(signed),
                content_sha256=content.fingerprint(signed, row.rubric_sha256),
                rubric_sha256=row.rubric_sha256,
                signed=audit.now(),
                clinic_name=row.clinic_name,
                hospital_name=row.hospital_name,
                specialty=row.specialty,
            )
        )
        row.state = "signed"
        session.flush()
        opening(MONTHS)(session, draft.b, row, signed, RUBRIC.rubric)


def plan_id(draft: Drafted) -> str | None:
    with draft.database.reading() as session:
        row = plan_of(session, draft.id)
        return row.id if row else None


def people(session: Session, draft: Drafted) -> dict[str, Viewer]:
    """Those who come in when a report is signed."""
    place = draft.place
    return {
        "director": a_person(session, "Kim Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=place.clinic)),
        "head": a_person(session, "Vera Chef", Held(Role.HEAD_OF_CLINIC, clinic=place.clinic)),
        "region": a_person(session, "Ragna Kansli", Held(Role.REGION_OFFICE, region=place.region)),
        "coordinator": a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=place.speciality)),
    }


def with_people(draft: Drafted) -> Planned:
    """Everybody, around an inspection that has no plan yet."""
    with draft.database.writing() as session:
        return Planned(**vars(draft), plan="", **people(session, draft))


def planned(database: Database, *, quickly: bool = True) -> Planned:
    """D in D and E, signed, and its plan opened."""
    return another(with_people(drafted(database)), quickly=quickly)


def another(world: Planned, *, quickly: bool = True) -> Planned:
    """One more inspection of the same clinic by the same people, and its plan."""
    with world.database.writing() as session:
        made = replace(world, id=an_inspection(session, world.place, world.office, world.a, world.b))
    graded(made)
    (sign_quickly if quickly else sign)(made)
    plan = plan_id(made)
    assert plan
    return replace(made, plan=plan)


def measure(plan: Planned, by: Viewer | None = None, **values: object) -> str:
    """A measure with these fields. Returns its id."""
    id = new_id()
    operations = [Operation(new_id(), f"measure/{id}/{name}", value) for name, value in values.items()]
    answers = plan.tell(by or plan.director, *operations)
    assert {each.outcome for each in answers} <= {"head"}, answers
    return id


def write_down(plan: Planned, by: Viewer, text: Plan) -> None:
    """All of it, over what stands, in batches as a device sends them."""
    with plan.database.reading() as session:
        seen = {field: each.revision for field, each in said.heads(session, plan.plan).items()}
    values = [(key, value) for key, value in written(text, new_ids()) if value]
    operations = [Operation(new_id(), key, value, seen.get(key)) for key, value in values]
    for i in range(0, len(operations), 200):
        answers = plan.tell(by, *operations[i : i + 200])
        assert {each.outcome for each in answers} == {"head"}, answers
