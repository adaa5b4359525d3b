"""An inspection file from disk."""

from pathlib import Path

from app.inspections.file import Inspection
from reports.shown import shown
from rubrics.data_file import Source
from rubrics.disk import read_file
from rubrics.shape import parse


def read(path: Path) -> tuple[Source, Inspection]:
    """The inspection in a file, and the source that knows its lines. Raises DataError."""
    source = read_file(path, made_showable=shown)
    return source, parse(source, Inspection)
