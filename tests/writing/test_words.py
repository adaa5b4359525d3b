"""What differs between two texts: nothing of either is lost, and what is marked is what a person would mark."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.writing.words import Run, differences

words = st.sampled_from(["en", "två", "handledare", "År", " ", "  ", "\n\n", ".", ",", "”", "\u0301", "😀", ""])
texts = st.one_of(st.text(max_size=80), st.lists(words, max_size=60).map("".join))


def said(before: str, after: str) -> str:
    """`en [-gammal-] {+ny+} text`"""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[run.kind].format(run.text) for run in differences(before, after))


@given(texts, texts)
def test_both_texts_can_be_read_from_what_differs(before: str, after: str) -> None:
    runs = differences(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after
    assert all(run.text for run in runs)
    assert all(one.kind != other.kind for one, other in pairwise(runs))


@given(texts)
def test_equal_texts_do_not_differ(text: str) -> None:
    assert differences(text, text) == ([Run("same", text)] if text else [])


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("", "Allt nytt.", "{+Allt nytt.+}"),
        ("Samtal hålls.", "Samtal hålls varje år.", "Samtal hålls{+ varje år+}."),
        ("Samtal hålls varje år.", "Samtal hålls.", "Samtal hålls[- varje år-]."),
        ("Handledaren läser.", "Handledarna läser.", "[-Handledaren-]{+Handledarna+} läser."),
        ("De ses en gång per år.", "Alla träffas två dagar per termin.", "[-De ses en gång-]{+Alla träffas två dagar+} per [-år-]{+termin+}."),
        ("Ett stycke.\n\nEtt till.", "Ett stycke.\n\nNytt.\n\nEtt till.", "Ett stycke.\n\n{+Nytt.\n\n+}Ett till."),
        ("De ses ofta. Allt är gott.", "De ses. Allt är gott. De är nöjda.", "De ses[- ofta-]. Allt är gott.{+ De är nöjda.+}"),
        ("cafe\u0301", "cafe", "[-cafe\u0301-]{+cafe+}"),
    ],
)  # fmt: skip
def test_whole_words_are_marked(before: str, after: str, marked: str) -> None:
    assert said(before, after) == marked


def test_a_long_text_is_compared_word_by_word() -> None:
    """Half of what a field holds, with every hundredth word another."""
    text = [f"ord{i}" if i % 3 else "och" for i in range(1_500)]
    changed = [word if i % 100 != 50 else "ändrat" for i, word in enumerate(text)]
    added = [run for run in differences(" ".join(text), " ".join(changed)) if run.kind == "added"]
    assert added == [Run("added", "ändrat")] * 15


def test_a_text_that_would_take_minutes_is_marked_as_a_whole() -> None:
    """Few words, each of them often, in two orders: 20,000 characters each."""
    one, other = (" ".join(chr(0x4E00 + i * step % 101) for i in range(10_000)) for step in (1, 2))
    assert [(run.kind, len(run.text)) for run in differences(f"Först {one}.", f"Först {other}.")] == [
        ("same", 8),
        ("removed", 19_995),
        ("added", 19_995),
        ("same", 3),
    ]
