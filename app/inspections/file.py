"""One inspection, whole, as a file (`*.inspection.yaml`, format `inspection/1`): its shape.

Export, import, checking and reports all speak this. What must hold between an inspection and its
rubric is in `rules.py`; how a report reads it, in `report.py`.
"""

import hashlib
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from reports.shown import shown
from rubrics import measures, shape
from rubrics.measures import Several
from rubrics.model import Cause, RubricReference
from rubrics.shape import Count, Day, Many, Matching, Shape, Tables, Texts


def _shown(value: Any) -> Any:
    return shown(value) if isinstance(value, str) else value


# A person's text is made storable at the door: what cannot be shown gets its shown form here.
Text = Annotated[shape.Text, BeforeValidator(_shown)]
Name = Annotated[shape.Name, BeforeValidator(_shown)]

PRIVATE = {"areas": {"__all__": {"comments", "grade_reason"}}}  # for inspectors and office alone
FindingKind = Literal["strength", "weakness", "improvement"]
MeasureStatus = Literal["planned", "started", "done", "stopped"]


class Unit(Shape):
    region: Name
    clinic: Name
    hospital: Text = ""  # left out in primary care

    @property
    def line(self) -> str:
        """`Medicinkliniken, Länssjukhuset Kalmar`."""
        return f"{self.clinic}, {self.hospital}" if self.hospital else self.clinic


class Visit(Shape):
    first_day: Day | None = None
    last_day: Day | None = None
    mode: Literal["onsite", "digital", "hybrid"] | None = None


class Finding(Shape):
    kind: FindingKind
    text: Text
    area: Text = ""
    criteria: Many[Text] = ()


class Regrade(Shape):
    grade: Name
    because: Cause
    date: Day | None = None


class AreaReview(Shape):
    """What the inspectors found in one area."""

    narrative: Text = ""
    answers: Texts[Text] = Field(default_factory=dict)  # criterion id → answer key; "" = not assessed
    comments: Texts[Text] = Field(default_factory=dict)  # for inspectors and office alone
    grade: Text = ""  # "" = not decided
    grade_reason: Text = ""  # for inspectors and office alone
    regrades: Many[Regrade] = ()  # oldest first

    @property
    def assessed(self) -> dict[str, str]:
        """The answers that are given."""
        return {id: answer for id, answer in self.answers.items() if answer}

    @property
    def standing(self) -> str:
        """The grade after regrades; "" where none is decided."""
        return self.regrades[-1].grade if self.regrades else self.grade


class Recurs(measures.Recurs):
    """What a measure promises to do again and again. A supervisor's share is not told apart from the clinic's:
    a plan counts ST-läkare alone."""

    term: Text = ""


class Occurrence(Shape):
    """What was done one day of a measure."""

    day: Day
    count: Several = 1
    note: Text = ""


class Measure(Shape):
    """One thing that the clinic does: which criteria it answers, who sees to it, when, and how it is shown."""

    what: Name
    how: Text = ""
    why: Text = ""
    area: Text = ""  # whose heading it stands under; its criteria may lie in others
    criteria: Many[Text] = ()
    owner: Text = ""  # a role rather than a name
    start: Day | None = None
    due: Day | None = None
    proof: Text = ""
    status: MeasureStatus = "planned"
    effect: Text = ""  # what it led to, when that can be told
    bank: Text = ""  # M14: the measure in the åtgärdsbank that it was made from
    recurs: Recurs | None = None
    done: Many[Occurrence] = ()


class Headcount(Shape):
    """How many ST-läkare the clinic has from a day on. They are counted, never listed."""

    since: Day
    trainees: Annotated[Count, Field(le=10_000)]


class Plan(Shape):
    """The clinic's handlingsplan."""

    title: Text = "Handlingsplan"
    unit_line: Text = ""
    areas: Texts[Text] = Field(default_factory=dict)
    measures: Many[Measure] = ()
    staff: Many[Headcount] = ()  # the oldest first


class Inspection(Shape):
    format: Annotated[Name, Matching("inspection/1", "Skriv inspection/1.")]
    rubric: RubricReference
    unit: Unit
    specialty: Name
    state: Literal["draft", "signed"] = "signed"
    place: Text = ""
    visit: Visit = Visit()
    inspectors: Many[Name] = ()
    findings: Many[Finding] = ()
    areas: Tables[AreaReview] = Field(default_factory=dict)
    plan: Plan | None = None

    def review(self, area: str) -> AreaReview:
        return self.areas.get(area, _NOTHING_YET)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that tell which content a report was made from. What no report prints (comments
        and reasons) is left out, so that the clinic's copy of the file has the same."""
        content = self.model_dump_json(exclude=PRIVATE, exclude_defaults=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:12]


_NOTHING_YET = AreaReview()


def paragraphs(text: str) -> tuple[str, ...]:
    """A text's paragraphs: separated by an empty line. Single line breaks stay inside them."""
    return tuple(part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip())
