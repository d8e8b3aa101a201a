"""What each test costs, and whether a target of the Makefile keeps within its bound.

A test's cost is the processor time of its process and of those it started, PostgreSQL's among them. On a
machine that is busy with other things the time on the clock may grow to any length, and this to less than
twice itself, for which bounds leave room. What a test merely waits for is not in it: what took long and cost
little is listed, and ``timeout`` in pyproject.toml ends a test that waits for ever. What starting the workers
costs is not in it either.

With ``--bound SECONDS`` the tests of a run may together cost that much on each of two cores, whatever number
of workers shared them; with ``--limit SECONDS`` each phase of a test (setup, call, teardown) may cost that
much. Setup counts, since a fixture of a module is somebody's setup.

A full run under a bound leaves its records, ``{test: {phase: [cost, time on the clock]}}`` in seconds, in
``.pytest_cache/v/durations/``, by the target's name.
"""

import math
import os
import resource
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

CORES = 2
"""Those that a bound is for."""

LEEWAY = 2.0
"""How much more than the limit is only told of: cores that share their caches with other work have been seen
to take nearly twice the time for the same test, and other machines are slower."""

COST = "cost of"
"""Begins the name of what a report says of a phase's cost."""

Records = dict[str, dict[str, tuple[float, float]]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin."""
    group = parser.getgroup("durations of the house")
    group.addoption("--bound", type=float, metavar="SECONDS", help="fail if the tests cost more on two cores")
    group.addoption("--limit", type=float, metavar="SECONDS", help="fail if one phase of a test costs more")
    group.addoption("--target", metavar="NAME", default="test", help="whose tests these are, for the records")


def pytest_configure(config: pytest.Config) -> None:
    """Measure where tests run, record where they are reported: the same process unless there are workers."""
    config.pluginmanager.register(Meter(), "daibieu-meter")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config), "daibieu-recorder")


class Meter:
    """Notes with each phase of a test what it cost."""

    def __init__(self) -> None:
        self.pytest_collection_finish()

    def pytest_collection_finish(self) -> None:
        """Begin here: what was spent before is no test's cost."""
        self._own = time.process_time()
        self._others = spent_by_others()
        self._looked = time.monotonic()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Write it to the report, which workers send on."""
        report = yield
        report.user_properties.append((f"{COST} {report.when}", self._cost()))
        return report

    def _cost(self) -> float:
        """What was spent since the last phase ended.

        Going through the other processes takes milliseconds, so that is done once a second at most: a long
        phase may get what the second before it cost elsewhere, and no sum is wrong.
        """
        own, now = time.process_time(), time.monotonic()
        cost, self._own = own - self._own, own
        if now - self._looked >= 1:
            others = spent_by_others()
            cost += max(0.0, others - self._others)
            self._others, self._looked = others, now
        return cost


class Recorder:
    """Collects what tests cost, says at the end what was too much, and fails the run for it."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._bound: float | None = config.getoption("bound")
        self._records: Records = {}
        self._limit: float = config.getoption("limit") or math.inf
        self._faults: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        cost: Any = dict(report.user_properties).get(f"{COST} {report.when}")
        if cost is not None:
            self._records.setdefault(report.nodeid, {})[str(report.when)] = (cost, report.duration)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Judge, and keep the records of a full run in which nothing failed."""
        if self._bound is None:
            return
        self._faults = [*over_bound(self._records, self._bound), *over_limit(self._records, self._limit)]
        if session.exitstatus != pytest.ExitCode.OK:
            return
        config = self._config
        full = config.args_source == pytest.Config.ArgsSource.TESTPATHS and not config.getoption("keyword")
        if full and config.cache is not None:
            config.cache.set(f"durations/{config.getoption('target')}", self._records)
        if self._faults:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What it was, in a line, and whatever was too much."""
        if self._bound is None:
            return
        terminalreporter.section("durations")
        terminalreporter.line(
            f"{len(self._records)} tests cost {sum_of(self._records):.0f} s of the processor: "
            f"{sum_of(self._records) / CORES:.0f} s on each of {CORES} cores, of {self._bound:g} s allowed"
        )
        for line in (*notices(self._records, self._limit), *self._faults):
            terminalreporter.line(line)


def sum_of(records: Records) -> float:
    """What all tests cost, in seconds of one core."""
    return sum(cost for phases in records.values() for cost, _ in phases.values())


def over_bound(records: Records, bound: float) -> list[str]:
    """The fault of a run that costs more than its bound, with the ten tests that cost most."""
    total = sum_of(records) / CORES
    if total <= bound:
        return []
    dear = sorted(((sum(cost for cost, _ in told.values()), test) for test, told in records.items()))[:-11:-1]
    return [
        f"TOO LONG: {total:.0f} s on each of {CORES} cores of {bound:g} s. Make quicker what costs most:",
        *(f"  {cost:6.1f} s  {test}" for cost, test in dear),
    ]


def over_limit(records: Records, limit: float) -> list[str]:
    """A fault for each phase of a test that costs more than the limit, with its leeway."""
    return [
        f"TOO LONG: {phase} of {test} costs {cost:.1f} s of {limit:g} s. Make it quicker, or mark it slow."
        for test, phase, cost, _ in _phases(records)
        if cost > limit * LEEWAY
    ]


def notices(records: Records, limit: float) -> list[str]:
    """What is near the limit, and what took long while it cost little: on a quiet machine it waited."""
    found = []
    for test, phase, cost, seconds in _phases(records):
        if limit < cost <= limit * LEEWAY:
            found.append(f"near the limit: {phase} of {test} costs {cost:.1f} s")
        elif cost <= limit < seconds:
            found.append(
                f"waited, or was kept waiting: {phase} of {test}, {seconds:.1f} s, costs {cost:.1f} s"
            )
    return found


def _phases(records: Records) -> Iterator[tuple[str, str, float, float]]:
    for test, phases in records.items():
        for phase, (cost, seconds) in phases.items():
            yield test, phase, cost, seconds


def spent_by_others() -> float:
    """Processor time of the processes that this one started, and those they started, in seconds.

    Of those that ended every kernel tells; of those that live only Linux, and elsewhere they are left out.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + sum(map(_spent_by, _started_by(os.getpid())))


def _spent_by(process: int) -> float:
    """What a process and those it started spent, the ended ones included."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except OSError:  # it has ended
        return 0.0
    ticks = told.rpartition(")")[2].split()[11:15]  # utime, stime, cutime, cstime
    spent = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return spent + sum(map(_spent_by, _started_by(process)))


def _started_by(process: int) -> list[int]:
    try:
        lists = [each.read_text() for each in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    return [int(number) for numbers in lists for number in numbers.split()]
