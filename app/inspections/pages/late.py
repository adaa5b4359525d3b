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
from app.writing.apply import Answer
from app.writing.fields import Value
from app.writing.late import Told, is_kept, late_page

HANDED_OVER = Told(
    "Inspektionen är överlämnad",
    "Det du skrev finns kvar och visas för dem som har tagit över, men ändrar inget i texten.",
    "Hör av dig till den som har tagit över om det du skrev ska med.",
    [("Till inspektionerna", "/inspektioner")],
)


def too_late(
    request: Request, here: Here, asked: Permission, answers: list[Answer], not_kept: Mapping[str, Value]
) -> Response | None:
    """None = in time. `asked` is what the form's page takes; `not_kept` are the texts that were refused."""
    kept = is_kept(answers)
    if here.may(asked) and not kept and not (here.row.state == "signed" and not_kept):
        return None
    with here.database.reading() as session:
        now = find(session, here.row.id)  # signed or handed over since the page was asked for
    signed = here.viewer.may(asked, now.whose) and now.row.state == "signed"
    return late_page(request, _signed(here, kept) if signed else HANDED_OVER, answers, not_kept)


def _signed(here: Here, kept: bool) -> Told:
    onward = "Behöver rapporten ändras? Öppna en rättelse under Rapport."
    return Told(
        "Rapporten är fastställd",
        "Det du skrev finns kvar, bredvid den fastställda texten, men ändrar inget i rapporten.",
        f"{onward} Där finns också det du skrev nu." if kept else onward,
        [("Till rapporten", f"{here.url}/rapport"), ("Till översikten", here.url)],
    )
