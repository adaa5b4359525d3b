"""Programs from Debian that some tests use. A missing one skips those tests by name; in CI it fails them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_PACKAGES = {"soffice": "libreoffice-writer", "pdftoppm": "poppler-utils"}


def needs(command: str) -> None:
    """Call first in a test that runs the command."""
    if shutil.which(command):
        return
    told = f"{command} saknas (Debian: {_PACKAGES[command]})"
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def through_libreoffice(docx: bytes, folder: Path) -> bytes:
    """A Word file as the PDF that LibreOffice makes of it: the nearest to Word that can be had here."""
    needs("soffice")
    (folder / "in.docx").write_bytes(docx)
    profile = (folder / "profile").as_uri()
    call = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder,
        folder / "in.docx",
    ]
    subprocess.run(call, check=True, capture_output=True, timeout=180)
    return (folder / "in.pdf").read_bytes()
