"""Signing: what is owed stops it, a signature belongs to one content, and what is signed never changes."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Barrier

import boxes  # type: ignore[import-not-found]
import golden  # type: ignore[import-not-found]
import pytest
from sqlmodel import Session, col, select

from app import audit
from app.accounts.viewer import Viewer
from app.db import Database
from app.errors import NotFound, Unacceptable
from app.ids import new_id
from app.inspections import actions, disk, queries, signing
from app.inspections.content import fingerprint
from app.inspections.file import Inspection
from app.inspections.models import Signature, Version, VersionFile
from app.inspections.owed import Owed
from app.inspections.reading import Reading
from app.inspections.rubric_copy import rubric_of
from app.inspections.signing import OwesMore
from app.writing import said
from app.writing.desk import Operation
from app.writing.models import Revision
from tests.factories import RUBRIC, Drafted, drafted, taken_in
from tests.paths import KALMAR
from tests.writing import whole

TEXT = "area/E/narrative"
PRIVATE = "Bara för inspektörerna"
FINDING = f"finding/{new_id()}"


@pytest.fixture
def draft(database: Database) -> Drafted:
    return drafted(database)


@pytest.fixture
def ready(draft: Drafted) -> Drafted:
    """Nothing is owed."""
    return finished(draft)


def finished(draft: Drafted) -> Drafted:
    graded = [(area.id, area.offered[0]) for area in RUBRIC.rubric.areas]
    said = [
        ("front/place", "Exempelstad"),
        ("front/first_day", "2026-10-20"),
        (TEXT, "Det är gott."),
        *((f"area/{area}/grade", grade) for area, grade in graded),
        *((f"area/{area}/grade_reason", PRIVATE) for area, _ in graded),
        ("criterion/E-F1/comment", PRIVATE),
    ]
    draft.write(draft.a, *(Operation(new_id(), key, value) for key, value in said))
    return draft


def sign(draft: Drafted, by: Viewer, seen: str | None = None) -> str:
    return signing.sign(draft.database, by=by, inspection=draft.id, seen=seen or draft.hash())


def versions(draft: Drafted) -> dict[int, Version]:
    with draft.database.reading() as session:
        return {each.number: each for each in queries.versions(session, draft.id)}


def files(draft: Drafted, number: int) -> dict[str, bytes]:
    with draft.database.reading() as session:
        at = (VersionFile.inspection == draft.id, VersionFile.number == number)
        return {each.format: each.content for each in session.exec(select(VersionFile).where(*at))}


def signatures(draft: Drafted) -> dict[str, bool]:
    """Whose signature stands, and whose was taken back last."""
    with draft.database.reading() as session:
        given = session.exec(select(Signature).where(Signature.inspection == draft.id).order_by(col(Signature.at)))
        return {each.person: each.withdrawn is None for each in given}


def events(draft: Drafted) -> list[str]:
    with draft.database.reading() as session:
        return [each.action for each in audit.history(session, draft.id)]


# ── What stops it ─────────────────────────────────────────────────────────────────────────


def test_what_is_owed_stops_it_and_is_told(draft: Drafted) -> None:
    before = events(draft)
    with pytest.raises(OwesMore) as told:
        sign(draft, draft.a)
    places = [each.place for each in told.value.left]
    assert places == ["front/place", "front/first_day", *(f"area/{area.id}/narrative" for area in RUBRIC.rubric.areas)]
    assert (signatures(draft), events(draft)) == ({}, before)


STOPS = {
    "two texts in one field": ([Operation(new_id(), TEXT, "Annat.")], "clashes"),
    "a finding that one deletes and another writes in": (
        [
            Operation("6f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a51", f"{FINDING}/text", "Ett"),
            Operation(new_id(), f"{FINDING}/kind", "weakness"),
            Operation(new_id(), f"{FINDING}/gone", "6f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a51"),
            Operation(new_id(), f"{FINDING}/text", "Ett två", "6f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a51"),
        ],
        "findings",
    ),
    "a finding that nobody has said what it is": ([Operation(new_id(), f"{FINDING}/text", "Ett")], "findings"),
    "a grade without its reason": (
        [
            Operation(new_id(), "criterion/E-F1/answer", "unmet"),
            Operation(new_id(), "area/E/grade_reason", "", "seen"),
        ],
        "area/E/grade_reason",
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_what_is_not_settled_stops_it(ready: Drafted, name: str) -> None:
    operations, place = STOPS[name]
    with ready.database.reading() as session:
        seen = {key: said.revision for key, said in said.heads(session, ready.id).items()}
    ready.write(
        ready.b, *(replace(each, parent=seen[each.field]) if each.parent == "seen" else each for each in operations)
    )
    with pytest.raises(OwesMore) as told:
        sign(ready, ready.a)
    assert [each.place for each in told.value.left] == [place]


def test_two_answers_in_single_voices_stop_nothing(ready: Drafted) -> None:
    for value in ("met", "unmet"):
        ready.write(ready.b, Operation(new_id(), "criterion/E-F1/answer", value, voice=ready.b.id))
    assert sign(ready, ready.a) == "waits"


def test_the_inspectors_sign_and_nobody_else(ready: Drafted) -> None:
    with pytest.raises(NotFound):
        sign(ready, ready.office)


def test_an_old_report_owes_no_grades(draft: Drafted) -> None:
    _, kalmar = disk.read(KALMAR)
    ungraded = kalmar.model_copy(update={"areas": {}, "inspectors": ("Alva Exempel",)})
    owed = {state: _owed(draft, ungraded.model_copy(update={"state": state})) for state in ("signed", "draft")}
    assert owed == {"signed": [], "draft": [f"area/{area.id}/narrative" for area in RUBRIC.rubric.areas]}


def _owed(draft: Drafted, file: Inspection) -> list[str]:
    return [each.place for each in _left(taken_in(draft, file)) if each.stops]


def _left(draft: Drafted) -> list[Owed]:
    with draft.database.reading() as session:
        row = queries.find(session, draft.id).row
        reading = Reading(session, row)
        return signing.left(reading, reading.content(), rubric_of(session, row.rubric_sha256), works=True)


def test_an_area_that_nobody_has_begun_is_one_line_until_it_is_begun(draft: Drafted) -> None:
    def of_c() -> list[tuple[str, int, bool]]:
        return [(each.text, each.count, each.stops) for each in _left(draft) if each.area == "C"]

    assert of_c() == [("område som inte är påbörjat: C", 1, True)]
    answer = Operation(new_id(), "criterion/C-F1/answer", "met")
    draft.write(draft.a, answer)
    begun = [
        ("gradering saknas i område C", 1, True),
        ("kriterier utan svar i område C", 2, False),
        ("beskrivning saknas i område C", 1, False),
    ]
    assert of_c() == begun
    draft.write(draft.a, Operation(new_id(), "criterion/C-F1/answer", None, answer.id))
    assert of_c() == [("område som inte är påbörjat: C", 1, True)]
    draft.write(draft.a, Operation(new_id(), "area/C/grade", "A"))
    assert ("gradering saknas i område C", 1, True) not in of_c()
    assert ("kriterier utan svar i område C", 3, False) in of_c()


# ── One content ───────────────────────────────────────────────────────────────────────────


def test_the_real_report_is_signed_and_every_line_stands(draft: Drafted, tmp_path: Path) -> None:
    _, kalmar = disk.read(KALMAR)
    kept = taken_in(draft, kalmar)
    assert [sign(kept, by) for by in (kept.a, kept.b)] == ["waits", "signed"]
    report = tmp_path / "report.docx"
    report.write_bytes(files(kept, 1)["docx"])
    assert golden.main(str(report), str(golden.KALMAR)) == 0
    ticked = {area: text[0] for ticked, area, text in boxes.boxes(str(report)) if ticked}
    assert ticked == {id: area.standing for id, area in kalmar.areas.items() if area.standing}


def test_a_change_of_content_takes_a_signature_back(ready: Drafted) -> None:
    first = ready.hash()
    assert sign(ready, ready.a) == "waits"
    ready.write(ready.b, Operation(new_id(), "criterion/E-F2/comment", "Ny"))
    assert signatures(ready) == {ready.a.id: False}
    with pytest.raises(Unacceptable, match="ändrat i rapporten"):
        sign(ready, ready.a, seen=first)
    assert [sign(ready, by) for by in (ready.b, ready.a)] == ["waits", "signed"]
    told = ["inspection:signature_given", "inspection:written", "inspection:signature_taken_back"]
    again = ["inspection:signature_given", "inspection:signature_given", "inspection:signed"]
    assert events(ready)[-6:] == told + again


def test_what_changes_no_content_takes_no_signature_back(ready: Drafted) -> None:
    sign(ready, ready.a)
    [same] = ready.write(ready.b, Operation(new_id(), TEXT, "Det är gott."))
    assert (same.outcome, signatures(ready)) == ("head", {ready.a.id: True})
    assert sign(ready, ready.b) == "signed"


def test_the_clinics_file_holds_nothing_private(ready: Drafted) -> None:
    for by in (ready.a, ready.b):
        sign(ready, by)
    stored = files(ready, 1)
    assert PRIVATE.encode() in stored["json"]
    assert [format for format, data in stored.items() if PRIVATE.encode() in data] == ["json"]
    assert Inspection.model_validate(json.loads(stored["json"])).state == "signed"


def test_what_is_signed_never_changes(ready: Drafted) -> None:
    for by in (ready.a, ready.b):
        sign(ready, by)
    first, kept = versions(ready)[1], files(ready, 1)
    late = Operation(new_id(), TEXT, "Det är bra.")
    assert [each.outcome for each in ready.write(ready.b, late)] == ["late"]
    with ready.database.writing() as session:
        actions.correct(session, by=ready.a, inspection=ready.id, cause="Ett ord var fel.\x00")
    assert [each.outcome for each in ready.write(ready.b, late)] == ["late"]
    with ready.database.reading() as session:
        seen = said.heads(session, ready.id)[TEXT].revision
    ready.write(ready.b, Operation(new_id(), TEXT, "Det är bra.", parent=seen))
    assert [sign(ready, by) for by in (ready.a, ready.b)] == ["waits", "signed"]
    second = versions(ready)[2]
    assert (second.cause, second.content_sha256 != first.content_sha256) == ("Ett ord var fel.□U+0000", True)
    assert (versions(ready)[1], files(ready, 1)) == (first, kept)
    assert b"Det \xc3\xa4r bra." in files(ready, 2)["json"]
    with ready.database.reading() as session:
        whole.check(session, ready.id)


def test_a_cause_is_refused_whole_or_kept_whole(ready: Drafted) -> None:
    for by in (ready.a, ready.b):
        sign(ready, by)
    for cause in (" \n", "x" * 20_001):
        with pytest.raises(Unacceptable), ready.database.writing() as session:
            actions.correct(session, by=ready.a, inspection=ready.id, cause=cause)
    with ready.database.writing() as session:
        actions.correct(session, by=ready.a, inspection=ready.id, cause="x" * 3_000)
    with ready.database.reading() as session:
        assert queries.find(session, ready.id).row.cause == "x" * 3_000


# ── At the same time ──────────────────────────────────────────────────────────────────────


def test_a_crash_before_the_version_is_healed_by_pressing_again(ready: Drafted) -> None:
    with ready.database.writing() as session:  # what the crash left: both signatures, and no version
        for by in (ready.a, ready.b):
            session.add(_signature(ready, by))
    assert sign(ready, ready.b, seen="") == "signed"
    assert list(versions(ready)) == [1]
    assert sign(ready, ready.a, seen="") == "signed"


def _signature(draft: Drafted, by: Viewer) -> Signature:
    return Signature(id=new_id(), inspection=draft.id, version=1, person=by.id, at=audit.now(), content=draft.hash())


def test_two_who_sign_at_once_make_one_version(database: Database) -> None:
    for _ in range(4):
        ready = finished(drafted(database))
        hash, start = ready.hash(), Barrier(2)

        def press(by: Viewer, ready: Drafted = ready, hash: str = hash, start: Barrier = start) -> str:
            start.wait()
            return sign(ready, by, hash)

        with ThreadPoolExecutor(2) as pool:
            told = set(pool.map(press, (ready.a, ready.b)))
        assert "signed" in told
        assert signatures(ready) == {ready.a.id: True, ready.b.id: True}
        assert list(versions(ready)) == [1]
        assert events(ready).count("inspection:signature_given") == 2
        assert events(ready).count("inspection:signed") == 1


def while_rendering(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Lets something happen once, when the content is read and its files are not stored yet."""
    rendered, left = signing.rendered, [happens]

    def wrapped(*arguments: object) -> dict[str, bytes]:
        if left:
            left.pop()()
        return rendered(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(signing, "rendered", wrapped)


def test_others_write_while_the_files_are_made(ready: Drafted, monkeypatch: pytest.MonkeyPatch) -> None:
    other = drafted(ready.database)
    sign(ready, ready.a)
    while_rendering(monkeypatch, lambda: other.write(other.a, Operation(new_id(), TEXT, "Samtidigt.")))
    assert sign(ready, ready.b) == "signed"
    with ready.database.reading() as session:
        [written] = session.exec(select(Revision).where(Revision.subject == other.id, Revision.field == TEXT))
        signed = versions(ready)[1].signed
        assert _last_given(session, ready) < written.received < signed


def _last_given(session: Session, draft: Drafted) -> datetime:
    given = [each.at for each in audit.history(session, draft.id) if each.action == "inspection:signature_given"]
    return given[-1]


def test_who_changes_the_content_while_the_files_are_made_stops_it(
    ready: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(ready, ready.a)
    with ready.database.reading() as session:
        seen = said.heads(session, ready.id)[TEXT].revision
    while_rendering(monkeypatch, lambda: ready.write(ready.a, Operation(new_id(), TEXT, "Nytt.", parent=seen)))
    with pytest.raises(Unacceptable, match="ändrat i rapporten"):
        sign(ready, ready.b)
    assert (versions(ready), signatures(ready)) == ({}, {ready.a.id: False, ready.b.id: False})


def test_what_changes_nothing_while_the_files_are_made_has_them_made_anew(
    ready: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(ready, ready.a)
    while_rendering(monkeypatch, lambda: ready.write(ready.a, Operation(new_id(), TEXT, "Det är gott.")))
    assert sign(ready, ready.b) == "signed"
    with ready.database.reading() as session:
        row = queries.find(session, ready.id).row
        version = versions(ready)[1]
        assert version.content_sha256 == fingerprint(Reading(session, row).content("signed"), row.rubric_sha256)
        assert version.seq == session.exec(select(Revision.seq).order_by(col(Revision.seq).desc())).first()
