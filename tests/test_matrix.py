"""Who may do what: every route and every action, asked by every role, of what is their own and of what is not.

What must happen follows from the table in `roles.py` and from what the route declares. Nothing here lists it, so a
new route is covered by itself (tests/requests.py has the examples that a request is made of).
"""

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session

import app as app_package
from app import audit
from app.accounts import sessions
from app.accounts.access import Gate, routes
from app.accounts.models import Appointment
from app.accounts.roles import TABLE, Held, Open, Permission, Reach, Role
from app.accounts.viewer import Viewer
from app.config import Settings
from app.db import Database
from app.errors import NotFound
from app.ids import id_from, new_id
from app.inspections import actions, disk, queries
from app.inspections.content import canonical, content
from app.inspections.fields import WHO
from app.inspections.models import Assignment, Attachment, InspectionRow, Version, VersionFile
from app.main import create_app
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
from tests.paths import KALMAR
from tests.requests import Target, gates, nowhere, request_to

ROUTES = list(routes(create_app(Settings("sqlite:////nowhere"))))  # looked at, never called
SIGNED_OUT = "signed out"
HERE = frozenset({Reach.EVERYTHING, Reach.SPECIALITY, Reach.REGION, Reach.CLINIC})


@dataclass(frozen=True)
class Case:
    """A target, which reaches of an appointment at the own place get there, and how far the inspection has come."""

    target: Target
    reached: frozenset[Reach]
    has_version: bool


@dataclass(frozen=True)
class World:
    database: Database
    client: TestClient
    viewers: Mapping[str, Viewer]
    cases: Mapping[str, Case]
    nowhere: Target

    def ask(self, route: APIRoute, target: Target, token: str) -> Response:
        asked = request_to(route, target)
        asked["headers"] = asked.get("headers", {}) | {"cookie": f"__Host-sporra={token}"} if token else {}
        self.client.cookies.clear()  # what an answer sets is for that one alone
        return self.client.request(**asked, follow_redirects=False)


# ── What must happen ──────────────────────────────────────────────────────────────────────


def allowed(name: str, viewer: Viewer | None, route: APIRoute, case: Case) -> bool:
    return all(
        any(_through(name, viewer, asked, getattr(gate, "former", False), route, case) for asked in _asked(gate))
        for gate in gates(route)
    )


def _asked(gate: Gate) -> tuple[Permission | Open, ...]:
    """Any of these is enough."""
    return (gate.permission, *getattr(gate, "others", ()))


def _through(
    name: str, viewer: Viewer | None, asked: Permission | Open, former: bool, route: APIRoute, case: Case
) -> bool:
    if isinstance(asked, Open):
        return asked is Open.ANYONE or (asked is Open.SIGNED_IN and viewer is not None)  # whose secret nobody has
    if viewer is None:
        return False
    reaches = {reach for held in viewer.held if (reach := TABLE[held.role].get(asked))}
    if not about_one(route):
        return bool(reaches & case.reached if writes(route) else reaches)
    own = {Reach.INSPECTIONS} if name == "inspector" and Reach.CLINIC in case.reached else set()
    kept = former and name == "former inspector" and Reach.CLINIC in case.reached
    ready = asked is not Permission.READ_REPORT or case.has_version or "{plan}" in route.path
    return bool(reaches & (case.reached | own) or kept) and ready


def about_one(route: APIRoute) -> bool:
    """One inspection, or the plan of one."""
    return "{inspection}" in route.path or "{plan}" in route.path


def by_secret(route: APIRoute) -> bool:
    """The address itself is the permission: there is nobody to sign in."""
    return any(gate.permission is Open.SECRET for gate in gates(route))


def writes(route: APIRoute) -> bool:
    return route.methods != {"GET"}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{min(route.methods)} {route.path}")
def test_each_role_gets_what_the_table_gives_and_else_learns_nothing(world: World, route: APIRoute) -> None:
    with world.database.writing() as session:  # anew: a route may be the one that signs out
        tokens = {name: sessions.start(session, viewer.id) for name, viewer in world.viewers.items()}
    wrong = [
        each for name in (*world.viewers, SIGNED_OUT) for each in _asked_by(world, route, name, tokens.get(name, ""))
    ]
    assert not wrong, "\n".join(wrong)


def _asked_by(world: World, route: APIRoute, name: str, token: str) -> Iterator[str]:
    viewer = world.viewers.get(name)
    asks_nothing = all(isinstance(gate.permission, Open) for gate in gates(route))
    unknown = None
    for which, case in world.cases.items():
        if not about_one(route) and which not in ("own draft", "foreign draft")[: 1 if asks_nothing else 2]:
            continue
        answer = world.ask(route, case.target, token)
        if allowed(name, viewer, route, case):
            if answer.status_code in (401, 404) or answer.status_code >= 500 or _to_sign_in(answer):
                yield f"{name} may, on {which}, and got {answer.status_code}"
            continue
        unknown = unknown or seen(world.ask(route, world.nowhere, token), world.nowhere, viewer)
        sent_away = 404 if viewer or by_secret(route) else 401
        if answer.status_code != sent_away and (viewer or not _to_sign_in(answer)):
            yield f"{name} may not, on {which}, and got {answer.status_code}"
        elif seen(answer, case.target, viewer) != unknown:
            yield f"{name} may not, and can tell {which} from what is not there"


def _to_sign_in(answer: Response) -> bool:
    return answer.status_code == 303 and answer.headers["location"].startswith("/logga-in?till=")


