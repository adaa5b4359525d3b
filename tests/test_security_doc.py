"""docs/security.md says of every requirement what holds it, and names no test that is not there."""

import ast
import re
from collections import Counter
from functools import cache

from app.generated import GENERATED
from app.numbers import LINE
from tests.paths import ROOT

NAME = "docs/security.md"
TEXT = (ROOT / NAME).read_text(encoding="utf-8")
LINES = LINE.findall(TEXT)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
UNTOUCHED = {"17"}  # chapters that have one line alone


@cache
def names_in(path: str) -> frozenset[str]:
    file = ROOT / path
    body = ast.parse(file.read_text()).body if file.is_file() else ()
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_requirement_of_the_chapters_touched_is_there_once_with_its_level() -> None:
    asked = [tuple(line.split()) for line in (ROOT / "tests/asvs_5_0_0.txt").read_text().splitlines()]
    assert Counter(level for _, level in asked) == {"1": 70, "2": 176}
    assert [(number, level) for number, level, _, _ in LINES] == asked
    assert {number.split(".")[0] for number, _ in asked}.isdisjoint(UNTOUCHED)
    assert all(f"## V{chapter} " in TEXT for chapter in (*UNTOUCHED, *{number.split(".")[0] for number, _ in asked}))


def test_every_line_has_one_of_three_states() -> None:
    rows = [row for row in TEXT.splitlines() if re.match(r"\| \d+\.", row)]
    assert [row for row in rows if not LINE.fullmatch(row)] == []


def test_what_is_met_names_its_tests_and_nothing_else() -> None:
    loose = [
        number
        for number, _, state, said in LINES
        if state == "met" and (not TEST.findall(said) or TEST.sub("", said).strip())
    ]
    assert loose == []


def test_every_test_that_is_named_is_there() -> None:
    named = TEST.findall(TEXT)
    assert len(named) > 200
    assert sorted({f"{path}::{name}" for path, name in named if name not in names_in(path)}) == []
    assert TEXT.count("::test_") == len(named)  # none is written in a way that is not seen


def test_what_is_not_met_or_not_applicable_says_why() -> None:
    silent = [number for number, _, state, said in LINES if state != "met" and len(said.split()) < 2]
    assert silent == []


def test_what_is_made_from_code_is_fresh() -> None:
    assert GENERATED[NAME]() == TEXT
    assert "| passwords for one account from one network | 10 in 15 minutes |" in TEXT
