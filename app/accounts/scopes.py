"""What a key for programs may do of all that its person may: two scopes, and nothing beyond them. Pure.

What is not named here is not for keys: administration, setting up and handing over inspections, signing and what
follows, plans' steps. A new permission is none of them until somebody puts it here.
"""

from collections.abc import Set
from enum import StrEnum

from app.accounts.roles import Open, Permission


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"

    @property
    def label(self) -> str:
        return _LABELS[self]

    def reaches(self, asked: Set[Permission | Open], *, changes: bool) -> bool:
        """Whether an address that asks for these is within the scope."""
        return (self is Scope.WRITE and asked <= WRITES) if changes else asked <= READS


_LABELS = {Scope.READ: "läsa", Scope.WRITE: "läsa, och skriva i inspektioner"}

READS: Set[Permission | Open] = {
    Open.SIGNED_IN,
    Permission.SEE_DRAFT,
    Permission.SEE_WORK,
    Permission.READ_REPORT,
    Permission.READ_PLAN,
    Permission.WRITE_PLAN,  # what a clinic reads of its own draft
    Permission.ANSWER_PLAN,
    Permission.COMPARE,
}
WRITES: Set[Permission | Open] = {Permission.WRITE_FRONT, Permission.WRITE, Permission.NOTES}
