"""The test of an enforced sentence fails when its rule alone is switched off."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from api.coverage import Outcome, Sentence, read_tables
from tests.house.switches import SWITCHES
from tests.house.tree import ROOT

Pair = tuple[str, str]
"""A test, and the rule that is switched off."""

SENTENCES = [each for table in read_tables() for each in table.sentences]
CLAUSES = "tests/journeys/test_clauses.py"
SAMPLE = (
    (
        "tests/domain/test_rolls.py::test_a_collective_is_represented_where_the_plan_has_it",
        "Only a group that",
    ),
    (
        "tests/domain/test_conference_numbers.py::test_2_3_d_kim_bang_names_three_organs",
        "Where the plan names",
    ),
)
"""The beginnings of a test and of its rule, of rows whose tests need neither a service nor a database."""


def list_pairs() -> list[Pair]:
    """Every test with the rule that it shows, of all rows whose rule can be switched off."""
    rows = [each for each in SENTENCES if each.rule in SWITCHES]
    return list(dict.fromkeys((each.test, each.rule) for each in rows if each.rule))


def run_pytest(options: Sequence[str], tests: Iterable[str]) -> int:
    """The exit code of a run of its own, in which tests may fail and nothing else goes wrong."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *options, *tests],
        cwd=ROOT,
        env={**quiet, "HYPOTHESIS_PROFILE": "quick"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = ran.stdout[-3000:] + ran.stderr
    assert ran.returncode in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}, found
    return ran.returncode


def run_switched_off(pairs: Sequence[Pair], folder: Path) -> dict[Pair, list[str]]:
    """What came of each test with its rule switched off, one outcome for each of its items."""
    file = folder / "switched_off.json"
    file.write_text(json.dumps(pairs, ensure_ascii=False), "utf-8")
    options = ("--timeout=300", "-p", "tests.house.switching", f"--switched-off={file}")
    run_pytest(options, dict.fromkeys(test for test, _ in pairs))
    return {(test, rule): outcomes for test, rule, outcomes in json.loads(file.read_text("utf-8"))}


def list_unshown(pairs: Sequence[Pair], folder: Path) -> list[tuple[Pair, list[str]]]:
    """The tests that did not fail, or for another reason than the rule; and what came of each."""
    found = run_switched_off(pairs, folder)
    return [
        (pair, outcomes)
        for pair, outcomes in found.items()
        if "failed" not in outcomes or not {*outcomes} <= {"failed", "passed"}
    ]


@pytest.mark.oracles
@pytest.mark.timeout(900)
@pytest.mark.parametrize("own", [True, False], ids=["tests of clauses", "other tests"])
def test_a_test_fails_without_its_rule(own: bool, tmp_path: Path) -> None:
    pairs = [pair for pair in list_pairs() if pair[0].startswith(CLAUSES) is own]
    assert len(pairs) > 20
    assert list_unshown(pairs, tmp_path) == []


@pytest.mark.oracles
def test_every_case_that_a_row_names_is_collected() -> None:
    tests = dict.fromkeys(each.test for each in SENTENCES)
    assert run_pytest(["--collect-only"], tests) == pytest.ExitCode.OK


def test_some_tests_fail_without_their_rules_and_one_that_shows_none_is_found(tmp_path: Path) -> None:
    """A sample, for every run of the tests. Several offices have nothing to do with collectives."""
    pairs = [
        pair
        for pair in list_pairs()
        if any(pair[0].startswith(test) and pair[1].startswith(rule) for test, rule in SAMPLE)
    ]
    assert len(pairs) == len(SAMPLE)
    other = ("tests/domain/test_rolls.py::test_several_offices_are_told", pairs[0][1])
    assert list_unshown([*pairs, other], tmp_path) == [(other, ["passed"])]


def is_without_switch(sentence: Sentence) -> bool:
    return sentence.outcome is Outcome.ENFORCED and sentence.rule not in SWITCHES


def test_every_enforced_sentence_has_a_rule_that_can_be_switched_off() -> None:
    assert [(each.plan, each.clause) for each in SENTENCES if is_without_switch(each)] == []


def test_no_switch_is_for_nothing() -> None:
    assert sorted(SWITCHES.keys() - {each.rule for each in SENTENCES}) == []
