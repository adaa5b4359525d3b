"""The answer to a form that came after the last signature, or from an inspector who has handed over.

Whoever has handed over still gets kept what they write, and no longer reads: so nothing stands in this answer but
their own words, whatever they sent.
"""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response

from app.accounts.roles import Permission
from app.inspections.access import Here
from app.inspections.queries import find
from app.web.render import page
from app.writing.apply import Answer
from app.writing.fields import Value

INSTEAD = {"HX-Retarget": "body", "HX-Reswap": "innerHTML"}  # with script too, the answer is a page of its own


def too_late(
    request: Request, here: Here, asked: Permission, answers: list[Answer], not_kept: Mapping[str, Value]
) -> Response | None:
    """None = in time. `asked` is what the form's page takes; `not_kept` are the texts that were refused."""
    kept = any(answer.outcome == "late" for answer in answers)
    if here.may(asked) and not kept and not (here.row.state == "signed" and not_kept):
        return None
    with here.database.reading() as session:
        now = find(session, here.row.id)  # signed or handed over since the page was asked for
    signed = here.viewer.may(asked, now.whose) and now.row.state == "signed"
    texts = [text if isinstance(text, str) else "\n".join(text) for text in not_kept.values() if text]
    facts = {"url": here.url, "signed": signed, "kept": kept, "not_kept": texts}
    return page(request, "inspections/late.html", 409, INSTEAD, **facts)
