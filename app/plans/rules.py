"""A plan's states and who moves it between them: one table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.accounts.roles import Permission

State = Literal["draft", "submitted", "more", "accepted", "follow_up", "closed"]
Move = Literal["submit", "ask_more", "accept", "follow", "close"]

STATES: Mapping[State, str] = {
    "draft": "utkast",
    "submitted": "inlämnad",
    "more": "komplettering begärd",
    "accepted": "godtagen",
    "follow_up": "uppföljning",
    "closed": "avslutad",
}


@dataclass(frozen=True)
class Step:
    """Where a move leads, and what one must be allowed to make it."""

    to: State
    permission: Permission


MOVES: Mapping[Move, str] = {
    "submit": "lämna in",
    "ask_more": "be om komplettering",
    "accept": "godta",
    "follow": "börja följa upp",
    "close": "avsluta",
}

TRANSITIONS: Mapping[tuple[State, Move], Step] = {
    ("draft", "submit"): Step("submitted", Permission.WRITE_PLAN),
    ("submitted", "ask_more"): Step("more", Permission.ANSWER_PLAN),
    ("more", "submit"): Step("submitted", Permission.WRITE_PLAN),
    ("submitted", "accept"): Step("accepted", Permission.ANSWER_PLAN),
    ("accepted", "follow"): Step("follow_up", Permission.WRITE_PLAN),
    ("follow_up", "close"): Step("closed", Permission.FOLLOW_PLAN),
}

WRITTEN: frozenset[State] = frozenset({"draft", "more"})  # the clinic writes its promises
TRACKED: frozenset[State] = frozenset({"accepted", "follow_up"})  # and then tells what becomes of them


def diagram() -> str:
    """The table as a Mermaid diagram, for the README."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [f'    state "{label}" as {state}' for state, label in STATES.items()]
    lines += [f"    {at} --> {step.to}: {MOVES[move]}" for (at, move), step in TRANSITIONS.items()]
    ends = set(STATES) - {at for at, _ in TRANSITIONS}
    lines += [f"    {state} --> [*]" for state in STATES if state in ends]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"
