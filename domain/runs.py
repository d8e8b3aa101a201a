"""Runs, long computations over frozen inputs: their kinds and states, and the reason why one failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from domain.findings import Finding, Plain
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
