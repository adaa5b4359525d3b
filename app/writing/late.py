"""The answer to a form that came too late: for who writes in what is closed by now, or in what is no longer theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from app.web.render import page
from app.writing.apply import Answer
from app.writing.fields import Value

INSTEAD = {"HX-Retarget": "body", "HX-Reswap": "innerHTML"}  # with script too, the answer is a page of its own


@dataclass(frozen=True)
class Told:
    """What a room says of it: a heading, what became of a text that was kept, where to turn, and the ways there."""

    what: str
    kept: str
    onward: str
    links: Sequence[tuple[str, str]]


def is_kept(answers: Sequence[Answer]) -> bool:
    """Whether something came too late: it stands beside, and changes nothing."""
    return any(answer.outcome == "late" for answer in answers)


def late_page(request: Request, told: Told, answers: Sequence[Answer], not_kept: Mapping[str, Value]) -> Response:
    """Nothing stands in it but the writer's own words. `not_kept` are the texts that were refused besides."""
    texts = [text if isinstance(text, str) else "\n".join(text) for text in not_kept.values() if text]
    facts = vars(told) | {"kept": told.kept if is_kept(answers) else "", "not_kept": texts}
    return page(request, "writing/late.html", 409, INSTEAD, **facts)
