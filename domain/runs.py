"""States of a run, a long computation over frozen inputs."""

from enum import StrEnum


class RunState(StrEnum):
    """The state of a run."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED_RUNS = (RunState.QUEUED, RunState.RUNNING)
"""The states of a run that has no result yet."""
