"""The plan on paper: by itself and as a report's appendix, with the same measures in the same words and order."""

from datetime import date
from typing import Any

import pytest

from app.inspections import disk
from app.inspections.content import plan_as_kept
from app.inspections.file import Plan
from app.inspections.report import report
from app.plans.report import plan_document
from app.plans.rules import STATES
from reports.blocks import Document, Group, Heading, Paragraph, Voice
from reports.formats import FORMATS, write
from reports.pdf_text import printable
from reports.shown import each_text
from reports.shown import shown as showable
from rubrics.disk import read_file
from rubrics.library import Library
from rubrics.model import Rubric
from tests.paths import GOLDEN, KALMAR
from tests.reports.reading import folded, missing_in_order, shown
from tests.reports.test_reading_back import HOSTILE

LIBRARY = Library()
RUBRIC = LIBRARY.rubric("st-spur/2015-8")
REPORT = disk.read(KALMAR)[1]
EPA: dict[str, Any] = {
    "what": "Bedömningsveckor",
    "how": "Alla hämtar återkoppling.\n\nPå sin placering.",
    "why": "Bedömningarna varierar.",
    "area": "E",
    "criteria": ["E-F4", "B-KI2"],
    "owner": "Studierektorn",
    "start": "2026-01-01",
    "due": "2026-12-31",
    "proof": "Antal EPA.",
    "status": "started",
    "recurs": {"times": 6, "per": "year", "each": "trainee", "term": "EPA"},
    "done": [{"day": "2026-05-03", "count": 3, "note": "Hemligt"}, {"day": "2026-02-01"}],
}


def made(plan: dict[str, Any], rubric: Rubric = RUBRIC, **more: Any) -> Document:
    said: dict[str, Any] = {"state": "draft", **more}
    return plan_document(REPORT, rubric, Plan.model_validate(plan), **said)


def kalmar() -> Plan:
    assert REPORT.plan
    measures = read_file(GOLDEN / "kalmar-2021.measures.yaml").value["measures"]
    return Plan.model_validate({**plan_as_kept(REPORT.plan), "measures": measures})


def hostile() -> Plan:
    text = showable(HOSTILE)
    measure = {
        **EPA,
        **dict.fromkeys(("what", "how", "why", "owner", "proof", "effect"), text),
        "recurs": {"times": 1, "per": "week", "term": text},
    }
    return Plan.model_validate(
        {"title": text, "unit_line": text, "areas": {"E": text}, "measures": [measure, {**measure, "area": ""}]}
    )


def groups(document: Document) -> list[Group]:
    return [block for block in document.blocks if isinstance(block, Group)]


# ── A measure ─────────────────────────────────────────────────────────────────────────────


def test_a_measure_tells_its_facts_always_in_the_same_order() -> None:
    whole, bare = groups(made({"measures": [EPA, {"what": "Handledarträffar", "area": "E"}]}))
    assert (whole.heading, whole.intro) == (
        "Åtgärd\u00a01. Bedömningsveckor",
        ("Alla hämtar återkoppling.", "På sin placering.", "Varför: Bedömningarna varierar."),
    )
    assert whole.points == (
        "Svarar mot: \n"
        "E-F4 Fortlöpande bedömning av ST-läkarens kompetensutveckling utifrån målbeskrivningen och utbildningsprogrammet görs under hela ST.\n"
        "B-KI2 Regelbundna handledarträffar för ST-handledarna finns.",
        "Ansvarig: Studierektorn",
        "När: minst 6 EPA per ST-läkare och år, 2026-01-01 – 2026-12-31",
        "Så visar vi det: Antal EPA.",
        "Läge: Påbörjad. 4 gjorda, senast 2026-05-03",
    )
    assert (bare.heading, bare.intro) == ("Åtgärd\u00a02. Handledarträffar", ())
    assert bare.points == ("Svarar mot: –", "Ansvarig: –", "När: –", "Så visar vi det: –", "Läge: Planerad")


TIMES: list[tuple[dict[str, Any], str]] = [
    ({"due": "2026-06-30"}, "klart 2026-06-30"),
    ({"start": "2026-01-01"}, "från 2026-01-01"),
    ({"start": "2026-01-01", "due": "2026-06-30"}, "2026-01-01 – 2026-06-30"),
    ({"recurs": {"times": 1, "every": 2, "per": "week"}}, "varannan vecka"),
    ({"recurs": {"times": 1, "per": "year"}, "due": "2028-12-31"}, "varje år, till och med 2028-12-31"),
    ({"recurs": {"times": 1, "per": "year"}, "start": "2026-01-01"}, "varje år, från 2026-01-01"),
]


@pytest.mark.parametrize(("measure", "told"), TIMES, ids=[told for _, told in TIMES])
def test_when_is_told_as_it_is_known(measure: dict[str, Any], told: str) -> None:
    (group,) = groups(made({"measures": [{"what": "x", **measure}]}))
    assert group.points[2] == f"När: {told}"


@pytest.mark.parametrize("what", ["x" * 81, "två\nrader"])
def test_a_measure_that_is_no_title_stands_as_text_under_its_number(what: str) -> None:
    (group,) = groups(made({"measures": [{**EPA, "what": what, "why": "", "how": "Så."}]}))
    assert (group.heading, group.intro) == ("Åtgärd\u00a01", (what, "Så."))


def test_what_came_of_it_is_told_last() -> None:
    (group,) = groups(made({"measures": [{"what": "x", "effect": "Alla har sex."}]}))
    assert group.points[-2:] == ("Läge: Planerad", "Det blev så här: Alla har sex.")


