"""The Word file, taken apart without the program that made it: what Word and a screen reader would find in it."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date

import boxes
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.inspections import disk
from app.inspections.report import report
from reports import blocks
from reports.blocks import Document
from reports.formats import write
from reports.shown import shown
from rubrics.library import Library
from tests.paths import KALMAR, ROOT
from tests.reports.test_to_html import FORM, HOSTILE, OPTIONS, REPORT, made_hostile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The schema's sequences (ISO 29500-1, A.1), as far as they are in use here.
SEQUENCES = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs suppressAutoHyphens spacing ind"
    " jc outlineLvl sectPr",
    "rPr": "rStyle rFonts b bCs noProof color spacing position sz szCs u bdr lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW gridSpan tcBorders vAlign",
    "sectPr": "type pgSz pgMar titlePg",  # after its references, in any order
    "sdtPr": "rPr alias tag id lock docPartObj checkbox",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr tcPr tblStylePr",
}


class File:
    """A Word file by its parts."""

    def __init__(self, document: Document) -> None:
        self.raw = write(document, "docx")
        with zipfile.ZipFile(io.BytesIO(self.raw)) as package:
            self.members = {name: package.read(name) for name in package.namelist()}
        self.xml = {name: etree.fromstring(each) for name, each in self.members.items() if not name.endswith(".png")}
        self.body = self.xml["word/document.xml"][0]
        self.styles = {style.get(W + "styleId"): style for style in self.xml["word/styles.xml"].iter(W + "style")}

    def paragraphs(self, style: str) -> list[str]:
        return [text_of(p) for p in self.body.iter(W + "p") if style_of(p) == style]

    def outline(self) -> list[tuple[int, str]]:
        """What Word's navigation pane shows."""
        found = ((self._level(style_of(p)), text_of(p)) for p in self.body.iterchildren(W + "p"))
        return [(level, text) for level, text in found if level]

    def _level(self, style: str | None) -> int:
        while style:
            level = self.styles[style].find(f"{W}pPr/{W}outlineLvl")
            if level is not None:
                return (int(level.get(W + "val")) + 1) % 10
            based = self.styles[style].find(W + "basedOn")
            style = based.get(W + "val") if based is not None else None
        return 0

    def boxes(self) -> list[tuple[str, bool]]:
        """The name and the state of every box to click."""
        found = []
        for control in self.body.iter(W + "sdt"):
            for checked in control.iterfind(f"{W}sdtPr/{{*}}checkbox/{{*}}checked"):
                name = control.find(f"{W}sdtPr/{W}alias").get(W + "val")
                found.append((name, checked.values() == ["1"]))
                assert text_of(control) == ("☒" if found[-1][1] else "☐"), "what is seen is what is known"
        return found


def text_of(element):
    """The text with its line breaks and tabs."""
    inside = {W + "br": "\n", W + "tab": "\t"}
    pieces = (each.text or "" if each.tag == W + "t" else inside.get(each.tag, "") for each in element.iter())
    return "".join(pieces) if element.tag != W + "p" else "".join(_without_tab_stops(element))


def _without_tab_stops(paragraph):
    for part in paragraph:
        if part.tag != W + "pPr":
            yield text_of(part)


def style_of(paragraph):
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return None if style is None else style.get(W + "val")


DOCUMENTS = {
    "report": REPORT,
    "form": FORM,
    "report on a form": replace(REPORT, sheet=blocks.Sheet.FORM, front=None),
    "form to read": replace(FORM, sheet=blocks.Sheet.READ),
    "hostile": made_hostile(REPORT),
    "nothing": Document("", "sv", (), "", None, "", (), ()),
}
EVERY = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)


# ── The file ──────────────────────────────────────────────────────────────────────────────


def test_the_same_bytes_come_again_and_in_another_process_with_another_clock_and_language():
    program = (
        "import hashlib, sys; from reports.formats import write; from tests.reports.test_to_docx import REPORT, FORM\n"
        "print(*(hashlib.sha256(write(each, 'docx')).hexdigest() for each in (FORM, REPORT)))"
    )
    elsewhere = {
        **os.environ,
        "TZ": "Asia/Tokyo",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": "tests/golden",
    }
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=elsewhere, capture_output=True, text=True, check=True
    )
    here = [write(each, "docx") for each in (REPORT, FORM)]
    assert [write(each, "docx") for each in (REPORT, FORM)] == here
    assert other.stdout.split() == [hashlib.sha256(each).hexdigest() for each in reversed(here)]


