"""What an attack did, what it costs others, and the table of them all."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from attacks.target import Target
from tests.api.heavy_bodies import watched

MOST_HELD = 0.1
"""Seconds for which the service may leave others waiting, in its own processor time (:func:`watched`)."""

MOST_MEMORY = 400
"""Megabytes that an attack may make the answering process grow by while it lasts."""


@dataclass(slots=True)
class Findings:
    """What an attack tried and what came of it; it holds while there are no ``faults``."""

    tried: int = 0
    faults: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def expect(self, fact: bool, fault: str) -> None:
        """Count a try, and note its fault unless the fact is so."""
        self.tried += 1
        if not fact:
            self.faults.append(fault)


class Attack(NamedTuple):
    """A row of the table: a name, the point of the list, and what is done.

    ``most_held`` is for how long others may wait; ``None`` where the service is not what is attacked.
    """

    name: str
    run: Callable[[Target, Findings], None]
    most_held: float | None = MOST_HELD


class Row(NamedTuple):
    """A line of the table."""

    name: str
    findings: Findings
    seconds: float


class OutOfTimeError(Exception):
    """The time for all attacks is over."""


def run_attacks(target: Target, attacks: Sequence[Attack], until: float) -> list[Row]:
    """Try each attack, until a moment of the monotonic clock; what was not tried counts as broken."""
    rows = []
    with _interrupted_at(until):
        for attack in attacks:
            began, findings = time.monotonic(), Findings()
            if began >= until:
                findings.faults.append("not tried: the time is over")
            else:
                _try_attack(target, attack, findings)
            rows.append(Row(attack.name, findings, time.monotonic() - began))
            print_row(rows[-1])
    return rows


def _try_attack(target: Target, attack: Attack, findings: Findings) -> None:
    try:
        if attack.most_held is None:
            attack.run(target, findings)
        else:
            _run_beside_others(target, attack, findings, attack.most_held)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong belongs into the table
        findings.faults.append(f"{type(error).__name__}: {error}")


def _run_beside_others(target: Target, attack: Attack, findings: Findings, most: float) -> None:
    """Run an attack while somebody asks for `/livez`, and judge what that one and the memory noticed."""
    process = target.api
    before = _read_memory(process, "VmRSS")
    _forget_peak(process)
    with watched(target.served.address, process) as costs:
        attack.run(target, findings)
    held, grown = max(costs), _read_memory(process, "VmHWM") - before
    findings.figures += [f"livez {held * 1000:.0f} ms", f"{grown:+d} MB"]
    if held > most:
        findings.faults.append(f"others were held up for {held:.3f} s")
    if grown > MOST_MEMORY:
        findings.faults.append(f"the service grew by {grown} MB")
    if target.api != process:
        findings.faults.append("the service ended and was started again")


def _read_memory(process: int, name: str) -> int:
    """Megabytes of a process: now (``VmRSS``), or at its peak (``VmHWM``)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{name}:"))


def _forget_peak(process: int) -> None:
    """Let the peak begin again from what the process has now (Linux, proc(5))."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


@contextmanager
def _interrupted_at(until: float) -> Iterator[None]:
    """End whatever runs at that moment with :class:`OutOfTimeError`."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError("the time is over")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, max(0.001, until - time.monotonic()))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_WIDTHS = (58, 6, 6, 7)


def print_heading() -> None:
    """The head of the table."""
    print(_format_line("attack", "tried", "", "seconds", "worst"))


def print_row(row: Row) -> None:
    """One attack, and below it its first faults."""
    findings = row.findings
    verdict = "BROKE" if findings.faults else "held"
    figures = ", ".join(findings.figures)
    print(_format_line(row.name, str(findings.tried), verdict, f"{row.seconds:.1f}", figures), flush=True)
    for fault in findings.faults[:5]:
        print(f"    {fault[:300]}")
    if len(findings.faults) > 5:
        print(f"    … and {len(findings.faults) - 5} more")


def _format_line(name: str, tried: str, verdict: str, seconds: str, figures: str) -> str:
    wide, *narrow = _WIDTHS
    cells = [cell.rjust(width) for cell, width in zip((tried, verdict, seconds), narrow, strict=True)]
    return "  ".join([name.ljust(wide), *cells, figures]).rstrip()
