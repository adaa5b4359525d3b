"""From what a clinic's form asks for to operations: new measures, from the bank or of one's own, and what is logged."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from starlette.datastructures import FormData

from app.ids import id_from, is_id
from app.plans import fields
from app.plans.models import MeasureRow, OccurrenceRow
from app.writing.desk import Operation
from app.writing.fields import FieldKind, Value
from app.writing.order import between
from rubrics.measures import Bank, BankMeasure
from rubrics.model import Rubric

MOST = 1_000  # occasions in one log


def added(
    filled: FormData,
    area: str,
    rows: Sequence[MeasureRow],
    bank: Bank,
    rubric: Rubric,
    unmet: Sequence[str],
) -> tuple[str, list[Operation]]:
    """The measure that `add` asks for (`own`, or an id in the bank), last of all, and its id. Sent twice it is made
    once. "" where nothing is asked for. `rows` are all that there are, also those that were taken away."""
    sheet = str(filled.get("sheet", ""))
    asked, what = str(filled.get("add", "")), str(filled.get("what", "")).strip()
    if asked in ("own", "enter") and what:  # Enter in any line of the form: then there may be nothing to add
        values: dict[FieldKind, Value] = {fields.WHAT: what}
    elif chosen := bank.by_id.get(asked):
        values = dict(_from_bank(chosen, rubric, unmet, str(filled.get("svarar", ""))))
    else:
        return "", []
    id = id_from(sheet, "measure", *(("own", what) if asked in ("own", "enter") else (asked, "")))
    if any(row.id == id for row in rows):
        return id, []  # sent twice
    order = between(max((row.order for row in rows), default=""), "")
    values |= {fields.AREA: area, fields.ORDER: order}
    return id, list(_made({kind.key(measure=id): value for kind, value in values.items()}, id))


def _from_bank(
    chosen: BankMeasure, rubric: Rubric, unmet: Sequence[str], asked: str
) -> Iterator[tuple[FieldKind, Value]]:
    """It answers those of its criteria that are not met, and the one that it was looked up for. What answers any
    criterion says of itself which one it is meant for: nothing is covered by a press of a button."""
    known = [id for id in rubric.area_of if chosen.answers(id)]
    meant = [id for id in known if not chosen.all_criteria and (id == asked or id in unmet)]
    yield fields.WHAT, chosen.title
    yield fields.HOW, chosen.how
    yield fields.CRITERIA, meant or list(chosen.criteria) or None
    yield fields.PROOF, chosen.proof
    yield fields.BANK, chosen.id
    if recurs := chosen.recurs:
        yield fields.TIMES, str(recurs.times)
        yield fields.EVERY, str(recurs.every)
        yield fields.PER, recurs.per
        yield fields.EACH, recurs.each
        yield fields.TERM, recurs.term


def logged(sheet: str, measure: str, day: date, count: int = 1, note: str = "") -> tuple[str, list[Operation]]:
    """One occasion, or several of a day, and its id. The measure first: without it the rest is nobody's."""
    id = id_from(sheet, "occurrence", measure, str(day))
    values: Mapping[FieldKind, Value] = {
        fields.DONE_FOR: measure,
        fields.DAY: str(day),
        fields.COUNT: str(count) if count != 1 else None,
        fields.NOTE: note,
    }
    return id, list(_made({kind.key(occurrence=id): value for kind, value in values.items()}, id))


def undone(sheet: str, occurrence: OccurrenceRow) -> list[Operation]:
    return [Operation(id_from(sheet, "undo", occurrence.id), fields.UNDONE.key(occurrence=occurrence.id), "ja")]


def removed(filled: FormData, sheet: str) -> list[Operation]:
    """`remove` or `restore` = a measure's id."""
    return [
        Operation(id_from(sheet, button, id), fields.GONE.key(measure=id), value)
        for button, value in (("remove", "ja"), ("restore", None))
        if is_id(id := str(filled.get(button, "")))
    ]


def _made(values: Mapping[str, Value], id: str) -> Iterator[Operation]:
    for key, value in values.items():
        if value:
            yield Operation(id_from(id, key), key, value)
