"""Attachments: added once however often they are sent, seen by the inspectors alone, taken away, brought back, erased."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response
from sqlmodel import col, select

from app import audit
from app.accounts.viewer import Viewer
from app.errors import NoRoom
from app.ids import new_id
from app.inspections import actions, attaching
from app.inspections.models import Attachment
from app.papers import kinds, storage
from app.papers.kinds import JPEG, PDF
from app.papers.storage import Folder
from tests.forms import Page
from tests.inspections.conftest import Visit
from tests.papers import files

PICTURE = files.picture()
EVERY_PAGE = ("", "/omraden/E", "/iakttagelser", "/rapport", "/olika", "/framsida", "/underlag")


@pytest.fixture
def folder(visit: Visit) -> Folder:
    found: Folder = visit.client.app.state.storage  # type: ignore[attr-defined]
    return found


@pytest.fixture
def stored(folder: Folder) -> Callable[[], set[str]]:
    """The names of what has been stored since the test began."""

    def now() -> set[str]:
        return {path.name for path in folder.folder.rglob("*") if path.is_file()}

    before = now()
    return lambda: now() - before


def put(
    visit: Visit, by: Viewer, content: bytes = PICTURE, *, id: str = "", about: str = "E-F1", name: str = ""
) -> Response:
    """As a device sends it."""
    where = f"/api/inspections/{visit.id}/attachments/{id or new_id()}"
    kind = {"content-type": "application/octet-stream", "accept": "application/json"}
    called = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"} if name else {}
    return visit.browser(by).ask("PUT", where, kind | called, content=content, params={"about": about})


def form(visit: Visit, by: Viewer, content: bytes, name: str, **typed: str) -> Page:
    """As the page sends it, without script."""
    browser = visit.browser(by)
    opened = browser.open(f"{visit.url}/underlag")
    sent = {"whose": by.id, "sheet": opened.value("sheet"), "om": "", "namn": "", **typed}
    given = {"fil": (name, content, "text/html")}  # what its sender calls it says nothing
    return browser._follow(
        f"{visit.url}/underlag", browser.ask("POST", f"{visit.url}/underlag", data=sent, files=given)
    )


def rows(visit: Visit) -> list[Attachment]:
    with visit.database.reading() as session:
        query = select(Attachment).where(Attachment.inspection == visit.id).order_by(col(Attachment.received))
        return list(session.exec(query))


def events(visit: Visit) -> list[tuple[str, dict[str, Any]]]:
    with visit.database.reading() as session:
        found = audit.history(session, visit.id)
        return [(each.action, each.details) for each in found if each.action.startswith("attachment:")]


def test_a_picture_is_kept_and_answered_alike_when_it_is_sent_again(visit: Visit, folder: Folder, stored: Any) -> None:
    id = new_id()
    answers = [put(visit, visit.a, id=id, name="Köket.png") for _ in range(3)]
    assert [each.status_code for each in answers] == [200] * 3
    [row] = rows(visit)
    told = {"id": id, "about": "E-F1", "title": "Köket", "type": JPEG, "size": row.size}
    assert [each.json() for each in answers] == [told] * 3
    assert stored() == {row.file, row.preview}
    assert len(folder.get(row.file) or b"") == row.size
    assert id not in stored()
    assert events(visit) == [("attachment:added", {"attachment": id, "type": JPEG, "size": row.size})]


def test_a_page_of_an_earlier_edition_says_the_name_in_the_address_and_loses_nothing(visit: Visit) -> None:
    where = f"/api/inspections/{visit.id}/attachments/{new_id()}"
    kind = {"content-type": "application/octet-stream", "accept": "application/json"}
    sent = {"content": PICTURE, "params": {"about": "E-F1", "name": "Köket å la carte.png"}}
    answer = visit.browser(visit.a).ask("PUT", where, kind, **sent)
    assert (answer.status_code, answer.json()["title"]) == (200, "Köket å la carte")


def test_other_bytes_another_person_or_another_inspection_under_the_same_id_is_refused(
    visit: Visit, stored: Any
) -> None:
    id = new_id()
    put(visit, visit.a, id=id)
    other = put(visit, visit.a, files.picture(90, 90), id=id)
    assert (other.status_code, other.json()["error"]["told"]) == (422, attaching.ANOTHER)
    assert put(visit, visit.b, id=id).status_code == 422
    assert len(rows(visit)) == 1
    assert len(stored()) == 2


def test_two_at_once_under_one_id_leave_one(
    visit: Visit, folder: Folder, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = attaching.Sent(new_id(), "", "", PICTURE)

    def attach() -> Attachment:
        return attaching.attach(visit.database, by=visit.a, inspection=visit.id, sent=sent, storage=folder)

    real, others = attaching.paper, []

    def meanwhile(content: bytes) -> kinds.Paper:
        monkeypatch.setattr(attaching, "paper", real)
        others.append(attach())
        return real(content)

    monkeypatch.setattr(attaching, "paper", meanwhile)
    assert attach().file == others[0].file
    assert stored() == {others[0].file, others[0].preview}


@pytest.mark.parametrize(
    ("content", "about", "told"),
    [
        (b"<script>", "", kinds.UNKNOWN),
        (files.bomb(), "", kinds.SWELLS),
        (files.jpeg_of(10_000, 10_000), "", "Bilden är för stor: den har fler än 40 miljoner bildpunkter."),
        (PICTURE, "X-F99", attaching.NOWHERE),
        (PICTURE, "area/Ö", attaching.NOWHERE),
    ],
)
def test_what_is_refused_leaves_nothing(visit: Visit, stored: Any, content: bytes, about: str, told: str) -> None:
    answer = put(visit, visit.a, content, about=about)
    assert answer.status_code == 422
    assert answer.json()["error"]["told"].startswith(told)
    assert rows(visit) == []
    assert stored() == set()


def test_a_file_that_is_too_large_is_413_on_both_ways_in(visit: Visit, stored: Any) -> None:
    large = files.PDF[:-6] + b" " * kinds.MOST_BYTES + b"%%EOF\n"
    assert put(visit, visit.a, large).status_code == 413
    answer = form(visit, visit.a, large, "stor.pdf")
    assert (answer.status, kinds.TOO_LARGE in answer.said) == (422, True)
    assert put(visit, visit.a, large * 2).status_code == 413
    assert stored() == set()


def test_a_full_disk_is_told_and_leaves_neither_row_nor_file(
    visit: Visit, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, count = storage._written, []

    def full_at_the_second(file: Path, content: bytes) -> None:
        count.append(file)
        if len(count) == 2:
            raise OSError(28, "No space left on device")
        real(file, content)

    monkeypatch.setattr(storage, "_written", full_at_the_second)
    id = new_id()
    answer = put(visit, visit.a, id=id)
    assert (answer.status_code, answer.json()["error"]["told"]) == (NoRoom.status, storage.FULL)
    assert rows(visit) == []
    assert stored() == set()
    monkeypatch.undo()
    assert put(visit, visit.a, id=id).status_code == 200  # the device tries again, by the same id


def test_a_commit_that_fails_leaves_no_file(visit: Visit, stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(attaching, "_record", dies)
    assert put(visit, visit.a).status_code == 500
    assert stored() == set()


def test_two_hundred_are_the_most(visit: Visit, stored: Any) -> None:
    with visit.database.writing() as session:
        for _ in range(attaching.MOST):
            about = {"sha256": "0" * 64, "by": visit.a.id, "received": audit.now(), "type": PDF, "title": "x"}
            session.add(Attachment(id=new_id(), inspection=visit.id, **about))
    answer = put(visit, visit.a)
    assert (answer.status_code, answer.json()["error"]["told"]) == (422, attaching.FULL)
    assert stored() == set()


def test_what_comes_from_who_has_handed_over_is_kept(visit: Visit) -> None:
    with visit.database.writing() as session:
        actions.staff(session, by=visit.office, inspection=visit.id, inspectors=[visit.b.id])
    assert put(visit, visit.a).status_code == 200
    assert visit.open(visit.a, "/underlag").status == 404  # and is no longer theirs to see
    assert len(rows(visit)) == 1


def test_what_comes_after_signing_is_kept_and_changes_nothing_that_was_signed(visit: Visit) -> None:
    visit.finish()
    visit.sign()
    before = visit.hash()
    assert put(visit, visit.a).status_code == 200
    assert visit.hash() == before
    assert "Underlag (1)" in visit.open(visit.b, "/omraden/E").said


def test_the_page_adds_a_file_without_script_and_by_what_is_in_it(visit: Visit) -> None:
    answer = form(visit, visit.a, files.PDF, "../hemligt/Lokal riktlinje.html", om="area/E")
    assert answer.status == 200
    assert "Lokal riktlinje" in answer.said
    assert "hemligt" not in answer.text
    [row] = rows(visit)
    assert (row.type, row.about, row.title) == (PDF, "area/E", "Lokal riktlinje.html")
    refused = form(visit, visit.a, b"<script>", "bild.jpg", namn="Enkät")
    assert refused.status == 422
    assert refused.said.count(kinds.UNKNOWN) == 2
    assert refused.value("namn") == "Enkät"
    assert form(visit, visit.a, b"", "").said.count("Välj filen som ska läggas till.") == 2
    assert len(rows(visit)) == 1


def test_the_same_form_sent_twice_adds_one(visit: Visit) -> None:
    sheet = new_id()
    for _ in range(2):
        form(visit, visit.a, files.PDF, "a.pdf", sheet=sheet)
    form(visit, visit.a, files.DOCX, "b.docx", sheet=sheet)
    assert [row.title for row in rows(visit)] == ["a", "b"]


def test_a_file_is_fetched_as_a_download_in_a_sandbox_of_its_own(visit: Visit) -> None:
    id = new_id()
    put(visit, visit.a, files.PDF, id=id, name='Enkät "våren".pdf')
    answer = visit.browser(visit.b).ask("GET", f"{visit.url}/underlag/{id}")
    assert answer.content == files.PDF
    wanted = {
        "content-type": PDF,
        "content-disposition": "attachment; filename=\"Enkat -varen-.pdf\"; filename*=UTF-8''Enk%C3%A4t%20-v%C3%A5ren-.pdf",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    assert {name: answer.headers[name] for name in wanted} == wanted
    assert visit.browser(visit.b).ask("GET", f"{visit.url}/underlag/{id}/bild").status_code == 404  # it is no picture


def test_a_small_picture_is_shown_as_exactly_what_it_is(visit: Visit) -> None:
    id = new_id()
    put(visit, visit.a, files.photo(), id=id)
    answer = visit.browser(visit.b).ask("GET", f"{visit.url}/underlag/{id}/bild")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert files.PLACE not in answer.content
    assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == (JPEG, "nosniff")
    assert "content-disposition" not in answer.headers


def test_it_stands_beside_the_criterion_that_it_is_about(visit: Visit) -> None:
    put(visit, visit.a, about="E-F1", name="Köket")
    put(visit, visit.a, files.PDF, about="area/E", name="Rutin")
    shown = visit.open(visit.b, "/omraden/E").tree
    [beside] = shown.xpath("//*[@id='bilagor-E-F1']")
    assert "Köket" in beside.text_content()
    assert "Rutin" in shown.xpath("//*[@id='bilagor-area/E']")[0].text_content()
    assert not shown.xpath("//*[@id='bilagor-E-F2']//a")
    assert "Underlag (1)" in re.sub(r"\s+", " ", shown.xpath("//*[@id='E-F1']")[0].text_content())
    assert "Köket" not in visit.open(visit.b, "/omraden/F").text


def test_nobody_but_the_inspectors_learns_of_it(visit: Visit) -> None:
    id = new_id()
    put(visit, visit.a, id=id, name="Hemligheten")
    for page in EVERY_PAGE:
        shown = visit.open(visit.office, page)
        assert "Hemligheten" not in shown.text, page
        assert "Underlag" not in shown.text, page
        assert shown.status == (404 if page == "/underlag" else 200), page
    assert put(visit, visit.office).status_code == 404
    for method, path in (("GET", id), ("GET", f"{id}/bild"), ("POST", id)):
        assert visit.browser(visit.office).ask(method, f"{visit.url}/underlag/{path}").status_code == 404
    assert "Hemligheten" not in visit.browser(visit.a).ask("GET", f"/api/inspections/{visit.id}").text


def test_one_of_another_inspection_is_not_there(visit: Visit, site: Visit) -> None:
    id = new_id()
    put(site, site.a, id=id)
    assert visit.browser(visit.a).ask("GET", f"{visit.url}/underlag/{id}").status_code == 404


def test_what_is_taken_away_can_be_brought_back(visit: Visit) -> None:
    id = new_id()
    put(visit, visit.a, id=id, name="Köket")
    listed = visit.open(visit.b, "/underlag")
    away = listed.submit(button=("gor", "bort"))
    assert "Borttaget" in away.said
    assert "Köket" not in visit.open(visit.a, "/omraden/E").text
    back = away.submit(button=("gor", "tillbaka"))
    assert "Borttaget" not in back.said
    assert "Köket" in visit.open(visit.a, "/omraden/E").text
    assert [action for action, _ in events(visit)][1:] == ["attachment:taken_away", "attachment:brought_back"]


def test_what_is_erased_leaves_a_hash_and_why_and_what_is_kept_with_the_case_stays(
    visit: Visit, folder: Folder, stored: Any
) -> None:
    ids = {name: new_id() for name in ("erased", "kept", "kept but taken away")}
    for name, id in ids.items():
        put(visit, visit.a, id=id, name=name)
        browser = visit.browser(visit.a)
        for does in {"kept": ["behall"], "kept but taken away": ["behall", "bort"]}.get(name, []):
            browser.ask("POST", f"{visit.url}/underlag/{id}", data={"gor": does, "whose": visit.a.id})
    assert attaching.erase_papers(visit.database, folder, inspection=visit.id) == 2
    assert attaching.erase_papers(visit.database, folder, inspection=visit.id) == 0
    left = {row.id: row for row in rows(visit)}
    kept, gone = left[ids["kept"]], left[ids["erased"]]
    assert stored() == {kept.file, kept.preview}
    bare = {"about": "", "title": "", "type": "", "size": 0, "file": "", "preview": "", "erased": "time"}
    assert {name: getattr(gone, name) for name in bare} == bare
    assert gone.sha256 == attaching.Sent("", "", "", PICTURE).sha256
    assert visit.browser(visit.a).ask("GET", f"{visit.url}/underlag/{gone.id}").status_code == 404
    said = visit.open(visit.a, "/underlag").said
    assert ("kept" in said, "taken away" in said, "erased" in said) == (True, False, False)
    erased = [details for action, details in events(visit) if action == "attachment:erased"]
    assert {each["attachment"] for each in erased} == {ids["erased"], ids["kept but taken away"]}
    assert {each["why"] for each in erased} == {"time"}
    assert put(visit, visit.a, id=gone.id).status_code == 200  # a device that never heard the answer lets go of it
    assert len(stored()) == 2


def test_a_file_that_the_disk_has_lost_is_told_of(visit: Visit, folder: Folder) -> None:
    id = new_id()
    put(visit, visit.a, id=id)
    folder.remove(rows(visit)[0].file)
    answer = visit.browser(visit.a).open(f"{visit.url}/underlag/{id}")
    assert (answer.status, "Filen finns inte kvar på servern." in answer.said) == (404, True)


def test_no_event_tells_what_anybody_wrote(visit: Visit) -> None:
    put(visit, visit.a, name="Köket hos Kim")
    assert "Köket" not in str(events(visit))


# ── What nobody asks for any more ─────────────────────────────────────────────────────────

# The server's own steps, on its own database and folder, until it dies: at a file's first byte, or before its row.
DIES = """
import os, sys
from app.db import Database
from app.accounts.viewer import Viewer
from app.accounts.roles import Held, Role
from app.inspections import attaching
from app.papers import storage
from pathlib import Path

