"""The web page: what a browser, a screen reader and an attacker would find in it."""

import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from reports import blocks
from reports.blocks import Document
from reports.formats import write
from reports.to_html import POLICY, STYLE

GRADED = blocks.Mark(blocks.Outline.DIAMOND, "C", "Gradering C")
OPEN = blocks.Mark(blocks.Outline.OPEN, "–", "Ingen gradering")
OPTIONS = (blocks.Option("A", "Allt följs.", False, ""), blocks.Option("C", "Brister.", True, ""))
CRITERIA = (blocks.CheckRow("F1", "Samtal hålls."), blocks.CheckRow("F2", "Planer finns."))
CHECKS = (blocks.CheckGroup("Föreskrift", CRITERIA, ("Det innebär:",)),)

REPORT = Document(
    title="Granskning, Medicinkliniken",
    language="sv",
    authors=("Anna Lind", "Johan Ek"),
    subject="ST-SPUR",
    day=date(2022, 3, 1),
    header="Extern granskning",
    footer=("Medicinkliniken", "underlag 9c1f"),
    blocks=(
        blocks.Overview(
            "Översikt",
            "Gradering per område",
            ("Område", "Gradering", "Innebörd"),
            (
                blocks.OverviewRow("Handledning", "E", "E", GRADED, "Åtgärder rekommenderas", "Ändrad 2022-03-01"),
                blocks.OverviewRow("Lokaler", "", "nowhere", OPEN, "Ingen gradering angiven"),
            ),
            ((GRADED, "Åtgärder rekommenderas"),),
        ),
        blocks.Contents(),
        blocks.PageBreak(),
        blocks.Heading("Styrkor"),
        blocks.Numbered(("Allsidig verksamhet.",)),
        blocks.Heading("Svagheter"),
        blocks.Numbered(()),
        blocks.Heading("STRUKTUR", rank=blocks.Rank.PART),
        blocks.Heading("Handledning", 2, "E", anchor="E"),
        blocks.Paragraph("Två rader\nhar den."),
        blocks.Paragraph("Ändrad till C.", blocks.Voice.NOTICE),
        blocks.Group("Föreskrift", ("Det innebär:",), ("Samtal hålls.",), 0),
        blocks.Group("Kvalitetsindikator", (), ("Sidoutbildning följs upp.",), 5),
        blocks.Choice("Gradering", OPTIONS, GRADED),
        blocks.Heading("Bilaga", rank=blocks.Rank.APPENDIX),
        blocks.Paragraph("Klinikens egen text.", blocks.Voice.ASIDE),
        blocks.Heading("Handledning", 2, "E"),
        blocks.Paragraph("Vi gör om.", blocks.Voice.GUEST),
    ),
    front=blocks.Front(
        "GRANSKNING",
        "av tjänstgöring",
        blocks.Facts("Uppgifter", ("Uppgift", "Gäller"), (blocks.Fact("Klinik", ("Länssjukhuset", "Medicin")),)),
        "Utgåva 1.",
    ),
    status="Utkast, inte fastställt",
    watermark="UTKAST",
)

FORM = Document(
    title="Protokoll",
    language="sv",
    authors=(),
    subject="",
    day=None,
    header="",
    footer=(),
    sheet=blocks.Sheet.FORM,
    blocks=(
        blocks.PageBreak(to_left_page=True),
        blocks.Blanks(("Klinik", "Datum"), (9, 2)),
        blocks.Heading("Handledning", 1, "E"),
        blocks.Checklist("Kriterier", ("Nr", "Kriterium"), ("Uppfyllt", "Ej uppfyllt"), CHECKS),
        blocks.Heading("Anteckningar", 2, "E"),
        blocks.Ruled(("", "Styrkor"), 3),
        blocks.Choice("Gradering", OPTIONS[:1]),
    ),
)

HOSTILE = (
    "<script>alert(1)</script> <b onclick='x'>\"&amp; &lt; ]]> <!-- --> </title></style>\n{{ 7*7 }} "
    "🙂👩‍👩‍👧 \u202eRTL\u202c שלום e\u0301 中文 \u2028 \u200b \xad \ufeff " + "W" * 20_000
)
VOID = {"meta", "br"}


