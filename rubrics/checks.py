"""What must hold between the parts of a rubric, beyond the shape of each.

Every check yields faults: the key path in the file, a sentence on what is wrong and what would
be right, and whether it is only a warning. The library gives them their lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.grading import rules_of
from rubrics.ladder import tolerated
from rubrics.model import Area, ClosedArea, Rubric, Rule
from rubrics.problems import KeyPath


@dataclass(frozen=True)
class Fault:
    path: KeyPath
    message: str
    warning: bool = False


def check(rubric: Rubric) -> Iterator[Fault]:
    """Everything that is wrong between the parts. The ladder's reach is judged only where the rest holds."""
    first = [*_scale(rubric), *_criteria(rubric), *_groups(rubric), *_grades(rubric), *_regraded(rubric)]
    ladder = list(_ladder(rubric))
    yield from first
    yield from ladder
    if rubric.ladder and not any(not fault.warning for fault in first + ladder):
        for path, area in _areas(rubric):
            if area.criteria:  # without one there is no suggestion, and nothing to reach
                yield from _reach(rubric, path, area)


def _areas(rubric: Rubric) -> Iterator[tuple[KeyPath, Area]]:
    for p, part in enumerate(rubric.parts):
        for a, area in enumerate(part.areas):
            yield ("parts", p, "areas", a), area


def _scale(rubric: Rubric) -> Iterator[Fault]:
    if not rubric.scale:
        yield Fault(("scale",), "skalan är tom. Ange minst en gradering, den bästa först.")
    if not rubric.counted:
        yield Fault(("answers",), "inget svar räknas. Ange minst ett svar utan ignored, det bästa först.")
    yield from _twice([(("scale", i), step.grade) for i, step in enumerate(rubric.scale)], "graderingen")


def _criteria(rubric: Rubric) -> Iterator[Fault]:
    if not rubric.areas:
        yield Fault(("parts",), "modellen har inget område. Ange minst ett.")
    yield from _twice([((*path, "id"), area.id) for path, area in _areas(rubric)], "området")
    found = []
    for path, area in _areas(rubric):
        for g, group in enumerate(area.groups):
            for c, criterion in enumerate(group.criteria):
                at = (*path, "groups", g, "criteria", c)
                found.append(((*at, "id"), criterion.id))
                if not re.fullmatch(re.escape(f"{area.id}-{group.kind}") + "[0-9]+", criterion.id):
                    right = f"{area.id}-{group.kind}1"
                    yield Fault((*at, "id"), f"{criterion.id} följer inte mönstret {right}.", warning=True)
                for d, other in enumerate(criterion.depends_on):
                    if other not in rubric.area_of or other == criterion.id:
                        yield Fault((*at, "depends_on", d), f"{other} är inget annat kriterium i modellen.")
    yield from _twice(found, "kriteriet")


def _groups(rubric: Rubric) -> Iterator[Fault]:
    for path, area in _areas(rubric):
        for g, group in enumerate(area.groups):
            if group.kind not in rubric.kinds:
                yield Fault((*path, "groups", g, "kind"), _one_of(group.kind, rubric.kinds, "kinds"))


def _grades(rubric: Rubric) -> Iterator[Fault]:
    scale = [step.grade for step in rubric.scale]
    for path, area in _areas(rubric):
        at = (*path, "grades")
        places = [scale.index(each) for each in area.offered if each in scale]
        for i, grade in enumerate(area.offered):
            if grade not in scale:
                yield Fault((*at, i, "grade"), _one_of(grade, scale, "scale"))
        if places != sorted(places):
            yield Fault(at, "graderingarna ska stå i skalans ordning, den bästa först.")
        yield from _twice([((*at, i), grade) for i, grade in enumerate(area.offered)], "graderingen")


def _regraded(rubric: Rubric) -> Iterator[Fault]:
    for cause, text in rubric.regraded.items():
        for name in re.findall(r"\{([^{}]*)\}", text):
            if name not in ("shortfall", "grade"):
                message = f"{{{name}}} betyder inget här. Det som byts ut är {{shortfall}} och {{grade}}."
                yield Fault(("regraded", cause), message)


# ── The ladder ────────────────────────────────────────────────────────────────────────────


def _ladder(rubric: Rubric) -> Iterator[Fault]:
    scale = [step.grade for step in rubric.scale]
    places = [scale.index(rule.grade) for rule in rubric.ladder if rule.grade in scale]
    if places != sorted(places, reverse=True):
        yield Fault(("ladder",), "stegen ska stå med den sämsta graderingen först.")
    for i, rule in enumerate(rubric.ladder):
        at = ("ladder", i)
        if rule.grade not in scale:
            yield Fault((*at, "grade"), _one_of(rule.grade, scale, "scale"))
        if i == len(rubric.ladder) - 1:
            if rule.when or rule.kind or rule.of or rule.n is not None:
                yield Fault(at, "det sista steget ska bara ange grade, utan villkor, så att något alltid gäller.")
        else:
            yield from _condition(rubric, at, rule, rubric.ladder[:i])


