"""The figures as tables with typed columns, for files: what the pages show and nothing more.

Each column says what it is; the same words stand on a sheet of their own. Numbers are counts, days are days, and a
grade is a letter: nothing here can be summed over areas.
"""

from collections.abc import Iterator, Mapping, Sequence

from app.comparison.counting import Counts, Guarded
from app.comparison.figures import AreaFigures, Course, Figures, UnitLine
from app.comparison.scope import PLANS, Filters
from app.lists.sheets import Column, Sheet, Value

OWN, REST = "Egna", "Övriga landet"


def sheets(figures: Figures | None, asked: Filters, *, with_rest: bool) -> list[Sheet]:
    """Units, areas, criteria, and what they mean. `figures` = None: nothing is signed yet."""
    units = _units(figures)
    areas = _areas(figures, OWN if with_rest else "Alla")
    criteria = _criteria(figures, with_rest=with_rest)
    return [units, areas, criteria, _meaning(figures, asked, (units, areas, criteria), with_rest=with_rest)]


def _units(figures: Figures | None) -> Sheet:
    areas = figures.chosen.rubric.areas if figures else ()
    columns = [
        Column("Specialitet", "Enhetens specialitet, som den heter i dag.", 24),
        Column("Klinik", "Kliniken eller vårdcentralen, som den heter i dag.", 36),
        Column("Sjukhus", "Sjukhuset eller primärvården, som det heter i dag.", 36),
        Column("Region", "Regionen där enheten låg när den granskades.", 26),
        Column("Utgåva", "Granskningsmodellens utgåva i rapporten."),
        Column("Granskad", "Besökets första dag. Den senaste fastställda granskningen av enheten."),
        *(Column(area.name, "Gradering som den gäller i dag. Tomt: ingen gradering.", 10) for area in areas),
        *(Column(f"{area.code or area.title}, före", "Tidigare gradering, om den har ändrats.", 10) for area in areas),
        Column("Plan", "Handlingsplanens läge. Tomt: ingen plan.", 24),
        Column("Plan senast", "Dagen då planen ska vara inlämnad."),
        Column("Dagar sen", "Så många dagar efter den dagen, om planen inte är inlämnad."),
        Column("Rapport", "Rapportens adress i Sporra.", 60),
    ]
    rows = [_unit(each, figures) for each in figures.units.lines] if figures else []
    return Sheet("Enheter", columns, rows)


def _unit(line: UnitLine, figures: Figures) -> list[Value]:
    cells = [line.cells.get(area.id) for area in figures.chosen.rubric.areas]
    plan = line.plan
    return [
        *(line.speciality, line.clinic, line.hospital, line.region, line.edition, line.first_day),
        *(cell.standing or None if cell else None for cell in cells),
        *(" → ".join(cell.before) or None if cell else None for cell in cells),
        plan.told(figures.today) if plan else None,
        plan.due if plan else None,
        (plan.days_late(figures.today) or None) if plan else None,
        f"/inspektioner/{line.inspection}/versioner/{line.version}",
    ]


# ── Grades ────────────────────────────────────────────────────────────────────────────────


def _areas(figures: Figures | None, own: str) -> Sheet:
    grades = [step.grade for step in figures.chosen.rubric.scale] if figures else []
    columns = [
        Column("Område", "Granskningsmodellens område. Jämför bara rader inom samma område.", 44),
        Column("Enheter", f"{own}: de vars rapporter du kan läsa. {REST}: alla andra, bara som antal.", 16),
        Column("Uppdelning", "Alla: som graderingen gäller i dag. År: som den sattes då. Specialitet: i dag.", 14),
        Column("Värde", "Året eller specialiteten. Övriga: flera små tillsammans.", 30),
        *(Column(f"Gradering {grade}", "Antal enheter. Tomt: finns inte i området.", 12) for grade in grades),
    ]
    rows: list[Sequence[Value]] = []
    if figures:
        for each, course in zip(figures.areas, figures.courses, strict=True):
            rows += [_counted(each, grades, names, counts) for names, counts in _of_area(each, course, own)]
    return Sheet("Områden", columns, rows)


def _counted(each: AreaFigures, grades: Sequence[str], names: Sequence[str], counts: Counts) -> list[Value]:
    there = (counts.get(grade, 0) if grade in each.area.offered or counts.get(grade) else None for grade in grades)
    return [each.area.name, *names, *there]


