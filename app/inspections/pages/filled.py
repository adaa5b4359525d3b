"""A form as it came from a browser, and what of it are fields of an inspection."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from app.ids import is_id
from app.inspections.fields import ANSWER, KINDS
from app.inspections.pages.forms import Sent
from app.writing.fields import Type, Value, spot


async def _form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_fields=2_000, max_files=1) as filled:  # closes an uploaded file
        yield filled


Filled = Annotated[FormData, Depends(_form)]


def sent_form(filled: FormData) -> Sent:
    """The form's fields by key. Besides: `sheet`, the form's id (a field called `form` would stand in the way of
    the DOM's `element.form`), `seen` (field=operation), `settles` (field=operations), and `clear`, the button that
    takes an answer back (a radio cannot be unpressed)."""
    values: dict[str, Value] = {}
    for key in filled:
        if found := spot(KINDS, key):
            texts = [str(each) for each in filled.getlist(key)]
            values[key] = _lines(texts) if found.kind.type is Type.LINES else texts[-1]
    clear = str(filled.get("clear", ""))
    if spot([ANSWER], clear):
        values[clear] = None
    settles = {key: tips.split() for key, tips in _pairs(filled, "settles")}
    seen = {key: id for key, id in _pairs(filled, "seen") if is_id(id)}
    return Sent(str(filled.get("sheet", "")), values, seen, settles)


def ids(filled: FormData, name: str) -> list[str]:
    """The choices that can be ids of something. No page offers another."""
    return [text for each in filled.getlist(name) if is_id(text := str(each))]


def _lines(texts: list[str]) -> list[str]:
    """One line of a text area is one item; several boxes are several."""
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _pairs(filled: FormData, name: str) -> list[tuple[str, str]]:
    return [(key, value) for key, _, value in (str(each).partition("=") for each in filled.getlist(name))]