# ── The order ─────────────────────────────────────────────────────────────────────────────


def test_each_area_has_its_text_and_then_its_measures_and_what_has_none_comes_last() -> None:
    plan = {
        "areas": {"E": "Om E.", "B": "Om B."},
        "measures": [{"what": "utan"}, {"what": "e1", "area": "E"}, {"what": "d", "area": "D"}, {"what": "e2", "area": "E", "criteria": ["B-KI2"]}],
    }  # fmt: skip
    told = [
        (block.level, block.code or block.text) if isinstance(block, Heading) else block.heading if isinstance(block, Group) else block.text
        for block in made(plan).blocks
        if isinstance(block, Heading | Group | Paragraph)
    ]  # fmt: skip
    assert told == [
        (1, "Områden och åtgärder"),
        *[(2, "B"), "Om B."],
        *[(2, "D"), "Åtgärd\u00a01. d"],
        *[(2, "E"), "Om E.", "Åtgärd\u00a02. e1", "Åtgärd\u00a03. e2"],
        *[(2, "Åtgärder utan område"), "Åtgärd\u00a04. utan"],
    ]


def test_the_appendix_prints_what_the_plan_itself_prints() -> None:
    plan = kalmar()
    appendix = report(REPORT.model_copy(update={"plan": plan}), RUBRIC).blocks
    own = plan_document(REPORT, RUBRIC, plan, state="submitted", version=1, submitted=date(2022, 1, 20)).blocks[1:]
    assert appendix[-len(own) :] == own
    assert len([block for block in own if isinstance(block, Group)]) == len(plan.measures)


def test_a_report_without_measures_is_as_before() -> None:
    blocks = report(REPORT, RUBRIC).blocks
    start = next(
        i for i, block in enumerate(blocks) if isinstance(block, Heading) and block.text.startswith("Bilaga. ")
    )
    assert [type(block) for block in blocks[start:]] == [
        Heading,
        Paragraph,
        Heading,
        *[Paragraph] * 3,
        Heading,
        *[Paragraph] * 5,
    ]


# ── The whole document ────────────────────────────────────────────────────────────────────


def test_the_front_page_tells_whose_plan_it_is_and_where_it_stands() -> None:
    document = made(plan_as_kept(kalmar()), state="accepted", version=2, submitted=date(2022, 1, 20))
    assert document.front
    assert (document.front.title, document.front.subtitle) == (
        "Skriftlig handlingsplan efter SPUR-inspektion okt 2021",
        "Medicinkliniken, Länssjukhuset i Kalmar",
    )
    assert {fact.name: fact.lines for fact in document.front.facts.rows} == {
        "Klinik": ("Länssjukhuset Kalmar", "Medicinkliniken"),
        "Specialitet": ("Internmedicin",),
        "Granskning": ("ST-SPUR enligt SOSFS 2015:8", "Besök 2021-10-18 – 2021-10-19"),
        "Läge": ("Godtagen",),
        "Inlämnad": ("Version 2, 2022-01-20",),
    }
    assert (document.status, document.watermark, document.day) == ("", "", date(2022, 1, 20))


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_submitted_says_so_whatever_the_state(state: str) -> None:
    document = made({}, state=state, version=3)
    assert (document.status, document.watermark, document.day) == ("Utkast, inte inlämnat", "UTKAST", None)
    assert document.title == "Handlingsplan, Medicinkliniken, Länssjukhuset Kalmar"
    assert document.front
    assert document.front.facts.rows[-1].lines == ("Inte än",)
    assert document.blocks[-1] == Paragraph("Planen är tom.", Voice.ASIDE)


def test_fixed_words_follow_the_rubrics_language() -> None:
    document = made(
        {"measures": [{"what": "x", "recurs": {"times": 2, "per": "year"}}]},
        RUBRIC.model_copy(update={"language": "en"}),
    )
    assert groups(document)[0].points == (
        "Answers: –",
        "Responsible: –",
        "When: at least 2 times per year",
        "How we show it: –",
        "Status: Planned",
    )
    assert document.status == "Draft, not submitted"


def _documents() -> dict[str, Document]:
    named: dict[str, Any] = {"state": "accepted", "version": 2, "submitted": date(2022, 1, 20)}
    return {
        "Kalmar": plan_document(REPORT, RUBRIC, kalmar(), **named),
        "a draft": plan_document(REPORT, RUBRIC, kalmar(), state="draft"),
        "nothing yet": plan_document(REPORT, RUBRIC, Plan(), state="draft"),
        "hostile texts": plan_document(REPORT, RUBRIC, hostile(), **named),
        "as an appendix": report(REPORT.model_copy(update={"plan": kalmar()}), RUBRIC),
        "hostile texts as an appendix": report(REPORT.model_copy(update={"plan": hostile()}), RUBRIC),
    }


DOCUMENTS = _documents()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_content_in_the_same_order(name: str, format: str) -> None:
    document = DOCUMENTS[name]
    bytes_ = write(document, format)
    assert bytes_ == write(document, format)
    asked = each_text(document, showable)
    if format == "pdf":
        asked = each_text(asked, printable)
    assert missing_in_order(asked, shown(bytes_, format, document)) is None


@pytest.mark.parametrize("format", FORMATS)
def test_notes_are_not_printed(format: str) -> None:
    document = made({"measures": [EPA]})
    assert folded("Hemligt") not in shown(write(document, format), format, document)
    assert "Hemligt" not in repr(document)
