"""Places in a list: always room between two, whoever moves what."""

from hypothesis import given
from hypothesis import strategies as st

from app.writing.order import between, moved, spread

keys = st.text(st.sampled_from("0VZaz"), min_size=1, max_size=6)
anything = st.text(st.characters(), max_size=6)


@given(st.lists(st.integers(0, 30), max_size=60))
def test_whatever_is_put_between_lies_between(places: list[int]) -> None:
    order: list[str] = []
    for place in places:
        i = place % (len(order) + 1)
        made = between(order[i - 1] if i else "", order[i] if i < len(order) else "")
        order.insert(i, made)
    assert order == sorted(set(order))


@given(keys, keys)
def test_any_two_keys_have_room_or_the_new_one_follows_the_first(one: str, two: str) -> None:
    before, after = sorted((one, two))
    made = between(before, after)
    assert made > before
    # No key lies between `a` and `a0…`: those two came from nobody here, and the new one follows the first.
    assert made < after or before == after or set(after[len(before) :]) == {"0"}


@given(anything, anything)
def test_keys_from_elsewhere_do_no_harm(before: str, after: str) -> None:
    made = between(before, after)
    assert made
    assert made.isalnum()
    assert made.isascii()


@given(st.lists(st.sampled_from(["", "F", "V", "VV", "k"]), min_size=1, max_size=8), st.integers(0), st.integers(0))
def test_what_is_moved_comes_to_its_place_also_among_equal_keys(keys: list[str], which: int, where: int) -> None:
    rows = [(str(n), key) for n, key in enumerate(sorted(keys))]
    id, place = rows[which % len(rows)][0], where % len(rows)
    wanted = [each for each, _ in rows if each != id]
    wanted.insert(place, id)
    new = dict(rows) | dict(moved(rows, id, place))
    assert sorted(new, key=lambda each: (new[each], each)) == wanted


def test_moving_to_the_front_or_between_the_same_two_stays_short() -> None:
    """A key grows by a character for some five moves to the same place."""
    front, middle = ["V"], ["A", "B"]
    for _ in range(200):
        front.insert(0, between("", front[0]))
        middle.insert(1, between(middle[0], middle[1]))
    assert max(map(len, front + middle)) < 45


def test_a_list_that_comes_all_at_once() -> None:
    made = spread(2_000)
    assert made == sorted(set(made))
    assert max(map(len, made)) < 500
