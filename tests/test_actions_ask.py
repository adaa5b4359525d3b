"""Every action asks for its permission itself, whoever calls it: a page, the JSON door, or a script."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import app as app_package
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.ids import new_id
from app.inspections import actions, disk
from app.writing.desk import Operation
from tests.everybody import Everybody
from tests.factories import RUBRIC
from tests.paths import KALMAR
from tests.requests import Target


def _modules() -> Iterator[ModuleType]:
    for room in sorted(Path(app_package.__path__[0]).iterdir()):
        names = (
            "actions",
            "signing",
            "regrading",
            "attaching",
            "declaring",
            "ties",
            "withholding",
            "importing",
            "inviting",
        )
        for name in names:
            if (room / f"{name}.py").is_file():
                yield importlib.import_module(f"app.{room.name}.{name}")


# Steps that several actions share. Their callers have checked who may.
SHARED = {"open_next", "take_back"}
ACTIONS = [
    function
    for module in _modules()
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_") and name not in SHARED
    if (by := inspect.signature(function).parameters.get("by")) and by.annotation is Viewer
]


# By name, from an inspection that is there; what an action is given that is not an id is given as it is below.
GIVEN: dict[str, Callable[[Target], Any]] = {
    "plan": lambda at: at.plan,
    "appointment": lambda at: at.appointment(),
    "attachment": lambda at: at.attachment,
    "cause": lambda _: "Ett ord var fel.",
    "clinic": lambda at: at.clinic,
    "file": lambda _: disk.read(KALMAR)[1],
    "hospital": lambda at: at.hospital,
    "id": lambda at: at.region,
    "inspection": lambda at: at.inspection,
    "inspectors": lambda at: [at.inspector],
    "operations": lambda _: [Operation(new_id(), "front/place", "Annanstans")],
    "people": lambda at: [at.person],
    "person": lambda at: at.person,
    "region": lambda at: at.region,
    "rubric": lambda _: RUBRIC,
    "seen": lambda _: "0" * 64,
    "setup": lambda at: actions.Setup(at.clinic, at.speciality, [at.inspector]),
}
# Not looked at before the permission is.
UNSEEN = {
    "new",
    "kind",
    "demo",
    "area",
    "because",
    "changes",
    "day",
    "version",
    "sent",
    "storage",
    "gone",
    "kept",
    "tie",
    "tie_years",
    "number",
    "reason",
}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.__module__}.{action.__name__}")
@pytest.mark.parametrize("which", ["own draft", "own signed"])
def test_every_action_asks_for_its_permission_itself(
    everybody: Everybody, action: Callable[..., Any], which: str
) -> None:
    session_or_database, *rest = inspect.signature(action).parameters.values()
    assert {each.kind for each in rest} <= {inspect.Parameter.KEYWORD_ONLY}
    target, given = everybody.cases[which].target, {}
    for each in rest:
        if each.name != "by" and each.default is inspect.Parameter.empty:
            assert each.name in GIVEN.keys() | UNSEEN, f"{action.__name__} takes {each.name}: add an example to GIVEN."
            given[each.name] = GIVEN[each.name](target) if each.name in GIVEN else None
    given["by"] = everybody.viewers["nobody"]
    if session_or_database.name == "database":
        with pytest.raises(NotFound):
            action(everybody.database, **given)
    else:
        with pytest.raises(NotFound), everybody.database.writing() as session:
            action(session, **given)


def test_the_actions_are_found() -> None:
    assert {
        "write",
        "sign",
        "correct",
        "staff",
        "create",
        "invite",
        "rename",
        "submit",
        "answer",
        "regrade",
        "declare",
        "tell",
    } <= {each.__name__ for each in ACTIONS}
