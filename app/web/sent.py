"""A form as it came, and what of it is given back to the one who wrote it where it could not be taken care of."""

import re
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from app.errors import Refusal
from app.web.limits import in_utf8
from app.web.security import from_here

# Fields with such names never stand in a page again.
SECRET = re.compile(r"l[oö]sen|password|^again$|^code$|secret|token|totp", re.IGNORECASE)
WHOSE = "whose"  # the field that says for whom the form was drawn: the id of a person
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Sent:
    action: str  # where the form was sent
    fields: tuple[tuple[str, str], ...]
    whole: bool  # nothing is missing: no file, no password

    @property
    def texts(self) -> tuple[str, ...]:
        """What somebody wrote, as against what was chosen: everything of more than one word, and what stands in a
        field of its own (`area/E/narrative`)."""
        return tuple(value for name, value in self.fields if value and ("/" in name or len(value.split()) > 1))


async def form(request: Request) -> FormData:
    """What was filled in. It is read by whoever asks first, so everybody asks here. Who is done with it closes it: a
    file may have come along."""
    return await request.form(max_fields=2_000, max_files=1)


async def note_whose(request: Request) -> None:
    """Whom a form was drawn for, noted before anybody asks who has signed in (`app.accounts.access.who`)."""
    if is_form(request):
        request.state.drawn_for = set((await form(request)).getlist(WHOSE))


def is_form(request: Request) -> bool:
    return request.method == "POST" and request.headers.get("content-type", "").startswith(FORMS)


async def read_sent(request: Request) -> Sent | None:
    """The fields of a form, from a request that may already have been read, and may not be readable at all."""
    if not (is_form(request) and in_utf8(request.headers)):
        return None
    if not from_here(request.headers):  # another site's words are not shown as somebody's own
        return None
    try:
        filled = await form(request)
        await filled.close()
    except (HTTPException, ClientDisconnect, Refusal, RuntimeError):
        return None
    items = filled.multi_items()
    fields = tuple((name, value) for name, value in items if isinstance(value, str) and not SECRET.search(name))
    query = f"?{request.url.query}" if request.url.query else ""
    return Sent(request.url.path + query, fields, whole=len(fields) == len(items))
