"""An inspection's own copy of its rubric: kept by the SHA-256 of its text, read once in a process."""

import hashlib
import json

from sqlmodel import Session

from app.inspections.models import RubricCopy
from rubrics.library import Library, assembled
from rubrics.model import Rubric


def keep(session: Session, library: Library, reference: str) -> tuple[RubricCopy, Rubric]:
    """The copy of a rubric from the library, kept if it is new. Raises DataError."""
    rubric = library.rubric(reference)
    texts = library.texts(reference)
    text = texts[0] if len(texts) == 1 else json.dumps(texts, ensure_ascii=False)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    copy = session.get(RubricCopy, sha256)
    if not copy:
        copy = RubricCopy(sha256=sha256, reference=rubric.reference, text=text)
        session.add(copy)
        session.flush()
    return copy, rubric


def rubric_of(session: Session, sha256: str) -> Rubric:
    """The rubric that a copy holds."""
    if sha256 not in _read:  # a copy never changes, and reading one takes some 40 ms
        _read[sha256] = _assembled(session.get_one(RubricCopy, sha256).text)
    return _read[sha256]


_read: dict[str, Rubric] = {}


def _assembled(text: str) -> Rubric:
    return assembled(json.loads(text) if text.startswith("[") else [text])
