"""What is worth a look before an inspection is signed, though nothing of it stops a signature. Pure.

What says no is the rubric's to tell: `rubric.unmet`, the answer for which the area's page offers to write a weakness.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.inspections.fields import ANSWER, NARRATIVE, TEXT
from app.inspections.file import Finding, Inspection
from app.inspections.owed import Owed, not_begun, untouched
from app.inspections.ties import lacks
from rubrics.model import Area, Rubric


@dataclass(frozen=True)
class Draft:
    """What there is to look at: the content, the ids of its findings in the same order, the narratives of the unit's
    report before this one, by area, and the areas in which answers wait to be agreed on."""

    inspection: Inspection
    rubric: Rubric
    findings: Sequence[str]
    earlier: Mapping[str, str]
    begun: Collection[str] = ()


def advice(draft: Draft) -> Iterator[Owed]:
    """By area, in the rubric's order."""
    for area in draft.rubric.areas:
        if untouched(draft.inspection, area) and area.id not in draft.begun:
            yield not_begun(area, stops=False)
        else:
            yield from _unanswered(draft, area)
            yield from _narrative(draft, area)
        yield from _without_weakness(draft, area)
        yield from _without_way_forward(draft, area)
        yield from _contradicted(draft, area)


def _said(area: Area, place: str, text: str, count: int = 1) -> Owed:
    return Owed(place, text, count, stops=False, area=area.id)


def _unanswered(draft: Draft, area: Area) -> Iterator[Owed]:
    assessed = draft.inspection.review(area.id).assessed
    if missing := [each.id for each in area.criteria if each.id not in assessed]:
        told = f"{_criteria(missing)} utan svar i område {area.called}"
        yield _said(area, ANSWER.key(criterion=missing[0]), told, len(missing))


def _without_weakness(draft: Draft, area: Area) -> Iterator[Owed]:
    weaknesses = (each for each in draft.inspection.findings if each.kind == "weakness")
    written = {criterion for each in weaknesses for criterion in each.criteria}
    if lacking := [id for id in _unmet(draft, area) if id not in written]:
        told = f"{_criteria(lacking)} med svaret {_no(draft.rubric)} utan svaghet i område {area.called}"
        yield _said(area, ANSWER.key(criterion=lacking[0]), told, len(lacking))


def _without_way_forward(draft: Draft, area: Area) -> Iterator[Owed]:
    of_area = [
        id
        for id, each in zip(draft.findings, draft.inspection.findings, strict=True)
        if lacks(each, draft.inspection.findings) and _home(draft.rubric, each) == area.id
    ]
    if of_area:
        what = "svaghet" if len(of_area) == 1 else "svagheter"
        told = f"{what} i område {area.called} som ingen förbättringspotential svarar mot"
        yield _said(area, TEXT.key(finding=of_area[0]), told, len(of_area))


def _home(rubric: Rubric, finding: Finding) -> str:
    return finding.area or next((rubric.area_of[id] for id in finding.criteria if id in rubric.area_of), "")


def _contradicted(draft: Draft, area: Area) -> Iterator[Owed]:
    """Met, though what it depends on is not."""
    rubric, met = draft.rubric, draft.rubric.counted[0]
    assessed = draft.inspection.review(area.id).assessed
    for criterion in area.criteria if rubric.unmet else ():
        against = [id for id in criterion.depends_on if _answer(draft, id) == rubric.unmet]
        if assessed.get(criterion.id) == met and against:
            word = rubric.answers[met].label or met
            told = f"{criterion.id} har svaret ”{word}”, men hänger på {_and(against)} med svaret {_no(rubric)}"
            yield _said(area, ANSWER.key(criterion=criterion.id), f"svar att se över: {told}")


# ── The narrative ─────────────────────────────────────────────────────────────────────────


def _narrative(draft: Draft, area: Area) -> Iterator[Owed]:
    text, place = draft.inspection.review(area.id).narrative, NARRATIVE.key(area=area.id)
    if not text.strip():
        yield _said(area, place, f"beskrivning saknas i område {area.called}")
    elif untried(draft.inspection, area, draft.earlier):
        yield _said(area, place, f"beskrivning i område {area.called} som är den förra rapportens, ej omprövad")
    for what, criteria in _claims(draft, area, text):
        told = f"beskrivning i område {area.called} som säger att alla {what} är uppfyllda"
        yield _said(area, place, f"{told}, men {_and(criteria)} har svaret {_no(draft.rubric)}")


def untried(inspection: Inspection, area: Area, earlier: Mapping[str, str]) -> bool:
    """The narrative was taken over from the report before, and nobody has changed it: that is read from the two texts,
    so that no mark can be lost, or be untrue."""
    text = inspection.review(area.id).narrative
    return bool(text.strip()) and text == earlier.get(area.id)


# A sentence that says that all of a kind hold. It counts only when nothing in it takes anything back, asks or hopes:
# better silent than wrong.
_ALL = r"\b(?:alla|samtliga)\s+(?:\w+\s+)?"
_HOLD = re.compile(r"\b(?:uppfyll(?:s|er|da|ts)|följs|efterlevs)\b", re.I)
_UNSURE = re.compile(
    r"\b(?:inte|ej|utom|förutom|undantag|undantaget|men|dock|fast|nästan|om|när|ska|skall|bör|måste|kan|kunna|behöver|"
    r"tidigare|förra|sägs|uppges|enligt)\b|\?",
    re.I,
)


def _claims(draft: Draft, area: Area, text: str) -> Iterator[tuple[str, list[str]]]:
    """What the text says that all of are met, and those that are answered otherwise."""
    unmet = _unmet(draft, area)
    sure = [each for each in re.split(r"(?<=[.!?])\s+|\n+", text) if _HOLD.search(each) and not _UNSURE.search(each)]
    for what, kind in _nouns(draft.rubric).items() if sure else ():
        criteria = [id for id in unmet if kind in (None, area.kinds[id])]
        said = re.compile(rf"{_ALL}({re.escape(what)}\w*)", re.I)
        found = next((match for each in sure if (match := said.search(each))), None)
        if found and criteria:
            yield found[1].lower(), criteria


def _nouns(rubric: Rubric) -> dict[str, str | None]:
    """The words that criteria go by, as their kind's heading has them in the singular; None = of any kind."""
    of_kind: dict[str, str | None] = {each.heading.lower(): id for id, each in rubric.kinds.items() if each.heading}
    return {"kriterie": None, "krav": None, **of_kind}


# ── Words ─────────────────────────────────────────────────────────────────────────────────


def _unmet(draft: Draft, area: Area) -> list[str]:
    assessed = draft.inspection.review(area.id).assessed
    return [each.id for each in area.criteria if draft.rubric.unmet and assessed.get(each.id) == draft.rubric.unmet]


def _answer(draft: Draft, criterion: str) -> str | None:
    return draft.inspection.review(draft.rubric.area_of.get(criterion, "")).assessed.get(criterion)


def _no(rubric: Rubric) -> str:
    unmet = rubric.unmet or ""
    return f"”{rubric.answers[unmet].label or unmet}”"


def _criteria(ids: Sequence[str]) -> str:
    return "kriterium" if len(ids) == 1 else "kriterier"


def _and(ids: Sequence[str]) -> str:
    return " och ".join(filter(None, (", ".join(ids[:-1]), ids[-1])))
