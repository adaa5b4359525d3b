"""A handlingsplan as a document of its own: its front page, and then what the appendix of a report prints. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.inspections.file import Inspection, Plan
from app.inspections.plan_blocks import plan_blocks
from app.inspections.report import dates
from app.inspections.words import words
from app.plans.rules import STATES, State
from reports.blocks import Block, Document, Fact, Facts, Front, Heading, Paragraph, Voice
from rubrics.model import Rubric


@dataclass(frozen=True)
class _Words:
    states: Mapping[State, str]
    unnamed: str
    facts: tuple[str, str, str, str, str]  # clinic, speciality, review, state, submitted
    facts_caption: str
    facts_head: tuple[str, str]
    review: str  # days
    version: str  # number, day
    not_submitted: str
    draft: str
    draft_mark: str
    note: str
    heading: str
    empty: str


_SV = _Words(
    states=STATES,
    unnamed="Handlingsplan",
    facts=("Klinik", "Specialitet", "Granskning", "Läge", "Inlämnad"),
    facts_caption="Uppgifter om handlingsplanen",
    facts_head=("Uppgift", "Planen gäller"),
    review="Besök {}",
    version="Version {}, {}",
    not_submitted="Inte än",
    draft="Utkast, inte inlämnat",
    draft_mark="UTKAST",
    note="Klinikens plan efter granskningen. {}, utgåva {}.",
    heading="Områden och åtgärder",
    empty="Planen är tom.",
)

_EN = _Words(
    states={
        "draft": "draft",
        "submitted": "submitted",
        "more": "more asked for",
        "accepted": "accepted",
        "follow_up": "followed up",
        "closed": "closed",
    },
    unnamed="Action plan",
    facts=("Clinic", "Speciality", "Review", "State", "Submitted"),
    facts_caption="About the action plan",
    facts_head=("Fact", "The plan concerns"),
    review="Visit {}",
    version="Version {}, {}",
    not_submitted="Not yet",
    draft="Draft, not submitted",
    draft_mark="DRAFT",
    note="The clinic's plan after the review. {}, edition {}.",
    heading="Areas and measures",
    empty="The plan is empty.",
)


def plan_document(
    inspection: Inspection, rubric: Rubric, plan: Plan, *, state: State, version: int = 0, submitted: date | None = None
) -> Document:
    """A submission, or what is being written: without the day of a submission the text is a draft, and says so."""
    said = {"en": _EN}.get(rubric.language.partition("-")[0], _SV)
    title, unit = plan.title.strip() or said.unnamed, plan.unit_line or inspection.unit.line
    told = said.version.format(version, submitted) if submitted else said.not_submitted
    visit = dates(inspection)
    return Document(
        title=f"{title}, {unit}",
        language=rubric.language,
        authors=(unit,),
        subject=rubric.title,
        day=submitted,
        header=title,
        footer=(
            " · ".join(filter(None, (unit, inspection.specialty, visit))),
            f"{told if submitted else said.draft} · {rubric.reference}",
        ),
        blocks=tuple(_blocks(plan, rubric, said)),
        front=_front(inspection, rubric, said, (title, unit), (said.states[state].capitalize(), told)),
        status="" if submitted else said.draft,
        watermark="" if submitted else said.draft_mark,
    )


def _blocks(plan: Plan, rubric: Rubric, said: _Words) -> Iterator[Block]:
    blocks = tuple(plan_blocks(plan, rubric, words(rubric.language)))
    yield Heading(said.heading)
    yield from blocks or (Paragraph(said.empty, Voice.ASIDE),)


def _front(
    inspection: Inspection, rubric: Rubric, said: _Words, opening: tuple[str, str], standing: tuple[str, str]
) -> Front:
    unit, visit = inspection.unit, dates(inspection)
    values = (
        (unit.hospital, unit.clinic) if unit.hospital else (unit.clinic,),
        (inspection.specialty,),
        (rubric.title, said.review.format(visit)) if visit else (rubric.title,),
        (standing[0],),
        (standing[1],),
    )
    rows = tuple(Fact(name, value) for name, value in zip(said.facts, values, strict=True))
    facts = Facts(said.facts_caption, said.facts_head, rows)
    return Front(*opening, facts, said.note.format(rubric.title, rubric.edition))
