"""What a file is called: as its sender called it, as far as that can be kept and given to somebody else's machine."""

import re
import unicodedata
from urllib.parse import quote, unquote

from app.papers.kinds import ENDINGS

LONGEST = 120
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, direction, halves of letters, what is nothing yet
_NAMED = re.compile(r"\bfilename\*=UTF-8''([^;\s]*)", re.IGNORECASE)
_ENDING = re.compile(r"\.(pdf|docx?|xlsx?|jpe?g|png|webp|heic)$", re.IGNORECASE)


def titled(name: str, otherwise: str) -> str:
    """The last part of a path, on one line, without what does not show and without the ending, which is ours to say."""
    last = re.split(r"[/\\]", name.strip())[-1]
    seen = "".join(each if unicodedata.category(each) not in _UNSEEN else " " for each in last)
    title = _ENDING.sub("", " ".join(seen.split())).strip(" .")
    return title[:LONGEST].rstrip() or otherwise


def disposition(title: str, type: str) -> str:
    """The header that has a browser save a file under its name (RFC 6266): the second name for every letter, the first
    for who knows no other way."""
    name = re.sub(r'[<>:"|?*]', "-", title) + ENDINGS[type]  # letters that some machines give files no names with
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def named(disposition: str) -> str:
    """What such a header calls its file, for every letter. "" = nothing that can be read."""
    found = _NAMED.search(disposition)
    return unquote(found[1]) if found else ""
