"""How an overlay joins the rubric that it extends: two shapes in, one rubric out. Pure."""

from collections.abc import Iterator

from rubrics.checks import Fault
from rubrics.model import Area, ClosedArea, GradeText, Group, Overlay, Rubric
from rubrics.problems import KeyPath


def merged(base: Rubric, overlay: Overlay) -> Rubric:
    """The base with what the overlay adds, under the overlay's own id, edition, status and title."""
    parts = tuple(
        part.model_copy(update={"areas": tuple(_with_added(base, area, overlay) for area in part.areas)})
        for part in base.parts
    )
    own = {"id": overlay.id, "edition": overlay.edition, "status": overlay.status, "title": overlay.title}
    # Built anew, not copied: a copy would keep what the base has worked out of its areas.
    kept = {name: getattr(base, name) for name in Rubric.model_fields}
    return Rubric(**{**kept, **own, "parts": parts})


def check_overlay(base: Rubric, overlay: Overlay) -> Iterator[Fault]:
    """What the overlay says that the base cannot take. Read before `merged`."""
    for i, added in enumerate(overlay.criteria_added):
        at = ("criteria_added", i)
        if base.area(added.area) is None:
            yield Fault((*at, "area"), _no_area(base, added.area))
        if added.kind not in base.kinds:
            names = ", ".join(base.kinds)
            yield Fault((*at, "kind"), f"{added.kind} finns inte i {base.reference}. Där finns: {names}.")
        for c, criterion in enumerate(added.criteria):
            if criterion.id in base.area_of:
                message = f"{criterion.id} finns redan i {base.reference}. Numrera vidare i området."
                yield Fault((*at, "criteria", c, "id"), message)
    scale = [step.grade for step in base.scale]
    for i, grade in enumerate(overlay.grades_added):
        if grade.grade not in scale:
            message = f"{grade.grade} finns inte i skalan för {base.reference}. Där finns: {', '.join(scale)}."
            yield Fault(("grades_added", i, "grade"), message)
        area = base.area(grade.area)
        if area is None:
            yield Fault(("grades_added", i, "area"), _no_area(base, grade.area))
        elif grade.grade in area.offered:
            message = f"området {area.id} erbjuder redan {grade.grade}. Dess text ändras inte av ett tillägg."
            yield Fault(("grades_added", i, "grade"), message)


def in_overlay(fault: Fault, whole: Rubric, overlay: Overlay) -> Fault:
    """A fault in the merged rubric as one in the overlay's own file: at what it added to that area."""
    where: KeyPath = ()
    if fault.path[:1] == ("parts",):
        _, part, _, place, *_ = fault.path
        area = whole.parts[int(part)].areas[int(place)].id
        where = next((("criteria_added", i) for i, each in enumerate(overlay.criteria_added) if each.area == area), ())
    return Fault(where, fault.message, fault.warning)


def _no_area(base: Rubric, id: str) -> str:
    return f"området {id} finns inte i {base.reference}. Där finns: {', '.join(a.id for a in base.areas)}."


def _with_added(base: Rubric, area: Area, overlay: Overlay) -> Area:
    added = [each for each in overlay.criteria_added if each.area == area.id]
    texts = [each for each in overlay.grades_added if each.area == area.id]
    groups = list(area.groups)
    for each in added:
        same = [i for i, group in enumerate(groups) if group.kind == each.kind]
        if same:
            last = groups[same[-1]]
            groups[same[-1]] = last.model_copy(update={"criteria": last.criteria + each.criteria})
        else:
            groups.append(Group(kind=each.kind, criteria=each.criteria))
    scale = [step.grade for step in base.scale]
    own = [GradeText(grade=each.grade, text=each.text, shortfall=each.shortfall) for each in texts]
    grades = sorted(
        (*area.grades, *own), key=lambda each: scale.index(each.grade) if each.grade in scale else len(scale)
    )
    kind = ClosedArea if isinstance(area, ClosedArea) or (added and overlay.offers_no_new_grade) else Area
    return kind(id=area.id, title=area.title, code=area.code, groups=tuple(groups), grades=tuple(grades))
