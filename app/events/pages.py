"""What has happened, as pages: everything, for the office; of one inspection, for its inspectors. Each as CSV too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlmodel import Session

from app.accounts.access import Db, may
from app.accounts.models import Person
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.audit import SYSTEM
from app.events.export import as_csv
from app.events.queries import Asked, everything, page_of
from app.events.reads import REFUSED
from app.events.telling import named
from app.events.words import kinds
from app.ids import is_id
from app.inspections.access import Here, on_inspection
from app.inspections.pages.frame import frame
from app.people.queries import listed
from app.web.render import page

HERE = "/handelser"
BIGGEST = 2**31 - 1  # the number of an event

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Reading = Annotated[Viewer, may(Permission.READ_EVENTS)]
Inspecting = Annotated[Here, on_inspection(Permission.READ_OWN_EVENTS)]


@dataclass(frozen=True)
class Form:
    """As it stands in the address."""

    vem: str = ""  # an id, or a part of a name
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
    return Form(vem.strip()[:200], slag[:60], om[:60], fran[:10], till[:10])


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
        form, people = _found(session, form)
        lines, more = ([], None) if people is not None else page_of(session, viewer, form.asked, _number(fore))
        about = named(session, [form.vem, form.om])
    facts: dict[str, Any] = {
        "lines": lines,
        "form": form,
        "people": people,
        "about": {id: name for id, (name, _) in about.items()},
        "kinds": kinds(),
        "path": HERE,
        "older": form.address(HERE, fore=more) if more is not None else "",
        "later": fore is not None,
    }
    return page(request, "events/all.html", **facts)


@router.get(f"{HERE}/csv", response_class=Response)
def events_as_csv(viewer: Reading, database: Db, form: Filled) -> Response:
    with database.reading() as session:
        form, people = _found(session, form)
    found = everything(database, viewer, form.asked) if people is None else ()
    return _csv(as_csv(found, numbered=True), "sporra")


def _found(session: Session, form: Form) -> tuple[Form, list[Person] | None]:
    """Whose events are looked for: one person's, or those among whom to choose first (None = nothing to choose)."""
    if not form.vem or is_id(form.vem):
        return form, None
    if form.vem.lower() in (SYSTEM, "sporra"):
        return replace(form, vem=SYSTEM), None
    people = listed(session, form.vem)
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
