"""In and out, without script: a file taken in, the report previewed, signed, corrected and fetched."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import golden  # type: ignore[import-not-found]
import pypdfium2
import pytest
from sqlmodel import func, select

from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.ids import new_id
from app.inspections import queries
from app.inspections.models import InspectionRow
from app.inspections.reading import Reading
from tests.factories import a_person
from tests.forms import Page
from tests.inspections.conftest import SECRET, Visit
from tests.paths import KALMAR

IMPORT = "/inspektioner/importera"
KALMAR_YAML = KALMAR.read_bytes()


def _file(visit: Visit, data: bytes | None, *inspectors: str) -> Page:
    """Sends the import's form with a file, or without."""
    unit = f"{visit.place.clinic}:{visit.place.speciality}"
    page = visit.browser(visit.office).open(f"{IMPORT}?enhet={unit}")
    chosen = list(inspectors or (visit.a.id, visit.b.id))
    files = {"fil": ("kalmar.inspection.yaml" if data is not None else "", data or b"")}
    answer = page.person.ask("POST", IMPORT, data={"enhet": unit, "inspektor": chosen}, files=files)
    return page.person.open(answer.headers["location"]) if answer.status_code == 303 else replace(page, answer=answer)


def _count(visit: Visit) -> int:
    with visit.database.reading() as session:
        return session.exec(select(func.count()).select_from(InspectionRow)).one()


def _kalmar(visit: Visit) -> Visit:
    return replace(visit, id=_file(visit, KALMAR_YAML).url.rsplit("/")[-1])


# ── In ────────────────────────────────────────────────────────────────────────────────────


def test_the_real_report_is_taken_in_signed_by_two_and_says_every_line(visit: Visit, tmp_path: Path) -> None:
    kalmar = _kalmar(visit)
    for by in (visit.a, visit.b):
        signed = kalmar.open(by, "/rapport").submit()
        assert signed.status == 200
    assert signed.url == f"{kalmar.url}/versioner/1"
    report = tmp_path / "report.docx"
    report.write_bytes(visit.browser(visit.a).ask("GET", f"{signed.url}/hamta/docx").content)
    assert golden.main(str(report), str(golden.KALMAR)) == 0


WRONG: dict[str, tuple[Callable[[bytes], bytes | None], str]] = {
    "broken YAML": (lambda data: data + b"\n  : [", "filen:"),
    "an unknown rubric": (
        lambda data: data.replace(b"st-spur/2015-8@1", b"st-spur/1999@1"),
        "granskningsmodellen finns inte",
    ),
    "a rubric from elsewhere": (lambda data: data.replace(b"st-spur/2015-8@1", b"../../etc@1"), "rubric"),
    "a criterion that is not there": (
        lambda data: (
            data + b"\n"
            if b"E-F99" in data
            else data.replace(b"findings:\n", b"findings:\n  - {kind: strength, text: x, criteria: [E-F99]}\n")
        ),
        "E-F99 finns inte",
    ),
    "not UTF-8": (lambda data: data.decode().encode("utf-16"), "UTF-8"),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "filen"),
    "nothing in it": (lambda _: b"", "filen"),
    "no file": (lambda _: None, "Välj filen som ska läsas in."),
    "more than 1 MB": (lambda data: data + b"# " + b"x" * 1_000_000, "1 MB"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_with_errors_is_told_line_by_line_and_nothing_is_written(visit: Visit, case: str) -> None:
    make, told = WRONG[case]
    before = _count(visit)
    back = _file(visit, make(KALMAR_YAML), visit.b.id)
    assert (back.status, back.title[:17]) == (422, "1 sak att rätta: ")
    assert back.tree.xpath("//*[@role='alert']//li/a/@href") == ["#fil"]
    assert told in back.said
    assert back.tree.xpath("//input[@name='inspektor'][@checked]/@value") == [visit.b.id]
    assert _count(visit) == before


def test_a_file_larger_than_the_door_is_413(visit: Visit) -> None:
    before = _count(visit)
    back = _file(visit, KALMAR_YAML + b"#" * 2_000_000)
    assert (back.status, "större än vad som går att ta emot" in back.said) == (413, True)
    assert _count(visit) == before


def test_a_draft_fetched_as_a_file_reads_back_equal(visit: Visit) -> None:
    kalmar = _kalmar(visit)
    kalmar.put("criterion/E-F1/comment", f" {SECRET}\n\n: - #\t🙂 \n")
    kalmar.put("area/E/narrative", "null")
    text = kalmar.browser(visit.a).ask("GET", f"{kalmar.url}/fil").content
    again = replace(visit, id=_file(visit, text).url.rsplit("/")[-1])
    with visit.database.reading() as session:
        first, second = (Reading(session, queries.find(session, each.id).row).content() for each in (kalmar, again))
    assert first == second
    assert first.review("E").comments["E-F1"] == f" {SECRET}\n\n: - #\t🙂 "
    assert SECRET.encode() not in visit.browser(_coordinator(visit)).ask("GET", f"{kalmar.url}/fil").content


def _coordinator(visit: Visit) -> Viewer:
    with visit.database.writing() as session:
        return a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=visit.place.speciality))


