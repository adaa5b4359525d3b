"""The report: as it reads now, its files, signing, correction, and the signed versions."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.roles import Permission
from app.errors import NotFound, Unacceptable
from app.inspections import actions, signing, withholding
from app.inspections.access import Following, Here, on_inspection
from app.inspections.advice import untried
from app.inspections.content import fingerprint
from app.inspections.declaring import undeclared
from app.inspections.export import as_yaml
from app.inspections.file import AreaReview, Inspection
from app.inspections.models import Version, VersionFile
from app.inspections.pages.badges import Badge, badge
from app.inspections.pages.frame import frame, links, taken_back, what_is_left
from app.inspections.queries import Found, inspectors, versions
from app.inspections.reading import Reading
from app.inspections.report import report
from app.inspections.rubric_copy import rubric_of
from app.inspections.rules import areas_to_answer
from app.inspections.signing import OPEN_FILE, WHOLE_FILE, OwesMore, file_of
from app.inspections.withholding import REASONS
from app.web.render import page
from app.writing.said import late
from reports.formats import FORMATS, write
from reports.to_html import POLICY, anchors
from rubrics.model import Rubric

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Seeing = Annotated[Here, on_inspection(Permission.SEE_DRAFT)]
Signing = Annotated[Here, on_inspection(Permission.SIGN)]
Correcting = Annotated[Here, on_inspection(Permission.CORRECT)]
Receiving = Annotated[Here, on_inspection(Permission.READ_REPORT)]
Number = Annotated[int, Path(ge=1, le=9_999)]  # a longer one fits no column

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    WHOLE_FILE: "application/json",
    OPEN_FILE: "application/json",
    "yaml": "application/yaml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
_VERSIONS = (*FORMATS, WHOLE_FILE, OPEN_FILE)  # what can be fetched of a signed version
FORMAT_NAMES = {"docx": "Word", "pdf": "PDF", "html": "Webbsida", "txt": "Text"}
FRAMED = {"Content-Security-Policy": f"{POLICY}; sandbox; frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}
# Of our origin, so that the page around it can exchange its parts, and still without scripts (device/beside.js).
BESIDE = FRAMED | {"Content-Security-Policy": f"{POLICY}; sandbox allow-same-origin; frame-ancestors 'self'"}


# ── The draft ─────────────────────────────────────────────────────────────────────────────


@router.get("/inspektioner/{inspection}/rapport")
def draft(request: Request, here: Seeing, omrade: str = "") -> Response:
    """`omrade` = the area to begin at."""
    with here.database.reading() as session:
        facts, rubric = _draft_facts(session, here), here.rubric(session)
        begun = {"area": rubric.area(omrade), "at": _place_of(session, here, rubric, omrade)}
        return page(request, "inspections/report.html", **facts | begun)


@router.get("/inspektioner/{inspection}/rapport/forhandsvisning", response_class=Response)
def preview(here: Seeing) -> Response:
    return Response(_drafted(here, "html"), media_type=MEDIA["html"], headers=FRAMED)


@router.get("/inspektioner/{inspection}/rapport/bredvid", response_class=Response)
def beside(here: Seeing) -> Response:
    """The preview once more, for the pane beside an area's page."""
    return Response(_drafted(here, "html"), media_type=MEDIA["html"], headers=BESIDE)


@router.get("/inspektioner/{inspection}/rapport/hamta/{format}", response_class=Response)
def draft_file(here: Seeing, format: str) -> Response:
    if format not in FORMATS:
        raise NotFound
    return download(_drafted(here, format), format, f"{_stem(here, here.row.first_day)}-utkast.{format}")


@router.get("/inspektioner/{inspection}/fil", response_class=Response)
def inspection_file(here: Seeing) -> Response:
    """The inspection file, of the draft or of what was signed last: whole, or without what is private."""
    with here.database.reading() as session:
        _check_signed(session, here)
        made = Reading(session, here.row).content(here.row.state)
    text = as_yaml(made, private=here.may(Permission.SEE_WORK))
    return download(text.encode(), "yaml", f"{_stem(here, here.row.first_day)}.inspection.yaml")


