"""An inspection file that somebody sends in: read, checked against its rubric, and bounded."""

from dataclasses import dataclass

from app.inspections.fields import MAX_FINDINGS
from app.inspections.file import Inspection
from app.inspections.rubric_copy import Taken, taken
from app.inspections.rules import remarks
from app.writing.room import MAX_TEXT
from reports.shown import shown
from rubrics.data_file import Source, read
from rubrics.library import Library
from rubrics.problems import DataError, Problem
from rubrics.shape import parse

NAME = "filen"
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Intake:
    file: Inspection
    rubric: Taken


def read_upload(data: bytes, library: Library) -> Intake:
    """Raises DataError with everything that is wrong. What is only owed is asked for at signing instead."""
    if len(data) > MAX_BYTES:  # before it is read: YAML of that length takes many seconds
        raise DataError([Problem(NAME, "filen är större än 1 MB. Korta texterna.")])
    source = read(data, NAME, shown)
    file = parse(source, Inspection)
    if len(source.text) > MAX_TEXT:
        raise DataError([Problem(NAME, "texterna är tillsammans längre än 600 000 tecken. Korta dem.")])
    if len(file.findings) > MAX_FINDINGS:
        raise DataError([source.problem(("findings",), "fler än 300 iakttagelser. Slå ihop några av dem.")])
    rubric = _rubric(source, file, library)
    wrong = [source.problem(each.path, each.message) for each in remarks(file, rubric.rubric) if not each.owed]
    if wrong:
        raise DataError(wrong)
    return Intake(file, rubric)


def _rubric(source: Source, file: Inspection, library: Library) -> Taken:
    try:
        return taken(library, file.rubric)
    except DataError as error:
        raise DataError([source.problem(("rubric",), each.message) for each in error.problems]) from None
