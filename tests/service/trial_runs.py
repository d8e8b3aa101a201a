"""Kinds of run for tests, in a module of their own: the processes of computations load it."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.runs import Run
from domain.access import Access
from domain.findings import Conflict, Finding
from domain.runs import Report, RunProgress, RunStep, expect_unfinished
from service import allocations, runs
from service.work import Work

GIVEN_UP = "given up"
CANCELLED = "cancelled"


class Doubling:
    """The least work there is: twice the number in the snapshot, kept where nothing else looks: as the id of
    the request that began the run."""

    access = Access.CALCULATE

    async def load(self, work: Work, run: Run) -> int:
        return int((await runs.get_snapshot(work.session, run.snapshot))["number"])

    def compute(self, loaded: int, report: Report) -> Any:
        return loaded * 2

    async def store(self, work: Work, run: Run, answer: int) -> None:
        run.request_id = str(answer)

    async def fail(self, work: Work, run: Run) -> None:
        run.request_id = GIVEN_UP

    async def cancel(self, work: Work, run: Run) -> None:
        expect_unfinished(run.state)
        run.request_id = CANCELLED


class Unreadable(Doubling):
    """Its inputs cannot be loaded, as after a change of their format."""

    async def load(self, work: Work, run: Run) -> int:
        raise KeyError("number")


class Breaking(Doubling):
    """Its computation breaks."""

    def compute(self, loaded: int, report: Report) -> int:
        raise ZeroDivisionError


class Refusing(Doubling):
    """The rules refuse what it is asked."""

    def compute(self, loaded: int, report: Report) -> Any:
        raise Conflict("no_group_filled_by_units", {"tier": "t"}, errors=[Finding("tier_unknown")])


class Erased(Doubling):
    """Its inputs are gone for good."""

    async def load(self, work: Work, run: Run) -> int:
        raise Conflict("snapshot_erased")


class HalfStored(Doubling):
    """It breaks after half of its answer was written."""

    async def store(self, work: Work, run: Run, answer: int) -> None:
        run.request_id = "half"
        work.session.add(run)
        await work.session.flush()
        raise ZeroDivisionError


class Greedy(Doubling):
    """It takes more memory than there is."""

    def compute(self, loaded: int, report: Report) -> int:
        return len(bytearray(2**40))


@dataclass(frozen=True)
class Waiting(Doubling):
    """It says in a folder in which process it computes, and reports, until a file there lets it go on."""

    place: Path

    def compute(self, loaded: int, report: Report) -> int:
        (self.place / "process").write_text(str(os.getpid()))
        for done in range(100_000):
            if (self.place / "go_on").exists():
                break
            report(RunProgress(RunStep.SEARCHING_LIST, done, 100_000))
            time.sleep(0.01)
        return loaded * 2


@dataclass(frozen=True)
class Killing(allocations.AllocationRunKind):
    """It kills its worker in the midst of the work, and goes on computing."""

    worker: int
    place: Path

    def compute(self, loaded: Any, report: Report) -> Any:
        self.place.write_text(str(os.getpid()))
        os.kill(self.worker, signal.SIGKILL)
        while True:
            time.sleep(0.01)