@EVERY
def test_every_part_keeps_the_order_that_words_schema_demands(document):
    for name, part in File(document).xml.items():
        for sequence, allowed in SEQUENCES.items():
            for element in part.iter(W + sequence):
                names = [etree.QName(child).localname for child in element]
                places = [allowed.split().index(each) for each in names if not each.endswith("Reference")]
                assert places == sorted(set(places)), (name, etree.tostring(element)[:300])


@EVERY
def test_whatever_a_part_refers_to_is_there(document):
    made = File(document)
    parts = [
        part
        for name, part in made.xml.items()
        if name.startswith("word/") and not name.endswith((".rels", "styles.xml"))
    ]
    used = {e.get(W + "val") for part in parts for tag in ("pStyle", "rStyle", "tblStyle") for e in part.iter(W + tag)}
    based = {
        e.get(W + "val") for style in made.styles.values() for tag in ("basedOn", "next") for e in style.iter(W + tag)
    }
    assert used | based <= set(made.styles)
    bookmarks = [e.get(W + "name") for e in made.body.iter(W + "bookmarkStart")]
    assert len(set(bookmarks)) == len(bookmarks)
    assert {e.get(W + "anchor") for e in made.body.iter(W + "hyperlink")} <= set(bookmarks)
    numbers = {e.get(W + "numId") for e in made.xml["word/numbering.xml"].iter(W + "num")}
    assert {e.get(W + "val") for part in made.xml.values() for e in part.iter(W + "numId")} <= numbers
    ids = [e.get(W + "val") for e in made.body.iter(W + "id")]
    assert len(set(ids)) == len(ids)


@EVERY
def test_nothing_is_spaced_by_empty_paragraphs(document):
    body = File(document).body
    assert [
        etree.tostring(p) for p in body.iterchildren(W + "p") if not text_of(p) and style_of(p) != "Avsnittsslut"
    ] == []
    assert all(cell[-1].tag == W + "p" for cell in body.iter(W + "tc")), "Word calls a cell without a paragraph damaged"


def test_the_file_says_what_it_is_in_which_language():
    made = File(replace(REPORT, language="en", title="Å" * 300))
    said = {etree.QName(each).localname: each.text for each in made.xml["docProps/core.xml"]}
    assert said == {
        "title": "Å" * 255,  # as much as the format's readers take
        "creator": "Anna Lind; Johan Ek",
        "subject": "ST-SPUR",
        "lastModifiedBy": "Sporra",
        "language": "en-GB",
        "created": "2022-03-01T00:00:00Z",
        "modified": "2022-03-01T00:00:00Z",
    }
    assert made.xml["word/styles.xml"].find(f".//{W}lang").get(W + "val") == "en-GB"
    assert made.xml["word/settings.xml"].find(W + "themeFontLang").get(W + "val") == "en-GB"
    assert "Page" in text_of(made.xml["word/footer1.xml"])
    swedish = File(replace(REPORT, day=None))
    assert swedish.xml["word/styles.xml"].find(f".//{W}lang").get(W + "val") == "sv-SE"
    assert swedish.xml["docProps/core.xml"].find("{*}created") is None


def test_the_kalmar_report_is_light():
    inspection = disk.read(KALMAR)[1]
    assert len(write(report(inspection, Library().rubric(inspection.rubric)), "docx")) < 40_000


# ── What stands in it ─────────────────────────────────────────────────────────────────────


def test_headings_are_an_outline_without_the_overview_and_the_contents_lead_to_them():
    made = File(REPORT)
    outline = [
        (1, "Styrkor"),
        (1, "Svagheter"),
        (1, "STRUKTUR"),
        (2, "E \tHandledning"),
        (3, "Föreskrift"),
        (3, "Kvalitetsindikator"),
        (3, "Gradering"),
        (1, "Bilaga"),
        (2, "E \tHandledning"),
    ]
    assert made.outline() == outline
    assert made.paragraphs("Oversiktsrubrik") == ["Översikt"]
    contents = [text_of(p) for level in "12" for p in made.body.iter(W + "p") if style_of(p) == f"TOC{level}"]
    assert sorted(contents) == sorted(text for level, text in outline if level < 3)
    row = next(link for link in made.body.iter(W + "hyperlink") if style_of(link.getparent()) == "Omradesnamn")
    target = next(e for e in made.body.iter(W + "bookmarkStart") if e.get(W + "name") == row.get(W + "anchor"))
    assert text_of(row) == text_of(target.getparent()) == "E \tHandledning"


