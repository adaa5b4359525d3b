"""Signing: the inspectors put their names to one content, and a version is stored that never changes.

A signature names the hash of the content that it was given to. The files are made outside the writer, from
one state of the inspection, and stored only if it is still in that state; else they are made anew.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from sqlmodel import Session

from app import audit
from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.db import Database
from app.errors import Unacceptable
from app.ids import new_id
from app.inspections.advice import Draft, advice
from app.inspections.apart import areas_of, not_done
from app.inspections.content import canonical, fingerprint
from app.inspections.declaring import undeclared
from app.inspections.file import Inspection
from app.inspections.models import InspectionRow, Signature, Version, VersionFile
from app.inspections.owed import Owed, owed, to_agree
from app.inspections.queries import Found, found, signatures
from app.inspections.reading import Reading
from app.inspections.report import report
from app.inspections.rubric_copy import rubric_of
from app.writing import desk
from app.writing.models import AGREED
from app.writing.said import Clash
from reports.formats import FORMATS, write
from rubrics.model import Rubric

OPEN_FILE = "open.json"  # the inspection file without comments and reasons: for the clinic
WHOLE_FILE = "json"


class OwesMore(Unacceptable):
    """Something is left to do before the report can be signed."""

    def __init__(self, left: list[Owed]) -> None:
        super().__init__("Det är inte klart att fastställa än. Inget har gått förlorat.")
        self.left = left


class Undeclared(Unacceptable):
    """Who signs has not said whether they have a tie to the unit."""

    def __init__(self) -> None:
        super().__init__("Säg först om du har något band till enheten, eller fastställ utan att svara.")


@dataclass(frozen=True)
class Made:
    """A content and its files, made from one state of the inspection (`seq`)."""

    seq: int
    content: Inspection
    sha256: str
    files: dict[str, bytes]

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each file."""
        return {format: hashlib.sha256(data).hexdigest() for format, data in self.files.items()}


def left(reading: Reading, inspection: Inspection, rubric: Rubric, *, works: bool) -> list[Owed]:
    """What is left to do in a draft: what stops it first, then what is worth a look. That tells of single answers, so
    it is for those who see the work (`works`)."""
    stops = _stops(reading, inspection, rubric)
    if not works:
        return stops
    before, ids = reading.earlier, [each.id for each in reading.findings]
    told = {each.text for each in stops}  # an area that nobody has begun is told once
    alone = reading.unagreed
    draft = Draft(inspection, rubric, ids, before.narratives(rubric) if before else {}, areas_of(alone, rubric))
    return [
        *stops,
        *to_agree(len({each.field for each in alone})),
        *(each for each in advice(draft) if each.text not in told),
    ]


def _stops(reading: Reading, inspection: Inspection, rubric: Rubric) -> list[Owed]:
    row = reading.row
    return owed(
        inspection,
        rubric,
        clashes=[each.spot.key for each in reading.clashes if _is_printed(each)],
        wanted_away=sum(bool(each.gone) for each in reading.findings),
        without_kind=sum(not each.kind for each in reading.findings),
        idle=[each.area for each in reading.regrades if each.before == each.grade],
        old_report=row.old_report,
        not_done=len(not_done(reading.session, row)),
        begun=areas_of(reading.unagreed, rubric),
    )


def _is_printed(clash: Clash) -> bool:
    """What a signature is about: neither working material nor what one says alone."""
    return not clash.spot.kind.working and clash.beside.voice == AGREED


WhenSigned = Callable[[Session, Viewer, InspectionRow, Inspection, Rubric], None]


def sign(
    database: Database,
    *,
    by: Viewer,
    inspection: str,
    seen: str,
    then: Sequence[WhenSigned] = (),
    without_declaring: bool = False,
) -> Literal["waits", "signed"]:
    """Signs for one inspector. With the last signature the version is stored, and what follows from it is done in
    the same transaction (`then`: the rooms above have their say, and `main` knows them).

    `seen` is the hash of the content that the inspector read. Raises OwesMore, or Unacceptable where the content
    is another by now; Undeclared where they have not said whether they have a tie to the unit, unless they mean to
    sign without it.
    """
    made: Made | None = None
    while True:
        with database.writing() as session:
            subject = desk.locked(session, inspection)
            one = found(session, inspection, by, Permission.SIGN)
            if one.row.state == "signed":
                return "signed"
            rubric = rubric_of(session, one.row.rubric_sha256)
            reading = Reading(session, one.row)
            signed = reading.content("signed")
            hash = fingerprint(signed, one.row.rubric_sha256)
            _signed_by(reading, by, one, signed, rubric, hash, seen, without_declaring)
            if not _by_all(session, one, hash):
                return "waits"
            if made and made.seq == subject.seq and made.sha256 == hash:
                _store(session, by, one, made)
                for follow in then:
                    follow(session, by, one.row, made.content, rubric)
                return "signed"
            seq = subject.seq
        made = Made(seq, signed, hash, rendered(signed, rubric))
        _ = made.hashes  # worked out here, and not while the writer is held


