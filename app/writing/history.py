"""What was written before in a field, as a page shows it, and how an earlier text is taken up again."""

from typing import Any

from sqlmodel import Session

from app.errors import NotFound
from app.ids import id_from, new_id
from app.writing.desk import Operation
from app.writing.said import heads, history


def earlier(session: Session, subject: str, field: str) -> dict[str, Any]:
    """For `writing/history.html`: everything that stood in a field. Raises NotFound where nobody has written in it.

    The page adds `around` (the template that it stands in), `label`, `words` (a value as a person reads it), `writes`,
    `action` and `back`.
    """
    said = history(session, subject, field)
    if not said:
        raise NotFound
    standing = heads(session, subject).get(field)
    return {"field": field, "said": said, "stands": standing.revision if standing else "", "form": new_id()}


def taken_up(session: Session, subject: str, field: str, version: str, sheet: str) -> list[Operation]:
    """The operation that takes an earlier text up again, on top of what stands: one like any other. None where it
    stands already: the form was sent twice. Raises NotFound."""
    standing = heads(session, subject).get(field)
    before = next((each for each in history(session, subject, field) if each.revision == version), None)
    if not before:
        raise NotFound
    if standing and standing.value == before.value:
        return []
    parent = standing.revision if standing else None
    return [Operation(id_from(sheet, "restore", version, parent or ""), field, before.value, parent)]
