"""Working material leaves nowhere, and is gone when its time has come: every such field gets a word of its own, and
everything that leaves is searched for them."""

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import OFFICE, Viewer
from app.audit import Event
from app.cli import main
from app.errors import NotFound
from app.ids import new_id
from app.inspections.erasing import due, erase
from app.inspections.fields import KINDS, NOTE, WORKING
from app.inspections.models import InterviewRow, Version, VersionFile
from app.papers.storage import Folder
from app.writing.desk import Operation
from app.writing.models import Branch, Revision, Subject
from tests.factories import a_person
from tests.inspections.conftest import Visit
from tests.inspections.test_seclusion import told

YEAR = timedelta(days=366)
COUNTED = "note", "who", "room"


def marker(visit: Visit, what: str) -> str:
    """Of this inspection alone: a module shares a database."""
    return f"X{visit.id}X{what}X"


def markers(visit: Visit) -> list[str]:
    return [marker(visit, each) for each in (*COUNTED, "older", "beside", "late")]


def planted(visit: Visit) -> str:
    """A marker in every working field, in an earlier text of one, beside one, and in one that came too late. Signed."""
    talk, person = new_id(), visit.a.id
    parts = {"interview": talk, "person": person, "about": "E-F1"}
    visit.finish()
    visit.put(f"interview/{talk}/role", "st")
    visit.put(f"interview/{talk}/day", "2026-10-20")
    for kind in WORKING:
        name = kind.pattern.split("/")[0 if kind is NOTE else -1]
        visit.put(
            kind.key(**{key: value for key, value in parts.items() if f"{{{key}}}" in kind.pattern}),
            marker(visit, name),
        )
    own = NOTE.key(interview=talk, person=person, about="fritt")
    visit.put(own, marker(visit, "older"))
    visit.put(own, marker(visit, "note"))
    visit.write(visit.a, Operation(new_id(), own, marker(visit, "beside")))
    visit.sign()
    [late] = visit.write(visit.a, Operation(new_id(), own, marker(visit, "late")))
    assert late.outcome == "late"
    return talk


def test_every_working_field_has_a_marker() -> None:
    """So that a new one is planted too."""
    assert {kind.pattern.split("/")[0 if kind is NOTE else -1] for kind in WORKING} == set(COUNTED)
    assert {kind.reads for kind in WORKING} <= {kind.reads for kind in KINDS}


# ── It leaves nowhere ─────────────────────────────────────────────────────────────────────


def test_nobody_but_the_inspectors_meets_a_word_of_the_notes(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    talk = planted(visit)
    with visit.database.writing() as session:
        others = [*_others(session, visit), visit.office]
    for each in others:
        seen = _everything(visit, each, talk)
        works = each is visit.office
        assert [word for word in markers(visit) if word in seen] == (
            [marker(visit, "who"), marker(visit, "room")] if works else []
        )
    hers = _everything(visit, visit.b, talk)
    assert all(word in hers for word in markers(visit))  # a search that finds nothing would prove nothing
    assert not any(word in caplog.text for word in markers(visit))


def _others(session: Session, visit: Visit) -> Iterator[Viewer]:
    place = visit.place
    yield a_person(session, "Kim Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=place.clinic))
    yield a_person(session, "Vera Chef", Held(Role.HEAD_OF_CLINIC, clinic=place.clinic))
    yield a_person(session, "Rut Region", Held(Role.REGION_OFFICE, region=place.region))
    yield a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=place.speciality))
    yield a_person(session, "Ingen Alls")


def _everything(visit: Visit, viewer: Viewer, talk: str) -> str:
    """Every page, file and answer about the inspection, whether one is led there or not."""
    note = NOTE.key(interview=talk, person=visit.a.id, about="E-F1")
    pages = ("", "/rapport", "/program", "/program.docx", "/program.ics", f"/intervjuer/{talk}", "/olika", "/fil")
    more = (f"/historik?falt={note}", f"/historik?falt=interview/{talk}/who", f"/iakttagelser?fran={note}&omrade=E")
    rest = ("/omraden/E", "/framsida", "/versioner/1", "/versioner/1/visa", "/rapport/forhandsvisning", "/gradering")
    late = f"/historik?falt={note.replace('E-F1', 'fritt')}"
    api = [f"/api/inspections/{visit.id}{each}" for each in ("", "/image", "/changes", "/versions")]
    asked = [*(f"{visit.url}{page}" for page in (*pages, *more, *rest, late)), *api, "/inspektioner"]
    browser = visit.browser(viewer)
    return "\n".join(told(browser.ask("GET", each)) for each in asked)


