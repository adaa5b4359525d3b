"""From an inspection and its rubric to the report, as blocks. Pure.

The order is the file format's: front page, overview, the three lists of findings, each part with its
areas (narrative, what a regrade says, criteria, grades), and the clinic's plan as an appendix.
Comments and the reasons for grades are never printed.
"""

from collections.abc import Iterator
from datetime import date

from app.inspections.file import AreaReview, Inspection, Plan, paragraphs
from app.inspections.marks import mark_of, meaning_of, no_mark
from app.inspections.plan_blocks import plan_blocks
from app.inspections.words import Words, words
from reports.blocks import (
    Block,
    Choice,
    Contents,
    Document,
    Fact,
    Facts,
    Front,
    Group,
    Heading,
    Numbered,
    Option,
    Overview,
    OverviewRow,
    PageBreak,
    Paragraph,
    Rank,
    Voice,
)
from rubrics.model import Area, GradeText, Rubric


def report(inspection: Inspection, rubric: Rubric) -> Document:
    """The whole report. A draft says so on its front page, in every header and behind the text."""
    said = words(rubric.language)
    draft = inspection.state == "draft"
    state = said.draft if draft else said.signed
    clinic, fingerprint = inspection.unit.line, _in_fours(inspection.fingerprint)
    return Document(
        title=f"{rubric.report_title}, {clinic}",
        language=rubric.language,
        authors=inspection.inspectors,
        subject=rubric.title,
        day=_last_day(inspection),
        header=_calm(rubric.report_title),
        footer=(
            " · ".join(filter(None, (clinic, inspection.specialty, dates(inspection)))),
            f"{state} · {rubric.reference} · {said.source} {fingerprint}",
        ),
        blocks=tuple(_blocks(inspection, rubric, said)),
        front=_front(inspection, rubric, said),
        status=said.draft if draft else "",
        watermark=said.draft_mark if draft else "",
    )


def dates(inspection: Inspection) -> str:
    """`2021-10-18 – 2021-10-19`, one date, or nothing."""
    days = [day for day in (inspection.visit.first_day, inspection.visit.last_day) if day]
    return " – ".join(dict.fromkeys(map(str, days)))


def _blocks(inspection: Inspection, rubric: Rubric, said: Words) -> Iterator[Block]:
    yield _overview(inspection, rubric, said)
    yield Contents()
    yield PageBreak()
    for kind, heading in said.findings.items():
        yield Heading(heading)
        yield Numbered(tuple(f.text for f in inspection.findings if f.kind == kind and f.text.strip()))
    for part in rubric.parts:
        if part.title:
            yield Heading(part.title, rank=Rank.PART)
        for area in part.areas:
            yield from _area(inspection.review(area.id), area, rubric, said)
    if inspection.plan:
        yield from _plan(inspection.plan, rubric, said)


def _area(review: AreaReview, area: Area, rubric: Rubric, said: Words) -> Iterator[Block]:
    yield Heading(area.title, level=2, code=area.code, anchor=area.id)
    yield from (Paragraph(text) for text in paragraphs(review.narrative))
    if changed := _regraded(review, area, rubric):
        yield Paragraph(changed, Voice.NOTICE)
    kinds = list(rubric.kinds)
    for group in area.groups:
        heading = rubric.kinds[group.kind].heading or group.kind
        points = tuple(criterion.text for criterion in group.criteria)
        yield Group(heading, group.intro, points, weight=kinds.index(group.kind))
    options = tuple(_option(each, review, area, said) for each in area.grades)
    yield Choice(said.grading, options, mark_of(rubric, review.standing, said) if review.standing else None)


def _option(grade: GradeText, review: AreaReview, area: Area, said: Words) -> Option:
    name = said.option.format(area.code or area.title, grade.grade)
    return Option(grade.grade, grade.text, grade.grade == review.standing, name)


def _regraded(review: AreaReview, area: Area, rubric: Rubric) -> str:
    """The standard paragraph of the last regrade, or nothing where the rubric has none to give."""
    if not review.regrades:
        return ""
    last = review.regrades[-1]
    text = rubric.regraded.get(last.because, "")
    shortfall = next((each.shortfall for each in area.grades if each.grade == review.grade), "")
    if "{shortfall}" in text and not shortfall:
        return ""
    return text.replace("{grade}", last.grade).replace("{shortfall}", shortfall)


def _plan(plan: Plan, rubric: Rubric, said: Words) -> Iterator[Block]:
    yield Heading(said.appendix.format(plan.title), rank=Rank.APPENDIX)
    yield Paragraph(f"{plan.unit_line}. {said.guest}" if plan.unit_line else said.guest, Voice.ASIDE)
    yield from plan_blocks(plan, rubric, said)


# ── Front page and overview ───────────────────────────────────────────────────────────────


def _front(inspection: Inspection, rubric: Rubric, said: Words) -> Front:
    unit = inspection.unit
    values = (
        (unit.hospital, unit.clinic) if unit.hospital else (unit.clinic,),
        (inspection.specialty,),
        (dates(inspection),),
        (inspection.place,),
        (_joined(inspection.inspectors, said),),
    )
    rows = tuple(Fact(name, value if any(value) else ("–",)) for name, value in zip(said.facts, values, strict=True))
    changes = [r.date for review in inspection.areas.values() for r in review.regrades if r.date]
    note = said.edition.format(rubric.title, rubric.edition)
    if changes:
        note += " " + said.changed.format(max(changes))
    title, subtitle = _split(rubric.report_title)
    return Front(title, subtitle, Facts(said.facts_caption, said.facts_head, rows), note)


def _overview(inspection: Inspection, rubric: Rubric, said: Words) -> Overview:
    rows = tuple(_overview_row(inspection.review(area.id), area, rubric, said) for area in rubric.areas)
    key = tuple((mark_of(rubric, step.grade, said), meaning_of(rubric, step.grade, said)) for step in rubric.scale)
    return Overview(said.overview, said.overview_caption, said.overview_head, rows, key)


def _overview_row(review: AreaReview, area: Area, rubric: Rubric, said: Words) -> OverviewRow:
    if not review.standing:
        return OverviewRow(area.title, area.code, area.id, no_mark(said), said.no_grade_word)
    note = ""
    if review.regrades:
        last = review.regrades[-1]
        note = said.changed_by[last.because].format(f" {last.date}" if last.date else "")
    mark, word = mark_of(rubric, review.standing, said), meaning_of(rubric, review.standing, said)
    return OverviewRow(area.title, area.code, area.id, mark, word, note)


def _joined(names: tuple[str, ...], said: Words) -> str:
    return said.joined.join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _split(title: str) -> tuple[str, str]:
    """`EXTERN KVALITETSGRANSKNING av …` → the words in capitals, and the rest."""
    given = title.split(" ")
    capitals = next((i for i, word in enumerate(given) if not word.isupper()), len(given))
    return (" ".join(given[:capitals]), " ".join(given[capitals:])) if capitals else (title, "")


def _calm(title: str) -> str:
    """The title without its capitals, for a line that stands on every page."""
    capitals, rest = _split(title)
    return " ".join(filter(None, (capitals.capitalize() if rest else capitals, rest)))


def _in_fours(digits: str) -> str:
    return "\u00a0".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def _last_day(inspection: Inspection) -> date | None:
    """The day of the youngest thing that the report tells."""
    changes = [regrade.date for review in inspection.areas.values() for regrade in review.regrades]
    days = [inspection.visit.first_day, inspection.visit.last_day, *changes]
    return max((day for day in days if day), default=None)
