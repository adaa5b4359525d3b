"""A signed version that must not be kept: two of the office, and then it is nowhere, but for its hash and the reason."""

from dataclasses import replace

import pytest
from sqlalchemy import select as rows_of
from sqlmodel import Session, select

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.audit import Event
from app.comparison.models import Compared
from app.comparison.queries import left_out
from app.comparison.scope import Scope
from app.config import Settings
from app.errors import NotFound, Stale, Unacceptable
from app.following import when_signed, when_withheld
from app.inspections import actions, regrading, signing, withholding
from app.inspections.earlier import earlier
from app.inspections.lists import listed
from app.inspections.models import InspectionRow, UsedText, Version, VersionFile
from app.inspections.withholding import DECIDED, NOT_ALONE, TWICE
from app.tables import metadata
from tests.factories import a_person, an_inspection
from tests.inspections.conftest import Visit

DOWNLOADS = ("docx", "pdf", "html", "txt", "json", "open.json")


def marker(visit: Visit) -> str:
    return f"X{visit.id}X"


def signed(visit: Visit) -> Visit:
    for by in (visit.a, visit.b):
        then = when_signed(Settings())
        signing.sign(visit.database, by=by, inspection=visit.id, seen=visit.hash(), then=then)
    return visit


@pytest.fixture
def marked(visit: Visit) -> Visit:
    """Signed, with a marker in an area's text, in what stood there before, in a finding and in a comment."""
    visit.finish()
    visit.put("area/E/narrative", f"Förut {marker(visit)}")
    visit.put("area/E/narrative", f"Nu {marker(visit)}")
    visit.put("criterion/E-F1/comment", marker(visit))
    finding = visit.id
    for name, value in (("text", marker(visit)), ("kind", "weakness"), ("area", "E"), ("criteria", ["E-F1"])):
        visit.put(f"finding/{finding}/{name}", value)
    return signed(visit)


@pytest.fixture(scope="module")
def second(site: Visit) -> Viewer:
    with site.database.writing() as session:
        return a_person(session, "Kim Kansli", Held(Role.ADMINISTRATOR))


def withheld(visit: Visit, second: Viewer, number: int = 1) -> None:
    about = {"inspection": visit.id, "number": number}
    with visit.database.writing() as session:
        withholding.propose(session, by=visit.office, **about, reason="secrecy", note="Se mejlet i går.")
    with visit.database.writing() as session:
        withholding.withhold(session, by=second, **about, then=when_withheld)


def found_in(visit: Visit) -> set[str]:
    """The tables where the marker stands."""
    with visit.database.reading() as session:
        rows = ((table.name, row) for table in metadata.sorted_tables for row in session.execute(rows_of(table)))
        texts = ((name, [e.decode("latin-1") if isinstance(e, bytes) else str(e) for e in row]) for name, row in rows)
        return {name for name, row in texts if any(marker(visit) in each for each in row)}


def version(visit: Visit, number: int = 1) -> Version:
    with visit.database.reading() as session:
        return session.get_one(Version, (visit.id, number))


def test_what_is_withheld_is_nowhere_but_its_hashes_and_the_reason_stay(marked: Visit, second: Viewer) -> None:
    before = version(marked)
    with marked.database.reading() as session:
        at = (VersionFile.inspection == marked.id,)
        files = dict(session.exec(select(VersionFile.format, VersionFile.sha256).where(*at)).all())
        hashes = [each.hash for each in marked.revisions()]
    assert {"version", "version_file", "revision", "area_state", "finding", "answer", "used_text"} <= found_in(marked)
    withheld(marked, second)
    assert found_in(marked) == set()
    after = version(marked)
    assert (after.content_sha256, after.withheld, after.signers) == (before.content_sha256, "secrecy", before.signers)
    assert [each.hash for each in marked.revisions()] == hashes
    with marked.database.reading() as session:
        rows = session.exec(select(VersionFile).where(*at)).all()
        assert {each.format: each.sha256 for each in rows} == files
        assert {each.content for each in rows} == {b""}
        [event] = session.exec(select(Event).where(Event.subject == marked.id, Event.action == "inspection:withheld"))
        assert event.by == second.id
        assert event.details == {"version": 1, "reason": "secrecy", "content": before.content_sha256, "files": files}
        assert session.exec(select(Compared).where(Compared.inspection == marked.id)).first() is None
        assert left_out(session, Scope(frozenset({marked.place.region}))) >= 1
        assert left_out(session, Scope(frozenset({"another"}))) == 0
        assert session.exec(select(UsedText).where(UsedText.inspection == marked.id)).first() is None