def test_no_report_export_or_signed_version_holds_a_word_of_it(visit: Visit) -> None:
    planted(visit)
    browser = visit.browser(visit.b)
    files = [f"/versioner/1/hamta/{format}" for format in ("docx", "pdf", "html", "txt", "json", "open.json")]
    files += [f"/rapport/hamta/{format}" for format in ("docx", "pdf", "html", "txt")]
    answers = [browser.ask("GET", f"{visit.url}{each}") for each in (*files, "/fil", "/rapport/forhandsvisning")]
    answers.append(browser.ask("GET", f"/api/inspections/{visit.id}"))
    assert {answer.status_code for answer in answers} == {200}
    texts = [told(answer) for answer in answers]
    assert [word for word in markers(visit) if any(word in text for text in texts)] == []
    with visit.database.reading() as session:
        kept = b"".join(each.content for each in session.exec(select(VersionFile)))
        kept += b"".join(each.encode() for each in session.exec(select(Version.content)))
        events = str([event.details for event in session.exec(select(Event))])
    assert not any(word.encode() in kept or word in events for word in markers(visit))
    calendar = browser.ask("GET", f"{visit.url}/program.ics").text
    assert marker(visit, "who") not in calendar
    assert marker(visit, "room") in calendar


# ── Erasing ───────────────────────────────────────────────────────────────────────────────


def aged(visit: Visit, by: timedelta = YEAR) -> None:
    """As if all of it had been written and signed so much earlier."""
    with visit.database.writing() as session:
        for revision in session.exec(select(Revision).where(Revision.subject == visit.id)):
            revision.received -= by
        for version in session.exec(select(Version).where(Version.inspection == visit.id)):
            version.signed -= by


def erased(visit: Visit) -> int:
    with visit.database.writing() as session:
        return erase(session, by=OFFICE, inspection=visit.id, before=audit.now() - timedelta(days=300))


def test_what_is_erased_is_nowhere_and_that_it_was_is_recorded(visit: Visit) -> None:
    talk = planted(visit)
    hashes = {each.id: each.hash for each in visit.revisions()}
    aged(visit)
    assert erased(visit) == 7
    for viewer in (visit.a, visit.office):
        seen = _everything(visit, viewer, talk)
        assert [word for word in markers(visit) if word in seen] == []
    revisions = visit.revisions()
    assert {each.id: each.hash for each in revisions} == hashes
    assert sum(each.value is None and each.salt is None for each in revisions) == 7
    assert not [each for each in revisions if each.value is None and not each.field.startswith(("note/", "interview/"))]
    with visit.database.reading() as session:
        row = session.get_one(InterviewRow, (visit.id, talk))
        assert (row.who, row.room, row.role, str(row.day)) == ("", "", "st", "2026-10-20")
        [event] = session.exec(select(Event).where(Event.subject == visit.id, Event.action == "inspection:erased"))
        assert event.details == {"texts": 7, "fields": 4}
        waits = select(Branch.id).where(Branch.subject == visit.id, col(Branch.settled_by).is_(None))
        assert session.exec(waits).first() is None


def test_erasing_once_more_changes_and_records_nothing(visit: Visit) -> None:
    planted(visit)
    aged(visit)
    assert erased(visit)
    with visit.database.reading() as session:
        before = session.get_one(Subject, visit.id).seq
        assert visit.id not in due(session, audit.now())
    assert erased(visit) == 0
    with visit.database.reading() as session:
        assert session.get_one(Subject, visit.id).seq == before
        assert (
            len(session.exec(select(Event).where(Event.action == "inspection:erased", Event.subject == visit.id)).all())
            == 1
        )


@pytest.mark.parametrize("days", [0, 200])
def test_what_is_not_old_enough_stays(visit: Visit, days: int) -> None:
    planted(visit)
    aged(visit, timedelta(days=days))
    before = audit.now() - timedelta(days=300)
    with visit.database.reading() as session:
        assert visit.id not in due(session, before)
        assert visit.id in due(session, audit.now() + YEAR)
    assert erased(visit) == 0


def test_what_is_being_corrected_or_not_signed_waits(visit: Visit) -> None:
    talk = planted(visit)
    aged(visit)
    page = visit.open(visit.a, "/rapport")
    page.submit({"cause": "Ett ord var fel."})
    with visit.database.reading() as session:
        assert visit.id not in due(session, audit.now())
    assert marker(visit, "note") in visit.open(visit.b, f"/intervjuer/{talk}").text


