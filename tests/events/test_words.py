"""Every kind of event that the code records has its sentence, and no sentence is of a kind that nobody records."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

from app.events.reads import READS, REFUSED
from app.events.words import ROOMS, SENTENCES, kinds, more, sentence
from app.plans.rules import MOVES
from tests.paths import ROOT

PLACES = ("region", "hospital", "clinic", "speciality")


def recorded() -> Iterator[str]:
    """`action=` wherever something is recorded; what is put together at run time as a pattern."""
    for path in (ROOT / "app").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "record":
                [told] = [each.value for each in call.keywords if each.arg == "action"]
                yield from _said(told, path.stem)


def _said(told: ast.expr, where: str) -> Iterator[str]:
    match told:
        case ast.Constant(value=str(action)):
            yield action
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in parts)  # type: ignore[misc]
        case ast.Name(id="action"):  # a variable: of the write path, and of reads
            yield from {"desk": ("*:written",), "reads": ()}[where]
        case _:
            raise AssertionError(ast.dump(told))


def test_every_kind_that_is_recorded_has_a_sentence() -> None:
    found = set(recorded())
    patterns = {each for each in found if "*" in each}
    assert patterns == {"attachment:*", "plan:*", "*:added", "*:renamed", "*:closed", "*:opened", "*:written"}
    known = {f"{place}:{verb}" for place in PLACES for verb in ("added", "renamed", "closed", "opened")} | {
        f"plan:{move}" for move in MOVES
    }
    known |= {f"clinic_speciality:{verb}" for verb in ("closed", "opened")}
    known |= {f"{subject}:written" for subject in ("inspection", "plan")} | {*READS.values(), REFUSED}
    known |= {f"attachment:{verb}" for verb in attachments()}
    assert {each for each in (found - patterns) | known if each not in SENTENCES} == set()
    assert {each for each in SENTENCES if each not in (found | known)} == set()
    assert {each for each in known if not any(fnmatch(each, one) for one in patterns)} == {*READS.values(), REFUSED} - {
        each for each in READS.values() if each.startswith(("attachment:", "plan:"))
    }


def attachments() -> set[str]:
    """The verbs that `attaching.py` gives its own `_record`."""
    tree = ast.parse((ROOT / "app" / "inspections" / "attaching.py").read_text())
    calls = [
        each for each in ast.walk(tree) if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "_record"
    ]
    assert len(calls) == 4
    return {each.value for call in calls for each in ast.walk(call.args[2]) if isinstance(each, ast.Constant)}


def test_every_kind_can_be_chosen_once() -> None:
    chosen = [action for _, options in kinds() for action, _ in options]
    assert sorted(chosen) == sorted(SENTENCES)
    assert {action.partition(":")[0] for action in SENTENCES} == set(ROOMS)
    assert sentence("another:version") == "another:version"


def test_of_details_only_our_own_words_are_told() -> None:
    told = {"version": 2, "areas": ["A", "E"], "role": "inspector", "after": "more", "format": "docx", "fields": ["x"]}
    assert more(told) == "version 2, område A, E, inspektör, nu komplettering begärd, docx"
    assert more({"signer": "x", "specialities": ["y"], "revisions": {"a": "b"}, "role": "x", "after": "y"}) == ""
