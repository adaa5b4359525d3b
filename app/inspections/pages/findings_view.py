"""What the findings page shows: the lists in the report's order, and what stands at the other end of each (`ties.py`).
`static/device/listing.js` makes the same of what a device knows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.inspections.fields import FINDING_KINDS
from app.inspections.models import FindingRow
from app.inspections.ties import lacks, tied
from app.web.swedish import many
from app.writing.said import Box

_OPENING = 40  # characters


@dataclass(frozen=True)
class Line:
    row: FindingRow
    box: Box  # its text
    opening: str
    area: str  # "" where a criterion says it
    tied: Sequence[tuple[str, str]]  # the findings at the other end: id, and number with opening words
    lacks: bool  # a weakness that nothing answers, though it is linked


@dataclass(frozen=True)
class Column:
    kind: str
    lines: Sequence[Line]


def columns(rows: Sequence[FindingRow], box: Callable[[str], Box], area_of: Mapping[str, str]) -> list[Column]:
    """By kind, and last those that nobody has said the kind of. `area_of`: the area of each criterion."""
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in (*FINDING_KINDS, "")}
    number = {row.id: n for each in by_kind.values() for n, row in enumerate(each, 1)}

    def line(row: FindingRow) -> Line:
        others = [(each.id, f"{number[each.id]}. {opening(each.text)}") for each in tied(row, rows)]
        area = "" if row.area in {area_of.get(each) for each in row.criteria} else row.area
        return Line(row, box(row.id), opening(row.text), area, others, lacks(row, rows))

    return [Column(kind, [line(row) for row in each]) for kind, each in by_kind.items()]


def opening(text: str) -> str:
    """The first words, to tell a finding from the others by."""
    words = " ".join(text.split())
    return words if len(words) <= _OPENING else f"{words[:_OPENING].rsplit(' ', 1)[0]}…"


_COUNTED = {
    "strength": ("styrka", "styrkor"),
    "weakness": ("svaghet", "svagheter"),
    "improvement": ("förbättringspotential", "förbättringspotentialer"),
    "": ("iakttagelse utan slag", "iakttagelser utan slag"),
}


def written_of(rows: Sequence[FindingRow]) -> dict[str, list[tuple[str, str]]]:
    """What is written of each criterion: for each kind the first finding's id, and how many there are."""
    ids: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        for criterion in set(row.criteria):
            ids.setdefault(criterion, {kind: [] for kind in _COUNTED})[row.kind].append(row.id)
    return {
        criterion: [(each[0], many(len(each), *_COUNTED[kind])) for kind, each in by_kind.items() if each]
        for criterion, by_kind in ids.items()
    }


def blank(id: str) -> Line:
    """For the device to make new ones of."""
    return Line(FindingRow(inspection="", id=id), Box(f"finding/{id}/text", None, ()), "", "", (), lacks=False)


def gone(rows: Iterable[FindingRow]) -> list[tuple[FindingRow, str]]:
    return [(row, opening(row.text)) for row in sorted(rows, key=lambda row: (row.order, row.id))]
