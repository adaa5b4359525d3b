"""Files that are not in order: each gets one Swedish sentence with its place, never a guess or a crash."""

from datetime import date

import pytest

from rubrics.data_file import MAX_BYTES, read
from rubrics.problems import DataError

UNREADABLE = [
    ("a key twice", b"a: 1\nb: 2\na: 3", "f:3: a: nyckeln a står två gånger."),
    ("a key twice in JSON", b'{"a": 1,\n "a": 2}', "f:2: a: nyckeln a står två gånger."),
    ("an anchor", b"a: &x [1]\nb: [*x, *x]", "f:1: a: ankare och alias (& och *) används inte här."),
    ("an alias bomb", b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "f:1: a: ankare och alias"),
    ("a tag", b"a: !!python/object:os.system ls", "f:1: a: taggar (!) används inte här."),
    ("5,000 brackets", b"[" * 5000, "f:1: mer än 50 nivåer."),
    ("5,000 closed brackets, which is JSON", b"[" * 5000 + b"]" * 5000, "f:1: mer än 50 nivåer."),
    ("51 levels of JSON", b'{"a":' * 51 + b"1" + b"}" * 51, "f: mer än 50 nivåer."),
    ("Latin-1", "a: 1\nb: räksmörgås".encode("latin-1"), "f:2: filen är inte UTF-8"),
    ("UTF-16", "a: b".encode("utf-16"), "f:1: filen är inte UTF-8"),
    ("too much", b"a" * (MAX_BYTES + 1), "f: filen är större än 5 MB."),
    ("two documents", b"a: 1\n---\nb: 2", "f:2: filen har mer än ett dokument"),
    ("a date that no calendar has", b"a: 2021-02-30", "f:1: a: 2021-02-30 finns inte i kalendern."),
    ("a key that is no text", b"2021: x", "f:1: nyckeln 2021 ska vara text."),
    ("a key that is a date that no calendar has", b"2021-13-45: x", "f:1: nyckeln 2021-13-45 ska vara text."),
    ("half a character in a key", b'"\\ud800": x', "f:1: nyckeln \u25a1 ska vara text."),
    ("half a character in a key of JSON", b'{"\\ud800": 1}', "f:1: nyckeln \u25a1 ska vara text."),
    ("a line break that only YAML 1.1 knew", "a: b\x85c".encode(), "f:1: tecknet U+0085 får inte stå som det är."),
    ("a text unclosed since long", b"a: 'x\nb: 1\nc: 2\n", "f:1: filen tar slut mitt i en text."),
    ("an unclosed text", b"a: 1\nb: 'x", "f:2: filen tar slut mitt i en text."),
    ("a colon too many", b"a: b: c", "f:1: ett kolon för mycket."),
    ("a tab as indent", b"a:\n\tb: 1", "f:2: tecknet kan inte inleda ett värde."),
    ("an unclosed bracket", b"a: [1, 2\nb: 3", "f:2: raden passar inte där den står."),
    ("a control character", b"a: x\nb: \x07", "f:2: tecknet U+0007 får inte stå som det är."),
    ("a number beyond Unicode", b'a: "\\UFFFFFFFF"', "f: ett teckennummer efter \\U finns inte."),
    ("an unknown directive", b"%YAML 9.9\n---\na: 1", "f:1: det här går inte att läsa som YAML."),
]


@pytest.mark.parametrize(("data", "told"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_what_is_told(data: bytes, told: str) -> None:
    with pytest.raises(DataError) as caught:
        read(data, "f")
    assert [str(problem)[: len(told)] for problem in caught.value.problems] == [told]


READ = [
    (
        "words that YAML 1.1 turns into other things",
        b"[no, on, 12:30, 1_000, 0777x]",
        ["no", "on", "12:30", "1_000", "0777x"],
    ),
    ("dates, numbers and nothing", b"[2021-10-18, 3, true, ~]", [date(2021, 10, 18), 3, True, None]),
    ("the same in quotes", b"['2021-10-18', '3', \"true\", '~']", ["2021-10-18", "3", "true", "~"]),
    ("JSON stays JSON", b'{"a": "\\ud83d\\ude42", "b": ["2021-10-18", null]}', {"a": "🙂", "b": ["2021-10-18", None]}),
    ("surrogates in YAML join, a lone half stays", b'["\\ud83d\\ude42", "\\ud800"]  # YAML', ["🙂", "\ud800"]),
    ("a merge key is a key like others", b"<<: {a: b}", {"<<": {"a": "b"}}),
    ("a byte order mark", b"\xef\xbb\xbfa: b", {"a": "b"}),
    ("nothing", b"", None),
]


@pytest.mark.parametrize(("data", "value"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_what_is_read(data: bytes, value: object) -> None:
    assert read(data, "f").value == value


def test_a_problem_stands_at_the_line_of_the_nearest_thing_that_is_there() -> None:
    for data in (b"a:\n  b:\n    - c: 1\n    - d: 2\n", b'{"a":\n {"b":\n [{"c": 1},\n {"d": 2}]}}'):
        source = read(data, "f")
        assert str(source.problem(("a", "b", 1, "e"), "saknas.")) == "f:4: a.b[1].e: saknas."
