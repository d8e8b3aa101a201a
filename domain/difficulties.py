"""Difficulties ("vướng mắc"): a unit raises one about its conference, and the council above answers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from domain.findings import Conflict


class DifficultyState(StrEnum):
    """The state of a difficulty."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


DifficultyAct = Literal["answer", "close"]

DIFFICULTY_TRANSITIONS: Mapping[DifficultyAct, Mapping[DifficultyState, DifficultyState]] = {
    "answer": {DifficultyState.OPEN: DifficultyState.ANSWERED},
    "close": {
        DifficultyState.OPEN: DifficultyState.CLOSED,
        DifficultyState.ANSWERED: DifficultyState.CLOSED,
    },
}
"""Act → state before → state after. One that is over before it was answered is closed too; what an answer
leaves open is raised again."""


def derive_next_state(act: DifficultyAct, state: DifficultyState) -> DifficultyState:
    """The state after an act; raises ``Conflict`` if the state does not allow it."""
    if state not in DIFFICULTY_TRANSITIONS[act]:
        raise Conflict("difficulty_not_open", {"difficulty_state": state})
    return DIFFICULTY_TRANSITIONS[act][state]
