"""Somebody in every role, and inspections that are their own, their neighbours' and nobody's: whom the matrix asks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session

from app import audit
from app.accounts.models import Appointment
from app.accounts.roles import Held, Reach, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import id_from, new_id
from app.inspections import actions, queries
from app.inspections.content import canonical
from app.inspections.fields import WHO
from app.inspections.models import Assignment, Attachment, InspectionRow, Version, VersionFile
from app.inspections.reading import Reading
from app.papers.kinds import JPEG
from app.papers.storage import Storage
from app.places.models import Clinic, ClinicSpeciality, Hospital, Speciality
from app.plans import actions as plans
from app.plans import content as plan_content
from app.plans.opening import opening
from app.plans.queries import plan_of
from app.writing.desk import Operation
from tests.clients import a_client
from tests.databases import Kind
from tests.factories import RUBRIC, Place, a_person, a_place, an_inspection, an_inspector
from tests.requests import Target, nowhere, request_to

HERE = frozenset({Reach.EVERYTHING, Reach.SPECIALITY, Reach.REGION, Reach.CLINIC})


@dataclass(frozen=True)
class Case:
    """A target, which reaches of an appointment at the own place get there, and how far the inspection has come."""

    target: Target
    reached: frozenset[Reach]
    has_version: bool


@dataclass(frozen=True)
class Everybody:
    database: Database
    client: TestClient
    viewers: Mapping[str, Viewer]
    cases: Mapping[str, Case]
    nowhere: Target

    def ask(self, route: APIRoute, target: Target, token: str, *, bearer: str = "") -> Response:
        """`token`: of a sign-in; `bearer`: an API-nyckel."""
        asked = request_to(route, target)
        asked["headers"] = asked.get("headers", {}) | {"cookie": f"__Host-sporra={token}"} if token else {}
        asked["headers"] |= {"authorization": f"Bearer {bearer}"} if bearer else {}
        self.client.cookies.clear()  # what an answer sets is for that one alone
        return self.client.request(**asked, follow_redirects=False)


@contextmanager
def everybody(kind: Kind) -> Iterator[Everybody]:
    url = kind.migrated()
    database = Database(url)
    with a_client(url) as client:
        client.headers["accept-encoding"] = "identity"  # lengths are compared, too
        with database.writing() as session:
            made = _made(session, database, client)
        yield made
    database.close()
    kind.drop(url)


def _made(session: Session, database: Database, client: TestClient) -> Everybody:
    own, foreign = (a_place(session, name) for name in ("Hemma", "Borta"))
    office = a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR))
    inspector, former = (an_inspector(session, own, name) for name in ("Alva Exempel", "Nils Påhitt"))

    def case(place: Place, *reached: Reach, state: str = "signed") -> Case:
        stranger = an_inspector(session, place, "Siv Annorstädes")
        people = (inspector, former) if reached == tuple(HERE) else (stranger,)
        target = _target(session, database, client.app.state.storage, place, office, people)  # type: ignore[attr-defined]
        if state != "draft":
            as_signed(session, target.inspection, state)
        return Case(target, frozenset(reached), state != "draft")

    cases = {
        **{f"own {state}": case(own, *HERE, state=state) for state in ("draft", "signed", "corrected")},
        "in the region": case(_beside(session, own.region, "Granne"), Reach.EVERYTHING, Reach.REGION),
        "in the speciality": case(
            _beside(session, foreign.region, "Gäst", own.speciality), Reach.EVERYTHING, Reach.SPECIALITY
        ),
        "foreign draft": case(foreign, Reach.EVERYTHING, state="draft"),
        "foreign signed": case(foreign, Reach.EVERYTHING),
    }
    names = {Reach.SPECIALITY: "speciality", Reach.REGION: "region", Reach.CLINIC: "clinic"}
    viewers = {
        "administrator": office,
        "inspector": inspector,
        "former inspector": former,
        "inspector of another": an_inspector(session, own, "Siv Annorstädes"),
        "coordinator": a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=own.speciality)),
        "director of studies": a_person(session, "Kim Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=own.clinic)),
        "head of clinic": a_person(session, "Bo Chef", Held(Role.HEAD_OF_CLINIC, clinic=own.clinic)),
        "region office": a_person(session, "Rut Region", Held(Role.REGION_OFFICE, region=own.region)),
        "nobody": a_person(session, "Ingen Alls"),
    }
    assert {held.role for viewer in viewers.values() for held in viewer.held} == set(Role)
    assert set(names) | {Reach.EVERYTHING, Reach.INSPECTIONS} == set(Reach)
    return Everybody(database, client, viewers, cases, nowhere(cases["own draft"].target))


def _beside(session: Session, region: str, name: str, speciality: str = "") -> Place:
    """A clinic in that region, and in that speciality or one of its own."""
    hospital, clinic, made = new_id(), new_id(), speciality or new_id()
    session.add(Hospital(id=hospital, region=region, name=f"{name}s lasarett"))
    if not speciality:
        session.add(Speciality(id=made, name=f"{name}medicin"))
    session.flush()
    session.add(Clinic(id=clinic, hospital=hospital, name=f"{name}kliniken"))
    session.flush()
    session.add(ClinicSpeciality(clinic=clinic, speciality=made))
    session.flush()
    return Place(region, clinic, made)


def _target(
    session: Session,
    database: Database,
    storage: Storage,
    place: Place,
    office: Viewer,
    inspectors: tuple[Viewer, ...],
) -> Target:
    id, written = _written(session, place, office, inspectors)
    person = a_person(session, "Lo Anställd")

    def an_appointment() -> str:
        made = new_id()
        with database.writing() as later:
            later.add(
                Appointment(
                    id=made,
                    person=person.id,
                    role=Role.HEAD_OF_CLINIC,
                    clinic=place.clinic,
                    given_by=office.id,
                    since=audit.now(),
                )
            )
        return made

    hospital = session.get_one(Clinic, place.clinic).hospital
    return Target(
        region=place.region,
        hospital=hospital,
        clinic=place.clinic,
        speciality=place.speciality,
        inspection=id,
        revision=written,
        interview=id_from(id, "interview"),
        attachment=_attached(session, storage, id, inspectors[0]),
        **_planned(session, place, office, inspectors),
        inspector=inspectors[0].id,
        person=person.id,
        appointment=an_appointment,
    )


def _written(session: Session, place: Place, office: Viewer, inspectors: tuple[Viewer, ...]) -> tuple[str, str]:
    """An inspection, of which all but the first inspector have handed over, and the operation on its `front/place`."""
    id, written = an_inspection(session, place, office, *inspectors), new_id()
    said = [
        Operation(written, "front/place", "Exempelstad"),
        Operation(new_id(), "front/first_day", "2026-10-20"),
        Operation(new_id(), "area/E/grade", "D"),
        Operation(new_id(), WHO.key(interview=id_from(id, "interview")), "ST-läkare"),
    ]
    actions.write(session, by=inspectors[0], inspection=id, operations=said)
    for each in session.exec(queries.select(Assignment).where(Assignment.inspection == id)).all()[1:]:
        each.ended = audit.now()
    session.flush()
    return id, written


def _attached(session: Session, storage: Storage, inspection: str, by: Viewer) -> str:
    """A picture, as far as asking for it goes."""
    about = {"type": JPEG, "size": 1, "title": "Bild", "file": storage.put(b"x"), "preview": storage.put(b"x")}
    row = Attachment(id=new_id(), inspection=inspection, sha256="0" * 64, by=by.id, received=audit.now(), **about)
    session.add(row)
    session.flush()
    return row.id


def _planned(session: Session, place: Place, office: Viewer, inspectors: tuple[Viewer, ...]) -> dict[str, str]:
    """The submitted plan of one more inspection, which is signed."""
    id, _ = _written(session, place, office, inspectors)
    as_signed(session, id, "signed")
    row = session.get_one(InspectionRow, id)
    opening(3)(session, inspectors[0], row, Reading(session, row).content("signed"), RUBRIC.rubric)
    opened = plan_of(session, id)
    assert opened
    director = a_person(session, "Mo Tillfällig", Held(Role.DIRECTOR_OF_STUDIES, clinic=place.clinic))
    measure, occurrence, text, reason = (new_id() for _ in range(4))
    said = [
        Operation(text, "area/E/text", "Vi gör."),
        Operation(new_id(), f"measure/{measure}/what", "Träffar"),
        Operation(new_id(), f"occurrence/{occurrence}/measure", measure),
        Operation(new_id(), f"occurrence/{occurrence}/day", "2026-01-01"),
    ]
    plans.write(session, by=director, plan=opened.id, operations=said)
    seen = plan_content.fingerprint(plan_content.content(session, opened))
    plans.submit(session, by=director, plan=opened.id, seen=seen)
    answered = [Operation(reason, "version/1/area/E/reason", "När?")]
    plans.write(session, by=inspectors[0], plan=opened.id, operations=answered)
    return {
        "plan": opened.id,
        "planned": id,
        "measure": measure,
        "occurrence": occurrence,
        "text": text,
        "reason": reason,
    }


def as_signed(session: Session, id: str, state: str) -> None:
    """A stored version without the work of making its files: here only their being there matters."""
    row = session.get_one(InspectionRow, id)
    read = Reading(session, row).content("signed")
    front = {
        name: getattr(row, name) for name in ("clinic_name", "hospital_name", "specialty", "first_day", "last_day")
    }
    stamp = {"content_sha256": "0" * 64, "rubric_sha256": row.rubric_sha256, "signed": audit.now()}
    session.add(Version(inspection=id, number=1, seq=1, content=canonical(read), **stamp, **front))
    session.flush()
    for format in ("docx", "html"):
        session.add(VersionFile(inspection=id, number=1, format=format, content=b"x", size=1, sha256="0" * 64))
    row.state, row.version = ("signed", 1) if state == "signed" else ("draft", 2)
    session.flush()
