"""How much an inspection may hold in all: beyond it a report takes minutes to make, and nobody reads it."""

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

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
    """What an inspection holds, counted when the first text or list comes and kept while a batch is taken."""

    def __init__(self, session: Session, inspection: str) -> None:
        self._session, self._inspection = session, inspection
        self._held: dict[str, int] | None = None  # field → characters

    def lacks(self, spot: Spot, value: Value) -> str | None:
        """Why there is no room for the value, as a sentence; None where there is, and it counts from now on."""
        finding = spot.parts.get("finding")
        if value is None or (spot.kind.type not in (Type.TEXT, Type.LINES) and not finding):
            return None
        size = len(value) if isinstance(value, str) else sum(map(len, value))
        if self._held is None:
            rows = self._session.connection().execute(_HELD, {"subject": self._inspection})
            self._held = {field: length or 0 for field, length in rows}
        before = self._held.get(spot.key, 0)
        if size > before and sum(self._held.values()) - before + size > MAX_TEXT:
            return "Inspektionens texter är tillsammans över 600 000 tecken. Korta någon av dem först."
        findings = {field.split("/")[1] for field in self._held if field.startswith("finding/")}
        if finding and finding not in findings and len(findings) >= MAX_FINDINGS:
            return "Inspektionen har 300 iakttagelser. Slå ihop några av dem först."
        self._held[spot.key] = size
        return None
