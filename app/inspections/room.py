"""How much an inspection may hold in all: beyond it a report takes minutes to make, and nobody reads it."""

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.inspections.fields import TEXT
from app.writing.fields import Spot, Type, Value
from app.writing.models import AGREED, Head, Revision

MAX_TEXT = 600_000  # characters in all texts together, some 200 pages
MAX_FINDINGS = 300

_HELD = (
    select(col(Head.field), func.length(col(Revision.value)))
    .join(Revision, col(Head.revision) == col(Revision.id))
    .where(col(Head.subject) == bindparam("subject"), col(Head.voice) == AGREED)
)


class Room:
    """What an inspection holds, counted when the first text comes and kept while a batch is taken."""

    def __init__(self, session: Session, inspection: str) -> None:
        self._session, self._inspection = session, inspection
        self._held: dict[str, int] | None = None  # field → characters

    def lacks(self, spot: Spot, value: Value) -> str | None:
        """Why there is no room for the text, as a sentence; None where there is, and it counts from now on."""
        if spot.kind.type is not Type.TEXT or not isinstance(value, str):
            return None
        if self._held is None:
            rows = self._session.connection().execute(_HELD, {"subject": self._inspection})
            self._held = {field: length or 0 for field, length in rows}
        before = self._held.get(spot.key, 0)
        if len(value) > before and sum(self._held.values()) - before + len(value) > MAX_TEXT:
            return "Inspektionens texter är tillsammans över 600 000 tecken. Korta någon av dem först."
        findings = sum(TEXT.match(field) is not None for field in self._held)
        if spot.kind is TEXT and spot.key not in self._held and findings >= MAX_FINDINGS:
            return "Inspektionen har 300 iakttagelser. Slå ihop några av dem först."
        self._held[spot.key] = len(value)
        return None
