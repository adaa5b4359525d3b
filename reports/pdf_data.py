"""A document as the JSON that `house/report.typ` draws.

Here lives what PDF asks of any document and blocks do not promise: heading levels without gaps,
links that lead somewhere, names short enough for a bookmark. Looks are `house/`.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from reports.blocks import Block, Choice, Contents, Document, Group, Heading, Overview, Rank, Ruled
from reports.pdf_text import breakable, clipped, outline, printable
from reports.shown import each_text
from reports.words import country, words

# A string in a PDF/A-2 file holds 32,767 bytes; long before that a bookmark has stopped being one.
_BOOKMARK, _TITLE, _NAME, _RUNNING, _FOOTER, _WATERMARK = 300, 300, 200, 120, 200, 24
# A heading that no block stands for.
_OF_ITS_OWN = {"level": 1, "listed": False, "label": ""}
_AUTHORS = 50


def data_of(document: Document) -> dict[str, Any]:
    """All that `report.typ` is told."""
    fitted = each_text(document, lambda text: breakable(printable(text)))
    return {
        "title": clipped(fitted.title, _TITLE) or "–",  # PDF/UA: a file has a title
        "subject": clipped(fitted.subject, _TITLE),
        "authors": [clipped(author, _NAME) for author in fitted.authors if author.strip()][:_AUTHORS],
        "header": clipped(fitted.header, _RUNNING),
        "footer": [clipped(line, _FOOTER) for line in fitted.footer],
        "status": clipped(fitted.status, _RUNNING),
        "watermark": outline(clipped(document.watermark, _WATERMARK)) if document.watermark.strip() else None,
        "sheet": fitted.sheet.value,
        "front": _plain(fitted.front),
        "blocks": list(_blocks(fitted.blocks, words(document.language).contents)),
        "words": _plain(words(document.language)),
        **_language(document.language),
    }


def _language(tag: str) -> dict[str, str | None]:
    """A language that Typst can take, and its country."""
    language = tag.partition("-")[0].lower()
    if not re.fullmatch("[a-z]{2,3}", language):
        language = "sv"
    known = country(tag)
    return {"language": language, "region": known if re.fullmatch("[A-Z]{2}", known) else None}


def _plain(part: Any) -> Any:
    """A dataclass as a dict that tells its `type`; the rest as JSON has it."""
    if isinstance(part, tuple):
        return [_plain(each) for each in part]
    if is_dataclass(part):
        told = {field.name: _plain(getattr(part, field.name)) for field in fields(part)}
        return {"type": type(part).__name__} | told
    return part.value if isinstance(part, Enum) else part


def _blocks(blocks: tuple[Block, ...], contents: str) -> Iterator[dict[str, Any]]:
    """Each block, with the level of its heading and where links to and from it go."""
    labels = _labels(blocks)
    in_overview = {row.anchor for block in blocks if isinstance(block, Overview) for row in block.rows}
    above = 0
    for place, block in enumerate(blocks):
        told = _plain(block)
        match block:
            case Heading():
                above = min(block.level, above + 1)
                told |= _named(block.code, block.text) | {"level": above}
                told["label"] = f"to-{place}" if labels.get(block.anchor) == f"to-{place}" else ""
                told["listed"] = above == 1 and block.rank != Rank.PART and block.anchor not in in_overview - {""}
            case Overview():
                above = 1
                told |= _named(block.heading) | _OF_ITS_OWN
                for row in told["rows"]:
                    row["label"] = labels.get(row["anchor"], "")
            case Contents():
                told |= _named(contents) | _OF_ITS_OWN
                told["alone"] = not any(isinstance(each, Overview) for each in blocks)
                above = max(above, 1)
            case Group() | Choice() | Ruled():
                told["level"] = min(3, above + 1)
            case _:
                pass
        yield told


def _labels(blocks: tuple[Block, ...]) -> dict[str, str]:
    """Where each anchor leads: to the first heading that has it."""
    anchors = [(block.anchor, f"to-{i}") for i, block in enumerate(blocks) if isinstance(block, Heading)]
    return {anchor: label for anchor, label in reversed(anchors) if anchor}


def _named(*parts: str) -> dict[str, str]:
    """A heading's name on one line: as a bookmark, and at the top of the pages that follow."""
    name = " ".join(filter(None, parts))
    return {"name": clipped(name, _BOOKMARK) or "–", "running": clipped(name, _RUNNING)}
