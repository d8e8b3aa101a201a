"""What the README's first command starts, and the way that docs/walkthrough.md goes with it, line by line."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.local_service import PATIENCE, ROOT, Served, serve

pytestmark = pytest.mark.slow  # starts the service twice as its users do


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the service's data, empty at first."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def first(data: Path) -> str:
    """What the first start prints; it is stopped again."""
    with serve(data) as served:
        return served.printed


@pytest.fixture(scope="module")
def served(data: Path, first: str) -> Iterator[Served]:
    """The second start, over what the first one left."""
    with serve(data) as told:
        yield told


def run_shell(script: str, served: Served) -> subprocess.CompletedProcess[str]:
    """Run a script in a shell, with our address and folder in place of the usual ones."""
    script = script.replace("http://127.0.0.1:8000", served.address).replace(".daibieu/", f"{served.data}/")
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)


def run(script: str, served: Served) -> list[str]:
    """The lines that a shell prints for a script, which must succeed."""
    told = run_shell(script, served)
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


def test_a_log_has_the_places_of_the_keys_and_no_key(first: str, served: Served) -> None:
    for who in ("officer", "approver"):
        file = served.data / f"{who}.key"
        assert file.stat().st_mode & 0o777 == 0o600
        for printed in (first, served.printed):
            assert f"the {who}'s key is in {file}; only its owner can read it" in printed
            assert "daibieu_" not in printed
    assert f"the master key is in {served.data / 'master.key'}: keep a copy" in first
    assert (served.data / "master.key").stat().st_mode & 0o777 == 0o600


def test_the_first_start_says_what_it_does_and_how_long_it_takes(first: str, served: Served) -> None:
    begun, _, _ = first.partition("loading the Sóc Trăng example")
    assert re.search(r"first start: about \w+ seconds on this machine \(\d+ processor cores?\)", begun)
    assert str(served.data / "postgres") in begun
    assert "first start" not in served.printed


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


@needs_curl
@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("ask -H 'Accept-Language: en' $api/units/nothing | of \"['id']\"", "lists every address"),
        (
            "post -H 'Accept-Language: en' -d '{\"plan\": 1}' $api/conferences | of \"['id']\"",
            "A required value is missing.",
        ),
        ("curl -s http://127.0.0.1:9/ | of \"['id']\"", "is make run running?"),
        ("ask $api/reference | of \"['id']\"", "unexpected answer: ["),
    ],
)
def test_a_step_that_fails_says_why(served: Served, call: str, told: str) -> None:
    text = (ROOT / "docs" / "walkthrough.md").read_text("utf-8")
    functions = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[0]
    done = run_shell(f"{functions}\n{call}", served)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
