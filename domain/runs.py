"""Runs, long computations over frozen inputs: their kinds and states, and the reason why one failed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from domain.findings import Conflict, Finding, Plain, TooMany
from domain.snapshots import plain_record


class RunName(StrEnum):
    """What a run computes."""

    ALLOCATION = "allocation"
    APPORTIONMENT = "apportionment"
    SELECTION = "selection"


class RunState(StrEnum):
    """The state of a run."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED_RUNS = (RunState.QUEUED, RunState.RUNNING)
"""The states of a run that has no result yet."""

RunAct = Literal["lease", "give_back", "finish", "fail", "cancel"]
"""What is done to a run: all but the last by workers."""

RUN_TRANSITIONS: Mapping[RunAct, Mapping[RunState, RunState]] = {
    "lease": {RunState.QUEUED: RunState.RUNNING, RunState.RUNNING: RunState.RUNNING},
    "give_back": {RunState.RUNNING: RunState.QUEUED},
    "finish": {RunState.RUNNING: RunState.DONE},
    "fail": {RunState.RUNNING: RunState.FAILED},
    "cancel": {RunState.QUEUED: RunState.CANCELLED, RunState.RUNNING: RunState.CANCELLED},
}
"""Act → state before → state after."""


def derive_next_state(act: RunAct, state: RunState) -> RunState:
    """The state after an act; raises :class:`Conflict` for a run that has ended."""
    transitions = RUN_TRANSITIONS[act]
    if state not in transitions:
        raise Conflict("run_ended", {"state": state})
    return transitions[state]


def expect_unfinished(state: RunState) -> None:
    """Raise :class:`Conflict` for a run that has ended."""
    derive_next_state("cancel", state)


class RunStep(StrEnum):
    """What a run is doing."""

    WAITING = "waiting"
    """For a worker to take it."""
    WAITING_WITHOUT_WORKER = "waiting_without_worker"
    """And no worker is running."""
    COMPUTING = "computing"
    """It has only just begun, or does not say more."""
    APPORTIONING = "apportioning"
    """Seats, of so many units."""
    SPLITTING_TARGETS = "splitting_targets"
    """Composition targets, over so many units."""
    SEARCHING_LIST = "searching_list"
    """The best list; ``done`` is the work so far, and ``limit`` the most that the search may take."""
    SEARCHING_TIES = "searching_ties"
    """The nominees among whom a lot is drawn."""
    SEARCHING_CLASH = "searching_clash"
    """The demands that cannot be met together."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run has come. Where its work has a ``limit``, ``done`` of it is done."""

    step: RunStep
    done: int | None = None
    limit: int | None = None

    def plain(self) -> dict[str, Plain]:
        """The progress as plain data."""
        return {"step": self.step.value, "done": self.done, "limit": self.limit}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(**{**plain, "step": RunStep(plain["step"])})


Report = Callable[[RunProgress], None]
"""What a computation calls to say how far it has come. It is called often, and most of it is not kept."""


MOST_UNFINISHED_CALCULATIONS = 2
"""How many large calculations of one caller wait or are computed at a time."""
MOST_KEPT_CALCULATIONS = 20
"""How many large calculations of one caller are kept, each with its inputs and its result."""
CALCULATION_LIFE = timedelta(days=1)
"""How long a large calculation is kept after its end."""


def expect_room_for_calculation(unfinished: int, kept: int) -> None:
    """Raise ``TooMany`` for a caller with so many calculations, ``unfinished`` ones among those ``kept``."""
    if unfinished >= MOST_UNFINISHED_CALCULATIONS:
        raise TooMany("calculations_unfinished", {"most": MOST_UNFINISHED_CALCULATIONS}, seconds=10)
    if kept >= MOST_KEPT_CALCULATIONS:
        hour = 3600
        raise TooMany("calculations_kept", {"most": MOST_KEPT_CALCULATIONS}, seconds=hour)


MOST_UNFINISHED_OF_UNIT = 4
"""How many allocations and lists of a unit's conferences wait or are computed at a time."""
MOST_NEW_OF_UNIT = 200
"""How many are started within ``NEW_OF_UNIT``; each is kept, with its inputs."""
NEW_OF_UNIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UnitRuns:
    """The runs about a unit's conferences in one congress: how many are ``unfinished``, how many are ``new``
    (started within ``NEW_OF_UNIT``), and for how many seconds the oldest of these still is."""

    unfinished: int
    new: int
    seconds: int = 0

    def expect_room(self) -> None:
        """Raise ``TooMany`` where one more would be too many."""
        if self.unfinished >= MOST_UNFINISHED_OF_UNIT:
            raise TooMany("unit_runs_unfinished", {"most": MOST_UNFINISHED_OF_UNIT}, seconds=10)
        if self.new >= MOST_NEW_OF_UNIT:
            raise TooMany("unit_runs_new", {"most": MOST_NEW_OF_UNIT}, seconds=max(1, self.seconds))


@dataclass(frozen=True, slots=True)
class RunProblem:
    """Why a run failed: the code of the refusal with its parameters, and the errors one by one."""

    code: str
    params: Mapping[str, Plain]
    errors: tuple[Finding, ...] = ()

    def plain(self) -> dict[str, Plain]:
        """The problem as plain data."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(plain["code"], plain["params"], tuple(map(Finding.read, plain["errors"])))
