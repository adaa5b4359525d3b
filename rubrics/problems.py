"""What is wrong in a data file, and how it is told: one sentence in Swedish with file, line and key path."""

from collections.abc import Iterable
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or, as a warning, worth knowing) in a file, told in Swedish."""

    file: str
    message: str  # what is wrong and what would be right
    path: KeyPath = ()
    line: int | None = None  # from 1
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return one_line(": ".join(filter(None, (place, dotted(self.path), self.message))))


class DataError(Exception):
    """A file that cannot be used; `problems` says why, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        super().__init__("\n".join(map(str, self.problems)))


def dotted(path: KeyPath) -> str:
    """`("areas", "E", "regrades", 0)` → `areas.E.regrades[0]`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key[:60]}" for key in path).lstrip(".")


def one_line(text: str) -> str:
    """The text for a terminal: nothing in it breaks the line or steers the screen."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "□" for c in text)