# ── Signing and correcting ────────────────────────────────────────────────────────────────


def test_what_is_owed_stands_on_top_of_the_page_with_the_way_there(visit: Visit) -> None:
    page = visit.open(visit.a, "/rapport")
    back = page.submit()
    assert (back.status, back.title[:20]) == (422, "10 saker att rätta: ")
    links = back.tree.xpath("//*[@role='alert']//li/a/@href")
    assert f"{visit.url}/framsida#front/place" in links
    for link in links:
        path, _, anchor = link.partition("#")
        assert visit.browser(visit.a).open(path).tree.xpath(f"//*[@id='{anchor}']"), link


def test_who_read_yesterdays_text_reads_again_before_signing(visit: Visit) -> None:
    visit.finish()
    yesterday = visit.open(visit.a, "/rapport")
    visit.put("area/E/narrative", "Ändrat i natt.", visit.b)
    back = yesterday.submit()
    assert (back.status, "ändrat i rapporten sedan du läste den" in back.said) == (409, True)
    assert "Alva Exempel: har inte fastställt än" in back.said
    assert "Alva Exempel: har fastställt" in back.submit().said


def test_a_correction_is_a_new_version_beside_the_old_with_its_cause(visit: Visit) -> None:
    visit.finish()
    visit.sign()
    page = visit.open(visit.a, "/rapport")
    back = page.submit({"cause": " "})
    assert (back.status, back.title[:17]) == (422, "1 sak att rätta: ")
    long = back.submit({"cause": "å" * 20_001})
    assert (long.status, long.value("cause")) == (422, "å" * 20_001)
    opened = long.submit({"cause": "Ett ord var fel."})
    assert (opened.url, "Ni arbetar med version 2" in opened.said) == (visit.url, True)
    assert page.submit({"cause": "En gång till."}).status == 409
    visit.put("area/E/narrative", "Det är bra.")
    for by in (visit.a, visit.b):
        last = visit.open(by, "/rapport").submit()
    assert last.url == f"{visit.url}/versioner/2"
    assert "Ny version därför att: Ett ord var fel." in last.said
    first = visit.open(visit.a, "/versioner/1")
    assert "Den är ersatt av version 2." in first.said
    person = visit.browser(visit.a)
    texts = [person.ask("GET", f"{visit.url}/versioner/{n}/hamta/txt").text for n in (1, 2)]
    assert ["Det är gott." in texts[0], "Det är bra." in texts[1]] == [True, True]


def test_a_signed_report_takes_nothing_from_its_pages(visit: Visit) -> None:
    visit.finish()
    finding = f"finding/{new_id()}"
    visit.put(f"{finding}/text", "Gott.")
    visit.put(f"{finding}/kind", "strength")
    forms = [visit.open(visit.a, page) for page in ("/framsida", "/iakttagelser")]
    visit.sign()
    typed = [{"front/place": "Annanstans"}, {"text": "Nytt.", "kind": "strength"}]
    for page, each in zip(forms, typed, strict=True):
        told = page.submit(each, ("add", "one") if "text" in each else None)
        assert (told.status, "Öppna en rättelse under Rapport." in told.said) == (409, True)
    assert visit.stands("front/place") == "Exempelstad"
    for page in ("/framsida", "/iakttagelser", "/omraden/E"):
        left = visit.open(visit.a, page).tree.xpath("//main//button[@type='submit'] | //*[@class='dock']//button")
        assert left == [], page
    assert visit.open(visit.office, "/inspektorer").submit({"inspektor": [visit.a.id]}).status == 409


# ── Out ───────────────────────────────────────────────────────────────────────────────────


