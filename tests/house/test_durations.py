"""A run that costs too much fails and says what to do; one on a busy machine does not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.durations import LEEWAY, Records, notices, over_bound, over_limit, spent_by_others

from .tree import ROOT

LIMIT = 5.0
SPENDS = "import time\nend = time.thread_time() + {}\nwhile time.thread_time() < end: pass"


def spent(cost: float, seconds: float = 0.0) -> Records:
    """The record of one test with one phase."""
    return {"tests/test_x.py::test_x": {"call": (cost, seconds)}}


def test_two_cores_share_what_a_run_costs() -> None:
    assert over_bound(spent(20.0), 10.0) == []
    told = over_bound(spent(20.2), 10.0)
    assert told[0].startswith("TOO LONG: 10 s on each of 2 cores of 10 s.")
    assert told[1].split() == ["20.2", "s", "tests/test_x.py::test_x"]


def test_a_test_over_the_limit_is_told_of_and_fails_beyond_the_leeway() -> None:
    assert notices(spent(LIMIT), LIMIT) == over_limit(spent(LIMIT), LIMIT) == []
    assert notices(spent(LIMIT + 1), LIMIT)[0].startswith("near the limit: call of tests/test_x.py::test_x")
    assert over_limit(spent(LIMIT * LEEWAY), LIMIT) == []
    assert "Make it quicker, or mark it slow" in over_limit(spent(LIMIT * LEEWAY + 1), LIMIT)[0]


def test_waiting_is_told_and_fails_nothing() -> None:
    records = spent(0.1, 60.0)
    assert over_limit(records, LIMIT) == over_bound(records, 1.0) == []
    assert notices(records, LIMIT)[0].startswith("waited, or was kept waiting: call of")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_others_spend_counts_while_they_live_and_after() -> None:
    before = spent_by_others()
    script = f"{SPENDS.format(0.3)}\nprint(flush=True)\ninput()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe) as other:
        assert other.stdout
        other.stdout.readline()
        assert spent_by_others() - before >= 0.25
        other.communicate(b"\n")
    assert spent_by_others() - before >= 0.25


@pytest.mark.parametrize(("bound", "code"), [("0.1", 1), ("60", 0)])
@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_keeps_its_records_and_fails_over_its_bound(
    tmp_path: Path, bound: str, code: int, workers: str
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    body = SPENDS.format(0.4).replace("\n", "\n    ")
    (tmp_path / "test_spending.py").write_text(f"def test_spends() -> None:\n    {body}\n")
    options = [
        "-q",
        "-p",
        "xdist",
        "-p",
        "tests.durations",
        "-n",
        workers,
        "--bound",
        bound,
        "--target",
        "probe",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "TOO LONG" in done.stdout) == (code, bool(code)), done.stdout + done.stderr
    kept = json.loads((tmp_path / ".pytest_cache" / "v" / "durations" / "probe").read_text())
    cost, _ = kept["test_spending.py::test_spends"]["call"]
    assert cost >= 0.3
