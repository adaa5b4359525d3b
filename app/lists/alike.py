"""Which names look as if they meant the same: to be told, never to be merged. Pure.

Two are alike where one holds all the telling words of the other (Länssjukhuset i Kalmar, Kalmar lasarett), or where
they differ by one letter. Found through indexes, so that 5,000 names take no longer than 5,000 times one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from app.alphabet import in_order

# What so many are called that it tells nothing, without its ending.
_COMMON = frozenset(
    (
        "region", "lan", "landsting", "sjukhus", "lanssjukhus", "universitetssjukhus", "sjukhusomrade", "lasarett",
        "sjukvard", "primarvard", "halsocentral", "vardcentral", "klinik", "avdelning", "enhet", "mottagning",
        "i", "och", "pa", "vid", "for", "av",
    )
)  # fmt: skip
_ENDINGS = re.compile(r"(?<=\w{4})(ernas|arnas|ens|ets|en|et|s)$")
_MOST = 20  # names that share a word; where more do, it tells nothing


class Names:
    """Names of one kind, and whom of them another looks like."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_word: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        self._by_piece: dict[str, list[str]] = defaultdict(list)
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        words = _telling(name)
        for word in words:
            self._by_word[word].append((words, name))
        for piece in _pieces(name):
            self._by_piece[piece].append(name)

    def like(self, name: str) -> str | None:
        """One that looks like this name and is another."""
        words = _telling(name)
        found = (
            other
            for word in sorted(words, key=lambda each: len(self._by_word.get(each, ())))
            for theirs, other in self._by_word.get(word, ())[:_MOST]
            if theirs <= words or words <= theirs
        )
        near = (other for piece in _pieces(name) for other in self._by_piece.get(piece, ())[:_MOST])
        return next((other for each in (found, near) for other in each if _differ(name, other)), None)


def _differ(name: str, other: str) -> bool:
    """Not the same, and not numbered side by side (Medicin 1, Medicin 2)."""
    return name != other and re.findall(r"\d+", name) == re.findall(r"\d+", other)


def _telling(name: str) -> frozenset[str]:
    words = (_ENDINGS.sub("", word) for word in re.findall(r"\w+", _plain(name)))
    return frozenset(word for word in words if word not in _COMMON)


def _pieces(name: str) -> Iterator[str]:
    """The name, and the name without each one of its letters: two that share one differ by a letter."""
    text = _plain(name)
    yield text
    if 5 <= len(text) <= 80:
        yield from (text[:i] + text[i + 1 :] for i in range(len(text)))


def _plain(name: str) -> str:
    """å, ä and ö stay letters of their own to `in_order`; here they are what they are typed as without them."""
    return in_order(name).translate(_AS_TYPED)


_AS_TYPED = str.maketrans({"{": "a", "|": "a", "}": "o"})
