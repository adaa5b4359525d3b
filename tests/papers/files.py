"""Files as they are sent, honest and otherwise. Made here, so that nothing strange lies in the repository."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PLACE = b"Hemlig plats"  # in what pictures tell of themselves


def picture(width: int = 60, height: int = 40, format: str = "JPEG", mode: str = "RGB", **about: Any) -> bytes:
    """Red at the left, blue at the right."""
    drawn = Image.new("RGB", (width, height), "blue")
    drawn.paste("red", (0, 0, width // 2, height))
    out = BytesIO()
    drawn.convert(mode).save(out, format, **about)
    return out.getvalue()


def photo(turned: int = 1) -> bytes:
    """With all that a telephone writes in it: where, with what, which way is up."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.ImageDescription], exif[Base.Orientation] = "Telefon", PLACE.decode(), turned
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (59.0, 51.0, 12.0)})
    return picture(exif=exif.tobytes(), comment=PLACE)


def office(*parts: str, ballast: bytes = b"<x/>") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in ("[Content_Types].xml", *parts):
            made.writestr(part, ballast)
    return out.getvalue()


DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml", "xl/worksheets/sheet1.xml")


def png_of(width: int, height: int) -> bytes:
    """Says that it is so large, and holds nothing."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(b"\0" * 100)) + piece(b"IEND", b"")
    )


def webp_of(width: int, height: int) -> bytes:
    head = (
        b"VP8X"
        + struct.pack("<I", 10)
        + b"\0" * 4
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(head) + 4) + b"WEBP" + head


def jpeg_of(width: int, height: int) -> bytes:
    """A small one whose head is changed."""
    made = bytearray(picture())
    at = made.index(b"\xff\xc0") + 5
    made[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(made)


def bomb() -> bytes:
    """A few hundred kilobytes that become three hundred million."""
    return office("word/document.xml", *(f"word/{n}.xml" for n in range(10)), ballast=b" " * 30_000_000)
