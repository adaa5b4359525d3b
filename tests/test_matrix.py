"""Who may open what: every route, asked by every role, of what is their own and of what is not.

What must happen follows from the table in `roles.py` and from what the route declares. Nothing here lists it, so a
new route is covered by itself (tests/requests.py has the examples that a request is made of).
"""

from collections.abc import Iterator
from itertools import product

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response
from sqlmodel import select

from app.accounts import sessions, tokens
from app.accounts.access import Gate, routes
from app.accounts.roles import TABLE, Open, Permission, Reach
from app.accounts.scopes import Scope
from app.accounts.viewer import Viewer
from app.audit import Event
from app.config import Settings
from app.events.reads import READS, REFUSED
from app.main import create_app
from tests.everybody import Case, Everybody
from tests.requests import Target, gates, request_to

ROUTES = list(routes(create_app(Settings("sqlite:////nowhere")).routes))  # looked at, never called
SIGNED_OUT = "signed out"


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
def test_each_role_gets_what_the_table_gives_and_else_learns_nothing(everybody: Everybody, route: APIRoute) -> None:
    with everybody.database.writing() as session:  # anew: a route may be the one that signs out
        tokens = {name: sessions.start(session, viewer.id) for name, viewer in everybody.viewers.items()}
    wrong = [
        each
        for name in (*everybody.viewers, SIGNED_OUT)
        for each in _asked_by(everybody, route, name, tokens.get(name, ""))
    ]
    assert not wrong, "\n".join(wrong)


def _asked_by(everybody: Everybody, route: APIRoute, name: str, token: str) -> Iterator[str]:
    viewer = everybody.viewers.get(name)
    asks_nothing = all(isinstance(gate.permission, Open) for gate in gates(route))
    unknown = None
    for which, case in everybody.cases.items():
        if not about_one(route) and which not in ("own draft", "foreign draft")[: 1 if asks_nothing else 2]:
            continue
        answer = everybody.ask(route, case.target, token)
        if allowed(name, viewer, route, case):
            if answer.status_code in (401, 404) or answer.status_code >= 500 or _to_sign_in(answer):
                yield f"{name} may, on {which}, and got {answer.status_code}"
            continue
        unknown = unknown or seen(everybody.ask(route, everybody.nowhere, token), everybody.nowhere, viewer)
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


# ── With an API-nyckel ────────────────────────────────────────────────────────────────────

WRITTEN = {"/api/inspections/{inspection}/operations", "/api/inspections/{inspection}/attachments/{attachment}"}


def test_a_token_reads_what_its_person_may_and_changes_only_what_its_scope_says(everybody: Everybody) -> None:
    """Of those who may most, in their own inspection, with a right cookie beside it: that counts for nothing."""
    case = everybody.cases["own draft"]
    for name, scope in product(("administrator", "inspector"), Scope):
        viewer = everybody.viewers[name]
        with everybody.database.writing() as session:
            token = tokens.make(session, by=viewer, name="x", scope=scope, days=30)
            cookie = sessions.start(session, viewer.id)
        before = _events(everybody, viewer)
        wrong = [
            f"{name}, {scope}: {min(route.methods or ())} {route.path} {answer.status_code}"
            for route in ROUTES
            if route.path.startswith("/api/") or (scope is Scope.WRITE and _asks_who(route))
            for answer in [everybody.ask(route, case.target, cookie, bearer=token)]
            if not _as_the_scope_says(name, viewer, scope, route, case, answer)
        ]
        assert not wrong, "\n".join(wrong)
        assert scope is Scope.WRITE or _events(everybody, viewer) == before


def _asks_who(route: APIRoute) -> bool:
    return not {Open.ANYONE, Open.SECRET} & {gate.permission for gate in gates(route)}


def _as_the_scope_says(name: str, viewer: Viewer, scope: Scope, route: APIRoute, case: Case, answer: Response) -> bool:
    if not route.path.startswith("/api/"):
        return answer.status_code == 401 or _to_sign_in(answer)
    administers = any(gate.permission is Permission.ADMINISTER for gate in gates(route))
    if administers or (writes(route) and not (scope is Scope.WRITE and route.path in WRITTEN)):
        return answer.status_code == 403
    if allowed(name, viewer, route, case):
        return answer.status_code not in (401, 403, 404) and answer.status_code < 500
    return answer.status_code == 404


def _events(everybody: Everybody, viewer: Viewer) -> int:
    """What the person has done: nothing is changed without one. What was read, or refused, is told of too."""
    with everybody.database.reading() as session:
        done = session.exec(select(Event.action).where(Event.by == viewer.id))
        return len([action for action in done if action not in {*READS.values(), REFUSED}])


# ── Odd addresses ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("odd", ["%00", "x", "%F0%9F%99%82", "9" * 30, "a" * 3_000], ids=lambda odd: odd[:9])
def test_an_odd_address_is_one_that_is_not_there(everybody: Everybody, odd: str) -> None:
    with everybody.database.writing() as session:
        token = sessions.start(session, everybody.viewers["administrator"].id)
    paths = {route.path for route in ROUTES if "{" in route.path and not writes(route)}
    target = everybody.cases["own signed"].target
    for path in sorted(paths):
        route = next(each for each in ROUTES if each.path == path and not writes(each))
        for piece, name in zip(request_to(route, target)["url"].split("/"), path.split("/"), strict=True):
            if name.startswith("{"):
                url = request_to(route, target)["url"].replace(f"/{piece}", f"/{odd}", 1)
                cookie = {"cookie": f"__Host-sporra={token}"}
                answer = everybody.client.get(url, headers=cookie, follow_redirects=False)
                assert answer.status_code in (303, 404, 410), (url[:100], answer.status_code)
