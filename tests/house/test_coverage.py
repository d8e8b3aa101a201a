"""docs/coverage.md is what its tables say, and these name clauses, rules, calls and tests that exist."""

import ast
import json
import re
from collections import Counter

import pytest

from api.coverage import CoverageTable, Outcome, format_coverage, read_tables
from tests.house.test_rules import RULES
from tests.house.tree import ROOT, read

TABLES = read_tables()
SENTENCES = [each for table in TABLES for each in table.sentences]
BEGINNINGS = [rule.text.replace("**", "") for rule in RULES]


def test_the_committed_page_is_what_the_tables_say() -> None:
    assert read("docs/coverage.md") == format_coverage(TABLES)


def test_there_are_as_many_sentences_as_the_plans_have() -> None:
    assert len(SENTENCES) >= 188


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.plan)
def test_every_clause_of_a_plan_has_a_row_or_is_a_heading(table: CoverageTable) -> None:
    found = Counter({*(each.clause for each in table.sentences)}) + Counter(table.headings)
    assert [clause for clause in table.clauses if not found[clause]] == []
    assert [clause for clause, times in found.items() if times > 1 or clause not in table.clauses] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.plan)
def test_words_are_those_of_the_plan(table: CoverageTable) -> None:
    foreign = [each for each in table.sentences if each.words not in table.clauses[each.clause]["quote"]]
    assert [(each.clause, each.words) for each in foreign] == []


def test_no_row_is_written_twice() -> None:
    rows = Counter((each.plan, each.clause, each.words, each.rule) for each in SENTENCES)
    assert [row for row, times in rows.items() if times > 1] == []


def test_a_rule_begins_one_row_of_the_page_of_rules() -> None:
    named = {each.rule for each in SENTENCES if each.rule is not None}
    begun = {rule: [text for text in BEGINNINGS if text.startswith(rule)] for rule in named}
    assert {rule: texts for rule, texts in begun.items() if len(texts) != 1} == {}


def test_an_enforced_sentence_names_its_rule_and_one_that_is_not_yet_says_what_is_missing() -> None:
    enforced = [each for each in SENTENCES if each.outcome is Outcome.ENFORCED]
    assert [each.clause for each in enforced if each.rule is None] == []
    missing = [each for each in SENTENCES if each.outcome is Outcome.NOT_YET]
    assert [each.clause for each in missing if each.note is None] == []


def test_calls_are_in_the_document() -> None:
    paths = json.loads(read("openapi.json"))["paths"]
    calls = {f"{method.upper()} {path}" for path, operations in paths.items() for method in operations}
    assert sorted({each.call for each in SENTENCES} - calls) == []


def test_tests_are_there() -> None:
    """By their names; that all their cases are there, ``make oracles`` looks at when it collects them."""
    named = {each.test.partition("[")[0] for each in SENTENCES}
    by_file: dict[str, set[str]] = {}
    for test in named:
        path, _, name = test.partition("::")
        by_file.setdefault(path, set()).add(name)
    for path, names in by_file.items():
        assert (ROOT / path).exists(), path
        defined = {
            node.name
            for node in ast.parse(read(path)).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert sorted(names - defined) == [], path


def test_the_test_of_a_case_names_the_plan_of_its_row() -> None:
    """A case of tests/journeys/test_clauses.py is called by plan and clause."""
    cases = [(each, re.search(r"\[(\w+_20\d\d)-(.+)\]$", each.test)) for each in SENTENCES]
    wrong = [each.test for each, case in cases if case and (case[1], case[2]) != (each.plan, each.clause)]
    assert wrong == []
