"""Places in a list that two people can change at once: a text between its neighbours' texts. Pure.

Only what is moved gets a new key, so two moves never undo each other. Keys are compared as text, character
by character, and equal keys are told apart by ids.
"""

from collections.abc import Sequence

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # in the order of their code points


def between(before: str, after: str) -> str:
    """A key that sorts after `before` and before `after`; "" stands for the list's start or end.

    Where the two leave no room (equal keys, made by two people at once) the new one comes right after `before`.
    """
    if after and before >= after:
        after = ""
    made = ""
    for i in range(len(before) + len(after) + 1):
        low = _DIGITS.find(before[i]) if i < len(before) else 0
        high = _DIGITS.find(after[i]) if i < len(after) else len(_DIGITS)
        if high - low > 1:
            return made + _DIGITS[(low + high) // 2]
        made += _DIGITS[max(low, 0)]
        if high > low:
            after = ""  # from here on anything sorts before it
    return made + _DIGITS[len(_DIGITS) // 2]


def moved(keys: Sequence[tuple[str, str]], id: str, place: int) -> list[tuple[str, str]]:
    """The new keys with which `id` comes to stand at `place` among `keys` (ids with keys, in order).

    One, but where neighbours share a key, made by two people at once: then they are told apart as well.
    """
    rest = [each for each in keys if each[0] != id]
    before = rest[place - 1][1] if place else ""
    after = rest[place:]
    made: list[tuple[str, str]] = []
    for each, key in [(id, ""), *after]:
        if made and key > before:
            break
        before = between(before, next((other for _, other in after if other > before), ""))
        made.append((each, before))
    return made


def spread(count: int) -> list[str]:
    """Keys for a list that comes all at once."""
    keys: list[str] = []
    for _ in range(count):
        keys.append(between(keys[-1] if keys else "", ""))
    return keys