def test_every_download_says_so_and_the_pages_say_it_kindly(marked: Visit, second: Viewer) -> None:
    withheld(marked, second)
    files = [f"/versioner/1/hamta/{each}" for each in DOWNLOADS] + ["/versioner/1/visa", "/fil"]
    files += ["/rapport/forhandsvisning", "/rapport/bredvid", "/rapport/hamta/docx"]
    with marked.database.writing() as session:
        director = a_person(session, "Mo Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=marked.place.clinic))
    inspector = marked.browser(marked.a)
    answers = {each: inspector.ask("GET", f"{marked.url}{each}") for each in files}
    assert {each: answer.status_code for each, answer in answers.items()} == dict.fromkeys(files, 410)
    assert all("innehållen" in answer.text for answer in answers.values())
    for viewer in (marked.a, director, marked.office):
        page = marked.open(viewer, "/versioner/1")
        assert "Versionen är innehållen" in page.text
        assert "sekretess" in page.text
        assert version(marked).content_sha256 not in page.text  # it covers what is private
        assert "/hamta/" not in page.text
    assert "Se mejlet" not in page.text
    for path in ("", "/rapport", "/omraden", "/omraden/E", "/iakttagelser", "/gradering", "/framsida"):
        assert marked.open(marked.a, path).status == 200, path
    assert "Rapporten är innehållen" in marked.open(marked.a).text
    told = marked.browser(marked.a).ask("GET", f"/api/inspections/{marked.id}/versions").json()
    assert [each["withheld"] for each in told] == [True]
    with marked.database.reading() as session:
        lines = {each.id: each.withheld for each in listed(session, marked.a)}
        assert lines[marked.id] is True
        assert {each.id: each.withheld for each in listed(session, director)}[marked.id] is True


def test_it_takes_two_and_can_be_taken_back(marked: Visit, second: Viewer) -> None:
    about = {"inspection": marked.id, "number": 1}
    with marked.database.writing() as session:
        withholding.propose(session, by=marked.office, **about, reason="person")
        with pytest.raises(Stale, match=TWICE):
            withholding.propose(session, by=second, **about, reason="person")
        with pytest.raises(Unacceptable, match=NOT_ALONE):
            withholding.withhold(session, by=marked.office, **about)
        withholding.withdraw(session, by=second, **about)
        with pytest.raises(Stale, match=DECIDED):
            withholding.withhold(session, by=second, **about)
        assert withholding.waiting(session) == []
    assert not version(marked).withheld
    with marked.database.reading() as session:
        done = session.exec(select(Event.action).where(Event.subject == marked.id).order_by("n")).all()
    assert done[-2:] == ["inspection:withholding_proposed", "inspection:withholding_taken_back"]
    withheld(marked, second)
    with marked.database.writing() as session, pytest.raises(Stale):
        withholding.propose(session, by=marked.office, **about, reason="person")


def test_through_the_pages_the_same_person_cannot_do_both(marked: Visit, second: Viewer) -> None:
    page = f"{marked.url}/versioner/1/hall-inne"
    office, other = marked.browser(marked.office), marked.browser(second)
    assert office.ask("POST", page, content="", headers={}).status_code == 422
    office.open(page).submit({"reason": "secrecy", "note": "Se mejlet i går."})
    assert "Bekräfta" not in office.open(page).text
    assert office.ask("POST", f"{page}/bekrafta").status_code == 422
    assert page in other.open("/personuppgifter").text
    assert "Det finns ett förslag" in other.open(f"{marked.url}/versioner/1").text
    assert "Se mejlet i går." in other.open(page).text
    assert other.ask("POST", f"{page}/bekrafta").status_code == 303
    assert "Versionen är innehållen" in other.open(page).text
    assert found_in(marked) == set()


def test_only_the_office_withholds(marked: Visit) -> None:
    for by in (marked.a, replace(marked.office, held=(Held(Role.COORDINATOR, speciality=marked.place.speciality),))):
        with marked.database.writing() as session, pytest.raises(NotFound):
            withholding.propose(session, by=by, inspection=marked.id, number=1, reason="person")
    with marked.database.writing() as session, pytest.raises(Unacceptable):
        withholding.propose(session, by=marked.office, inspection=marked.id, number=1, reason="därför")


# ── Beside other versions ─────────────────────────────────────────────────────────────────


def corrected(visit: Visit) -> None:
    """Version 2 says nothing of the marker."""
    with visit.database.writing() as session:
        actions.correct(session, by=visit.a, inspection=visit.id, cause="Ett ord var fel.")
    visit.put("area/E/narrative", "Utan det.")
    visit.put("criterion/E-F1/comment", None)
    visit.put(f"finding/{visit.id}/text", "Ett annat.")


def test_when_the_error_is_corrected_the_later_version_is_untouched(marked: Visit, second: Viewer) -> None:
    corrected(marked)
    signed(marked)
    later = version(marked, 2)
    withheld(marked, second)
    assert found_in(marked) == set()
    assert version(marked, 2).content == later.content
    assert marked.browser(marked.a).ask("GET", f"{marked.url}/versioner/2/hamta/txt").status_code == 200
    assert marked.browser(marked.a).ask("GET", f"{marked.url}/versioner/1/hamta/txt").status_code == 410
    with marked.database.reading() as session:
        assert session.get_one(Compared, marked.id).version == 2
        assert {each.id: each.withheld for each in listed(session, marked.a)}[marked.id] is False
    assert marked.stands("area/E/narrative") == "Utan det."


def test_what_stands_in_a_draft_is_left_to_those_who_write_it(marked: Visit, second: Viewer) -> None:
    corrected(marked)
    withheld(marked, second)
    assert found_in(marked) == set()
    assert (marked.stands("area/E/narrative"), marked.stands("front/place")) == ("Utan det.", "Exempelstad")
    signed(marked)
    with marked.database.reading() as session:
        assert session.get_one(Compared, marked.id).version == 2


def test_a_changed_grade_that_is_taken_back_does_not_bring_the_withheld_text_back(
    marked: Visit, second: Viewer
) -> None:
    change = {"because": "revisit", "changes": [regrading.Change("E", "B")], "day": audit.now().date()}
    with marked.database.writing() as session:
        regrading.regrade(session, by=marked.a, inspection=marked.id, **change)
    withheld(marked, second)
    with marked.database.writing() as session:
        regrading.let_stand(session, by=marked.a, inspection=marked.id, area="E")
        row = session.get_one(InspectionRow, marked.id)
        assert (row.state, row.version) == ("draft", 2)  # what stands in it is theirs to mend, and to sign
    assert marked.browser(marked.a).ask("GET", f"{marked.url}/versioner/1/visa").status_code == 410


def test_a_correction_starts_from_what_is_left_and_counts_again(marked: Visit, second: Viewer) -> None:
    withheld(marked, second)
    change = {"because": "revisit", "changes": [regrading.Change("E", "B")], "day": audit.now().date()}
    with marked.database.writing() as session, pytest.raises(Stale):
        regrading.regrade(session, by=marked.a, inspection=marked.id, **change)
    with marked.database.writing() as session:
        actions.correct(session, by=marked.a, inspection=marked.id, cause="Skriven på nytt.")
    assert (marked.stands("area/E/narrative"), marked.stands("front/place")) == (None, "Exempelstad")
    marked.finish()
    signed(marked)
    with marked.database.reading() as session:
        assert session.get_one(Compared, marked.id).version == 2
        assert {each.id: each.withheld for each in listed(session, marked.a)}[marked.id] is False
    assert found_in(marked) == set()


def test_the_next_inspection_of_the_unit_is_told_nothing_of_it(marked: Visit, second: Viewer) -> None:
    with marked.database.writing() as session:
        id = an_inspection(session, marked.place, marked.office, marked.a)
        next_one = session.get_one(InspectionRow, id)

        def before(session: Session) -> str | None:
            found = earlier(session, session.get_one(InspectionRow, next_one.id))
            return found.version.inspection if found else None

        first = before(session)
    withheld(marked, second)
    with marked.database.reading() as session:
        assert first is not None
        assert before(session) != marked.id
