"""Inspections as JSON: the same actions as the pages, for devices and for other programs."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body, Header, Query, Response
from pydantic import TypeAdapter

from app.accounts.access import Db, may, signed_in
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import Stale, Unacceptable
from app.inspections import actions, attaching, declaring, regrading, signing
from app.inspections.access import (
    Enter,
    Files,
    Following,
    Here,
    Rubrics,
    TieYears,
    WhoIsHere,
    as_inspector,
    at_the_door,
    on_inspection,
)
from app.inspections.actions import Setup
from app.inspections.content import fingerprint
from app.inspections.file import PRIVATE
from app.inspections.intake import read_upload
from app.inspections.lists import PAGE, Listed, listed, read_mark
from app.inspections.models import State
from app.inspections.presence import Presence
from app.inspections.queries import inspectors, versions
from app.inspections.reading import Reading
from app.inspections.rubric_copy import Taken, taken
from app.inspections.schemas import (
    Attached,
    Batch,
    Cause,
    Change,
    Id,
    Image,
    Left,
    Line,
    Made,
    NewInspection,
    News,
    Outcome,
    Page,
    Present,
    Regrading,
    Signed,
    Signing,
    Staffing,
    Suggested,
    VersionLine,
    Waiting,
    Whole,
)
from app.inspections.signing import left
from app.papers.titles import named
from app.writing.apply import Answer
from app.writing.fields import spot
from app.writing.models import Subject
from app.writing.said import CHANGES, Clash, Said, changes, clashes, heads, operation_at
from reports.shown import shown
from rubrics.grading import suggest
from rubrics.library import Library
from rubrics.problems import DataError

router = APIRouter(prefix="/api/inspections", tags=["inspections"])

Anyone = Annotated[Viewer, signed_in()]
Creating = Annotated[Viewer, may(Permission.CREATE)]


# ── Saving: first, since it is asked for most and routes are tried in their order ────────


@router.post("/{inspection}/operations", response_model=list[Outcome])
def write(
    enter: Annotated[Enter, at_the_door(Permission.WRITE_FRONT)], database: Db, inspection: str, batch: Batch
) -> Response:
    """Takes a batch of operations, at most 200, each for itself: what is refused lets the others stand."""
    by = enter()
    with database.writing() as session:
        answers = actions.write(session, by=by, inspection=inspection, operations=batch.operations)
    # Written out here, in the same turn of a thread: FastAPI would take another to look at the answer first.
    return Response(_OUTCOMES.dump_json([outcome(each) for each in answers]), media_type="application/json")


_OUTCOMES = TypeAdapter(list[Outcome])


# ── Addresses ─────────────────────────────────────────────────────────────────────────────


@router.get("")
def all_inspections(
    viewer: Anyone, database: Db, after: Annotated[str, Query(max_length=60)] = "", state: State | None = None
) -> Page:
    """Those that the viewer may see, the latest visit first."""
    mark = read_mark(after)
    if after and not mark:
        raise Unacceptable("after går inte att läsa. Ta det från svarets next.")
    with database.reading() as session:
        lines = listed(session, viewer, mark, state)
    last = lines[:PAGE][-1].mark if len(lines) > PAGE else None
    return Page(inspections=[_line(each) for each in lines[:PAGE]], next=f"{last[0]}_{last[1]}" if last else None)


@router.post("", status_code=201)
def create(viewer: Creating, database: Db, library: Rubrics, years: TieYears, new: NewInspection) -> Made:
    """Sets up an inspection with an empty draft, by a published rubric."""
    rubric = _taken(library, new.rubric)
    setup = Setup(
        new.clinic,
        new.speciality,
        new.inspectors,
        new.first_day,
        new.last_day or new.first_day,
        new.mode,
        new.place,
        new.motive,
    )
    with database.writing() as session:
        return Made(id=actions.create(session, by=viewer, rubric=rubric, setup=setup, tie_years=years))


@router.post("/import", status_code=201)
def take_in(
    viewer: Creating,
    database: Db,
    library: Rubrics,
    years: TieYears,
    clinic: Id,
    speciality: Id,
    file: Annotated[bytes, Body(media_type="application/yaml")],
    inspector: Annotated[list[Id], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
) -> Made:
    """Makes a new draft of an inspection file, YAML or JSON. Why somebody with a tie to the clinic inspects it is no
    text for an address: they are put to it afterwards, at `inspectors`. Of a unit that has been closed the file is
    taken in where its visit was before that day."""
    try:
        read = read_upload(file, library)
    except DataError as error:
        raise Unacceptable("\n".join(str(problem) for problem in error.problems)) from None
    setup = Setup(clinic, speciality, inspector)
    with database.writing() as session:
        id = actions.take_in(session, by=viewer, rubric=read.rubric, setup=setup, file=read.file, tie_years=years)
    return Made(id=id)


@router.get("/{inspection}")
def whole(here: Annotated[Here, on_inspection(Permission.SEE_DRAFT)]) -> Whole:
    """The inspection as a file, with suggestions, what is left, and the hash to sign. Comments and reasons are there
    for who may see the work."""
    with here.database.reading() as session:
        reading, rubric = Reading(session, here.row), here.rubric(session)
        made, signed = reading.content(here.row.state), reading.content("signed")
        to_do = left(reading, made, rubric, works=here.may(Permission.SEE_WORK))
        people = inspectors(session, here.found)
    private = None if here.may(Permission.SEE_WORK) else PRIVATE
    areas = {}
    for area in rubric.areas:
        review = made.review(area.id)
        found = suggest(rubric, area, review.assessed)
        areas[area.id] = Suggested(
            suggested=found.grade,
            at_best=found.at_best,
            at_worst=found.at_worst,
            reasons=list(found.reasons),
            missing=list(found.missing),
            decided=review.grade or None,
            standing=review.standing or None,
        )
    return Whole(
        id=here.row.id,
        state=here.row.state,
        version=here.row.version,
        file=made.model_dump(mode="json", exclude_defaults=True, exclude=private),
        areas=areas,
        left=[Left(place=each.place, text=each.text, count=each.count, stops=each.stops) for each in to_do],
        content=fingerprint(signed, here.row.rubric_sha256) if here.may(Permission.SEE_WORK) else None,
        inspectors=[each.id for each in people],
    )


@router.get("/{inspection}/changes")
def new_since(
    here: Annotated[Here, on_inspection(Permission.SEE_WORK)],
    since: Annotated[int, Query(ge=0, le=2**31)] = 0,
    last: Annotated[str, Query(max_length=60)] = "",
    at: Annotated[int, Query(ge=0, le=2**31)] = 0,
    area: Annotated[str, Query(max_length=60)] = "",
    *,
    presence: WhoIsHere,
) -> News:
    """What is new since an operation number, and then the texts that wait for a choice. `last` and `at` are the id and
    the number of the last operation that the asker knows. Where another one has that number a backup has been put
    back, and where something has been erased since it may not be kept by the asker either: 409, and the image is to be
    read anew. `area` = the one that the asker has open; inspectors of this very inspection are told of each other."""
    with here.database.reading() as session:
        known = area in {each.id for each in here.rubric(session).areas}
        if last and operation_at(session, here.row.id, at) != last:
            raise Stale("En säkerhetskopia har lästs in sedan du frågade sist. Hämta allt på nytt.")
        if last and since < session.get_one(Subject, here.row.id).erased:
            raise Stale("Arbetsmaterial har raderats sedan du frågade sist. Hämta allt på nytt.")
        said, reads = changes(session, here.row.id, since), here.reads
        waiting = clashes(session, here.row.id, reads, here.voice) if said else None
    return News(
        changes=[change(each) for each in said if spot(reads, each.field) and here.hears(each)],
        waiting=None if waiting is None else [_waiting(each) for each in waiting],
        more=len(said) == CHANGES,
        seq=said[-1].seq if said else since,
        last=said[-1].revision if said else None,
        writes=here.writes,
        apart=here.row.apart,
        present=_present(here, presence, area if known else ""),
    )


def _present(here: Here, presence: Presence, area: str) -> list[Present]:
    if not here.may(Permission.NOTES):
        return []
    return [Present(**asdict(each)) for each in presence.others(here.row.id, here.viewer, area)]


@router.get("/{inspection}/image")
def image(here: Annotated[Here, on_inspection(Permission.SEE_WORK)]) -> Image:
    """Everything that stands, with which a device goes on by itself, and asks for what is new since."""
    with here.database.reading() as session:
        seq = session.get_one(Subject, here.row.id).seq  # first: what comes meanwhile is asked for once more
        last = operation_at(session, here.row.id, seq)
        standing = heads(session, here.row.id, here.viewer.id)
        reads = here.reads
        waiting = clashes(session, here.row.id, reads, here.voice)
    return Image(
        seq=seq,
        last=last,
        fields=[change(each) for each in standing.values() if spot(reads, each.field)],
        waiting=[_waiting(each) for each in waiting],
        writes=here.writes,
        apart=here.row.apart,
    )


@router.post("/{inspection}/sign")
def sign(here: Annotated[Here, on_inspection(Permission.SIGN)], signing_of: Signing, then: Following) -> Signed:
    """Signs the content with this hash. With the last signature the version is stored."""
    outcome = signing.sign(
        here.database,
        by=here.viewer,
        inspection=here.row.id,
        seen=signing_of.content,
        then=then,
        without_declaring=signing_of.without_declaring,
    )
    return Signed(outcome=outcome)


@router.post("/{inspection}/correct", status_code=204)
def correct(here: Annotated[Here, on_inspection(Permission.CORRECT)], cause: Cause) -> Response:
    """Opens a draft of the next version from the signed text."""
    with here.database.writing() as session:
        actions.correct(session, by=here.viewer, inspection=here.row.id, cause=cause.cause)
    return Response(status_code=204)


@router.post("/{inspection}/regrade", status_code=204)
def regrade(here: Annotated[Here, on_inspection(Permission.REGRADE)], new: Regrading) -> Response:
    """Changes grades in a signed report: opens its next version, for the inspectors to sign."""
    made = [regrading.Change(each.area, each.grade, each.measures) for each in new.changes]
    with here.database.writing() as session:
        regrading.regrade(
            session, by=here.viewer, inspection=here.row.id, because=new.because, changes=made, day=new.day
        )
    return Response(status_code=204)


@router.put("/{inspection}/inspectors", status_code=204)
def staff(
    here: Annotated[Here, on_inspection(Permission.STAFF)],
    people: Staffing,
) -> Response:
    """Decides who inspects, in the order of their names in the report."""
    with here.database.writing() as session:
        actions.staff(
            session,
            by=here.viewer,
            inspection=here.row.id,
            inspectors=people.inspectors,
            motive=people.motive,
            tie_years=here.tie_years,
        )
    return Response(status_code=204)


@router.put("/{inspection}/declaration", status_code=204)
def declare(here: Annotated[Here, on_inspection(Permission.SIGN)]) -> Response:
    """Says that one has no tie to the unit but those that one has told already."""
    with here.database.writing() as session:
        declaring.declare(session, by=here.viewer, inspection=here.row.id, tie_years=here.tie_years)
    return Response(status_code=204)


@router.get("/{inspection}/versions")
def all_versions(here: Annotated[Here, on_inspection(Permission.READ_REPORT)]) -> list[VersionLine]:
    """The signed versions, the last one first. Their files are at /inspektioner/{id}/versioner/{n}/hamta/{format}."""
    works = here.may(Permission.SEE_WORK)
    with here.database.reading() as session:
        return [
            VersionLine(
                number=each.number,
                signed=each.signed,
                cause=each.cause,
                content=each.content_sha256 if works else None,
                withheld=bool(each.withheld),
            )
            for each in versions(session, here.row.id)
        ]


@router.put("/{inspection}/attachments/{attachment}")
def attach(
    here: Annotated[Here, as_inspector(Permission.NOTES)],
    storage: Files,
    attachment: Id,
    file: Annotated[bytes, Body(media_type="application/octet-stream")],
    about: Annotated[str, Query(max_length=60)] = "",
    content_disposition: Annotated[str, Header(max_length=8_000)] = "",
    name: Annotated[str, Query(max_length=500, include_in_schema=False)] = "",  # from a page of an earlier edition
) -> Attached:
    """Adds a file: PDF, Word, Excel or a picture. Its id is made where it is sent from; sent again it is answered
    alike. `about` is a criterion, `area/<id>`, or nothing: the whole visit. What the file is called is no text for an
    address: `Content-Disposition: attachment; filename*=UTF-8''n%C3%A4rvaro.pdf` (RFC 6266)."""
    sent = attaching.Sent(attachment, about, named(content_disposition) or name, file)
    row = attaching.attach(here.database, by=here.viewer, inspection=here.row.id, sent=sent, storage=storage)
    return Attached(id=row.id, about=row.about, title=row.title, type=row.type, size=row.size)


# ── From rows ─────────────────────────────────────────────────────────────────────────────


def _taken(library: Library, reference: str) -> Taken:
    try:
        return taken(library, reference)
    except DataError as error:
        raise Unacceptable("\n".join(str(problem) for problem in error.problems)) from None


def _line(each: Listed) -> Line:
    return Line(
        id=each.id,
        clinic=each.clinic,
        hospital=each.hospital,
        specialty=each.specialty,
        first_day=each.first_day,
        last_day=each.last_day,
        state="draft" if each.draft else "signed",
        version=each.version,
    )


def change(said: Said) -> Change:
    return Change(
        id=said.revision,
        seq=said.seq,
        field=said.field,
        value=said.value,
        by=said.person,
        name=said.by,
        at=said.at,
        outcome=said.outcome,
        voice=said.voice,
    )


def _waiting(clash: Clash) -> Waiting:
    return Waiting(
        field=clash.spot.key,
        before=clash.before,
        stands=change(clash.stands) if clash.stands else None,
        beside=change(clash.beside),
    )


def outcome(answer: Answer) -> Outcome:
    return Outcome(id=shown(answer.id), outcome=answer.outcome, seq=answer.seq, told=answer.told)