def test_every_box_is_a_named_control_and_exactly_the_ticked_are_ticked(tmp_path):
    options = tuple(blocks.Option(each, "Text.", each == "C", f"E: gradering {each}") for each in "ABCD")
    document = replace(REPORT, blocks=(blocks.Heading("Handledning", 2, "E"), blocks.Choice("Gradering", options)))
    assert File(document).boxes() == [(f"E: gradering {each}", each == "C") for each in "ABCD"]
    (tmp_path / "made.docx").write_bytes(write(document, "docx"))  # and as an outside reader sees them
    assert boxes.boxes(str(tmp_path / "made.docx")) == [(each == "C", "E", f"{each}. Text.") for each in "ABCD"]
    answers = [(f"E {number}: {answer}", False) for number in ("F1", "F2") for answer in ("Uppfyllt", "Ej uppfyllt")]
    assert File(FORM).boxes() == [*answers, ("", False)]


def test_a_long_name_of_a_box_keeps_the_end_that_tells_it_from_the_others():
    option = blocks.Option("C", "", True, "Ledarskapskompetens " * 5 + ": gradering C")
    [(name, _)] = File(replace(REPORT, blocks=(blocks.Choice("Gradering", (option,)),))).boxes()
    assert len(name) == 64
    assert name.startswith("…")
    assert name.endswith("Ledarskapskompetens : gradering C")


def test_each_list_counts_from_one_and_an_empty_one_shows_a_dash():
    document = replace(REPORT, blocks=(blocks.Numbered(("a", "b")), blocks.Numbered(()), blocks.Numbered(("c",))))
    made = File(document)
    lists = [p.find(f".//{W}numId").get(W + "val") for p in made.body.iter(W + "p") if style_of(p) == "ListNumber"]
    assert len(lists) == 3
    assert lists[0] == lists[1] != lists[2]
    for number in made.xml["word/numbering.xml"].iter(W + "num"):
        if number.get(W + "numId") in lists:
            assert number.find(f".//{W}startOverride").get(W + "val") == "1"
    assert made.paragraphs("TomLista") == ["–"]


@pytest.mark.parametrize(
    ("letter", "beside"),
    [("C", ""), ("III", ""), ("Godkänd", "Godkänd\u2002"), ("🙂", "🙂\u2002"), ("#x\n", "#x\n\u2002"), ("", "")],
)
def test_a_mark_is_a_picture_with_a_name_and_a_letter_that_cannot_be_drawn_is_text(letter, beside):
    mark = blocks.Mark(blocks.Outline.HEXAGON, letter, "Gradering som läses")
    row = blocks.OverviewRow("Handledning", "E", "", mark, "Åtgärder krävs")
    made = File(replace(REPORT, blocks=(blocks.Overview("Ö", "T", ("a", "b", "c"), (row,), ()),)))
    assert [e.get("descr") for e in made.body.iter("{*}docPr")] == ["Gradering som läses"]
    assert made.paragraphs("Tabelltext")[-1] == f"{beside}Åtgärder krävs"
    assert any(name.endswith(".png") for name in made.members)


def test_a_draft_says_so_in_every_header_behind_the_text_and_on_its_front():
    made = File(REPORT)
    headers = [part for name, part in made.xml.items() if name.startswith("word/header")]
    assert [e.get("string") for part in headers for e in part.iter("{*}textpath") if "string" in e.attrib] == [
        "UTKAST",
        "UTKAST",
    ]
    assert sorted(map(text_of, headers)) == [
        "\tUtkast, inte fastställt",
        "Extern granskning\tUtkast, inte fastställt",
    ]
    assert made.paragraphs("Status") == ["Utkast, inte fastställt"]
    signed = File(replace(REPORT, status="", watermark=""))
    assert all("tkast" not in each.decode().lower() for name, each in signed.members.items() if name.endswith(".xml"))


