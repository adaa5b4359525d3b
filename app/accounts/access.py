"""Who may open an address: every route says so, with one of the dependencies here, or the application does not start.

    viewer: Annotated[Viewer, signed_in()]                       everybody who has signed in
    viewer: Annotated[Viewer, may(Permission.ADMINISTER)]        who has the permission, somewhere
    viewer: Annotated[Viewer, fresh()]                           who has shown lately that it is them
    viewer: Annotated[Viewer, may(Permission.ADMINISTER, fresh="/personer/{id}")]            both
    dependencies=[anyone()]                                      without signing in
    viewer: Annotated[Viewer, by_address()]                      without signing in, whose secret address it is

A route about one inspection uses the inspections' own, which asks for a permission on that very one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import Connection
from starlette.routing import BaseRoute

from app import audit
from app.accounts import calendars, sessions, tokens
from app.accounts.attempts import Attempts
from app.accounts.roles import Open, Permission
from app.accounts.viewer import Viewer
from app.accounts.whence import device, is_here, network
from app.db import Database
from app.errors import NotAllowed, NotFound, NotYours, SignedOut, Stale, TooOften, Unconfirmed

TOO_OFTEN = "Kalendern har hämtats för många gånger härifrån. Den hämtas igen om en stund."
NOBODYS = "Nyckeln gäller inte. Den kan ha gått ut eller tagits bort: gör en ny under Mitt konto."
NOT_HERE = "Nycklar gäller för adresser under /api/. Logga in för att se sidan."
OUT_OF_REACH = "Det ligger utanför vad nyckeln får. Logga in och gör det själv."
WRONG_TOKENS = "Det kom många nycklar härifrån som inte gäller. Vänta en stund."


class Gate:
    """A dependency that lets through or raises. `permission` is what a route declares by using it."""

    permission: Permission | Open


async def database(request: Request) -> Database:  # async: nothing to wait for, so no thread is needed
    found: Database = request.app.state.database
    return found


async def attempts(request: Request) -> Attempts:
    found: Attempts = request.app.state.attempts
    return found


Db = Annotated[Database, Depends(database)]
Tries = Annotated[Attempts, Depends(attempts)]


def cookie_name(request: Request, name: str = "sporra") -> str:
    """`__Host-` binds the cookie to this very host over https; on http://localhost browsers refuse it."""
    return f"__Host-{name}" if request.scope["scheme"] == "https" else name


def set_cookie(request: Request, answer: Response, value: str, lasts: timedelta, name: str = "sporra") -> None:
    about: dict[str, Any] = {"httponly": True, "samesite": "lax", "secure": request.url.scheme == "https"}
    answer.set_cookie(cookie_name(request, name), value, max_age=int(lasts.total_seconds()), **about)


def who(request: Request, connection: Connection, later: BackgroundTasks) -> Viewer:
    """Who has signed in, or whose key a program shows. Raises SignedOut, and Stale for another person's form.

    A device says whose work it sends (`Sporra-Person`), and a form for whom it was drawn: on a shared tablet, or in
    another tab, somebody else may have signed in since.
    """
    token, request.state.fresh = shown_token(request), False
    found = _by_cookie(request, connection, later) if token is None else _by_token(request, connection, later, token)
    if request.headers.get("sporra-person", found.id) != found.id:
        raise SignedOut("Någon annan är inloggad här nu. Logga in som dig själv, så skickas det du skrivit.")
    if not getattr(request.state, "drawn_for", set()) <= {found.id}:
        raise Stale("Någon annan är inloggad här nu, och inget är sparat. Logga in som dig själv och gör om det.")
    request.state.viewer = found
    return found


def _by_cookie(request: Request, connection: Connection, later: BackgroundTasks) -> Viewer:
    token = request.cookies.get(cookie_name(request), "")
    found = sessions.viewer(connection, token, request.app.state.limits) if token else None
    if not found:
        raise SignedOut
    request.state.fresh = found.fresh
    if found.due:
        later.add_task(_seen, request.app.state.database, token)
    return found.viewer


def shown_token(request: Request) -> str | None:
    """What a program shows instead of a cookie: whoever does is judged by that alone. None = it shows nothing."""
    kind, _, shown = request.headers.get("authorization", "").partition(" ")
    return shown.strip() if kind.lower() == "bearer" else None