def _condition(rubric: Rubric, at: KeyPath, rule: Rule, earlier: tuple[Rule, ...]) -> Iterator[Fault]:
    if rule.when is None or rule.kind is None or not rule.of:
        yield Fault(at, "steget saknar villkor. Ange kind, when och of; bara det sista steget är utan.")
        return
    if (rule.n is not None) != (rule.when == "more_than"):
        yield Fault(at, "n hör ihop med when: more_than. Ange båda, eller ingen av dem.")
    if rule.kind not in rubric.kinds:
        yield Fault((*at, "kind"), _one_of(rule.kind, rubric.kinds, "kinds"))
    unknown = [answer for answer in rule.of if answer not in rubric.counted]
    for answer in unknown:
        yield Fault((*at, "of"), _one_of(answer, rubric.counted, "answers som räknas"))
    if not unknown:
        yield from _bottom(rubric, at, rule, earlier)


def _bottom(rubric: Rubric, at: KeyPath, rule: Rule, earlier: tuple[Rule, ...]) -> Iterator[Fault]:
    """Only if what a rung counts, with what cannot come past earlier rungs, is the bottom of the answers
    does a better answer never give a worse grade. An earlier `more_than` lets some come past, so it does
    not help: `more_than 2 of [unmet]` before `any of [partly]` would reward an unmet over a partly."""
    stopped = {
        answer
        for other in earlier
        if other.kind == rule.kind and other.when and tolerated(other.when, other.n or 0) == 0
        for answer in other.of
    }
    together = stopped | set(rule.of)
    bottom = rubric.counted[len(rubric.counted) - len(together) :]
    if together != set(bottom):
        yield Fault(
            (*at, "of"),
            "ett bättre svar skulle kunna ge en sämre gradering. Ta med varje svar som är sämre än "
            f"{min(rule.of, key=rubric.counted.index)}.",
        )
    elif rubric.counted[0] in together:
        yield Fault((*at, "of"), f"{rubric.counted[0]} är det bästa svaret och kan inte sänka en gradering.")


def _reach(rubric: Rubric, path: KeyPath, area: Area) -> Iterator[Fault]:
    if isinstance(area, ClosedArea):  # it may lack rungs that the ones below them lean on
        rules = rules_of(rubric, area)
        for i, rule in enumerate(rules):
            if rule.when:
                yield from _bottom(rubric, path, rule, rules[:i])
    reached = {rule.grade for rule in _reachable(rubric, area)}
    for step in rubric.scale:
        if step.grade in reached and step.grade not in area.offered:
            yield Fault(
                (*path, "grades"),
                f"trappan kan ge {step.grade} i området {area.id}, som inte erbjuder den. Lägg till dess text.",
            )
        if step.grade in area.offered and step.grade not in reached:
            message = f"trappan kan aldrig ge {step.grade} i området {area.id}; den kan bara väljas av en människa."
            yield Fault((*path, "grades", area.offered.index(step.grade)), message, warning=True)


def _reachable(rubric: Rubric, area: Area) -> Iterator[Rule]:
    """The rungs that some answers reach. Kinds do not disturb each other: all others may be best. Within a
    kind, the sets that rungs count are nested once the stopped answers are gone, so hits cost least
    where all have the best answer that the rung counts."""
    rules = rules_of(rubric, area)
    for i, rule in enumerate(rules):
        if rule.when is None:
            yield rule
            return
        earlier = [each for each in rules[:i] if each.kind == rule.kind and each.when]
        limits = {
            answer: [tolerated(each.when, each.n or 0) for each in earlier if each.when and answer in each.of]
            for answer in rule.of
        }
        criteria = sum(kind == rule.kind for kind in area.kinds.values())
        wanted = tolerated(rule.when, rule.n or 0) + 1
        if any(wanted <= min([criteria, *each]) for each in limits.values()):
            yield rule


# ── Sentences ─────────────────────────────────────────────────────────────────────────────


def _one_of(value: str, known: object, where: str) -> str:
    names = ", ".join(map(str, known)) if known else "inget"  # type: ignore[call-overload]
    return f"{value} finns inte i {where}. Där finns: {names}."


def _twice(found: list[tuple[KeyPath, str]], what: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, id in found:
        if id in seen:
            yield Fault(path, f"{what} {id} står två gånger. Varje id används en gång.")
        seen.add(id)
