"""What a rubric is: the shape of a rubric file, and of an overlay that adds to another rubric.

The fields are the file format's; a JSON Schema is generated from them. What must hold between
them is in `checks.py`, what the ladder's conditions mean in `ladder.py`.
"""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from rubrics.ladder import When
from rubrics.shape import Count, Flag, Many, Matching, Name, Shape, Tables, Text

FollowUp = Literal["none", "recommended", "required"]
Cause = Literal["plan", "revisit", "correction"]
Status = Literal["draft", "published", "retired"]

ID = r"\w[\w.-]{0,59}/\w[\w.-]{0,59}"  # never a way out of a folder
RubricId = Annotated[Name, Matching(ID, "Skriv familj/namn, som st-spur/2015-8.")]
RubricReference = Annotated[Name, Matching(f"{ID}@[0-9]{{1,9}}", "Skriv familj/namn@utgåva, som st-spur/2015-8@1.")]
Slug = Annotated[Name, Matching(r"[\w-]{1,60}", "Använd bokstäver, siffror och bindestreck, högst 60 tecken.")]
Key = Annotated[
    Name, Matching(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{1,60}", "Skriv högst 60 synliga tecken.")
]
Language = Annotated[Name, Matching("[a-z]{2,3}(-[A-Z]{2})?", "Skriv en språkkod, som sv eller en-GB.")]


class Kind(Shape):
    """A kind of criterion: föreskrift, allmänna råd, kvalitetsindikator …"""

    heading: Text = ""


class Answer(Shape):
    """What can be said of one criterion."""

    label: Text = ""
    ignored: Flag = False  # counts for nothing in the ladder


class Step(Shape):
    """A grade on the rubric's scale."""

    grade: Key
    follow_up: FollowUp = "none"  # what the grade asks of the clinic
    label: Text = ""


class Rule(Shape):
    """A rung of the ladder: the grade, and the condition on one kind's answers (none in the last)."""

    grade: Name
    kind: Name | None = None
    when: When | None = None
    of: Many[Name] = ()
    n: Count | None = None
    note: Text = ""


class Legal(Shape):
    """Where a criterion stands in law; unverified until a person has looked it up."""

    regulation: Name
    chapter: Text = ""
    paragraph: Text = ""
    url: Text = ""
    verified: Flag = False


class Ask(Shape):
    """Interview questions by role."""

    st: Many[Name] = ()
    handledare: Many[Name] = ()
    studierektor: Many[Name] = ()
    chef: Many[Name] = ()


class Criterion(Shape):
    id: Slug  # <area>-<kind><number>; never reused
    text: Name
    legal: Legal | None = None
    depends_on: Many[Name] = ()  # can hardly be met where those are not
    ask: Ask | None = None
    regulations: Many[Name] = ()


class Group(Shape):
    """Criteria of one kind that are printed together."""

    kind: Name
    criteria: Many[Criterion]
    intro: Many[Name] = ()


class GradeText(Shape):
    """A grade as one area offers it, in that area's words."""

    grade: Name
    text: Name
    shortfall: Text = ""  # what was lacking, as the paragraph after a regrade says it


class Area(Shape):
    id: Slug
    title: Name
    groups: Many[Group]
    grades: Many[GradeText]  # best first
    code: Text = ""  # printed before the title

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for group in self.groups for criterion in group.criteria)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each criterion, by id."""
        return {criterion.id: group.kind for group in self.groups for criterion in group.criteria}

    @cached_property
    def offered(self) -> tuple[str, ...]:
        return tuple(each.grade for each in self.grades)

    @property
    def name(self) -> str:
        """`E Handledning och uppföljning`, or the title alone."""
        return f"{self.code} {self.title}" if self.code else self.title

    @property
    def called(self) -> str:
        """`E`, or the title of one without a code: after the word for area, in a sentence."""
        return self.code or self.title


class ClosedArea(Area):
    """An area to which an overlay has added criteria but no grade: the ladder's rungs for a grade that the
    area does not offer do not apply in it."""


class Part(Shape):
    title: Text = ""
    areas: Many[Area] = ()


class Rubric(Shape):
    """One edition of a rubric, whole."""

    id: RubricId
    edition: Annotated[Count, Field(ge=1)]
    status: Status
    title: Name
    programme: Name
    regulations: Many[Name]
    language: Language
    report_title: Name
    kinds: Tables[Kind]
    answers: Tables[Answer]  # best first
    scale: Many[Step]  # best first
    parts: Many[Part]
    ladder: Many[Rule] = ()  # worst first
    regraded: dict[Cause, Text] = Field(default_factory=dict)

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.edition}"

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        return tuple(area for part in self.parts for area in part.areas)

    @cached_property
    def area_of(self) -> dict[str, str]:
        """The area's id of each criterion, by id."""
        return {criterion.id: area.id for area in self.areas for criterion in area.criteria}

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The answers that are not ignored, best first."""
        return tuple(key for key, answer in self.answers.items() if not answer.ignored)

    @property
    def unmet(self) -> str | None:
        """The answer that says no: the worst that counts. None where only one counts."""
        return self.counted[-1] if len(self.counted) > 1 else None

    def area(self, id: str) -> Area | None:
        return next((area for area in self.areas if area.id == id), None)


class AddedCriteria(Shape):
    area: Name
    kind: Name
    criteria: Many[Criterion]


class AddedGrade(GradeText):
    area: Name


class Overlay(Shape):
    """What is added to another rubric, such as a speciality's own quality indicators."""

    id: RubricId
    edition: Annotated[Count, Field(ge=1)]
    status: Status
    title: Name
    extends: RubricReference
    criteria_added: Many[AddedCriteria]
    grades_added: Many[AddedGrade] = ()
    offers_no_new_grade: Flag = False

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.edition}"
