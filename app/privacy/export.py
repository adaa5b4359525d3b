"""Everything that is stored about one person, for that person: a zip with JSON that one can read, and a short text.

What is told follows from the list (`stored.py`): of each row about the person the facts, under Swedish words; never a
secret, and never another person's id. Two things are decided here:

* *Texts.* What a person typed is told to themselves, and to an administrator as far as a role as administrator reads
  such a field and it is said together: not what one says alone, and not what a clinic has not submitted yet.
* *Working material* is told by field and time alone, to nobody in words. An inspector's notes from a talk are what
  somebody else said in confidence, in a few words that are easy to recognise (art. 15.4 of the regulation); their
  writer reads them in the inspection, until they are erased.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.roles import Permission, Role
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.inspections.fields import KINDS as INSPECTION_KINDS
from app.inspections.models import InspectionRow
from app.plans.fields import KINDS as PLAN_KINDS
from app.plans.models import PlanRow
from app.privacy.shape import Stored
from app.privacy.stored import TABLES
from app.tables import metadata
from app.web.swedish import local
from app.writing.fields import FieldKind, decoded, spot
from app.writing.models import AGREED

KEPT_BACK = "lämnas inte ut: arbetsmaterial, som kan röra den som inspektörerna talade med"
NOT_YOURS = "lämnas inte ut till administratören"
GONE = "raderad"
_KINDS = (*INSPECTION_KINDS, *PLAN_KINDS)

READ_ME = """Det här sparar Sporra om {name}.

personuppgifter.json öppnas i vilken textredigerare som helst. Under varje rubrik står en rad för varje uppgift.

{counts}

Det här står inte i filen:
- Lösenord och annat som släpper in någon. Det sparas som kontrollsummor.
- Orden i anteckningar och annat arbetsmaterial. De kan röra den som inspektörerna talade med.
- Texter som andra har skrivit och där personen kan vara nämnd. Fråga efter dem om de behövs.
- Fastställda rapporter med inspektörernas namn. De är publicerade handlingar och hämtas i Sporra.

Varför uppgifterna sparas, hur länge, och vem man frågar: sidan Personuppgifter i Sporra.
"""


def export(session: Session, *, by: Viewer, person: str) -> bytes:
    """One's own data, or for an administrator anybody's. Raises NotFound."""
    if by.id != person:
        by.check(Permission.ADMINISTER)
    found = session.get(Person, person)
    if not found:
        raise NotFound
    told = {stored.title: list(_rows(session, stored, found, by)) for stored in TABLES if stored.title}
    made = {"format": "sporra/personuppgifter/1", "om": found.name, "uppgifter": told}
    counts = "\n".join(f"{title}: {len(rows)}" for title, rows in told.items())
    texts = {
        "personuppgifter.json": json.dumps(made, ensure_ascii=False, indent=2),
        "las-mig.txt": READ_ME.format(name=found.name, counts=counts),
    }
    return _zipped(texts)


def _zipped(texts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in texts.items():
            file.writestr(name, text)
    return out.getvalue()


def _rows(session: Session, stored: Stored, person: Person, by: Viewer) -> Iterator[dict[str, Any]]:
    table = metadata.tables[stored.table]
    own = [table.c[name] == person.id for name in stored.whose] + [
        table.c[name] == person.email for name in stored.email
    ]
    rows = session.execute(rows_of(table).where(or_(*own)).order_by(*table.primary_key.columns)).all()
    names = Names(session, rows, stored)
    for row in rows:
        told = {word: names.word(column, getattr(row, column)) for column, word in stored.facts.items()}
        match stored.table:
            case "revision":
                yield told | _written(row, person, by)
            case "event":
                yield told | {"av": "personen" if row.by == person.id else "någon annan"}
            case _:
                yield told


def _written(row: Row[Any], person: Person, by: Viewer) -> dict[str, Any]:
    """Of an operation: which field, and the text, as far as it is told."""
    found = spot(_KINDS, row.field)
    return {
        "fält": found.kind.label if found else row.field,
        "nyckel": row.field,
        "text": _text(row, found.kind if found else None, own=by.id == person.id, by=by),
    }


def _text(row: Row[Any], kind: FieldKind | None, *, own: bool, by: Viewer) -> Any:
    if row.value is None:
        return GONE
    if kind is None or kind.working:
        return KEPT_BACK
    if own or (by.may(kind.reads) and row.voice == AGREED):
        return decoded(row.value)
    return NOT_YOURS


# ── In words ──────────────────────────────────────────────────────────────────────────────

_PLACES = ("region", "hospital", "clinic", "speciality")  # columns called as the tables that they refer to


@dataclass
class Names:
    """The words for what a table's rows refer to by id."""

    session: Session
    rows: Iterable[Row[Any]]
    stored: Stored

    def __post_init__(self) -> None:
        self._known: dict[str, str] = {}
        for column in self.stored.facts:
            ids = {id for row in self.rows if isinstance(id := getattr(row, column), str)}
            if column in _PLACES:
                place = metadata.tables[column].c
                query = rows_of(place.id, place.name).where(place.id.in_(ids))
                self._known |= {row.id: row.name for row in self.session.execute(query)}
            elif column in ("inspection", "subject", "plan"):
                self._known |= self._cases(ids)

    def _cases(self, ids: set[str]) -> dict[str, str]:
        """Inspections, and plans by the inspection that they answer."""
        plans = dict(self.session.exec(select(PlanRow.id, PlanRow.inspection).where(col(PlanRow.id).in_(ids))).all())
        query = select(InspectionRow).where(col(InspectionRow.id).in_(ids | set(plans.values())))
        units = {row.id: _unit(row) for row in self.session.exec(query)}
        return units | {plan: f"Handlingsplan, {units[inspection]}" for plan, inspection in plans.items()}

    def word(self, column: str, value: Any) -> Any:
        if isinstance(value, datetime):
            return local(value).isoformat(timespec="seconds")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Role):
            return value.label
        if isinstance(value, bool):
            return "ja" if value else "nej"
        return self._known.get(value, value) if isinstance(value, str) and column != "action" else value


def _unit(row: InspectionRow) -> str:
    return ", ".join(str(each) for each in (row.clinic_name, row.hospital_name, row.specialty, row.first_day) if each)
