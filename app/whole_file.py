"""A file that somebody asked for: written as a whole, or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rubrics.problems import DataError, Problem


@contextmanager
def whole_file(out: Path, *, private: bool = False) -> Iterator[Path]:
    """Where to write: beside its place, then moved there. Raises DataError where nothing can be written.

    `private` = for its owner's eyes alone. A link is followed; a pipe or a device is written to, never replaced.
    """
    real = Path(os.path.realpath(out))
    try:
        if real.is_dir() or (real.exists() and not real.is_file()):
            yield real  # a folder will tell that it is one
            return
        with tempfile.TemporaryDirectory(dir=real.parent, prefix=".sporra-") as folder:
            beside = Path(folder) / real.name
            yield beside
            if private:
                beside.chmod(0o600)
            beside.replace(real)
    except OSError as error:
        raise DataError([Problem(str(out), _why_unwritable(error))]) from None


def _why_unwritable(error: OSError) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "mappen finns inte. Skapa den först."
        case IsADirectoryError():
            return "det är en mapp. Ange en fil."
        case PermissionError():
            return "filen får inte skrivas. Kontrollera mappens rättigheter."
        case OSError(errno=errno.ENOSPC):
            return "disken är full. Frigör plats och försök igen."
        case _:
            return "filen går inte att skriva. Kontrollera namnet och mappen."
