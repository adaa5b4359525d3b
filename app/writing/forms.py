"""From a form that was filled in to operations. A form works without script, and may be sent twice.

Each form has an id; an operation's id follows from it, from the field and from what was there, so the same form
sent again makes the same operations and no new ones. What a form sends back unchanged makes none.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app.ids import id_from, is_id
from app.web.sent import form
from app.writing.apply import Answer
from app.writing.desk import Operation
from app.writing.fields import FieldKind, Type, Value, decoded, encoded, spot, stored
from app.writing.models import AGREED, Revision
from app.writing.said import clashes


@dataclass(frozen=True)
class Sent:
    """A form as it came: its id, the values by field, the operation that each field showed, and the operations
    that a field's text settles."""

    form: str
    values: Mapping[str, Value]
    seen: Mapping[str, str]
    settles: Mapping[str, Sequence[str]]


# ── From a browser ──


async def _form(request: Request) -> AsyncIterator[FormData]:
    filled = await form(request)
    try:
        yield filled
    finally:
        await filled.close()


Filled = Annotated[FormData, Depends(_form)]


def sent_form(filled: FormData, kinds: Sequence[FieldKind]) -> Sent:
    """The form's fields by key. Besides: `sheet`, the form's id (a field called `form` would stand in the way of
    the DOM's `element.form`), `seen` (field=operation), `settles` (field=operations), and `clear`, the button that
    takes an answer back (a radio cannot be unpressed)."""
    values: dict[str, Value] = {}
    for key in filled:
        if found := spot(kinds, key):
            texts = [str(each) for each in filled.getlist(key)]
            values[key] = _lines(texts) if found.kind.type is Type.LINES else texts[-1]
    clear = str(filled.get("clear", ""))
    if spot(kinds, clear):
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


# ── To operations ──


def operations(session: Session, subject: str, by: str, sent: Sent, kinds: Sequence[FieldKind]) -> list[Operation]:
    """The operations that the form asks for. A value that cannot be stored is left for the write path to refuse."""
    own = _own(session, subject, by, sent)
    shown = _shown(session, subject, sent.seen.values())
    made = []
    for key, value in sent.values.items():
        parent = sent.seen.get(key) or None
        before = shown.get(parent or "")
        while following := own.get((key, parent)):
            parent, before = following.id, decoded(following.value)  # the form itself wrote that, and sent no new page
        after = _storable(key, value, kinds)
        settles = tuple(sent.settles.get(key, ()))
        if encoded(after) != encoded(before):
            id = id_from(sent.form, key, parent or "", encoded(after))
            made.append(Operation(id, key, value, parent, settles))
    return made


def chosen(
    session: Session, subject: str, kept: str, sent: Sent, kinds: Sequence[FieldKind], voice: str = AGREED
) -> list[Operation]:
    """One of two texts that was chosen as it stands, by the operation (`kept`) that its button names."""
    for clash in clashes(session, subject, kinds, voice) if kept else ():
        key, stands = clash.spot.key, clash.stands
        either = [clash.beside, *([stands] if stands else [])]
        if said := next((each for each in either if each.revision == kept), None):
            parent = stands.revision if stands else None
            tips = sent.settles.get(key, (clash.beside.revision,))
            return [Operation(id_from(sent.form, "keep", kept), key, said.value, parent, tips)]
    return []  # somebody else has chosen meanwhile


def refused(made: Sequence[Operation], answers: Sequence[Answer]) -> dict[str, str]:
    """Why, by field."""
    return {each.field: answer.told for each, answer in zip(made, answers, strict=True) if answer.outcome == "refused"}


def not_kept(made: Sequence[Operation], refused: Mapping[str, str]) -> dict[str, Any]:
    """The values that were refused, by field."""
    return {each.field: each.value for each in made if each.field in refused}


def to_mend(sent: Sent | None, refused: Mapping[str, str]) -> dict[str, Any]:
    """For a page that gives back what was refused: those texts as they were typed, over the operations that their
    writer saw then. What has come since was not on that page, so a mended text must not go over it."""
    fields = [key for key in refused if sent and key in sent.values]
    return {
        "sent": {key: sent.values[key] for key in fields if sent},
        "seen_then": {key: sent.seen.get(key, "") for key in fields if sent},
    }


def _storable(key: str, value: Value, kinds: Sequence[FieldKind]) -> Value:
    found = spot(kinds, key)
    try:
        return stored(value, found.kind) if found else value
    except ValueError:
        return value


def _own(session: Session, subject: str, by: str, sent: Sent) -> dict[tuple[str, str | None], Revision]:
    """What this very form has written, by the field and by what was there. The same person may have the page open
    twice, and have written from both over the same text."""
    at = (Revision.subject == subject, Revision.by == by, col(Revision.field).in_(list(sent.values)))
    rows = session.exec(select(Revision).where(*at))
    return {(each.field, each.parent): each for each in rows if _from_this_form(each, sent.form)}


def _from_this_form(revision: Revision, form: str) -> bool:
    return revision.id == id_from(form, revision.field, revision.parent or "", revision.value or "")


def _shown(session: Session, subject: str, ids: Iterable[str]) -> dict[str, Value]:
    at = (Revision.subject == subject, col(Revision.id).in_([id for id in ids if id]))
    return {each.id: decoded(each.value) for each in session.exec(select(Revision).where(*at))}