url, folder, inspection, person, speciality, id, at = sys.argv[1:]
by = Viewer(person, "", (Held(Role.INSPECTOR, speciality=speciality),))
picture = sys.stdin.buffer.read()
if at == "writing":
    Path.replace = lambda *_: os._exit(9)
else:
    attaching._added = lambda *_: os._exit(9)
sent = attaching.Sent(id, "E-F1", "", picture)
attaching.attach(Database(url), by=by, inspection=inspection, sent=sent, storage=storage.Folder(Path(folder)))
"""


@pytest.mark.parametrize(("dies", "files"), [("writing", 1), ("before the row", 2)])
def test_files_of_a_server_that_died_before_their_row_are_swept_up_after_a_day(
    visit: Visit, folder: Folder, stored: Callable[[], set[str]], dies: str, files: int
) -> None:
    assert put(visit, visit.a).status_code == 200
    kept, id = stored(), new_id()
    at = [visit.database.url, str(folder.folder), visit.id, visit.a.id, visit.place.speciality, id, dies]
    died = subprocess.run([sys.executable, "-c", DIES, *at], input=PICTURE, check=False)
    assert died.returncode == 9
    assert len(stored() - kept) == files
    assert attaching.strays(visit.database, folder, now=audit.now()) == []  # it may still get its row
    later = audit.now() + timedelta(days=1, seconds=2)
    left = attaching.strays(visit.database, folder, now=later)
    assert set(left) >= {name.removesuffix(".part") for name in stored() - kept}
    assert not kept & set(left)
    attaching.sweep_strays(visit.database, folder, left)
    assert stored() == kept
    assert attaching.strays(visit.database, folder, now=later) == []
    assert put(visit, visit.a, id=id).status_code == 200  # and the device, which was never answered, sends it again
