"""An inspection's own copy of its rubric: kept by the SHA-256 of its text, read once in a process."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.inspections.models import RubricCopy
from rubrics.library import Library, assembled
from rubrics.model import Rubric


@dataclass(frozen=True)
class Taken:
    """A rubric from the library, with the text that is kept of it."""

    rubric: Rubric
    text: str
    sha256: str


def taken(library: Library, reference: str) -> Taken:
    """Read outside the writer: it takes a while. Raises DataError."""
    rubric, texts = library.rubric(reference), library.texts(reference)
    text = texts[0] if len(texts) == 1 else json.dumps(texts, ensure_ascii=False)
    return Taken(rubric, text, hashlib.sha256(text.encode()).hexdigest())


def keep(session: Session, one: Taken) -> None:
    """Keeps the copy, where no inspection has taken the same one before."""
    if not session.get(RubricCopy, one.sha256):
        with suppress(IntegrityError), session.begin_nested():  # another may keep it at the very same moment
            session.add(RubricCopy(sha256=one.sha256, reference=one.rubric.reference, text=one.text))


def rubric_of(session: Session, sha256: str) -> Rubric:
    """The rubric that a copy holds."""
    if sha256 not in _read:  # a copy never changes, and reading one takes some 40 ms
        _read[sha256] = _assembled(session.get_one(RubricCopy, sha256).text)
    return _read[sha256]


_read: dict[str, Rubric] = {}


def _assembled(text: str) -> Rubric:
    return assembled(json.loads(text) if text.startswith("[") else [text])
