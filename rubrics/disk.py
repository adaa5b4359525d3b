"""A data file from disk."""

from collections.abc import Callable
from pathlib import Path

from rubrics.data_file import MAX_BYTES, Source, read
from rubrics.problems import DataError, Problem


def read_file(path: Path, made_showable: Callable[[str], str] = str) -> Source:
    """The file's content. Raises DataError for a file that is not there, not readable or not in order."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataError([Problem(str(path), _why_unreadable(error))]) from None
    return read(data, str(path), made_showable)


def _why_unreadable(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "filen finns inte. Kontrollera namn och mapp."
        case IsADirectoryError():
            return "det är en mapp. Ange en fil."
        case PermissionError():
            return "filen får inte läsas. Kontrollera dess rättigheter."
        case _:
            return "filen går inte att läsa. Kontrollera att den är en vanlig fil."
