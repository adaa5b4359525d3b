"""What has happened, as pages: everything, for the office; of one inspection, for its inspectors. Each as CSV too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from sqlmodel import Session

from app.accounts.access import Db, may
from app.accounts.models import Person
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.events.export import as_csv
from app.events.queries import Asked, everything, page_of
from app.events.reads import REFUSED
from app.events.telling import OURS, named
from app.events.words import kinds
from app.ids import is_id
from app.inspections.access import Here, on_inspection
from app.inspections.pages.frame import frame
from app.people.queries import MOST, listed
from app.web.render import page
from app.web.sought import locked, opened

HERE = "/handelser"
BIGGEST = 2**31 - 1  # the number of an event

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Reading = Annotated[Viewer, may(Permission.READ_EVENTS)]
Typed = Annotated[str, Posted()]
Inspecting = Annotated[Here, on_inspection(Permission.READ_OWN_EVENTS)]


@dataclass(frozen=True)
class Form:
    """As it stands in the address."""

    vem: str = ""  # an id, or words to look for somebody with: locked
    slag: str = ""
    om: str = ""
    fran: str = ""
    till: str = ""

    def address(self, path: str, **changed: str | int) -> str:
        kept = {name: value for name, value in (vars(self) | changed).items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    @property
    def asked(self) -> Asked:
        """What is none of our words finds nothing."""
        by, action, subject = (each.replace("\0", "?") for each in (self.vem, self.slag, self.om))
        return Asked(by, action, subject, _day(self.fran), _day(self.till))


def _form(vem: str = "", slag: str = "", om: str = "", fran: str = "", till: str = "") -> Form:
    return Form(vem, slag[:60], om[:60], fran[:10], till[:10])


Filled = Annotated[Form, Depends(_form)]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


@router.get(HERE)
def events(request: Request, viewer: Reading, database: Db, form: Filled, fore: int | None = None) -> Response:
    with database.reading() as session:
        form, people = _found(request, session, viewer, form)
        lines, more = ([], None) if people is not None else page_of(session, viewer, form.asked, _number(fore))
        about = {id: name for id, (name, _) in named(session, [form.vem, form.om]).items()}
    facts: dict[str, Any] = {
        "lines": lines,
        "form": form,
        "who": opened(request, viewer.id, form.vem) if people is not None else about.get(form.vem, ""),
        "people": people,
        "about": about,
        "kinds": kinds(),
        "path": HERE,
        "older": form.address(HERE, fore=more) if more is not None else "",
        "later": fore is not None,
    }
    return page(request, "events/all.html", **facts)


@router.post(HERE)
def narrow(
    request: Request,
    viewer: Reading,
    vem: Typed = "",
    slag: Typed = "",
    om: Typed = "",
    fran: Typed = "",
    till: Typed = "",
) -> Response:
    """As the form was filled in, where `vem` is words; in the address they are locked (`app.web.sought`)."""
    form = _form(locked(request, viewer.id, vem[:MOST].strip()), slag, om, fran, till)
    return RedirectResponse(form.address(HERE), 303)


@router.get(f"{HERE}/csv", response_class=Response)
def events_as_csv(request: Request, viewer: Reading, database: Db, form: Filled) -> Response:
    with database.reading() as session:
        form, people = _found(request, session, viewer, form)
    found = everything(database, viewer, form.asked) if people is None else ()
    return _csv(as_csv(found, numbered=True), "sporra")


def _found(request: Request, session: Session, viewer: Viewer, form: Form) -> tuple[Form, list[Person] | None]:
    """Whose events are looked for: one person's, or those among whom to choose first (None = nothing to choose)."""
    if is_id(form.vem) or form.vem in OURS:
        return form, None
    words = opened(request, viewer.id, form.vem)
    ours = [id for id, (name, _) in OURS.items() if name.lower() == words.lower()]
    if ours or not words:
        return replace(form, vem="".join(ours)), None
    people = listed(session, words)
    return (replace(form, vem=people[0].id), None) if len(people) == 1 else (form, people)


# ── Of one inspection ─────────────────────────────────────────────────────────────────────


@router.get("/inspektioner/{inspection}/handelser")
def of_inspection(request: Request, here: Inspecting, fore: int | None = None) -> Response:
    url = f"{here.url}/handelser"
    with here.database.reading() as session:
        lines, more = page_of(session, here.viewer, _of(here), _number(fore))
        facts = {**frame(session, here, ""), "lines": lines, "path": url, "later": fore is not None}
    facts["older"] = f"{url}?fore={more}" if more is not None else ""
    return page(request, "events/of_inspection.html", **facts)


@router.get("/inspektioner/{inspection}/handelser/csv", response_class=Response)
def of_inspection_as_csv(here: Inspecting) -> Response:
    """Without the events' numbers: they count what others have done, too."""
    found = everything(here.database, here.viewer, _of(here))
    return _csv(as_csv(found, numbered=False), here.row.id[:8])


def _of(here: Here) -> Asked:
    """Who from elsewhere has tried a door is for the office."""
    return Asked(subject=here.row.id, hidden=(REFUSED,))


def _number(fore: int | None) -> int | None:
    return fore if fore is None or 0 <= fore <= BIGGEST else 0


def _csv(told: Iterator[str], of: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="handelser-{of}.csv"'}
    return StreamingResponse(told, media_type="text/csv; charset=utf-8", headers=headers)
