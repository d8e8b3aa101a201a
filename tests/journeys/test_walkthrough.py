"""What the README's first command starts, and the way that docs/walkthrough.md goes with it, line by line."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@contextmanager
def serving(data: Path) -> Iterator[tuple[str, str]]:
    """The service as `make run` starts it, over a folder: (its address, what it printed)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DAIBIEU_")},
        "DAIBIEU_DATA": str(data),
        "DAIBIEU_PORT": str(port),
    }
    command = [sys.executable, "-m", "api.cli", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        printed = ""
        for line in server.stdout or ():
            printed += line
            if "serving on" in line:
                break
        try:
            yield f"http://127.0.0.1:{port}", printed
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=PATIENCE)
    assert server.returncode == 0


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the service's data, empty at first."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def first(data: Path) -> str:
    """What the first start prints; it is stopped again."""
    with serving(data) as (_, printed):
        return printed


@pytest.fixture(scope="module")
def served(data: Path, first: str) -> Iterator[tuple[str, str]]:
    """The second start, over what the first one left."""
    with serving(data) as told:
        yield told


def run(script: str, address: str) -> list[str]:
    """The lines that a shell prints for a script, with our address in the place of the usual one."""
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace("http://127.0.0.1:8000", address)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="curl and bash are not here"
)


@pytest.mark.parametrize("start", ["first", "second"])
def test_each_start_prints_the_congress_allocated(first: str, served: tuple[str, str], start: str) -> None:
    printed = first if start == "first" else served[1]
    assert ("loading the Sóc Trăng example" in printed) == (start == "first")
    assert "Đại hội thi đua yêu nước tỉnh Sóc Trăng lần thứ V" in printed
    assert re.search(r"Huyện Châu Thành\s+95188\s+7\.\d+\s+8 ", printed)
    assert "280 đại biểu (decided)" in printed


@needs_curl
def test_the_lines_that_it_prints_can_be_typed(served: tuple[str, str]) -> None:
    address, printed = served
    for script in re.findall(r"^curl (?:.*\\\n)*.*", printed, re.MULTILINE):
        assert run(script, address)


@needs_curl
def test_the_readmes_call_answers_what_it_says(served: tuple[str, str]) -> None:
    for readme in ("README.md", "README.vi.md"):
        (script,) = re.findall(r"```sh\n(curl.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
        (answer,) = run(script, served[0])
        assert re.findall(r'"seats":(\d+)', answer)[:4] == ["10", "6", "3", "1"]


@needs_curl
def test_the_walkthrough_goes_the_whole_way(served: tuple[str, str]) -> None:
    text = (ROOT / "docs" / "walkthrough.md").read_text("utf-8")
    lines = run("\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)), served[0])
    states = [
        line
        for line in lines
        if line in {"published", "decided", "proposed", "approved", "adopted", "accepted"}
    ]
    assert states == ["published", "decided", "proposed", "approved", "adopted", "accepted"]
