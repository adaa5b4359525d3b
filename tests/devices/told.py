"""What is promised of everything that was typed, held against what the server has kept in the end.

It is judged by what people saw: a text may give way to another only if that other's writer had it on the screen.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.inspections.fields import KINDS
from app.writing.fields import Value, decoded, spot, stored
from app.writing.models import AGREED, Branch, Head, Revision
from tests.writing.whole import last_stands


@dataclass(frozen=True)
class Typed:
    """What a person did in one field of one tab. `saw` = what stood on the screen then, in that field."""

    id: str
    field: str
    value: Value
    saw: Sequence[Value]
    device: str
    tab: str
    draft: bool = False  # no operation yet
    begun: bool = False  # was a draft, which another tab may have written past meanwhile


@dataclass(frozen=True)
class Kept:
    """An inspection's operations, in the order that the server took them, and what became of them."""

    revisions: Mapping[str, Revision]
    heads: Mapping[str, str]  # field → operation
    tips: Mapping[str, Sequence[str]]  # field → open operations beside it
    alone: Mapping[tuple[str, str], Sequence[str]]  # person and field → what that one says alone, and beside it

    def texts(self, field: str) -> list[Value]:
        """What is shown in a field: what stands, and what waits beside it."""
        shown = [self.heads[field]] if field in self.heads else []
        alone = [id for (_, each), ids in self.alone.items() if each == field for id in ids]
        return [decoded(self.revisions[id].value) for id in [*shown, *self.tips.get(field, ()), *alone]]

    def heard(self, person: str) -> dict[str, str]:
        """What stands for somebody while all answer alone."""
        own = {field: ids[0] for (who, field), ids in self.alone.items() if who == person}
        return own | dict(self.heads)

    def waits(self, person: str = "") -> list[str]:
        """What stands beside; while all answer alone, for somebody."""
        own = [id for (who, _), ids in self.alone.items() if who == person for id in ids[1:]]
        return sorted([*own, *(tip for tips in self.tips.values() for tip in tips)])


def kept(session: Session, id: str) -> Kept:
    found = session.exec(select(Revision).where(Revision.subject == id).order_by(col(Revision.seq))).all()
    heads: dict[str, str] = {}
    tips: dict[str, list[str]] = {}
    alone: dict[tuple[str, str], list[str]] = {}
    for head in session.exec(select(Head).where(Head.subject == id)):
        if head.voice == AGREED:
            heads[head.field] = head.revision
        else:
            alone[head.voice, head.field] = [head.revision]
    for branch in session.exec(select(Branch).where(Branch.subject == id, col(Branch.settled_by).is_(None))):
        beside = tips.setdefault(branch.field, []) if branch.voice == AGREED else alone[branch.voice, branch.field]
        beside.append(branch.tip)
    return Kept({each.id: each for each in found}, heads, tips, alone)


@dataclass(frozen=True)
class Account:
    """What is known of everything that was typed (in its order): what the server has, which operations were ever sent,
    and which are listed on a device as refused."""

    typed: Sequence[Typed]
    kept: Kept
    sent: Collection[str]
    listed: Collection[str]
    drafts: Collection[tuple[str, str, Value]]  # device, field, text

    def lost(self) -> list[Typed]:
        """What is nowhere: it neither stands, nor waits beside, nor is listed as refused, nor was kept as too late;
        and nobody who saw it has written anything instead."""
        return [each for each in self.typed if not self._accounted(each)]

    def _accounted(self, each: Typed) -> bool:
        if each.draft:
            here = (each.device, each.field, each.value) in self.drafts
            return here or any(each.value in other.saw for other in self._in_field(each))
        revision = self.kept.revisions.get(each.id)
        if each.value is None or each.id in self.listed or (revision and revision.outcome == "late"):
            return True
        if not revision:
            return self._went_on(each, self.kept.revisions.keys() | set(self.listed))
        if last_stands(each.field) or each.value in self.kept.texts(each.field):
            return True
        return self._is_replaced(each, set())

    def _is_replaced(self, each: Typed, asked: set[str]) -> bool:
        """Somebody who saw this text wrote what stood, or was shown beside."""
        saw = [other for other in self._in_field(each) if each.value in other.saw and other.id not in asked]
        return any(self._took_effect(other, asked | {each.id}) for other in saw)

    def _took_effect(self, each: Typed, asked: set[str]) -> bool:
        """It, or what its writer typed on before it was sent, or from what took no effect."""
        revision = self.kept.revisions.get(each.id)
        if revision and revision.outcome != "late":
            return True
        if revision or each.id in self.listed:
            return self._is_replaced(each, asked)
        return self._went_on(each, self.kept.revisions)

    def _went_on(self, each: Typed, into: Collection[str]) -> bool:
        """The same tab wrote something in its place before it was sent: the two became one operation."""
        if each.id in self.sent:
            return False
        later = self.typed[self.typed.index(each) + 1 :]
        return any(other.id in into for other in later if (other.tab, other.field) == (each.tab, each.field))

    def _in_field(self, each: Typed) -> list[Typed]:
        return [other for other in self.typed if other.field == each.field and other is not each]


def own_conflicts(kept: Kept, device: Mapping[str, str]) -> list[Revision]:
    """Operations that stand beside although nobody on another device wrote what they had not seen. `device` has the
    device of every operation that was typed; the server's own are nobody's."""
    return [each for each in kept.revisions.values() if each.outcome == "sibling" and not _reason(each, kept, device)]


def _reason(beside: Revision, kept: Kept, device: Mapping[str, str]) -> bool:
    of_field = [each for each in kept.revisions.values() if each.field == beside.field and each.seq < beside.seq]
    parent = kept.revisions.get(beside.parent or "")
    while parent and parent.outcome == "late":
        parent = kept.revisions.get(parent.parent or "")
    if parent and parent.outcome == "sibling" and not any(_settles(each, parent) for each in of_field):
        return True  # it goes on in a conflict that there was
    since = parent.seq if parent else 0
    unseen = (each for each in of_field if each.outcome == "head" and each.seq > since)
    return any(device.get(each.id) != device[beside.id] for each in unseen)


def _settles(each: Revision, tip: Revision) -> bool:
    return each.seq > tip.seq and (tip.id in (*each.settles, each.parent) or each.value == tip.value)


def in_one_form(field: str, value: Value) -> Value:
    """A value as the server keeps it, or as it was typed where the server would refuse it."""
    found = spot(KINDS, field)
    try:
        return stored(value, found.kind) if found else value
    except ValueError:
        return value
