"""A plan's states, from both sides: what the table has goes, for whom it may; what it lacks is refused in a sentence."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from app.accounts.roles import TABLE, Held, Role
from app.accounts.viewer import Viewer
from app.errors import NotFound, Refusal, Stale
from app.plans.rules import MOVES, STATES, TRANSITIONS, WRITTEN, Move, State, diagram
from tests.factories import a_person, a_place, an_inspector
from tests.paths import ROOT
from tests.plans.factories import Planned, another

CLINIC = {Role.DIRECTOR_OF_STUDIES, Role.HEAD_OF_CLINIC}

# The table once more, written by hand: from, move → to, and the roles that make it.
TABLE_OF_MOVES: dict[tuple[State, Move], tuple[State, set[Role]]] = {
    ("draft", "submit"): ("submitted", CLINIC),
    ("submitted", "ask_more"): ("more", {Role.INSPECTOR}),
    ("submitted", "accept"): ("accepted", {Role.INSPECTOR}),
    ("more", "submit"): ("submitted", CLINIC),
    ("accepted", "follow"): ("follow_up", CLINIC),
    ("follow_up", "close"): ("closed", {Role.REGION_OFFICE, Role.ADMINISTRATOR}),
}
NONE = [(state, move) for state in STATES for move in MOVES if (state, move) not in TABLE_OF_MOVES]
VERDICTS: Mapping[str, Mapping[str, str | tuple[str, str]]] = {
    "ask_more": {"D": ("more", "När börjar ni?"), "E": "accepted"},
    "accept": {"D": "accepted", "E": "accepted"},
}
AS: Mapping[State, Callable[[Planned], Planned]] = {
    "draft": lambda plan: plan,
    "submitted": Planned.as_submitted,
    "more": Planned.as_more,
    "accepted": Planned.as_accepted,
    "follow_up": Planned.as_followed,
    "closed": Planned.as_closed,
}


def at(world: Planned, state: State, move: Move) -> Planned:
    """A plan in that state, with all that the move asks for but the move itself."""
    plan = AS[state](another(world))
    assert plan.state == state
    if state in WRITTEN:
        plan.put("area/E/text", "Vi inför bedömningsveckor.")
    if state == "submitted" and move in VERDICTS:
        plan.judge(VERDICTS[move])
    return plan


def make(plan: Planned, move: Move, by: Viewer) -> None:
    acts: dict[str, Callable[[], object]] = {
        "submit": lambda: plan.submit(by),
        "follow": lambda: plan.follow(by),
        "close": lambda: plan.close(by),
    }
    acts.get(move, lambda: plan.answer(by))()


def of_role(plan: Planned) -> dict[Role, Viewer]:
    """One of each role, here."""
    return {
        Role.ADMINISTRATOR: plan.office,
        Role.COORDINATOR: plan.coordinator,
        Role.INSPECTOR: plan.a,
        Role.DIRECTOR_OF_STUDIES: plan.director,
        Role.HEAD_OF_CLINIC: plan.head,
        Role.REGION_OFFICE: plan.region,
    }


def from_elsewhere(plan: Planned) -> list[Viewer]:
    """The same roles in another place, and an inspector of the speciality who did not inspect here."""
    with plan.database.writing() as session:
        place = a_place(session, f"Annan {plan.plan[:8]}")
        return [
            an_inspector(session, plan.place, "Främmande Inspektör"),
            a_person(session, "Annan Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=place.clinic)),
            a_person(session, "Annan Chef", Held(Role.HEAD_OF_CLINIC, clinic=place.clinic)),
            a_person(session, "Annat Kansli", Held(Role.REGION_OFFICE, region=place.region)),
            a_person(session, "Ingen Alls"),
        ]


def everything(plan: Planned) -> Any:
    """What a refused move must leave as it is."""
    return plan.row, plan.submitted(), plan.events(), plan.seen()


def refusal(plan: Planned, move: Move, by: Viewer) -> Refusal:
    before = everything(plan)
    with pytest.raises(Refusal) as told:
        make(plan, move, by)
    assert everything(plan) == before
    return told.value


@pytest.mark.parametrize(("state", "move"), TABLE_OF_MOVES)
def test_a_move_of_the_table_is_made_by_its_roles_and_by_nobody_else(world: Planned, state: State, move: Move) -> None:
    to, roles = TABLE_OF_MOVES[state, move]
    plan = at(world, state, move)
    for by in (*(one for role, one in of_role(plan).items() if role not in roles), *from_elsewhere(plan)):
        assert isinstance(refusal(plan, move, by), NotFound), by.name
    for role in roles:
        other = at(world, state, move)
        before = other.events()
        make(other, move, of_role(other)[role])
        assert (other.state, other.events()) == (to, [*before, f"plan:{move}"])


@pytest.mark.parametrize(("state", "move"), [each for each in NONE if each != ("follow_up", "follow")])
def test_a_move_that_the_table_lacks_is_refused_in_a_sentence_and_changes_nothing(
    world: Planned, state: State, move: Move
) -> None:
    plan = at(world, state, move)
    makers = {role for (_, each), (_, roles) in TABLE_OF_MOVES.items() if each == move for role in roles}
    for role, by in of_role(plan).items():
        told = refusal(plan, move, by)
        assert isinstance(told, Stale if role in makers else NotFound)
        assert role not in makers or STATES[state] in told.told


def test_to_begin_to_follow_twice_is_to_begin_once(world: Planned) -> None:
    plan = at(world, "follow_up", "follow")
    before = everything(plan)
    make(plan, "follow", plan.head)
    assert everything(plan) == before


def test_the_table_is_as_it_is_written_here() -> None:
    found = {
        key: (step.to, {role for role in Role if step.permission in TABLE[role]}) for key, step in TRANSITIONS.items()
    }
    assert found == TABLE_OF_MOVES


def test_every_state_is_reached_and_every_one_but_the_last_left() -> None:
    reached, todo = {"draft"}, ["draft"]
    while todo:
        state = todo.pop()
        new = {step.to for (at, _), step in TRANSITIONS.items() if at == state} - reached
        reached |= new
        todo += new
    assert reached == set(STATES)
    assert set(STATES) - {state for state, _ in TRANSITIONS} == {"closed"}


def test_the_readme_draws_the_states_as_they_are() -> None:
    readme = (ROOT / "README.md").read_text()
    assert readme.partition("<!-- plan states -->\n")[2].partition("<!-- /plan states -->")[0] == diagram()
