"""Attacks that need a database or a provider of their own: tests of the suite, run here as rows."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from attacks.outcomes import Findings
from tests.house.tree import ROOT


def run_tests(findings: Findings, *files: str) -> None:
    """Run files of tests, or single ones, real PostgreSQL and all; each test is a try."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
        subprocess.run(
            [*command, f"--junit-xml={report}", *files], cwd=ROOT, capture_output=True, check=False
        )
        tests = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    findings.expect(bool(tests), f"nothing ran of {', '.join(files)}")
    findings.tried += len(tests) - 1
    for each in tests:
        if each.find("failure") is not None or each.find("error") is not None:
            findings.faults.append(f"{each.get('classname')}::{each.get('name')}")
    slowest = max((float(each.get("time", "0")) for each in tests), default=0.0)
    findings.figures.append(f"slowest test {slowest:.1f} s")
