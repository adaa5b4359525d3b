"""A file is stored as a whole or not at all, under a name that nobody typed."""

import errno
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import NoRoom
from app.ids import is_id, new_id
from app.papers import storage
from app.papers.storage import Folder


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_can_be_got_and_removed(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    name, other = folder.put(b"bytes"), folder.put(b"bytes")
    assert is_id(name)
    assert name != other
    assert folder.get(name) == b"bytes"
    folder.remove(name)
    folder.remove(name)
    assert folder.get(name) is None
    assert [path.name for path in everything(tmp_path)] == [other]
    [path] = everything(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../secret", "", "a" * 36, "1de6b1e4-4a47-4f16-95b1-c2db0bcb7aa0/..", "."])
def test_no_name_is_a_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    for asked in (Folder(tmp_path / "files").get, Folder(tmp_path / "files").remove):
        with pytest.raises(ValueError, match=r"^"):
            asked(name)
    assert (tmp_path / "secret").exists()


@pytest.mark.parametrize("at", ["write", "fsync", "replace", "folder"])
def test_a_disk_that_is_full_says_so_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    match at:
        case "write":
            monkeypatch.setattr(storage, "_written", full)
        case "fsync":
            monkeypatch.setattr(os, "fsync", full)
        case "replace":
            monkeypatch.setattr(Path, "replace", full)
        case _:
            monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(NoRoom) as refused:
        Folder(tmp_path).put(b"x" * 1000)
    assert refused.value.told == storage.FULL
    assert everything(tmp_path) == []


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder would be")
    with pytest.raises(NoRoom) as refused:
        Folder(tmp_path / "files").put(b"x")
    assert refused.value.told == storage.UNWRITABLE


def test_what_is_not_ours_is_never_old(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    name = folder.put(b"x")
    for each in ("brev.docx", "ab/brev.docx", f"zz/{name}", f"{name[:2]}/{name}.docx", f"{name[:2]}/{new_id()}/x"):
        (folder.folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder.folder / each).write_bytes(b"x")
    assert folder.older(datetime.now(UTC) + timedelta(seconds=2)) == {name}
    assert folder.older(datetime.now(UTC) - timedelta(hours=1)) == set()