def _of_area(each: AreaFigures, course: Course, own: str) -> Iterator[tuple[tuple[str, str, str], Counts]]:
    yield (own, "Alla", ""), each.own
    yield from (((own, "År", str(year) if year else "Utan år"), counts) for year, counts in course.years.items())
    yield from (((own, "Specialitet", name), counts) for name, counts in course.specialities.items())
    if each.rest is not None:
        yield (REST, "Alla", ""), each.rest
    yield from _of_rest("År", course.rest_years)
    yield from _of_rest("Specialitet", course.rest_specialities)


def _of_rest(by: str, table: Guarded[int] | Guarded[str] | None) -> Iterator[tuple[tuple[str, str, str], Counts]]:
    if table is None:
        return
    rows: Mapping[int, Counts] | Mapping[str, Counts] = table.rows
    yield from (((REST, by, str(row)), counts) for row, counts in rows.items())
    if table.others is not None:
        yield (REST, by, "Övriga"), table.others
    if table.whole is not None:
        yield (REST, by, "Alla"), table.whole


# ── Criteria ──────────────────────────────────────────────────────────────────────────────


def _criteria(figures: Figures | None, *, with_rest: bool) -> Sheet:
    answers = figures.chosen.rubric.answers if figures else {}
    shown = [(key, answer.label or key) for key, answer in list(answers.items())[1:]] + [("", "Inget svar")]
    columns = [
        Column("Kriterium", "Kriteriets beteckning, densamma i alla utgåvor.", 12),
        Column("Område", "Området som det hör till.", 40),
        Column("Slag", "Föreskrift, allmänna råd eller kvalitetsindikator.", 20),
        Column("Text", "Kriteriets text i den senaste utgåvan.", 80),
        Column("Tillfrågade", "Antal enheter vars utgåva har kriteriet."),
        *(Column(label, "Antal enheter med det svaret.") for _, label in shown),
    ]
    if with_rest:
        few = "Tomt: så få att det inte visas."
        columns.append(Column("Brister, övriga", f"{REST}: antal enheter som inte uppfyller det helt. {few}", 18))
        columns.append(Column("Tillfrågade, övriga", f"{REST}: antal enheter vars utgåva har kriteriet. {few}", 18))
    rows: list[Sequence[Value]] = []
    for each in figures.criteria if figures else ():
        rest: list[Value] = [each.rest.lacking, each.rest.asked] if each.rest else [None, None] if with_rest else []
        kind = (figures.chosen.rubric.kinds[each.kind].heading or each.kind) if figures else each.kind
        own = [each.counts.get(key, 0) for key, _ in shown]
        rows.append([each.criterion.id, each.area.name, kind, each.criterion.text, each.asked, *own, *rest])
    return Sheet("Kriterier", columns, rows)


# ── What it all means ─────────────────────────────────────────────────────────────────────

_RULES = (
    "En gradering betyder något bara inom samma område och samma granskningsmodell.",
    "Därför finns inga medelvärden, ingen rangordning och inga summor över områden. Gör inte sådana.",
    "Varje enhet (en kliniks utbildning i en specialitet) räknas med sin senaste fastställda granskning. "
    "I uppdelningen på år räknas varje granskning, med den gradering som sattes då.",
)
_FEW = "Övriga landet visas bara som antal. Små antal visas inte, och inte det som skulle avslöja dem."


def _meaning(figures: Figures | None, asked: Filters, told: Sequence[Sheet], *, with_rest: bool) -> Sheet:
    rows: list[Sequence[Value]] = [("Regler", "", text) for text in (*_RULES, *((_FEW,) if with_rest else ()))]
    if figures:
        rows += [("Urval", name, text) for name, text in _choices(figures, asked)]
    rows += [(sheet.name, column.name, column.meaning) for sheet in told for column in sheet.columns]
    columns = [Column("Blad", "", 12), Column("Kolumn", "", 40), Column("Betydelse", "", 100)]
    return Sheet("Förklaring", columns, rows)


def _choices(figures: Figures, asked: Filters) -> Iterator[tuple[str, str]]:
    chosen = figures.chosen
    yield "Granskningsmodell", chosen.rubric.title
    yield "Hämtat", str(figures.today)
    for name, value, known in (
        ("Specialitet", asked.speciality, dict(chosen.specialities)),
        ("Sjukhus", asked.hospital, dict(chosen.hospitals)),
        ("År", asked.year, {}),
        ("Plan", asked.plan, PLANS),
        ("Kriterium som saknas", asked.criterion, {}),
    ):
        if value:
            yield name, known.get(value, value)[:200]
