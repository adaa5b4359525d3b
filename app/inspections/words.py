"""The fixed words of a report and of the blank protocol, by language. Unknown languages get Swedish.

They follow the rubric's language; what the rubric itself says (kinds, answers, grades) comes from it.
"""

from dataclasses import dataclass

from app.inspections.file import FindingKind, MeasureStatus
from rubrics.model import Cause, FollowUp


@dataclass(frozen=True)
class Words:
    findings: dict[FindingKind, str]
    grading: str
    grade: str  # "{}" is the grade
    option: str  # a box's spoken name: area, grade
    no_grade: str
    no_grade_word: str
    follow_up: dict[FollowUp, str]
    overview: str
    overview_caption: str
    overview_head: tuple[str, str, str]
    facts_caption: str
    facts_head: tuple[str, str]
    facts: tuple[str, str, str, str, str]  # clinic, speciality, dates, place, inspectors
    joined: str  # between the last two names
    edition: str
    changed: str  # on the front page: date
    changed_by: dict[Cause, str]  # in the overview; "{}" is " date" or nothing
    draft: str
    draft_mark: str
    signed: str
    source: str  # before the fingerprint
    appendix: str
    guest: str  # under the appendix' heading
    measure: str  # a measure's heading, with its number
    measure_facts: tuple[str, str, str, str, str]  # answers, owner, when, proof, status
    measure_why: str
    measure_effect: str
    measure_done: str  # how many, the last day
    statuses: dict[MeasureStatus, str]
    spans: tuple[str, str, str]  # only a start; only a due day: once, and of what recurs
    no_area: str  # the heading of what belongs to no area
    protocol: str
    how_to: tuple[str, ...]
    blanks: tuple[str, str, str, str, str]
    table_caption: str
    table_head: tuple[str, str]
    notes: str
    notes_hint: str
    sign_off: tuple[str, str]
    spread: str


_SV = Words(
    findings={"strength": "Styrkor", "weakness": "Svagheter", "improvement": "Förbättringspotential"},
    grading="Gradering",
    grade="Gradering {}",
    option="{}: gradering {}",
    no_grade="Ingen gradering",
    no_grade_word="Ingen gradering angiven",
    follow_up={
        "none": "Inga åtgärder",
        "recommended": "Åtgärder rekommenderas",
        "required": "Åtgärder krävs",
    },
    overview="Översikt",
    overview_caption="Gradering per område",
    overview_head=("Område", "Gradering", "Innebörd"),
    facts_caption="Uppgifter om granskningen",
    facts_head=("Uppgift", "Granskningen gäller"),
    facts=("Klinik", "Specialitet", "Datum", "Ort", "Inspektörer"),
    joined=" och ",
    edition="{}, utgåva {}.",
    changed="Gradering ändrad {}.",
    changed_by={
        "plan": "Ändrad{} efter handlingsplan",
        "revisit": "Ändrad{} efter återbesök",
        "correction": "Rättad{}",
    },
    draft="Utkast, inte fastställt",
    draft_mark="UTKAST",
    signed="Fastställd",
    source="underlag",
    appendix="Bilaga. {}",
    guest="Klinikens egen text.",
    measure="Åtgärd\u00a0{}",
    measure_facts=("Svarar mot", "Ansvarig", "När", "Så visar vi det", "Läge"),
    measure_why="Varför",
    measure_effect="Det blev så här",
    measure_done="{} gjorda, senast {}",
    statuses={"planned": "planerad", "started": "påbörjad", "done": "klar", "stopped": "avbruten"},
    spans=("från {}", "klart {}", "till och med {}"),
    no_area="Åtgärder utan område",
    protocol="Protokoll",
    how_to=(
        "Ett uppslag per område: till vänster kriterierna, till höger era anteckningar och graderingen.",
        "Kryssa en ruta för varje kriterium. Det som inte är bedömt lämnas tomt.",
        "Skriv roll i stället för namn, också om den ni talar med. För in allt i Sporra när det går igen.",
    ),
    blanks=("Klinik", "Specialitet", "Ort", "Datum", "Inspektör"),
    table_caption="Kriterier, {}",
    table_head=("Nr", "Kriterium. Kryssa en ruta, anteckna på nästa sida med numret."),
    notes="Anteckningar",
    notes_hint="Skriv roll i stället för namn. Ange kriteriets nummer först, till exempel {}.",
    sign_off=("Skäl, om beslutet skiljer sig från förslaget", "Signatur"),
    spread="ett uppslag per område",
)

_EN = Words(
    findings={"strength": "Strengths", "weakness": "Weaknesses", "improvement": "Potential for improvement"},
    grading="Grade",
    grade="Grade {}",
    option="{}: grade {}",
    no_grade="No grade",
    no_grade_word="No grade given",
    follow_up={"none": "No measures", "recommended": "Measures recommended", "required": "Measures required"},
    overview="Overview",
    overview_caption="Grade by area",
    overview_head=("Area", "Grade", "Meaning"),
    facts_caption="About the review",
    facts_head=("Fact", "The review concerns"),
    facts=("Clinic", "Speciality", "Dates", "Place", "Inspectors"),
    joined=" and ",
    edition="{}, edition {}.",
    changed="Grade changed {}.",
    changed_by={
        "plan": "Changed{} after an action plan",
        "revisit": "Changed{} after a revisit",
        "correction": "Corrected{}",
    },
    draft="Draft, not signed",
    draft_mark="DRAFT",
    signed="Signed",
    source="source",
    appendix="Appendix. {}",
    guest="The clinic's own text.",
    measure="Measure\u00a0{}",
    measure_facts=("Answers", "Responsible", "When", "How we show it", "Status"),
    measure_why="Why",
    measure_effect="What came of it",
    measure_done="{} done, last on {}",
    statuses={"planned": "planned", "started": "started", "done": "done", "stopped": "stopped"},
    spans=("from {}", "done by {}", "until {}"),
    no_area="Measures without an area",
    protocol="Protocol",
    how_to=(
        "One spread per area: the criteria on the left, your notes and the grade on the right.",
        "Tick one box for each criterion. Leave empty what has not been assessed.",
        "Write roles, not names. Enter everything in Sporra when it can be reached again.",
    ),
    blanks=("Clinic", "Speciality", "Place", "Date", "Inspector"),
    table_caption="Criteria, {}",
    table_head=("No.", "Criterion. Tick one box; write notes on the next page with the number."),
    notes="Notes",
    notes_hint="Write roles, not names. Begin with the criterion's number, such as {}.",
    sign_off=("Reason, if the decision differs from the suggestion", "Signature"),
    spread="one spread per area",
)


def words(language: str) -> Words:
    """The words for a BCP 47 tag, judged by its first part."""
    return {"en": _EN}.get(language.partition("-")[0], _SV)
