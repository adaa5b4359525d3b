"""What was written before in a field, as a page shows it, and how an earlier text is taken up again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.ids import id_from, new_id
from app.writing.desk import Operation
from app.writing.models import AGREED, Revision
from app.writing.said import Said, heads, history
from app.writing.words import Run, differences

ON_A_PAGE = 100  # versions
PAUSE = timedelta(minutes=5)  # a device saves several times in a sentence: what one person writes in one go is one text

Words = Callable[[Said], str]


@dataclass
class Version:
    """What somebody wrote in one go, as it became; `on_the_way` are the saves before that, the latest first."""

    said: Said
    before: Said | None  # what its writer saw
    on_the_way: list["Version"] = field(default_factory=list)

    @property
    def first(self) -> "Version":
        return self.on_the_way[-1] if self.on_the_way else self

    def runs(self, words: Words) -> list[Run]:
        """The text, with what differs from the one before; the field's first text as it is."""
        return differences(_words(self.first.before or self.said, words), _words(self.said, words))


def earlier(session: Session, subject: str, field: str, fore: int = 0, voice: str = "") -> dict[str, Any]:
    """For `writing/history.html`: what stood in a field, from before operation `fore` on (0: from now on); `voice` =
    only in that one and together. Raises NotFound where nobody has written in it.

    The page adds `around` (the template that it stands in), `label`, `words` (a value as a person reads it), `writes`,
    `action` and `back`.
    """
    said = history(session, subject, field, voice)
    if not said:
        raise NotFound
    standing = heads(session, subject, voice or AGREED).get(field)
    shown = [each for each in said if not fore or each.seq < fore]
    return {
        "field": field,
        "versions": _versions(shown[:ON_A_PAGE], said, _parents(session, subject, field)),
        "older": shown[ON_A_PAGE - 1].seq if len(shown) > ON_A_PAGE else 0,
        "newest": not fore,
        "stands": standing.revision if standing else "",
        "form": new_id(),
    }


def taken_up(session: Session, subject: str, field: str, version: str, sheet: str, voice: str = "") -> list[Operation]:
    """The operation that takes an earlier text up again, on top of what stands: one like any other. None where it
    stands already: the form was sent twice. Raises NotFound."""
    standing = heads(session, subject, voice or AGREED).get(field)
    before = next((each for each in history(session, subject, field, voice) if each.revision == version), None)
    if not before:
        raise NotFound
    if standing and standing.value == before.value:
        return []
    parent = standing.revision if standing else None
    return [Operation(id_from(sheet, "restore", version, parent or ""), field, before.value, parent)]


def _versions(shown: Sequence[Said], said: Sequence[Said], parents: dict[str, str | None]) -> list[Version]:
    by_id = {each.revision: each for each in said}
    made: list[Version] = []
    for each in shown:
        version = Version(each, by_id.get(parents[each.revision] or ""))
        if made and _in_one_go(each, made[-1].first):
            made[-1].on_the_way.append(version)
        else:
            made.append(version)
    return made


def _in_one_go(one: Said, following: Version) -> bool:
    after = following.said
    alike = (one.person, one.outcome) == (after.person, after.outcome)
    return alike and following.before == one and after.at - one.at <= PAUSE


def _parents(session: Session, subject: str, field: str) -> dict[str, str | None]:
    at = (Revision.subject == subject, Revision.field == field)
    return dict(session.exec(select(Revision.id, col(Revision.parent)).where(*at)).all())


def _words(said: Said, words: Words) -> str:
    return words(said) if said.value else ""