def seen(answer: Response, target: Target, viewer: Viewer | None) -> tuple[int, str]:
    """All of an answer, with who asked, and what they had sent along, replaced by names."""
    told = f"{answer.headers.multi_items()}\n{answer.text}"
    if viewer:  # a page says whose it is
        told = told.replace(viewer.id, "<viewer>")
    for name, id in target.ids.items():
        told = told.replace(id, f"<{name}>")
    return answer.status_code, told


# ── Odd addresses ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("odd", ["%00", "x", "%F0%9F%99%82", "9" * 30, "a" * 3_000], ids=lambda odd: odd[:9])
def test_an_odd_address_is_one_that_is_not_there(world: World, odd: str) -> None:
    with world.database.writing() as session:
        token = sessions.start(session, world.viewers["administrator"].id)
    paths = {route.path for route in ROUTES if "{" in route.path and not writes(route)}
    target = world.cases["own signed"].target
    for path in sorted(paths):
        route = next(each for each in ROUTES if each.path == path and not writes(each))
        for piece, name in zip(request_to(route, target)["url"].split("/"), path.split("/"), strict=True):
            if name.startswith("{"):
                url = request_to(route, target)["url"].replace(f"/{piece}", f"/{odd}", 1)
                cookie = {"cookie": f"__Host-sporra={token}"}
                answer = world.client.get(url, headers=cookie, follow_redirects=False)
                assert answer.status_code in (303, 404, 410), (url[:100], answer.status_code)


# ── Actions ───────────────────────────────────────────────────────────────────────────────


def _modules() -> Iterator[ModuleType]:
    for room in sorted(Path(app_package.__path__[0]).iterdir()):
        for name in ("actions", "signing", "regrading", "attaching"):
            if (room / f"{name}.py").is_file():
                yield importlib.import_module(f"app.{room.name}.{name}")


# Steps that several actions share. Their callers have checked who may.
SHARED = {"open_next", "take_back"}
ACTIONS = [
    function
    for module in _modules()
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_") and name not in SHARED
    if (by := inspect.signature(function).parameters.get("by")) and by.annotation is Viewer
]


# By name, from an inspection that is there; what an action is given that is not an id is given as it is below.
GIVEN: dict[str, Callable[[Target], Any]] = {
    "plan": lambda at: at.plan,
    "appointment": lambda at: at.appointment(),
    "attachment": lambda at: at.attachment,
    "cause": lambda _: "Ett ord var fel.",
    "clinic": lambda at: at.clinic,
    "file": lambda _: disk.read(KALMAR)[1],
    "hospital": lambda at: at.hospital,
    "id": lambda at: at.region,
    "inspection": lambda at: at.inspection,
    "inspectors": lambda at: [at.inspector],
    "operations": lambda _: [Operation(new_id(), "front/place", "Annanstans")],
    "person": lambda at: at.person,
    "region": lambda at: at.region,
    "rubric": lambda _: RUBRIC,
    "seen": lambda _: "0" * 64,
    "setup": lambda at: actions.Setup(at.clinic, at.speciality, [at.inspector]),
}
# Not looked at before the permission is.
UNSEEN = {"new", "kind", "demo", "area", "because", "changes", "day", "version", "sent", "storage", "gone", "kept"}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.__module__}.{action.__name__}")
@pytest.mark.parametrize("which", ["own draft", "own signed"])
def test_every_action_asks_for_its_permission_itself(world: World, action: Callable[..., Any], which: str) -> None:
    session_or_database, *rest = inspect.signature(action).parameters.values()
    assert {each.kind for each in rest} <= {inspect.Parameter.KEYWORD_ONLY}
    target, given = world.cases[which].target, {}
    for each in rest:
        if each.name != "by" and each.default is inspect.Parameter.empty:
            assert each.name in GIVEN.keys() | UNSEEN, f"{action.__name__} takes {each.name}: add an example to GIVEN."
            given[each.name] = GIVEN[each.name](target) if each.name in GIVEN else None
    given["by"] = world.viewers["nobody"]
    if session_or_database.name == "database":
        with pytest.raises(NotFound):
            action(world.database, **given)
    else:
        with pytest.raises(NotFound), world.database.writing() as session:
            action(session, **given)


def test_the_actions_are_found() -> None:
    assert {"write", "sign", "correct", "staff", "create", "invite", "rename", "submit", "answer", "regrade"} <= {
        each.__name__ for each in ACTIONS
    }


# ── The world ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def world(kind: Kind) -> Iterator[World]:
    url = kind.migrated()
    database = Database(url)
    with a_client(url) as client:
        client.headers["accept-encoding"] = "identity"  # lengths are compared, too
        with database.writing() as session:
            made = _made(session, database, client)
        yield made
    database.close()
    kind.drop(url)


def _made(session: Session, database: Database, client: TestClient) -> World:
    own, foreign = (a_place(session, name) for name in ("Hemma", "Borta"))
    office = a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR))
    inspector, former = (an_inspector(session, own, name) for name in ("Alva Exempel", "Nils Påhitt"))

    def case(place: Place, *reached: Reach, state: str = "signed") -> Case:
        stranger = an_inspector(session, place, "Siv Annorstädes")
        people = (inspector, former) if reached == tuple(HERE) else (stranger,)
        target = _target(session, database, client.app.state.storage, place, office, people)  # type: ignore[attr-defined]
        if state != "draft":
            _as_signed(session, target.inspection, state)
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
    return World(database, client, viewers, cases, nowhere(cases["own draft"].target))


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
    _as_signed(session, id, "signed")
    row = session.get_one(InspectionRow, id)
    opening(3)(session, inspectors[0], row, content(session, row, state="signed"), RUBRIC.rubric)
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


def _as_signed(session: Session, id: str, state: str) -> None:
    """A stored version without the work of making its files: here only their being there matters."""
    row = session.get_one(InspectionRow, id)
    read = content(session, row, state="signed")
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
