"""The pages of a list, the same for each: taken out as it is, sent in, looked at, done.

What a list is of says its `Listing`. Nothing is read, compared or drawn behind the database's writing door.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Generic, Protocol, TypeVar

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from app.accounts.access import Db
from app.accounts.viewer import Viewer
from app.db import Database
from app.errors import Refusal, Stale
from app.lists.preview import CHANGED, Preview, chosen, fingerprint, packed, unpacked
from app.lists.sheets import Sheet, csv, xlsx
from app.lists.tables import read
from app.papers.kinds import XLSX
from app.typed import Unfit
from app.web.render import page


class Wants(Protocol):
    @property
    def preview(self) -> Preview: ...


State = TypeVar("State")
Wanted = TypeVar("Wanted", bound=Wants)


Given = TypeVar("Given", contravariant=True)


class TakesIn(Protocol[Given]):
    def __call__(self, session: Session, *, by: Viewer, new: Given) -> None: ...


@dataclass(frozen=True)
class Listing(Generic[State, Wanted]):
    name: str  # as files are called
    room: tuple[str, str]  # the page above: its name and address
    heading: str
    lead: str
    meanings: Mapping[str, str]  # of the columns
    columns: Mapping[str, Sequence[str]]
    needed: Sequence[str]
    template: Callable[[], Sheet]
    sheet: Callable[[Session], Sheet]
    state: Callable[[Session], State]
    compared: Callable[[State, Any], Wanted]
    take_in: TakesIn[Wanted]
    then: tuple[str, str]  # where to go on to when it is done

    @property
    def url(self) -> str:
        return f"{self.room[1]}/lista"


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


TYPES = {Format.XLSX: XLSX, Format.CSV: "text/csv; charset=utf-8"}


def router(listing: Listing[State, Wanted], gate: Any) -> APIRouter:
    """`gate` lets in who may, as every route's does."""
    about: dict[str, Any] = {"default_response_class": HTMLResponse, "include_in_schema": False, "dependencies": [gate]}
    made = APIRouter(prefix=listing.url, **about)

    @made.get("")
    def start(request: Request, klart: int | None = None) -> Response:
        return _start(request, listing, done=klart)

    @made.get("/mall/{format}", response_class=Response)
    def template(format: Format) -> Response:
        return _file(listing.template(), format, f"sporra-{listing.name}-mall")

    @made.get("/nu/{format}", response_class=Response)
    def take_out(database: Db, format: Format) -> Response:
        with database.reading() as session:
            sheet = listing.sheet(session)
        return _file(sheet, format, f"sporra-{listing.name}")

    @made.post("")
    def look(request: Request, database: Db, fil: Annotated[UploadFile | None, File()] = None) -> Response:
        try:
            content = chosen(fil.file.read() if fil else None)
            return _look(request, database, listing, content)
        except Refusal as error:
            return _start(request, listing, error=error)

    @made.post("/gor")
    def do(
        request: Request,
        viewer: Annotated[Viewer, gate],
        database: Db,
        underlag: Annotated[str, Form()] = "",
        avtryck: Annotated[str, Form()] = "",
    ) -> Response:
        content = unpacked(underlag)
        wanted, now = _compared(database, listing, content)
        if (
            wanted.preview.not_understood and not wanted.preview.count
        ):  # all of it has been done, or hindered, meanwhile
            return _look(request, database, listing, content)
        if not wanted.preview.count:
            return RedirectResponse(f"{listing.url}?klart=0", 303)
        try:
            if now != avtryck:
                raise Stale(CHANGED)
            with database.writing() as session:
                listing.take_in(session, by=viewer, new=wanted)
        except (Stale, Unfit):  # the second: somebody has just added one of the same name
            return _look(request, database, listing, content, stale=CHANGED)
        return RedirectResponse(f"{listing.url}?klart={wanted.preview.count}", 303)

    return made


def _file(sheet: Sheet, format: Format, name: str) -> Response:
    content = csv(sheet) if format is Format.CSV else xlsx([sheet], sheet.name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return Response(content, media_type=TYPES[format], headers=headers)


def _compared(database: Database, listing: Listing[State, Wanted], content: bytes) -> tuple[Wanted, str]:
    """What the file would change now, and the fingerprint of what it was made from."""
    table = read(content, listing.columns, listing.needed)
    with database.reading() as session:
        state = listing.state(session)
    return listing.compared(state, table), fingerprint(content, state)


def _look(
    request: Request, database: Database, listing: Listing[State, Wanted], content: bytes, stale: str = ""
) -> Response:
    wanted, now = _compared(database, listing, content)
    facts: dict[str, Any] = {"listing": listing, "preview": wanted.preview, "stale": stale}
    status = 409 if stale else 200
    return page(request, "lists/preview.html", status, **facts, content=packed(content), fingerprint=now)


def _start(
    request: Request, listing: Listing[Any, Any], done: int | None = None, error: Refusal | None = None
) -> Response:
    facts: dict[str, Any] = {"listing": listing, "done": done, "error": error.told if error else ""}
    return page(request, "lists/start.html", error.status if error else 200, **facts)
