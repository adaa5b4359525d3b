"""The blank protocol: a rubric as a form to print and write in, for the day the tablets fail. Pure.

One spread per area: its criteria with a box per answer on the left page, notes and grades on the right.
"""

from collections.abc import Iterator

from app.inspections.words import Words, words
from reports.blocks import (
    Blanks,
    Block,
    CheckGroup,
    Checklist,
    CheckRow,
    Choice,
    Document,
    Heading,
    Option,
    PageBreak,
    Paragraph,
    Ruled,
    Sheet,
    Voice,
)
from rubrics.model import Area, Group, Rubric


def protocol(rubric: Rubric) -> Document:
    """The blank protocol of one rubric."""
    said = words(rubric.language)
    return Document(
        title=f"{said.protocol}, {rubric.title}",
        language=rubric.language,
        authors=(),
        subject=rubric.title,
        day=None,
        header="",
        footer=(f"{said.edition.format(rubric.title, rubric.edition)[:-1]} · {said.spread}",),
        blocks=tuple(_blocks(rubric, said)),
        sheet=Sheet.FORM,
    )


def _blocks(rubric: Rubric, said: Words) -> Iterator[Block]:
    clinic, specialty, place, day, inspector = said.blanks
    yield Heading(f"{said.protocol}, {rubric.title}")
    yield from (Paragraph(text) for text in said.how_to)
    yield Blanks((clinic,), (1,))
    yield Blanks((specialty, place), (1, 1))
    yield Blanks((day, day), (1, 1))
    yield Blanks((inspector, inspector), (1, 1))
    for area in rubric.areas:
        yield from _spread(area, rubric, said, Blanks((clinic, day, inspector), (4, 2, 3)))


def _spread(area: Area, rubric: Rubric, said: Words, where: Blanks) -> Iterator[Block]:
    yield PageBreak(to_left_page=True)
    yield where
    yield Heading(area.title, code=area.code)
    yield Checklist(
        said.table_caption.format(area.name),
        said.table_head,
        tuple(answer.label or key for key, answer in rubric.answers.items()),
        tuple(_group(group, area, rubric) for group in area.groups),
    )
    yield PageBreak()
    yield where
    yield Heading(said.notes, level=2, code=area.code)
    if area.criteria:
        yield Paragraph(said.notes_hint.format(_number(area.criteria[0].id, area)), Voice.ASIDE)
    yield Ruled(("",), 15)
    yield Ruled(tuple(said.findings.values()), 6)
    options = tuple(
        Option(each.grade, each.text, False, said.option.format(area.code or area.title, each.grade))
        for each in area.grades
    )
    yield Choice(said.grading, options)
    yield Blanks(said.sign_off, (2, 1))


def _group(group: Group, area: Area, rubric: Rubric) -> CheckGroup:
    rows = tuple(CheckRow(_number(each.id, area), each.text) for each in group.criteria)
    return CheckGroup(rubric.kinds[group.kind].heading or group.kind, rows, group.intro)


def _number(id: str, area: Area) -> str:
    """`E-F4` → `F4`: on a page of area E the rest is enough."""
    return id.removeprefix(f"{area.id}-")
