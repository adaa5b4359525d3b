"""Attachments: photos, and what was sent before the visit. What they are, where they belong, and the files themselves.

A file that somebody has sent is never shown as a part of our pages: it is fetched as a download, in a sandbox. Only the
small pictures that we have drawn ourselves are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import UploadFile

from app.accounts.roles import Permission
from app.errors import NotFound, TooLarge, Unacceptable
from app.ids import id_from, new_id
from app.inspections import attaching
from app.inspections.access import Files, Here, on_inspection
from app.inspections.attaching import Sent, names_a_place
from app.inspections.models import Attachment
from app.inspections.pages.frame import frame
from app.inspections.queries import attachment_of, attachments
from app.papers.kinds import JPEG, MOST_BYTES, NAMES
from app.papers.titles import disposition
from app.web.render import page
from app.web.swedish import number
from app.writing.forms import Filled
from rubrics.model import Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Reading = Annotated[Here, on_inspection(Permission.NOTES)]

WHOLE_VISIT = "Hela besöket"
AWAY = "Filen finns inte kvar på servern. Har du den själv går den att lägga till på nytt."
ALONE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Shown:
    row: Attachment
    by: str  # name

    @property
    def what(self) -> str:
        size = self.row.size
        told = f"{number(round(size / 1_000_000, 1))} MB" if size > 99_999 else f"{max(1, size // 1_000)} kB"
        return f"{NAMES[self.row.type]}, {told}"


@router.get("/inspektioner/{inspection}/underlag")
def papers(request: Request, here: Reading, om: str = "") -> Response:
    with here.database.reading() as session:
        return page(request, "inspections/papers.html", **_facts(session, here, om))


@router.post("/inspektioner/{inspection}/underlag")
def add(request: Request, here: Reading, storage: Files, filled: Filled) -> Response:
    file, about = filled.get("fil"), str(filled.get("om", ""))
    if isinstance(file, UploadFile) and file.filename:
        told = _attached(here, storage, file, about, str(filled.get("namn", "")), str(filled.get("sheet", "")))
    else:
        told = "Välj filen som ska läggas till."
    if not told:
        return RedirectResponse(f"{here.url}/underlag#om-{about}", 303)
    with here.database.reading() as session:
        return page(
            request, "inspections/papers.html", 422, **_facts(session, here, about, told, filled.get("namn", ""))
        )


def _attached(here: Here, storage: Files, file: UploadFile, about: str, name: str, sheet: str) -> str:
    """Why it could not be kept; "" where it is."""
    content = file.file.read(MOST_BYTES + 1)
    sent = Sent("", about, name.strip() or file.filename or "", content)
    sent = Sent(
        id_from(sheet, about, sent.sha256), sent.about, sent.name, sent.content
    )  # the same form sent twice adds one
    try:
        attaching.attach(here.database, by=here.viewer, inspection=here.row.id, sent=sent, storage=storage)
    except (Unacceptable, TooLarge) as error:
        return error.told
    return ""


@router.get("/inspektioner/{inspection}/underlag/{attachment}", response_class=Response)
def fetched(here: Reading, storage: Files, attachment: str) -> Response:
    row = _row(here, attachment)
    headers = ALONE | {"Content-Disposition": disposition(row.title, row.type)}
    return Response(_bytes(storage, row.file), media_type=row.type, headers=headers)


@router.get("/inspektioner/{inspection}/underlag/{attachment}/bild", response_class=Response)
def preview(here: Reading, storage: Files, attachment: str) -> Response:
    return Response(_bytes(storage, _row(here, attachment).preview), media_type=JPEG, headers=ALONE)


@router.post("/inspektioner/{inspection}/underlag/{attachment}")
def change(here: Reading, attachment: str, filled: Filled) -> Response:
    does, on = str(filled.get("gor", "")), {"inspection": here.row.id, "attachment": attachment}
    with here.database.writing() as session:
        if does in ("bort", "tillbaka"):
            attaching.put_away(session, by=here.viewer, **on, gone=does == "bort")
        if does in ("behall", "slapp"):
            attaching.keep(session, by=here.viewer, **on, kept=does == "behall")
    return RedirectResponse(f"{here.url}/underlag#u-{attachment}", 303)


def _row(here: Here, attachment: str) -> Attachment:
    with here.database.reading() as session:
        return attachment_of(session, here.found, attachment)


def _bytes(storage: Files, name: str) -> bytes:
    content = storage.get(name) if name else None
    if content is None:  # a backup was put back without its files, or it is being erased
        raise NotFound(AWAY)
    return content


# ── What the page shows ───────────────────────────────────────────────────────────────────


def _facts(session: Session, here: Here, about: str, wrong: str = "", name: Any = "") -> dict[str, Any]:
    rubric = here.rubric(session)
    rows = [Shown(row, by) for row, by in attachments(session, here.row.id)]
    return {
        **frame(session, here, "underlag"),
        "groups": _grouped(rubric, [each for each in rows if not each.row.gone]),
        "taken_away": [each for each in rows if each.row.gone],
        "places": _places(rubric),
        "about": about if names_a_place(rubric, about) else "",
        "form": new_id(),
        "wrong": wrong,
        "name": str(name),
    }


def beside(session: Session, here: Here) -> dict[str, list[Shown]]:
    """What has been added about each criterion and area, for the page of an area."""
    found: dict[str, list[Shown]] = {}
    for row, by in attachments(session, here.row.id):
        if not row.gone:
            found.setdefault(row.about, []).append(Shown(row, by))
    return found


def _grouped(rubric: Rubric, rows: Sequence[Shown]) -> list[tuple[str, str, list[Shown]]]:
    """In the rubric's order: what it is about, in words, and the files."""
    words = [("", WHOLE_VISIT)]
    for area in rubric.areas:
        words.append((f"area/{area.id}", area.name))
        words += [(each.id, f"{each.id} {each.text}") for each in area.criteria]
    groups = [(about, text, [each for each in rows if each.row.about == about]) for about, text in words]
    return [group for group in groups if group[2]]


def _places(rubric: Rubric) -> list[tuple[str, Any]]:
    """The choices of a select: the whole visit, and by area."""
    return [
        ("", WHOLE_VISIT),
        *(
            (area.name, [(f"area/{area.id}", "Hela området"), *((c.id, f"{c.id} {c.text}") for c in area.criteria)])
            for area in rubric.areas
        ),
    ]
