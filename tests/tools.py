"""Programs from Debian that some tests use. A missing one skips those tests by name; in CI it fails them."""

import os
import shutil
import subprocess
from ctypes.util import find_library
from pathlib import Path

import pytest

_PACKAGES = {  # as in .ci/tools
    "soffice": "libreoffice-writer",
    "pdftotext": "poppler-utils",
    "chromium": "chromium",
    "openssl": "openssl",
}


def needs(command: str) -> str:
    """Call first in a test that runs the command. Gives where it is."""
    found = shutil.which(command)
    if not found:
        _missing(f"{command} saknas (Debian: {_PACKAGES[command]})")
    return str(found)


def chromium() -> str:
    """Where Chromium is. The node that playwright drives it with wants a library that a small Debian lacks."""
    if not find_library("atomic"):
        _missing("libatomic saknas (Debian: libatomic1)")
    return needs("chromium")


def postgres_binaries() -> Path:
    """Where initdb and pg_ctl are, of the newest PostgreSQL here: Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        _missing("PostgreSQL saknas (Debian: postgresql)")
    return found[-1].parent


def _missing(told: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def through_libreoffice(docx: bytes, folder: Path) -> bytes:
    """A Word file as the PDF that LibreOffice makes of it: the nearest to Word that can be had here."""
    needs("soffice")
    if "Carlito" not in subprocess.run(["fc-list"], check=True, capture_output=True, text=True).stdout:
        _missing("typsnittet Carlito saknas, som har Calibris bredd (Debian: fonts-crosextra-carlito)")
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


def by_poppler(pdf: bytes) -> str:
    """The text of a PDF as another program reads it, in the order of its content."""
    needs("pdftotext")
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, check=True, capture_output=True).stdout.decode()
