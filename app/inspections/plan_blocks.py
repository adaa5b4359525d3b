"""A handlingsplan's areas and measures as blocks: in the report's appendix, and in the plan as a document. Pure.

Under each area's heading (level 2) the clinic's own text and then its measures, each with the same facts in the
same order; what belongs to no area comes last. A measure whose criteria lie in several areas stands once, under
its own. An area that nothing is said of is left out.
"""

from collections.abc import Iterator
from itertools import count

from app.inspections.file import Measure, Plan, paragraphs
from app.inspections.promises import promise
from app.inspections.words import Words
from reports.blocks import Block, Group, Heading, Paragraph, Voice
from rubrics.model import Rubric

_QUIET = 2  # a measure binds nobody: the quietest of the bars
_HEADING = 80  # characters; a longer "what" stands as text under its number: a heading hangs in a narrow margin


def plan_blocks(plan: Plan, rubric: Rubric, said: Words) -> Iterator[Block]:
    """Measures are numbered as they are printed."""
    numbers = count(1)
    for area in rubric.areas:
        text, own = plan.areas.get(area.id, ""), [each for each in plan.measures if each.area == area.id]
        if text or own:
            yield Heading(area.title, level=2, code=area.code)
            yield from (Paragraph(each, Voice.GUEST) for each in paragraphs(text))
            yield from (_measure(next(numbers), each, rubric, said) for each in own)
    rest = [each for each in plan.measures if rubric.area(each.area) is None]
    if rest:
        yield Heading(said.no_area, level=2)
        yield from (_measure(next(numbers), each, rubric, said) for each in rest)


def _measure(number: int, measure: Measure, rubric: Rubric, said: Words) -> Group:
    texts = {criterion.id: criterion.text for area in rubric.areas for criterion in area.criteria}
    status = (said.statuses[measure.status].capitalize(), _done(measure, said))
    values = (
        "".join(f"\n{id} {texts.get(id, '')}".rstrip() for id in measure.criteria),  # each on a line of its own
        measure.owner,
        _when(measure, rubric, said),
        measure.proof,
        ". ".join(filter(None, status)),
    )
    why = f"{said.measure_why}: {measure.why}" if measure.why else ""
    titled = len(measure.what) <= _HEADING and "\n" not in measure.what
    intro = tuple(part for text in ("" if titled else measure.what, measure.how, why) for part in paragraphs(text))
    points = [f"{name}: {value or '–'}" for name, value in zip(said.measure_facts, values, strict=True)]
    points += [f"{said.measure_effect}: {measure.effect}"] if measure.effect else []
    heading = said.measure.format(number)
    return Group(f"{heading}. {measure.what}" if titled else heading, intro, tuple(points), weight=_QUIET)


def _when(measure: Measure, rubric: Rubric, said: Words) -> str:
    """`minst 6 EPA per ST-läkare och år, från 2026-01-01`."""
    promised = promise(measure.recurs, rubric.language) if measure.recurs else ""
    start, due = measure.start, measure.due
    only_start, by, until = said.spans
    if start and due:
        span = f"{start} – {due}"
    elif start:
        span = only_start.format(start)
    else:
        span = (until if measure.recurs else by).format(due) if due else ""
    return ", ".join(filter(None, (promised, span)))


def _done(measure: Measure, said: Words) -> str:
    """`4 gjorda, senast 2026-05-03`. Notes stay in the plan: a reader needs the count."""
    if not measure.done:
        return ""
    return said.measure_done.format(sum(each.count for each in measure.done), max(each.day for each in measure.done))