def rendered(inspection: Inspection, rubric: Rubric) -> dict[str, bytes]:
    """Every file of a version: the report in each format, the inspection file with and without what is private."""
    document = report(inspection, rubric)
    return {format: write(document, format) for format in FORMATS} | {
        format: as_data(inspection, format) for format in (WHOLE_FILE, OPEN_FILE)
    }


def as_data(inspection: Inspection, format: str) -> bytes:
    """The inspection file of a version: whole, or without what is private."""
    return canonical(inspection, private=format == WHOLE_FILE).encode()


def file_of(version: Version, rubric: Rubric, format: str) -> bytes:
    """A version's file, made anew from what was signed: for a version that was stored without its files (an invented
    country has thousands). Stored bytes always win."""
    signed = Inspection.model_validate_json(version.content)
    return as_data(signed, format) if format in (WHOLE_FILE, OPEN_FILE) else write(report(signed, rubric), format)


def _signed_by(
    reading: Reading,
    by: Viewer,
    one: Found,
    signed: Inspection,
    rubric: Rubric,
    hash: str,
    seen: str,
    without_declaring: bool,
) -> None:
    session = reading.session
    if stops := _stops(reading, signed, rubric):
        raise OwesMore(stops)
    if any(each.person == by.id and each.content == hash for each in signatures(session, one.row)):
        return  # has signed this already: the same answer
    if seen != hash:
        told = "Någon har ändrat i rapporten sedan du läste den. Läs den igen och fastställ sedan."
        raise Unacceptable(told)
    silent = undeclared(session, one.row, by.id)
    if silent and not without_declaring:
        raise Undeclared
    now = audit.now()
    session.add(
        Signature(id=new_id(), inspection=one.row.id, version=one.row.version, person=by.id, at=now, content=hash)
    )
    audit.record(
        session,
        by=by.id,
        action="inspection:signature_given",
        subject=one.row.id,
        version=one.row.version,
        content=hash,
        declared=not silent,
    )
    session.flush()


def _by_all(session: Session, one: Found, hash: str) -> bool:
    given = {each.person for each in signatures(session, one.row) if each.content == hash}
    return bool(one.whose.inspectors) and one.whose.inspectors <= given


def _store(session: Session, by: Viewer, one: Found, made: Made) -> None:
    row = one.row
    session.add(
        Version(
            inspection=row.id,
            number=row.version,
            cause=row.cause,
            seq=made.seq,
            content=made.files[WHOLE_FILE].decode(),
            content_sha256=made.sha256,
            rubric_sha256=row.rubric_sha256,
            signed=audit.now(),
            signers=sorted(one.whose.inspectors),
            clinic_name=row.clinic_name,
            hospital_name=row.hospital_name,
            specialty=row.specialty,
            first_day=row.first_day,
            last_day=row.last_day,
        )
    )
    session.flush()
    for format, data in made.files.items():
        session.add(
            VersionFile(
                inspection=row.id,
                number=row.version,
                format=format,
                content=data,
                size=len(data),
                sha256=made.hashes[format],
            )
        )
    row.state, row.listed = "signed", row.first_day or date.max
    audit.record(session, by=by.id, action="inspection:signed", subject=row.id, version=row.version, files=made.hashes)


def take_back(session: Session, by: Viewer, row: InspectionRow) -> None:
    """A signature is given to one content. When that changes, it is taken back and its giver told."""
    given = signatures(session, row)
    if not given:
        return
    signed = Reading(session, row).content("signed")
    now = fingerprint(signed, row.rubric_sha256)
    for signature in given:
        if signature.content != now:
            signature.withdrawn = audit.now()
            audit.record(
                session, by=by.id, action="inspection:signature_taken_back", subject=row.id, signer=signature.person
            )