def _reader(visit: Visit) -> Viewer:
    with visit.database.writing() as session:
        return a_person(session, "Kim Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=visit.place.clinic))


def test_what_the_clinic_fetches_is_what_was_stored_and_holds_nothing_private(visit: Visit) -> None:
    visit.finish()
    visit.sign()
    reader = visit.browser(_reader(visit))
    page = reader.open(f"{visit.url}/versioner/1")
    hashes = re.findall(r"SHA-256: ([0-9a-f]{64})", page.said)
    links = [each for each in page.tree.xpath("//a/@href") if "/hamta/" in each]
    assert [each.rsplit("/")[-1] for each in links] == ["docx", "pdf", "html", "txt", "open.json"]
    for link, hash in zip(links, hashes, strict=True):
        answer = reader.ask("GET", link)
        assert hashlib.sha256(answer.content).hexdigest() == hash
        assert SECRET not in _text(link.rsplit("/")[-1], answer.content)
    assert json.loads(answer.content)["areas"]["E"] == {"narrative": "Det är gott.", "grade": "A"}
    assert reader.ask("GET", f"{visit.url}/versioner/1/hamta/json").status_code == 404
    assert SECRET in visit.browser(visit.a).ask("GET", f"{visit.url}/versioner/1/hamta/json").text


def _text(format: str, data: bytes) -> str:
    """All that a file says; of a PDF and a Word file not only its bytes, which are packed."""
    if format == "pdf":
        return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    if format == "docx":
        with ZipFile(BytesIO(data)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return data.decode("utf-8", "replace")


DOWNLOADS = {
    "/versioner/1/hamta/docx": "docx",
    "/versioner/1/hamta/pdf": "pdf",
    "/versioner/1/hamta/html": "html",
    "/versioner/1/hamta/txt": "txt",
    "/versioner/1/hamta/json": "inspection.json",
    "/versioner/1/hamta/open.json": "inspection.json",
    "/rapport/hamta/docx": "docx",
    "/rapport/hamta/html": "html",
    "/fil": "inspection.yaml",
}


def test_a_download_is_a_download_and_nothing_to_run(visit: Visit) -> None:
    visit.put("front/clinic", '../"; x\r\nSet-Cookie: a=b')
    visit.finish()
    visit.sign()
    for path, ending in DOWNLOADS.items():
        answer = visit.browser(visit.a).ask("GET", f"{visit.url}{path}")
        assert answer.status_code == 200, path
        name = re.fullmatch(r'attachment; filename="([\w.-]+)"', answer.headers["content-disposition"])
        assert name, path
        assert name[1].endswith(f".{ending}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "no-store" in answer.headers["cache-control"]


def test_a_preview_stands_in_our_frame_alone_and_runs_nothing(visit: Visit) -> None:
    visit.finish()
    visit.sign()
    person = visit.browser(visit.a)
    for path, where in (("/rapport", "/rapport/forhandsvisning"), ("/versioner/1", "/versioner/1/visa")):
        outer, inner = (person.ask("GET", f"{visit.url}{each}") for each in (path, where))
        policy = [each.strip() for each in inner.headers["content-security-policy"].split(";")]
        assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'"} <= set(policy)
        assert inner.headers["x-frame-options"] == "SAMEORIGIN"
        assert "script" not in inner.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in outer.headers["content-security-policy"]
        assert f'src="{visit.url}{where}"' in outer.text
        assert 'sandbox=""' in outer.text
    # Beside an area's text its parts can be exchanged from outside, and that is all.
    beside = person.ask("GET", f"{visit.url}/rapport/bredvid")
    policy = beside.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "sandbox allow-same-origin", "frame-ancestors 'self'"} <= set(policy)
    assert "script" not in beside.headers["content-security-policy"]
    for path in ("", "/omraden/E", "/versioner/1/hamta/html"):
        assert "frame-ancestors 'none'" in person.ask("GET", f"{visit.url}{path}").headers["content-security-policy"]


def test_the_blank_protocol_is_fetched_in_both_formats(visit: Visit) -> None:
    person = visit.browser(visit.a)
    links = [each for each in person.open("/protokoll").tree.xpath("//main//a/@href") if each.startswith("/protokoll/")]
    assert {each.rsplit("/")[-1] for each in links} == {"docx", "pdf"}
    for link in links[:2]:
        answer = person.ask("GET", link)
        assert (answer.status_code, answer.content[:2]) == (200, b"PK" if link.endswith("docx") else b"%P")
    assert person.ask("GET", links[0].replace("docx", "html")).status_code == 404
