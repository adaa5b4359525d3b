"""A picture as it is kept: drawn anew as a JPEG, so that nothing comes along but what one sees.

The place where it was taken, the camera, the thumbnail of what was cut away, and whatever somebody has hidden behind
the picture's end stay behind. A picture's size is read from its first bytes before anything is drawn: a hundred
million points cost no more to refuse than one.
"""

import struct
from contextlib import suppress
from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps

from app.errors import Unacceptable

MOST_POINTS = 40_000_000  # of what is sent; 40 megapixels, more than a tablet's or a telephone's camera gives
LONGEST_SIDE = 2_560  # of what is kept
PREVIEW_SIDE = 480

TOO_MANY = "Bilden är för stor: den har fler än 40 miljoner bildpunkter. Spara den mindre, eller ta en ny."
BROKEN = "Bilden går inte att läsa. Den kan ha blivit avbruten på vägen; öppna den, spara den på nytt och försök igen."

_BEGINNINGS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_ONE = Lock()  # a large picture takes 150 MB while it is drawn: one at a time
Image.MAX_IMAGE_PIXELS = None  # counted here instead, before Pillow does, and refused in a sentence


def format_of(content: bytes) -> str | None:
    """By its first bytes; None where it is no picture that can be kept."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((name for begins, name in _BEGINNINGS.items() if content.startswith(begins)), None)


def redrawn(content: bytes, format: str) -> tuple[bytes, bytes]:
    """The picture to keep and a small one to show. Raises Unacceptable."""
    if format == "WEBP" and _points_of_webp(content) > MOST_POINTS:  # Pillow makes room for it before it tells
        raise Unacceptable(TOO_MANY)
    try:
        with _ONE, Image.open(BytesIO(content), formats=(format,)) as opened:
            if opened.width * opened.height > MOST_POINTS:
                raise Unacceptable(TOO_MANY)
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG can be read at half its size, for less
            plain = _upright(opened)
            return _as_jpeg(plain, LONGEST_SIDE, 85), _as_jpeg(plain, PREVIEW_SIDE, 75)
    except Unacceptable:
        raise
    except Exception:  # decoders fail in ways of their own, and none of them is our fault
        raise Unacceptable(BROKEN) from None


def _upright(opened: Image.Image) -> Image.Image:
    """As it is meant to be seen, on white where one can see through it, and without anything that was told about it."""
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    with suppress(Exception):  # what tells which way is up may be broken in a picture that is not
        ImageOps.exif_transpose(opened, in_place=True)
    seen_through = opened.convert("RGBA") if opened.has_transparency_data else None
    plain = Image.new("RGB", opened.size, "white")
    plain.paste(seen_through or opened.convert("RGB"), mask=seen_through)
    return plain


def _as_jpeg(plain: Image.Image, side: int, quality: int) -> bytes:
    made, out = plain.copy(), BytesIO()
    made.thumbnail((side, side))
    made.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _points_of_webp(content: bytes) -> int:
    """As its first piece says; 0 where it says nothing, and then it is no picture."""
    kind, told = content[12:16], content[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        width, height = (int.from_bytes(told[at : at + 3], "little") + 1 for at in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(told[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (each & 0x3FFF for each in struct.unpack("<HH", told[6:10]))
    else:
        return 0
    return width * height
