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
from typing import NamedTuple

import httpx
import pytest

pytestmark = pytest.mark.slow  # starts the service twice as its users do

ROOT = Path(__file__).parents[2]
PATIENCE = 60


class Served(NamedTuple):
    """The service as `make run` starts it: where it answers, what it printed, and its data folder."""

    address: str
    printed: str
    data: Path


@contextmanager
def serving(data: Path) -> Iterator[Served]:
    """The service over a folder."""
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
            yield Served(f"http://127.0.0.1:{port}", printed, data)
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
    with serving(data) as served:
        return served.printed


@pytest.fixture(scope="module")
def served(data: Path, first: str) -> Iterator[Served]:
    """The second start, over what the first one left."""
    with serving(data) as told:
        yield told


def run(script: str, served: Served) -> list[str]:
    """The lines that a shell prints for a script, with our address and folder in place of the usual ones."""
    script = script.replace("http://127.0.0.1:8000", served.address).replace(".daibieu/", f"{served.data}/")
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
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
def test_each_start_prints_the_congress_allocated(first: str, served: Served, start: str) -> None:
    printed = first if start == "first" else served.printed
    assert ("loading the Sóc Trăng example" in printed) == (start == "first")
    assert "Đại hội thi đua yêu nước tỉnh Sóc Trăng lần thứ V" in printed
    assert re.search(r"Huyện Châu Thành\s+95188\s+7\.\d+\s+8 ", printed)
    assert "280 đại biểu (decided)" in printed


@needs_curl
def test_the_lines_that_it_prints_can_be_typed(served: Served) -> None:
    for script in re.findall(r"^curl (?:.*\\\n)*.*", served.printed, re.MULTILINE):
        assert run(script, served)


def test_it_prints_two_keys_that_nobody_else_can_read(first: str, served: Served) -> None:
    """The same ones each time."""
    for who in ("officer", "approver"):
        keys = {
            key
            for printed in (first, served.printed)
            for key in re.findall(rf"the {who}'s key: (daibieu_[0-9A-Za-z]{{61}})$", printed, re.MULTILINE)
        }
        file = served.data / f"{who}.key"
        assert keys == {file.read_text().strip()}
        assert file.stat().st_mode & 0o777 == 0o600


def test_without_a_key_nobody_is_let_in(served: Served) -> None:
    for path, status in (("units", 401), ("me", 401), ("reference", 200)):
        assert httpx.get(f"{served.address}/v1/{path}").status_code == status


@needs_curl
def test_the_readmes_call_answers_what_it_says(served: Served) -> None:
    for readme in ("README.md", "README.vi.md"):
        (script,) = re.findall(r"```sh\n(curl.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
        (answer,) = run(script, served)
        assert re.findall(r'"seats":(\d+)', answer)[:4] == ["10", "6", "3", "1"]


@needs_curl
def test_the_walkthrough_goes_the_whole_way(served: Served) -> None:
    text = (ROOT / "docs" / "walkthrough.md").read_text("utf-8")
    lines = run("\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)), served)
    states = [
        line
        for line in lines
        if line in {"published", "decided", "proposed", "approved", "adopted", "accepted"}
    ]
    seats, list_ = (["decided", "proposed", "approved", "adopted"] for _ in range(2))
    assert states == ["published", *seats, "accepted", *list_]
    assert any(" eligible nominee" in line for line in lines), "units that named too few are in the answer"
    assert any("Người Thử Nghiệm Một" in line for line in lines[-2:]), "who goes stands in the table"
