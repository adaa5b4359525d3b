"""How much a subject may hold in all: beyond it a document takes minutes to make, and nobody reads it."""

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from app.writing.desk import Locked
from app.writing.fields import Limit, Spot, Type, Value
from app.writing.models import Head, Revision

MAX_TEXT = 600_000  # characters in all texts together, some 200 pages

_LENGTH = func.length(col(Revision.value))
_HERE = col(Head.subject) == bindparam("subject")
_STANDS = col(Head.revision) == col(Revision.id)
_HELD = select(col(Head.voice), col(Head.field), _LENGTH).join(Revision, _STANDS).where(_HERE)
# What `Subject.held` says.
IN_ALL = select(func.coalesce(func.sum(_LENGTH), 0)).join_from(Head, Revision, _STANDS).where(_HERE)


class Room:
    """What a subject holds, in all voices, kept while a batch is taken. `limits` are by the first part of a field's
    key: of `finding/<id>/…` there may be so many ids.

    As long as all that stands and all that comes fit together, nobody has to look at the fields one by one.
    """

    def __init__(self, session: Session, subject: Locked, limits: Mapping[str, Limit]) -> None:
        self._session, self._subject, self._limits = session, subject.id, limits
        self._held: dict[tuple[str, str], int] | None = None  # (voice, field) → characters
        self._at_most = subject.held  # characters, as if nothing that comes replaced anything

    def lacks(self, spot: Spot, value: Value, voice: str) -> str | None:
        """Why there is no room for the value, as a sentence; None where there is, and it counts from now on."""
        limit = self._limits.get(spot.key.split("/")[0])
        if value is None or (spot.kind.type not in (Type.TEXT, Type.LINES) and not limit):
            return None
        size = len(value) if isinstance(value, str) else sum(map(len, value))
        if not limit and self._fits_anyway(size):
            return None
        held = self._one_by_one()
        before = held.get((voice, spot.key), 0)
        if size > before and sum(held.values()) - before + size > MAX_TEXT:
            return "Texterna är tillsammans över 600 000 tecken. Korta någon av dem först."
        if limit and self._is_new(spot.key, limit.most):
            return limit.told
        held[voice, spot.key] = size
        return None

    def _fits_anyway(self, size: int) -> bool:
        if self._held is not None:
            return False
        self._at_most += size
        return self._at_most <= MAX_TEXT

    def _one_by_one(self) -> dict[tuple[str, str], int]:
        if self._held is None:
            rows = self._session.connection().execute(_HELD, {"subject": self._subject})
            self._held = {(voice, field): length or 0 for voice, field, length in rows}
        return self._held

    def _is_new(self, key: str, most: int) -> bool:
        sort, id, _ = key.split("/", 2)
        there = {field.split("/")[1] for _, field in self._held or () if field.startswith(f"{sort}/")}
        return id not in there and len(there) >= most
