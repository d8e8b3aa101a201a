"""The audit of dependencies says what is known, what is let pass, and what nobody could look up."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .tree import ROOT, read

TODAY = date(2026, 11, 20)
LOCK = "".join(f"package-{n}==1.{n} \\\n    --hash=sha256:{'0' * 64}\n" for n in range(20))


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module  # where its dataclasses look for themselves
    spec.loader.exec_module(module)
    return module


class Source:
    """What is known, and about what it was asked."""

    def __init__(self, audit: ModuleType, known: dict[str, str], *, silent: Sequence[str] = ()):
        self.audit, self.known, self.silent = audit, known, silent
        self.asked: list[str] = []

    def __call__(self, package: tuple[str, str]) -> Any:
        name = package[0]
        self.asked.append(name)
        if name in self.silent:
            raise self.audit.SourceUnavailableError
        known = {self.audit.KNOWN_BAD[0]: "CVE-2020-14343", **self.known}
        return [self.audit.Advisory((known[name], "GHSA-x"), ("2.0",))] if name in known else []


def judged(audit: ModuleType, source: Any, passes: str = "") -> tuple[int, str]:
    status, lines = audit.audit_lock(LOCK, {"a source": source}, audit.read_ignored(passes), TODAY)
    return status, "\n".join(lines)


def test_a_lock_of_which_nothing_is_known_passes(audit: ModuleType) -> None:
    source = Source(audit, {})
    status, said = judged(audit, source)
    assert (status, "WARNING" in said) == (0, False)
    assert "asked about 20 of 20 packages" in said
    assert sorted(source.asked[1:]) == sorted(f"package-{n}" for n in range(20))


def test_a_known_vulnerability_fails(audit: ModuleType) -> None:
    status, said = judged(audit, Source(audit, {"package-3": "CVE-2026-1"}))
    assert status == 1
    assert "package-3 1.3: CVE-2026-1, GHSA-x; mended in 2.0" in said


ENTRY = """
[[ignored]]
id = "GHSA-x"
package = "{}"
reason = "The part of it that is vulnerable is not used here."
until = {}
"""


@pytest.mark.parametrize(
    ("package", "until", "status"),
    [
        ("package-3", "2026-11-20", 0),
        ("package-3", "2026-11-19", 1),
        ("package-4", "2027-01-01", 1),
    ],
)
def test_it_is_let_pass_for_a_reason_and_until_a_day(
    audit: ModuleType, package: str, until: str, status: int
) -> None:
    found, said = judged(audit, Source(audit, {"package-3": "CVE-2026-1"}), ENTRY.format(package, until))
    assert found == status
    assert ("nobody reports any more" in said) is (package == "package-4")


@pytest.mark.parametrize("lacking", ["id", "package", "reason", "until"])
def test_an_entry_that_says_too_little_is_refused(audit: ModuleType, lacking: str) -> None:
    entry = "\n".join(
        line for line in ENTRY.format("x", "2027-01-01").splitlines() if not line.startswith(lacking)
    )
    with pytest.raises(TypeError):
        audit.read_ignored(entry)
    with pytest.raises(TypeError):
        audit.read_ignored('[[ignored]]\nid = "x"\npackage = "x"\nreason = "so"\nuntil = 2027-01-01')


def test_a_source_out_of_reach_is_said_aloud_and_fails_nothing(audit: ModuleType) -> None:
    source = Source(audit, {}, silent=[audit.KNOWN_BAD[0]])
    status, said = judged(audit, source)
    assert status == 0
    assert "WARNING: NOT VERIFIED: any of 20 packages: a source cannot be reached" in said
    assert source.asked == [audit.KNOWN_BAD[0]]


@pytest.mark.parametrize("answer", [None, []])
def test_a_source_that_knows_no_advisories_verifies_nothing_and_is_asked_no_further(
    audit: ModuleType, answer: Any
) -> None:
    """As a mirror does: it has every package and not one advisory."""
    asked = []

    def mirror(package: tuple[str, str]) -> Any:
        asked.append(package)
        return answer

    status, said = judged(audit, mirror)
    assert (status, asked) == (0, [audit.KNOWN_BAD])
    assert "NOT VERIFIED" in said


def test_what_one_source_cannot_say_the_next_is_asked(audit: ModuleType) -> None:
    away, second = Source(audit, {}, silent=[audit.KNOWN_BAD[0]]), Source(audit, {"package-1": "CVE-2026-2"})
    status, lines = audit.audit_lock(LOCK, {"one": away, "other": second}, [], TODAY)
    assert status == 1
    assert "audit: other was asked about 20 of 20 packages" in lines


def test_packages_that_nobody_answered_for_are_named(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, said = judged(audit, Source(audit, {}, silent=["package-7", "package-8"]))
    assert status == 0
    assert "NOT VERIFIED: 2 of 20 packages: package-7, package-8" in said
    monkeypatch.setattr(audit, "LOCK_TIMEOUT", -1)
    assert "of 20 packages" in judged(audit, Source(audit, {}))[1]


def test_every_package_of_the_lock_is_asked_about(audit: ModuleType) -> None:
    pinned = {
        line.split("==")[0].split("[")[0]
        for line in read("requirements-dev.lock").splitlines()
        if "==" in line
    }
    assert {name for name, _ in audit.list_packages(read("requirements-dev.lock"))} == pinned


def test_what_is_let_pass_is_well_said(audit: ModuleType) -> None:
    audit.read_ignored(read(".ci/advisories.toml"))


def test_without_a_network_it_ends_well_and_aloud(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(LOCK)
    away = {
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HOME": str(tmp_path),
        "PATH": "",
    }
    command = [sys.executable, str(ROOT / ".ci" / "audit.py"), str(tmp_path / "lock")]
    run = subprocess.run(command, env=away, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert "WARNING: NOT VERIFIED" in run.stdout
