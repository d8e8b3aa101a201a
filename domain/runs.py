"""Runs, long computations over frozen inputs: their kinds and states, and the reason why one failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from domain.findings import Finding, Plain, TooMany
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


UNFINISHED_RUNS = (RunState.QUEUED, RunState.RUNNING)
"""The states of a run that has no result yet."""


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
