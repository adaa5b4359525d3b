"""The house's own fonts: where they lie, and which characters all of them can draw."""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "house" / "fonts"
BOLD = FONTS / "SourceSans3-Bold.ttf"


@cache
def drawable() -> frozenset[str]:
    """What every face in use can draw. Private characters mean nothing outside their own font."""
    held = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            held.append(set(map(chr, font.getBestCmap())))
    return frozenset(c for c in set.intersection(*held) if unicodedata.category(c) != "Co")
