"""The table of attacks: what breaks and what was not tried is told, and every attack has one row."""

import time
from typing import cast

import pytest

from attacks.outcomes import Attack, Findings, run_attacks
from attacks.rows import ROWS
from attacks.target import Target

from .tree import ROOT

NO_TARGET = cast("Target", None)
"""For attacks that do not attack the service."""


def hold(_target: Target, findings: Findings) -> None:
    findings.expect(True, "it broke")
    findings.figures.append("3 ms")


def leak(_target: Target, findings: Findings) -> None:
    for number in range(7):
        findings.expect(number % 7 == 6, f"leak {number}")


def fail(_target: Target, _findings: Findings) -> None:
    raise OSError("no such thing")


def wait(_target: Target, _findings: Findings) -> None:
    time.sleep(30)


def run(capsys: pytest.CaptureFixture[str], seconds: float, *attacks: Attack) -> tuple[list[bool], str]:
    """Which attacks broke, and what was printed."""
    rows = run_attacks(NO_TARGET, attacks, time.monotonic() + seconds)
    return [bool(row.findings.faults) for row in rows], capsys.readouterr().out


def test_what_held_and_what_broke_is_told_with_its_faults(capsys: pytest.CaptureFixture[str]) -> None:
    attacks = [Attack(each.__name__, each, None) for each in (hold, leak, fail)]
    broke, printed = run(capsys, 30, *attacks)
    assert broke == [False, True, True]
    lines = printed.splitlines()
    assert lines[0].split() == ["hold", "1", "held", "0.0", "3", "ms"]
    assert lines[1].split()[:3] == ["leak", "7", "BROKE"]
    assert lines[2:8] == [*(f"    leak {number}" for number in range(5)), "    … and 1 more"]
    assert lines[9] == "    OSError: no such thing"


def test_what_the_time_did_not_suffice_for_counts_as_broken(capsys: pytest.CaptureFixture[str]) -> None:
    broke, printed = run(capsys, 0.2, Attack("endless", wait, None), Attack("next", hold, None))
    assert broke == [True, True]
    assert "the time is over" in printed
    assert "not tried" in printed


def test_every_attack_has_one_row() -> None:
    names = [each.name for each in ROWS]
    assert len(set(names)) == len(names) > 20
    for point in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11):
        assert any(name.startswith(f"{point} ") for name in names), point


def test_the_command_is_in_the_makefile() -> None:
    assert "attack: setup" in (ROOT / "Makefile").read_text()
