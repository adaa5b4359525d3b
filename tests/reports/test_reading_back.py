"""Every format holds the same content in the same order: the real report, hostile texts, an empty draft, the protocol."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import boxes
import docx_text
import golden
import pikepdf
import pytest
from lxml import html

from app.inspections import disk, file
from app.inspections.protocol import protocol
from app.inspections.report import report
from reports.blocks import Document
from reports.formats import FORMATS, write
from reports.pdf_text import printable
from reports.shown import each_text
from reports.shown import shown as showable
from rubrics.library import Library
from tests.paths import CASES, DEMO, GOLDEN, KALMAR
from tests.reports.reading import folded, missing_in_order, shown
from tests.tools import by_poppler

LIBRARY = Library([CASES / "rubrics"])

HOSTILE = (
    "emoji 🙂👩‍👩‍👧‍👦 höger-till-vänster \u202eabc\u202c שלום مرحبا kombinerat e\u0301 a\u030a\u0323 CRLF\r\nrad\rtab\tslut "
    "NUL \0 BEL \x07 C1 \x9f ensam \ud800 icketecken \ufffe \uffff BOM \ufeff Words symboler \uf0b7\uf0a7 kinesiska 中文字 "
    '<script>alert(1)</script> {{ 7*7 }} #import "x" *fet* _kursiv_ $x^2$ @ref =cmd() </w:t> & ]]> \\ `kod` \u2028 '
)
LONG = "W" * 20_000


def _report(path: Path) -> Document:
    inspection = disk.read(path)[1]
    return report(inspection, LIBRARY.rubric(inspection.rubric))


def _made(folder: Path, **content: object) -> Document:
    path = folder / "made.inspection.yaml"
    unit = {"region": "Region Exempel", "clinic": "Kliniken"}
    base = {"format": "inspection/1", "rubric": "st-spur/2015-8@1", "unit": unit, "specialty": "Internmedicin"}
    path.write_text(json.dumps({**base, **content}), "utf-8")
    return _report(path)


def _hostile(folder: Path, text: str, clinic: str = "Kliniken") -> Document:
    area = {"narrative": f"{text}\n\n{text}", "grade": "D", "regrades": [{"grade": "C", "because": "plan"}]}
    return _made(
        folder,
        unit={"region": text, "clinic": clinic, "hospital": clinic},
        specialty=clinic,
        place=text,
        inspectors=[text, text, text],
        findings=[{"kind": kind, "text": text} for kind in ("strength", "weakness", "improvement")],
        areas={"A": {"narrative": text, "grade": "D"}, "E": area},
        plan={"title": text, "unit_line": text, "areas": {"E": text}},
    )


DOCUMENTS = {
    "Kalmar": lambda folder: _report(KALMAR),
    "the demonstration": lambda folder: _report(DEMO),
    "an empty draft": lambda folder: _made(folder, state="draft"),
    "hostile texts": lambda folder: _hostile(folder, HOSTILE),
    "20,000 characters without a space": lambda folder: _made(folder, areas={"A": {"narrative": LONG}}, findings=[{"kind": "weakness", "text": LONG}]),
    "areas without letters": lambda folder: _made(folder, rubric="at-exempel/tre-steg@1", areas={"utbildningsklimat": {"grade": "B"}}),
    "points without a ladder": lambda folder: _made(folder, rubric="poang/noll-till-tre@1", areas={"allsidighet": {"grade": "0"}}),
    "themes in Danish": lambda folder: _made(folder, rubric="tema/dansk@2", areas={"introduktion": {"grade": "2"}}),
    "the blank protocol": lambda folder: protocol(LIBRARY.rubric("st-spur/2015-8")),
    "the blank protocol of themes": lambda folder: protocol(LIBRARY.rubric("tema/dansk")),
}  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_content_in_the_same_order(tmp_path: Path, name: str, format: str) -> None:
    document = DOCUMENTS[name](tmp_path)
    text = shown(write(document, format), format, document)
    asked = each_text(document, showable)
    if format == "pdf":  # what its own fonts lack is shown as a number there, and only there
        asked = each_text(asked, printable)
    assert missing_in_order(asked, text) is None


def test_hostile_texts_are_shown_and_never_run(tmp_path: Path) -> None:
    document = _hostile(tmp_path, HOSTILE, clinic=HOSTILE)
    for format in FORMATS:
        text = shown(write(document, format), format, document)
        for part in (
            "<script>alert(1)</script>",
            "{{ 7*7 }}",
            '#import "x"',
            "*fet*",
            "$x^2$",
            "=cmd()",
            "</w:t> & ]]> \\",
        ):
            assert folded(part) in text, (format, part)
        for part in ("□U+0000", "□U+0007", "□U+009F", "□U+D800", "□U+FFFE", "□U+FFFF"):
            assert part in text, (format, part)


# ── The real report ───────────────────────────────────────────────────────────────────────


def test_the_kalmar_report_stands_word_for_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "kalmar.docx"
    out.write_bytes(write(_report(KALMAR), "docx"))
    assert golden.main(str(out), str(GOLDEN / "kalmar-2021.txt")) == 0
    assert capsys.readouterr().out.strip() == "176 of 176 lines stand"
    ticked = [(area, text[:2]) for state, area, text in boxes.boxes(str(out)) if state]
    assert ticked == [("D", "C."), ("E", "C.")]
    assert len(boxes.boxes(str(out))) == 26


def _ticked(made: bytes, format: str) -> list[bool]:
    """The boxes of every grade in order, as what is seen or read aloud tells them."""
    match format:
        case "docx":
            return [state for state, _, _ in boxes.boxes(io.BytesIO(made))]
        case "pdf":
            with pikepdf.open(io.BytesIO(made)) as pdf:
                spoken = [str(node.Alt) for node in _structure(pdf.Root.StructTreeRoot) if "/Alt" in node]
            return [name.endswith(", Vald") for name in spoken if ": gradering " in name]
        case "html":
            drawn = html.document_fromstring(made.decode()).xpath("//*[@class='choice']//*[contains(@class, 'box')]")
            return [box.get("class") == "box ticked" for box in drawn]
        case _:
            return [mark == "x" for mark in re.findall(r"^\[([ x])\] [A-D]\.", made.decode(), re.MULTILINE)]


def _structure(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    if isinstance(node, pikepdf.Dictionary):
        yield node
        children = node.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            yield from _structure(child)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("path", [KALMAR, DEMO], ids=["Kalmar", "demo"])
def test_exactly_the_standing_grades_are_ticked(path: Path, format: str) -> None:
    inspection = disk.read(path)[1]
    rubric = LIBRARY.rubric(inspection.rubric)
    standing = [grade == inspection.review(area.id).standing for area in rubric.areas for grade in area.offered]
    assert _ticked(write(_report(path), format), format) == standing
    assert sum(standing) == (2 if path == KALMAR else 8)


def test_another_reader_finds_the_golden_lines_in_the_pdf() -> None:
    text = folded(by_poppler(write(_report(KALMAR), "pdf")))
    lines = [folded(line.removeprefix("- ")) for line in (GOLDEN / "kalmar-2021.txt").read_text("utf-8").split("\n")]
    assert [line for line in lines if line[:60] not in text] == []


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_holds_the_golden_lines_in_their_order(format: str) -> None:
    document = _report(KALMAR)
    text = shown(write(document, format), format, document)
    at = text.rindex(folded("Styrkor"), 0, text.index(folded("Allsidig internmedicinsk verksamhet")))
    for line in (GOLDEN / "kalmar-2021.txt").read_text("utf-8").split("\n"):
        wanted = folded(line.removeprefix("- "))
        assert wanted in text[at:], line
        at = text.index(wanted, at) + len(wanted)


def test_the_plan_stands_as_an_appendix_after_the_last_grade(tmp_path: Path) -> None:
    inspection = disk.read(KALMAR)[1]
    out = tmp_path / "kalmar.docx"
    out.write_bytes(write(_report(KALMAR), "docx"))
    lines = docx_text.paragraphs(str(out))
    start = max(i for i, line in enumerate(lines) if line.startswith("Bilaga. Skriftlig handlingsplan"))
    assert "Åtgärder krävs." in lines[start - 1]
    assert inspection.plan is not None
    told = [part for text in inspection.plan.areas.values() for part in file.paragraphs(text)]
    assert [line for line in lines[start:] if line in told] == told


def test_what_is_for_inspectors_and_office_alone_is_never_printed(tmp_path: Path) -> None:
    secret = "hemligt-7f3a"
    area = {"narrative": "x", "comments": {"E-F1": secret}, "grade": "A", "grade_reason": secret}
    document = _made(tmp_path, areas={"E": area})
    for format in FORMATS:
        assert secret.replace("-", "") not in shown(write(document, format), format, document)
    assert secret not in repr(document)