def _place_of(session: Session, here: Here, rubric: Rubric, area: str) -> str:
    """Where in the preview an area begins; "" where there is no such area."""
    if not rubric.area(area):
        return ""
    made = Reading(session, here.row).content(here.row.state)
    return anchors(report(made, rubric)).get(area, "")


def _drafted(here: Here, format: str) -> bytes:
    with here.database.reading() as session:
        _check_signed(session, here)
        made, rubric = Reading(session, here.row).content(here.row.state), here.rubric(session)
    return write(report(made, rubric), format)


def _check_signed(session: Session, here: Here) -> None:
    """What reads as the signed version is as withheld as that."""
    if here.row.state == "signed":
        withholding.check(session, here.row, here.row.version)


def _draft_facts(session: Session, here: Here) -> dict[str, Any]:
    reading, rubric = here.reading(session), here.rubric(session)
    inspection = reading.content("signed")
    hash = fingerprint(inspection, here.row.rubric_sha256)
    to_do = what_is_left(here, reading, inspection) if here.row.state == "draft" else []
    before = reading.earlier if here.may(Permission.SEE_WORK) else None
    narratives = before.narratives(rubric) if before else {}
    people = inspectors(session, here.found, hash)
    return {
        **frame(session, here, "rapport", to_do),
        "formats": FORMAT_NAMES,
        "stops": links((each for each in to_do if each.stops), here, rubric),
        "advice": links((each for each in to_do if not each.stops), here, rubric),
        "untried": [area for area in rubric.areas if untried(inspection, area, narratives)],
        "content": hash,
        "inspectors": people,
        "taken_back": taken_back(session, here),
        "own": next((each for each in people if each.id == here.viewer.id), None),
        "signs": here.may(Permission.SIGN),
        "silent": here.may(Permission.SIGN) and undeclared(session, here.row, here.viewer.id),
        "corrects": here.may(Permission.CORRECT),
        "works": here.may(Permission.SEE_WORK),
        "regrades": here.may(Permission.REGRADE) and here.row.has_version,
        "late": late(session, here.row.id, here.reads, here.only) if here.may(Permission.SEE_WORK) else [],
        "versions": versions(session, here.row.id),
        "problems": [],
        "cause": "",
        "area": None,
        "at": "",
    }


# ── Signing and correction ────────────────────────────────────────────────────────────────


@router.post("/inspektioner/{inspection}/faststall")
def sign(
    request: Request,
    here: Signing,
    content: Annotated[str, Form()],
    then: Following,
    without_declaring: Annotated[bool, Form()] = False,
) -> Response:
    try:
        outcome = signing.sign(
            here.database,
            by=here.viewer,
            inspection=here.row.id,
            seen=content,
            then=then,
            without_declaring=without_declaring,
        )
    except OwesMore as error:
        with here.database.reading() as session:
            facts = _draft_facts(session, here)
            problems = [(href, each.text) for each, href in links(error.left, here, here.rubric(session))]
        return page(request, "inspections/report.html", 422, **facts | {"problems": problems})
    except Unacceptable as error:
        with here.database.reading() as session:
            facts = _draft_facts(session, here)
        return page(request, "inspections/report.html", 409, **facts | {"problems": [("#faststall", error.told)]})
    number = here.row.version
    return RedirectResponse(
        f"{here.url}/versioner/{number}" if outcome == "signed" else f"{here.url}/rapport#faststall", 303
    )


@router.post("/inspektioner/{inspection}/rattelse")
def correct(request: Request, here: Correcting, cause: Annotated[str, Form()] = "") -> Response:
    try:
        with here.database.writing() as session:
            actions.correct(session, by=here.viewer, inspection=here.row.id, cause=cause)
    except Unacceptable as error:
        with here.database.reading() as session:
            facts = _draft_facts(session, here)
        return page(
            request, "inspections/report.html", 422, **facts | {"problems": [("#cause", error.told)], "cause": cause}
        )
    return RedirectResponse(here.url, 303)