@pytest.mark.parametrize("document", [REPORT, FORM], ids=["report", "form"])
def test_a_table_has_a_caption_and_a_head_that_comes_again_on_every_page(document):
    for table in File(document).body.iter(W + "tbl"):
        assert table.find(f"{W}tblPr/{W}tblCaption").get(W + "val")
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(W + "tr")][:2] == [True, False]
        widths = [int(column.get(W + "w")) for column in table.iter(W + "gridCol")]
        assert sum(widths) == int(table.find(f"{W}tblPr/{W}tblW").get(W + "w"))


# ── Where pages begin, and what stays together ────────────────────────────────────────────


def test_a_spread_begins_at_an_even_page_and_a_break_at_the_end_adds_no_page():
    turned = (
        blocks.Paragraph("ett"),
        blocks.PageBreak(),
        blocks.PageBreak(to_left_page=True),
        blocks.Paragraph("två"),
        blocks.PageBreak(),
    )
    body = File(replace(FORM, header="h", blocks=turned)).body
    first, second = body.iter(W + "sectPr")
    assert text_of(first.getparent().getparent()) == "ett"
    assert first.find(W + "type") is None
    assert second.find(W + "type").get(W + "val") == "evenPage"
    assert second.find(W + "titlePg") is None, "the first page of a spread is not the first of the document"
    assert len(first.findall(W + "headerReference")) == 2
    assert list(body.iter(W + "pageBreakBefore", W + "br")) == []
    after_a_table = replace(FORM, blocks=(FORM.blocks[3], *turned[2:4]))
    assert [style_of(p) for p in File(after_a_table).body.iterchildren(W + "p")] == ["Avsnittsslut", "BodyText"]


def test_a_page_break_is_a_property_of_what_stands_after_it():
    after = (blocks.Heading("Ett"), blocks.PageBreak(), blocks.Heading("Två"), blocks.PageBreak(), FORM.blocks[3])
    opened = [e.getparent().getparent() for e in File(replace(FORM, blocks=after)).body.iter(W + "pageBreakBefore")]
    assert list(map(text_of, opened)) == ["Två", "Nr"]


def test_a_grade_stays_with_two_points_of_what_it_grades():
    points = ("ett", "två", "tre", "fyra")
    body = File(replace(REPORT, blocks=(blocks.Group("Råd", (), points, 1), blocks.Choice("Gradering", OPTIONS)))).body
    kept = [
        text_of(p)
        for p in body.iter(W + "p")
        if p.find(f"{W}pPr/{W}keepNext") is not None and style_of(p) == "Kriterium2"
    ]
    assert kept == ["ett", "tre", "fyra"]
    assert [p.find(f"{W}pPr/{W}keepNext") is None for p in body.iter(W + "p") if style_of(p) == "Graderingsval"] == [
        True,
        False,
    ]


# ── Hostile text ──────────────────────────────────────────────────────────────────────────


@given(st.text(st.characters(), min_size=1, max_size=40))
@example(HOSTILE)
@example("a\r\nb\rc\n\n d  e \t\t")
@example(" ")
@settings(max_examples=60)
def test_any_text_comes_back_as_itself(text):
    option = blocks.Option(text, text, True, text)
    mark = blocks.Mark(blocks.Outline.OPEN, "–", text)
    row = blocks.OverviewRow(text, text, text, mark, text, text)
    every = (
        blocks.Overview(text, text, (text,) * 3, (row,), ()),
        blocks.Contents(),
        blocks.Heading(text, 2, text, anchor=text),
        blocks.Paragraph(text),
        blocks.Choice(text, (option,)),
        blocks.Blanks((text,), (1,)),
    )
    document = Document(text, "sv", (text,), text, date(2022, 3, 1), text, (text,), every, status=text, watermark=text)
    made, text = File(document), shown(text)
    assert made.outline() == [(2, f"{text} \t{text}"), (3, text)]
    assert made.paragraphs("BodyText") == [text]
    assert made.paragraphs("Graderingsval") == [f"☒\t{text}. {text}"]
    assert made.paragraphs("Tabelltext")[-1] == f"{text}\n{text}"
    assert made.paragraphs("Ifyllnad") == [f"{text} \t"]
    assert text_of(made.xml["word/header1.xml"]) == f"{text}\t{text}"
