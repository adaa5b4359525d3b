"""What a file is, by what is in it: neither its name nor what its sender calls it says so.

Pictures are drawn anew (`pictures.py`). Documents are kept as they are, since somebody may have signed them, and are
therefore looked at more closely: they must be one thing and not two, hold no programs, and not swell when they are
opened. Nothing is unpacked to find that out: a zip's list of contents tells it.
"""

import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO

from app.errors import TooLarge, Unacceptable
from app.papers import pictures

MOST_BYTES = 15_000_000
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JPEG = "image/jpeg"
ENDINGS = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx", JPEG: ".jpg"}
NAMES = {PDF: "PDF", DOCX: "Word", XLSX: "Excel", JPEG: "Bild"}

_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MOST_PARTS = 2_000
_MOST_LISTED = 500_000  # bytes of the list of contents itself
_MOST_UNPACKED = 200_000_000
_MOST_SWELLING = 200  # times, of one part of a megabyte or more; a long table of the same number swells 100 times

TOO_LARGE = "Filen är större än 15 MB. Dela upp den, eller spara den mindre."
EMPTY = "Filen är tom. Välj en annan."
UNKNOWN = "PDF, Word (.docx), Excel (.xlsx) och bilder (JPEG, PNG, WebP) går att lägga till. Spara filen som en sådan."
OLD_OFFICE = "Filen har ett äldre format eller ett lösenord. Spara den som .docx, .xlsx eller PDF, utan lösenord."
HEIC = "Bilden är en HEIC-bild. Spara eller dela den som JPEG, så går den att lägga till."
BROKEN = "Filen går inte att läsa. Den kan ha blivit avbruten på vägen; öppna den, spara den på nytt och försök igen."
TWO_THINGS = "Filen är två saker på en gång, och går därför inte att lita på. Öppna den och spara den på nytt som PDF."
MACROS = "Filen innehåller makron, som kan göra mer än att visas. Spara den utan makron, eller som PDF."
SWELLS = "Filen sväller orimligt när den öppnas, och tas därför inte emot. Spara den på nytt, eller som PDF."


@dataclass(frozen=True)
class Paper:
    """What is kept of a file that was sent: its type, its bytes, and of a picture a small one."""

    type: str
    content: bytes
    preview: bytes | None = None


def paper(content: bytes) -> Paper:
    """Raises a Refusal where the file is none that can be kept. Slow for a picture."""
    if len(content) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    if not content:
        raise Unacceptable(EMPTY)
    if format := pictures.format_of(content):
        return Paper(JPEG, *pictures.redrawn(content, format))
    if content.startswith(b"%PDF-"):
        return Paper(_pdf(content), content)
    if content.startswith(b"PK\x03\x04") and (type := office(content)):
        return Paper(type, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unacceptable(OLD_OFFICE)
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc", b"avif"):
        raise Unacceptable(HEIC)
    raise Unacceptable(UNKNOWN)


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:]:
        raise Unacceptable(TWO_THINGS if _list_of(content) else BROKEN)
    if _list_of(content):
        raise Unacceptable(TWO_THINGS)
    return PDF


def office(content: bytes) -> str | None:
    """Which of Office's kinds a zip is. Raises a Refusal where it is not to be trusted."""
    if b"%PDF-" in content[:1024]:  # where readers of PDF look for it
        raise Unacceptable(TWO_THINGS)
    listed = _list_of(content)
    if not listed:
        raise Unacceptable(BROKEN)
    if listed > _MOST_LISTED:
        raise Unacceptable(SWELLS)
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            parts = opened.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        raise Unacceptable(BROKEN) from None
    _look_through(parts, len(content))
    names = {part.filename for part in parts}
    found = [type for part, type in _PARTS.items() if part in names]
    if "[Content_Types].xml" not in names or not found:
        return None
    if len(found) > 1:
        raise Unacceptable(TWO_THINGS)
    return found[0]


def _look_through(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    steep = any(part.file_size > max(1_000_000, _MOST_SWELLING * part.compress_size) for part in parts)
    overlapping = packed > size  # the same bytes, listed many times over
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or steep or overlapping:
        raise Unacceptable(SWELLS)
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names):
        raise Unacceptable(TWO_THINGS)  # one reader takes the first of them, another the last
    if any(name.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names):
        raise Unacceptable(MACROS)


def _list_of(content: bytes) -> int:
    """How many bytes the list of contents of a zip takes, as its end says; 0 where there is no such end. One of the
    larger kind (zip64) needs none of what is small enough to be kept here, and says more than it takes."""
    at = content.rfind(b"PK\x05\x06", -65_557)
    return int.from_bytes(content[at + 12 : at + 16], "little") if at >= 0 else 0
