"""`make run` and `make test` set themselves up, anywhere, once."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .tree import ROOT, read

SH = shutil.which("sh") or "/bin/sh"
TARGETS = re.findall(r"^([^\s#:=]+):(?!=)", read("Makefile"), re.MULTILINE)
MARKS = ("slow", "attacks", "faults", "oracles")
SUITES = re.findall(
    r'^(\w+): .*\n\t@\$\(suite\) .*--bound (\d+) .*-m (\w+|".+?") \$\(ARGS\)$', read("Makefile"), re.MULTILINE
)
"""Target, bound and chosen marks of those that run tests."""


def wheel(folder: Path, version: str) -> str:
    """Build a small package into ``folder``; its line in a lock."""
    file = folder / f"daibieu_probe-{version}-py3-none-any.whl"
    about = f"daibieu_probe-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("daibieu_probe.py", f"version = {version!r}\n")
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: daibieu-probe\nVersion: {version}\n"
        )
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return f"daibieu-probe=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


class Tree:
    """A tree with nothing but locks and ``.ci/venv``, in a folder with a space; an index of one package."""

    def __init__(self, folder: Path):
        self.root = folder / "a tree"
        self.index = folder / "an index"

    def plant(self) -> None:
        """Fill the folder; the lock names the package at 1.0."""
        self.index.mkdir()
        shutil.copytree(ROOT / ".ci", self.root / ".ci")
        self.lock("1.0")

    def lock(self, version: str, *, spoil: bool = False, bare: bool = False) -> None:
        """Lock the package at ``version``; with a hash that is not its own, or with none."""
        line = wheel(self.index, version)
        line = line.split()[0] + "\n" if bare else line[:-2] + "\n" if spoil else line
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (self.root / lock).write_text(line)

    def set_up(self, lock: str = "requirements-dev.lock", **environ: str) -> subprocess.CompletedProcess[str]:
        index = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.index.as_uri(), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            [SH, ".ci/venv", lock],
            cwd=self.root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.root),
                "PYTHON": sys.executable,
                **index,
                **environ,
            },
            capture_output=True,
            text=True,
        )

    def installed(self) -> str:
        command = "import daibieu_probe; print(daibieu_probe.version)"
        python = self.root / ".venv" / "bin" / "python"
        return subprocess.run([python, "-Ic", command], capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tree that was set up once, by a user whose pip installs elsewhere."""
    folder = tmp_path_factory.mktemp("commands")
    made = Tree(folder)
    made.plant()
    first = made.set_up(PIP_USER="1", PIP_TARGET=str(made.root / "elsewhere"))
    assert first.returncode == 0, first.stderr
    assert not (made.root / "elsewhere").exists()
    return folder


@pytest.fixture
def tree(made: Path, tmp_path: Path) -> Tree:
    """A copy of it."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Tree(tmp_path)


@pytest.mark.slow
def test_the_first_time_installs_what_the_lock_says(tree: Tree) -> None:
    assert tree.installed() == "1.0"


@pytest.mark.parametrize("lock", ["requirements-dev.lock", "requirements.lock"])
def test_the_second_time_asks_nothing_of_the_network(tree: Tree, lock: str) -> None:
    again = tree.set_up(lock, PIP_FIND_LINKS="file:///nowhere")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_lock_that_changed_is_installed_again(tree: Tree) -> None:
    tree.lock("2.0")
    assert tree.set_up().returncode == 0
    assert tree.installed() == "2.0"


@pytest.mark.parametrize("wrong", ["spoil", "bare"])
def test_without_the_right_hash_nothing_counts_as_installed(tree: Tree, wrong: str) -> None:
    tree.lock("3.0", spoil=wrong == "spoil", bare=wrong == "bare")
    assert tree.set_up().returncode != 0
    assert not (tree.root / ".venv" / "installed").exists()
    assert tree.installed() == "1.0"


def test_no_suitable_python_is_said(tree: Tree) -> None:
    shutil.rmtree(tree.root / ".venv")
    failed = tree.set_up(PATH="/nowhere", PYTHON="")
    assert failed.returncode == 1
    assert "needs Python 3.11 or later" in failed.stderr


def test_a_python_without_venv_is_said_with_the_remedy(tree: Tree) -> None:
    shutil.rmtree(tree.root / ".venv")
    python = tree.root / "python3.12"
    python.write_text(f'#!{SH}\ncase "$*" in *ensurepip*) exit 1 ;; esac\n')  # as Debian ships it
    python.chmod(0o755)
    failed = tree.set_up(PATH=str(tree.root), PYTHON="")
    assert failed.returncode == 1
    assert "python3.12 cannot make virtual environments" in failed.stderr
    assert "python3-venv" in failed.stderr


def test_targets_stand_anywhere() -> None:
    assert {"run", "test"} <= set(TARGETS)
    assert [target for target in TARGETS if re.search(r"/|CURDIR|abspath|realpath|PWD", target)] == []


def test_every_target_is_explained() -> None:
    makefile = read("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))


def test_the_guide_names_only_targets_that_exist() -> None:
    for page in ("CONTRIBUTING.md", "README.md", "CHANGELOG.md"):
        named = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)", read(page), re.MULTILINE))
        assert {first or second for first, second in named} <= set(TARGETS), page


def test_ci_makes_all_that_the_guide_asks_for() -> None:
    made = re.search(r"^exec make (.+)$", read(".ci/run"), re.MULTILINE)
    assert made
    asked = re.findall(r"^\| `make ([a-z]+)` \|", read("CONTRIBUTING.md"), re.MULTILINE)
    assert [word for word in made[1].split() if word in TARGETS] == asked
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_all_the_tests_together_take_under_an_hour() -> None:
    bounds = {target: int(bound) for target, bound, _ in SUITES}
    assert bounds["test"] == 360
    assert sum(bounds.values()) < 3600
    assert bounds.keys() == {"test", *MARKS}


def test_no_test_is_left_out_of_ci() -> None:
    asked = {target: chosen.strip('"') for target, _, chosen in SUITES}
    assert asked["test"] == " and ".join(f"not {mark}" for mark in MARKS)
    assert all(mark in asked[mark].split(" or ") for mark in MARKS)