def test_only_who_keeps_the_house_erases(visit: Visit) -> None:
    planted(visit)
    for viewer in (visit.a, replace(visit.office, held=())):
        with visit.database.writing() as session, pytest.raises(NotFound):
            erase(session, by=viewer, inspection=visit.id, before=audit.now())


def test_a_device_that_followed_before_reads_all_anew_and_is_told_that_it_is_gone(visit: Visit) -> None:
    talk = planted(visit)
    key, api = NOTE.key(interview=talk, person=visit.a.id, about="E-F1"), f"/api/inspections/{visit.id}"
    aged(visit)
    hers = visit.browser(visit.a)
    image = hers.ask("GET", f"{api}/image").json()
    followed = f"{api}/changes?since={image['seq']}&last={image['last']}&at={image['seq']}"
    assert hers.ask("GET", followed).status_code == 200
    erased(visit)
    assert hers.ask("GET", followed).status_code == 409
    anew = hers.ask("GET", f"{api}/image").json()
    before, now = ({each["field"]: each for each in one["fields"]} for one in (image, anew))
    assert (now[key]["value"], now[key]["id"]) == (None, before[key]["id"])  # not lost, so nothing is sent once more
    assert hers.ask("GET", f"{api}/changes?since={anew['seq']}").json()["changes"] == []
    assert (anew["seq"], anew["last"]) == (image["seq"] + 1, None)


def test_an_operation_that_is_sent_again_after_its_text_was_erased_gets_its_first_answer(visit: Visit) -> None:
    talk = planted(visit)
    key = NOTE.key(interview=talk, person=visit.a.id, about="E-F1")
    [first] = visit.revisions(key)
    aged(visit)
    erased(visit)
    [again] = visit.write(visit.a, Operation(first.id, key, marker(visit, "note")))
    assert (again.outcome, again.seq, again.told) == ("head", first.seq, "")


def test_in_a_correction_one_writes_where_a_text_was_erased(visit: Visit) -> None:
    talk = planted(visit)
    key = NOTE.key(interview=talk, person=visit.a.id, about="E-F1")
    aged(visit)
    erased(visit)
    visit.open(visit.a, "/rapport").submit({"cause": "Ett ord var fel."})
    page = visit.open(visit.a, f"/intervjuer/{talk}").submit({key: "Nytt."})
    assert (page.value(key), visit.stands(key)) == ("Nytt.", "Nytt.")
    [answer] = visit.write(
        visit.a, Operation(new_id(), f"interview/{talk}/who", "Chefen")
    )  # saw nothing: nothing was there
    assert answer.outcome == "head"


def test_the_command_erases_and_leaves_nothing_in_the_files(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted(visit)
    aged(visit)
    folder: Folder = visit.client.app.state.storage  # type: ignore[attr-defined]
    monkeypatch.setenv("SPORRA_DATABASE_URL", visit.database.url)
    monkeypatch.setenv("SPORRA_FILES", str(folder.folder))
    assert _found(visit) == set(markers(visit))
    assert main(["erase"]) == 1
    assert "Det går inte att ångra." in capsys.readouterr().err
    assert main(["erase", "--yes"]) == 0
    assert "Raderat: " in capsys.readouterr().out
    assert _found(visit) == set()
    assert main(["erase"]) == 0
    assert capsys.readouterr().out == "Inget att radera: inget arbetsmaterial är äldre än 12 månader.\n"
    lost, young = folder.put(b"x"), folder.put(b"x")
    os.utime(next(folder.folder.rglob(lost)), (0, 0))
    assert main(["erase"]) == 1
    assert "1 fil som inget underlag hör till raderas." in capsys.readouterr().err
    assert main(["erase", "--yes"]) == 0
    assert capsys.readouterr().out == "Raderat: 1 fil som inget underlag hör till.\n"
    assert (folder.get(lost), folder.get(young)) == (None, b"x")


def _found(visit: Visit) -> set[str]:
    """In the file and its log; in PostgreSQL, whose file is the server's, in every column of every table."""
    database = visit.database
    if database.is_sqlite:
        path = Path(database.url.removeprefix("sqlite:///"))
        data = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    else:
        with database.reading() as session:
            names = session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
            rows = [str(session.execute(text(f'SELECT * FROM "{name}"')).all()) for name in names]  # noqa: S608
        data = "".join(rows).encode()
    return {word for word in markers(visit) if word.encode() in data}