class Page(HTMLParser):
    """A page taken apart: every element with its attributes, its path of ancestors and its own and inner text."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.source = write(document, "html").decode()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.feed(self.source)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        if tag == "br":
            self.handle_data("\n")
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag):
        assert self.elements[self._open.pop()][0] == tag, "elements are closed in order"

    def handle_data(self, data):
        for place in self._open:
            self.texts[place] += data

    def found(self, name: str) -> list[tuple[dict[str, str], str]]:
        pairs = zip(self.elements, self.texts, strict=True)
        return [(attributes, text) for (tag, attributes), text in pairs if tag == name]

    def told(self, name: str) -> list[str]:
        return [" ".join(text.split()) for _, text in self.found(name)]


def made_hostile(document: Document) -> Document:
    hostile = replace(document.blocks[0].rows[0], title=HOSTILE, code=HOSTILE, word=HOSTILE, note=HOSTILE)
    every = (
        replace(document.blocks[0], rows=(hostile,)),
        *document.blocks[1:],
        blocks.Heading(HOSTILE, 2, HOSTILE),
        blocks.Numbered((HOSTILE,)),
        blocks.Choice(
            HOSTILE,
            (blocks.Option(HOSTILE, HOSTILE, True, HOSTILE),),
            blocks.Mark(blocks.Outline.HEXAGON, "</svg>\n<script>", HOSTILE),
        ),
    )
    return replace(document, title=HOSTILE, authors=(HOSTILE,), status=HOSTILE, watermark=HOSTILE, blocks=every)


PAGES = pytest.mark.parametrize("document", [REPORT, FORM, made_hostile(REPORT)], ids=["report", "form", "hostile"])


@PAGES
def test_the_outline_has_one_title_and_no_gap(document):
    levels = [int(tag[1]) for tag, _ in Page(document).elements if re.fullmatch("h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(below <= above + 1 for above, below in pairwise(levels))


@PAGES
def test_every_link_leads_to_one_place_on_the_page(document):
    page = Page(document)
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert set(ids.values()) <= {1}
    assert {attributes["href"][1:] for attributes, _ in page.found("a")} <= set(ids)
    assert {attributes["href"][0] for attributes, _ in page.found("a")} <= {"#"}


def test_the_overview_leads_to_the_first_heading_of_that_name_and_past_what_is_not_there():
    page = Page(REPORT)
    places = [attributes["id"] for attributes, text in page.found("h3") if text == "E Handledning"]
    assert page.found("a")[0][0]["href"] == f"#{places[0]}"
    contents = ["Styrkor", "Svagheter", "STRUKTUR", "E Handledning", "Bilaga", "E Handledning"]
    assert page.told("a") == ["E Handledning", *contents]


@PAGES
def test_tables_have_a_caption_and_every_head_says_what_it_heads(document):
    page = Page(document)
    assert len(page.found("caption")) == len(page.found("table"))
    assert {attributes.get("scope") for attributes, _ in page.found("th")} <= {"col", "row", "rowgroup"}


@PAGES
def test_nothing_is_loaded_run_or_styled_from_elsewhere(document):
    page = Page(document)
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img", "link", "iframe", "object", "use", "input"})
    names = {name for _, attributes in page.elements for name in attributes}
    assert names.isdisjoint({"style", "src", "srcset", "action", "xlink:href"})
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"url\(|@import|expression", STYLE)


@PAGES
def test_the_policy_allows_exactly_the_style_that_is_there(document):
    ((_, style),) = Page(document).found("style")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}';" in POLICY
    assert style == STYLE


def test_hostile_text_is_text():
    page = Page(made_hostile(REPORT))
    assert page.found("ol")[-1][1] == HOSTILE
    assert page.found("h3")[-1][1] == f"{HOSTILE} {HOSTILE}"
    assert page.found("b")[-1][1] == f"{HOSTILE}. {HOSTILE}"
    assert page.found("title")[0][1] == HOSTILE.replace("\n", " ")
    assert page.found("body")[0][0]["data-watermark"] == HOSTILE
    assert page.found("text")[-1][1] == "</svg> <script>"


def test_a_box_and_a_mark_are_named_once_and_drawn_for_the_eye_alone():
    page = Page(REPORT)
    assert page.told("li")[-2:] == ["Inte vald A. Allt följs.", "Vald C. Brister."]
    assert {attributes["aria-hidden"] for attributes, _ in page.found("svg")} == {"true"}
    assert page.told("td")[1:3] == ["C Gradering C", "Åtgärder rekommenderas Ändrad 2022-03-01"]
    drawn = [attributes["d"] for attributes, _ in page.found("path")]
    assert drawn[-1] != drawn[-2], "a ticked box has another outline than an empty one"


def test_a_draft_says_so_in_its_header_and_on_its_front_and_a_settled_report_nowhere():
    assert Page(REPORT).told("header") == ["Utkast, inte fastställt Extern granskning"]
    assert "Utkast, inte fastställt" in Page(REPORT).told("p")
    assert "Utkast" not in Page(replace(REPORT, status="", watermark="")).source.replace(STYLE, "")


def contrast(first: str, second: str) -> float:
    """WCAG 2.2's formula on two colours such as #1c2529 or #fff."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_and_shapes_stand_out_from_what_they_lie_on(scheme):
    schemes = [dict(re.findall(r"--([\w-]+): (#\w+)", root)) for root in re.findall(r":root \{(.*?)\}", STYLE, re.S)]
    tokens = schemes[0] | schemes[scheme]
    text = ["ink surface", "ink sunk", "soft surface", "soft paper", "action surface", "action paper", "draft surface"]
    text += ["draft paper", "circle surface", "square surface", "diamond-ink diamond-fill", "hexagon-ink hexagon"]
    shapes = ["diamond surface", "hexagon surface", "edge surface", "focus surface", "focus paper"]
    ratios = {pair: contrast(*(tokens[name] for name in pair.split())) for pair in text + shapes}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < (4.5 if pair in text else 3)} == {}
