"""Where the bytes of attachments lie: beside the database, not in it.

A file is named by a random id that is made here, so no name that anybody typed is ever a path, and two who send at
once never write over each other. It is there as a whole or not at all: written beside its place, on disk before it is
moved there. A file that no row names (the process died between the two) harms nothing, and is swept up later.
"""

import errno
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.errors import NoRoom, Refusal
from app.ids import is_id, new_id

FULL = "Servern har inte plats för filen, och inget av den är sparat. Säg till den som sköter Sporra."
UNWRITABLE = "Servern kan inte spara filer just nu, och inget av den är sparat. Säg till den som sköter Sporra."


class Storage(Protocol):
    """As little as another kind of storage would have to know."""

    def put(self, content: bytes) -> str:
        """Keeps it, and gives the name that it has got. Raises NoRoom, and then nothing is left."""

    def get(self, name: str) -> bytes | None: ...

    def remove(self, name: str) -> None:
        """Also where it is not there, or was never written to its end."""

    def older(self, before: datetime) -> set[str]:
        """The names of what was put here before this, or was begun and never written to its end."""


class Folder:
    """Storage in a folder of this machine, for the server's eyes alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        name = new_id()
        place = self._place(name)
        beside = place.with_suffix(".part")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _written(beside, content)
            beside.replace(place)
            _synced(place.parent)
        except OSError as error:
            for each in (beside, place):
                with suppress(OSError):
                    each.unlink(missing_ok=True)
            raise _told(error) from None
        return name

    def get(self, name: str) -> bytes | None:
        try:
            return self._place(name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        place = self._place(name)
        for each in (place, place.with_suffix(".part")):
            each.unlink(missing_ok=True)

    def older(self, before: datetime) -> set[str]:
        then = before.timestamp()
        ours = (path for path in self.folder.glob("??/*") if is_id(path.stem) and path == self._beside(path))
        return {path.stem for path in ours if path.is_file() and path.stat().st_mtime < then}

    def _beside(self, path: Path) -> Path:
        """Where it would lie, had we put it there: what others have in the folder is not ours to touch."""
        place = self._place(path.stem)
        return place.with_suffix(".part") if path.suffix == ".part" else place

    def _place(self, name: str) -> Path:
        if not is_id(name):
            raise ValueError(name)
        return self.folder / name[:2] / name  # ten thousand inspections' files are too many for one folder


def _written(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _synced(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _told(error: OSError) -> Refusal:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return NoRoom(FULL if full else UNWRITABLE)