# ── Signed versions ───────────────────────────────────────────────────────────────────────


@router.get("/inspektioner/{inspection}/versioner/{number}")
def version(request: Request, here: Receiving, number: Number) -> Response:
    with here.database.reading() as session:
        one = version_of(session, here.found, number)
        read = Inspection.model_validate_json(one.content)
        rubric = here.rubric(session)
        facts = {
            **frame(session, here, "rapport" if here.may(Permission.SEE_DRAFT) else ""),
            "version": one,
            "inspection": read,
            "signers": sorted(session.get_one(Person, each).name for each in one.signers),
            "grades": [(area, *_grades(rubric, read.review(area.id))) for area in rubric.areas],
            "files": _files(session, here, number),
            "formats": FORMAT_NAMES,
            "versions": versions(session, here.row.id),
            "reasons": REASONS,
            "administers": here.may(Permission.ADMINISTER),
            "proposed": withholding.proposal(session, here.row.id, number) is not None,
            "regrades": here.may(Permission.REGRADE),
            "planned": here.may(Permission.READ_PLAN)
            and bool(read.plan or areas_to_answer(read, rubric) or one.withheld),
        }
    return page(request, "inspections/version.html", **facts)


@router.get("/inspektioner/{inspection}/versioner/{number}/visa", response_class=Response)
def version_preview(here: Receiving, number: Number) -> Response:
    return Response(_file(here, number, "html"), media_type=MEDIA["html"], headers=FRAMED)


@router.get("/inspektioner/{inspection}/versioner/{number}/hamta/{format}", response_class=Response)
def version_file(here: Receiving, number: Number, format: str) -> Response:
    if format not in _VERSIONS or (format == WHOLE_FILE and not here.may(Permission.SEE_WORK)):
        raise NotFound
    ending = "inspection.json" if format in (WHOLE_FILE, OPEN_FILE) else format
    with here.database.reading() as session:
        day = version_of(session, here.found, number).first_day
    return download(_file(here, number, format), format, f"{_stem(here, day)}-v{number}.{ending}")


def version_of(session: Session, found: Found, number: int) -> Version:
    one = session.get(Version, (found.row.id, number))
    if not one:
        raise NotFound
    return one


def _grades(rubric: Rubric, review: AreaReview) -> tuple[Badge | None, Badge]:
    """What was decided, where it was changed since, and what stands."""
    return badge(rubric, review.grade) if review.regrades else None, badge(rubric, review.standing)


def _files(session: Session, here: Here, number: int) -> list[tuple[str, Any]]:
    """What can be fetched of a version, and the size and SHA-256 of what is stored: of the two data files the one that
    is the viewer's."""
    query = select(col(VersionFile.format), col(VersionFile.size), col(VersionFile.sha256)).where(
        VersionFile.inspection == here.row.id, VersionFile.number == number
    )
    stored = {each.format: each for each in session.execute(query)}
    own = WHOLE_FILE if here.may(Permission.SEE_WORK) else OPEN_FILE
    return [(format, stored.get(format)) for format in (*FORMATS, own)]


def _file(here: Here, number: int, format: str) -> bytes:
    with here.database.reading() as session:
        version = version_of(session, here.found, number)
        withholding.check(session, here.row, number)
        if stored := session.get(VersionFile, (here.row.id, number, format)):
            return stored.content
        rubric = rubric_of(session, version.rubric_sha256)
    return file_of(version, rubric, format)


def download(data: bytes, format: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type=MEDIA[format], headers=headers)


def _stem(here: Here, day: date | None) -> str:
    """A file's name without anything that people typed: names of clinics end up in no path."""
    return f"spur-{day or 'utan-datum'}-{here.row.id[:8]}"
