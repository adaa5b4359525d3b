"""What a report says: the order and the words that the file format promises."""

from datetime import date

import pytest

from app.inspections.file import AreaReview, Finding, Inspection, Plan, Regrade, Unit, Visit
from app.inspections.report import report
from reports.blocks import Choice, Document, Heading, Numbered, Overview, Paragraph, Rank, Voice
from rubrics.library import Library
from rubrics.model import Rubric

RUBRIC = Library().rubric("st-spur/2015-8@1")


def made(rubric: Rubric = RUBRIC, **content: object) -> Document:
    least = {
        "format": "inspection/1",
        "rubric": "st-spur/2015-8@1",
        "unit": Unit(region="R", clinic="Kliniken"),
        "specialty": "Internmedicin",
    }
    return report(Inspection.model_validate({**least, **content}), rubric)


def facts(document: Document) -> dict[str, tuple[str, ...]]:
    assert document.front
    return {fact.name: fact.lines for fact in document.front.facts.rows}


def test_the_front_page_tells_where_when_and_who() -> None:
    document = made(
        unit=Unit(region="R", clinic="Kliniken", hospital="Lasarettet"),
        place="Orten",
        visit=Visit(first_day=date(2021, 10, 18), last_day=date(2021, 10, 19)),
        inspectors=("A", "B", "C"),
    )
    assert facts(document) == {
        "Klinik": ("Lasarettet", "Kliniken"),
        "Specialitet": ("Internmedicin",),
        "Datum": ("2021-10-18 – 2021-10-19",),
        "Ort": ("Orten",),
        "Inspektörer": ("A, B och C",),
    }
    assert document.title == "EXTERN KVALITETSGRANSKNING av specialiseringstjänstgöring, Kliniken, Lasarettet"


DAYS = [
    (Visit(first_day=date(2021, 10, 18)), "2021-10-18"),
    (Visit(first_day=date(2021, 10, 18), last_day=date(2021, 10, 18)), "2021-10-18"),
    (Visit(last_day=date(2021, 10, 19)), "2021-10-19"),
    (Visit(mode="digital"), "–"),
]


@pytest.mark.parametrize(("visit", "told"), DAYS)
def test_one_day_is_told_once(visit: Visit, told: str) -> None:
    assert facts(made(visit=visit))["Datum"] == (told,)


@pytest.mark.parametrize(("names", "told"), [((), "–"), (("A",), "A"), (("A", "B"), "A och B")])
def test_names_are_joined(names: tuple[str, ...], told: str) -> None:
    assert facts(made(inspectors=names))["Inspektörer"] == (told,)


def test_the_headings_come_in_the_order_of_the_format() -> None:
    document = made(plan=Plan(title="Plan", areas={"E": "Text."}))
    told = [(b.rank, " ".join(filter(None, (b.code, b.text)))) for b in document.blocks if isinstance(b, Heading)]
    areas = [(Rank.SECTION, area.name) for area in RUBRIC.areas]
    assert told == [
        *((Rank.SECTION, name) for name in ("Styrkor", "Svagheter", "Förbättringspotential")),
        (Rank.PART, "STRUKTUR"),
        *areas[:3],
        (Rank.PART, "PROCESS"),
        *areas[3:],
        (Rank.APPENDIX, "Bilaga. Plan"),
        (Rank.SECTION, "E Handledning och uppföljning"),
    ]


def test_findings_keep_their_order_within_each_kind_and_blank_ones_are_left_out() -> None:
    findings = [
        Finding(kind=kind, text=text)
        for kind, text in (("weakness", "a"), ("strength", "b"), ("weakness", "c"), ("weakness", ""))
    ]
    lists = [block.items for block in made(findings=findings).blocks if isinstance(block, Numbered)]
    assert lists == [("b",), ("a", "c"), ()]


TEXTS = {
    "plan": "Påvisades {shortfall}. Ändrad till {grade}.",
    "revisit": "Efter återbesök: {grade}.",
}
REGRADED = [
    ("D", "plan", "C", "Påvisades brister vad gäller följsamheten till Socialstyrelsens föreskrifter och allmänna råd. Ändrad till C."),
    ("C", "plan", "B", None),  # C has no shortfall, and the text names it
    ("C", "revisit", "A", "Efter återbesök: A."),
    ("C", "correction", "A", None),  # the rubric has no text for it
]  # fmt: skip


@pytest.mark.parametrize(("decided", "because", "grade", "told"), REGRADED)
def test_the_paragraph_after_a_regrade(decided: str, because: str, grade: str, told: str | None) -> None:
    first = Regrade.model_validate({"grade": "D", "because": "revisit"})
    last = Regrade.model_validate({"grade": grade, "because": because, "date": "2022-03-01"})
    review = AreaReview(narrative="Text.", grade=decided, regrades=(first, last))
    rubric = RUBRIC.model_copy(update={"regraded": TEXTS})
    document = made(rubric, areas={"E": review}, plan=Plan())
    assert [b.text for b in document.blocks if isinstance(b, Paragraph) and b.voice is Voice.NOTICE] == [told][
        : bool(told)
    ]
    ticked = [option.label for b in document.blocks if isinstance(b, Choice) for option in b.options if option.ticked]
    assert ticked == [grade]
    assert document.day == date(2022, 3, 1)


def test_the_overview_tells_the_standing_grade_and_that_it_changed() -> None:
    regrade = Regrade.model_validate({"grade": "C", "because": "plan", "date": "2022-03-01"})
    document = made(areas={"E": AreaReview(grade="D", regrades=(regrade,))}, plan=Plan())
    overview = next(block for block in document.blocks if isinstance(block, Overview))
    row = overview.rows[4]
    assert (row.mark.letter, row.word, row.note) == (
        "C",
        "Åtgärder rekommenderas",
        "Ändrad 2022-03-01 efter handlingsplan",
    )
    assert (overview.rows[0].mark.letter, overview.rows[0].word) == ("–", "Ingen gradering angiven")


def test_fixed_words_follow_the_rubrics_language_where_it_is_known() -> None:
    heads = {language: _first_heading(language) for language in ("sv", "en-GB", "da")}
    assert heads == {"sv": "Styrkor", "en-GB": "Strengths", "da": "Styrkor"}


def _first_heading(language: str) -> str:
    document = made(RUBRIC.model_copy(update={"language": language}))
    assert document.language == language
    return next(block.text for block in document.blocks if isinstance(block, Heading))


def test_a_draft_says_so() -> None:
    assert (made(state="draft").status, made(state="draft").watermark) == ("Utkast, inte fastställt", "UTKAST")
    assert (made().status, made().watermark) == ("", "")