def _by_token(request: Request, connection: Connection, later: BackgroundTasks, token: str) -> Viewer:
    """A right key is never counted: somebody else's wrong ones must not lock out the program beside them."""
    if not request.url.path.startswith("/api/"):
        raise SignedOut(NOT_HERE)
    found = tokens.whose(connection, token, here=here(request)) if token.startswith(tokens.BEGINS) else None
    if not found:
        if until := request.app.state.attempts.until_token(network(host(request))):
            raise TooOften(WRONG_TOKENS, retry_after=seconds_to(until))
        raise SignedOut(NOBODYS)
    if not found.scope.reaches(declared(request.scope["route"]), changes=request.method not in ("GET", "HEAD")):
        raise NotAllowed(OUT_OF_REACH)
    if found.due:
        later.add_task(_used, request.app.state.database, token)
    return found.viewer


def _used(database: Database, token: str) -> None:
    with database.writing() as session:
        tokens.used(session, token)


def _seen(database: Database, token: str) -> None:
    with database.writing() as session:
        sessions.seen(session, token)


class _Anyone(Gate):
    permission = Open.ANYONE

    async def __call__(self) -> None: ...


class _SignedIn(Gate):
    permission: Permission | Open = Open.SIGNED_IN

    def __call__(self, request: Request, database: Db, later: BackgroundTasks) -> Viewer:
        with database.glancing() as connection:
            return who(request, connection, later)


class _May(_SignedIn):
    def __init__(self, permission: Permission, fresh: str | None) -> None:
        self.permission = self._asked = permission
        self._page = fresh

    def __call__(self, request: Request, database: Db, later: BackgroundTasks) -> Viewer:
        viewer = super().__call__(request, database, later)
        if not viewer.may_somewhere(self._asked):
            raise NotYours
        if self._page is not None:
            _check_fresh(request, self._page)
        return viewer


class _Fresh(_SignedIn):
    """For what must not be done by whoever finds a tablet open: first the page "Bekräfta att det är du", and back."""

    def __init__(self, page: str) -> None:
        self._page = page

    def __call__(self, request: Request, database: Db, later: BackgroundTasks) -> Viewer:
        viewer = super().__call__(request, database, later)
        _check_fresh(request, self._page)
        return viewer


def _check_fresh(request: Request, page: str) -> None:
    if not request.state.fresh:
        raise Unconfirmed(page.format(**request.path_params))


class _ByAddress(Gate):
    """For programs that cannot sign in: the address itself is the permission, and says whose it is."""

    permission = Open.SECRET

    def __call__(self, request: Request, database: Db, tries: Tries, token: str) -> Viewer:
        if until := tries.until_calendar(network(host(request))):
            raise TooOften(TOO_OFTEN, retry_after=seconds_to(until))
        with database.reading() as session:
            found = calendars.whose(session, token, here=here(request))
        if not found:
            raise NotFound
        return found


def anyone() -> Any:
    return Depends(_Anyone())


def signed_in() -> Any:
    return Depends(_SignedIn())


def may(permission: Permission, *, fresh: str | None = None) -> Any:
    """`fresh`: and has shown lately that it is them; the page that what asks for it stands on, as below."""
    return Depends(_May(permission, fresh))


def fresh(page: str = "") -> Any:
    """`page`: that a button stands on, and that one comes back to; "" = it has the same address as the button."""
    return Depends(_Fresh(page))


def by_address() -> Any:
    """In a route whose path has {token}."""
    return Depends(_ByAddress())


# ── Where from ────────────────────────────────────────────────────────────────────────────


def host(request: Request) -> str:
    return request.client.host if request.client else ""


def device_of(request: Request) -> str:
    return device(request.headers.get("user-agent", ""))


def here(request: Request) -> bool:
    return is_here(host(request), request.headers.keys())


def seconds_to(until: datetime) -> int:
    return max(1, ceil((until - audit.now()).total_seconds()))


# ── Held at start, and by tests ───────────────────────────────────────────────────────────


def routes(among: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Every address of an application, whichever router it came with."""
    for each in iter_route_contexts(among):
        if isinstance(each.original_route, APIRoute):
            yield each.original_route


def declared(route: APIRoute) -> set[Permission | Open]:
    """What a route says that one must be allowed."""
    return {gate.permission for gate in _gates(route.dependant)}


def check_routes(among: Sequence[BaseRoute]) -> None:
    """Raises where a route does not say who may open it."""
    silent = [route.path for route in routes(among) if not declared(route)]
    if silent:
        raise RuntimeError(f"These routes do not declare who may open them: {', '.join(silent)}")


def _gates(dependant: Dependant) -> Iterator[Gate]:
    for each in dependant.dependencies:
        if isinstance(each.call, Gate):
            yield each.call
        yield from _gates(each)
