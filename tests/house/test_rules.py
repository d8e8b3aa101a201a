"""docs/rules.md names rules that exist: their clauses, functions, tests and codes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest
import yaml

from service.texts import load_catalogue
from tests.service.code_uses import Source

from .tree import ROOT, files, read

SUBJECTS = {
    *("200/201 threshold", "Pilot window", "Several offices", "Tie settlement", "Nominee limit", "Four eyes"),
    *("Small counts", "Stale ETag", "Split of a target", "Seats returned", "Report deadline"),
}
"""What a newcomer looks for first; each begins a row."""

INPUT_FAULTS = {
    "plans: a body that no plan can have": (
        *("plan_age_needs_day", "plan_age_of_birth", "plan_attribute_of_person", "plan_blocs_need_units"),
        *(
            "plan_blocs_off_group",
            "plan_by_hand_needs_split",
            "plan_floor_above_cap",
            "plan_groups_above_cap",
        ),
        *("plan_id_twice", "plan_method_parameter", "plan_mix_not_hundred", "plan_offices_need_ex_officio"),
        *("plan_out_of_range", "plan_range_backwards", "plan_reference_unknown", "plan_scope_twice"),
        *("plan_sharing_missing", "plan_split_over_groups", "plan_superior_cycle", "plan_ties_measure"),
        *("plan_bracket_empty", "plan_measure_unused", "plan_total_of_components"),
    ),
    "files: a cell that no unit and no figure can have": (
        *("congress_none", "congress_unknown", "figure_absurd", "figure_measure_unknown", "figure_negative"),
        *(
            "figure_none",
            "figure_outside_validity",
            "figure_repeated",
            "figure_source_*",
            "findings_too_many",
        ),
        *("figure_unit_unknown", "unit_code_bad", "unit_date_absurd", "unit_dates_reversed", "unit_exists"),
        *("unit_identifier_*", "unit_kind_unknown", "unit_name_*", "unit_repeated", "unit_unchanged"),
    ),
    "calculator: numbers, names and parameters that no apportionment can have": (
        *("adjustment_repeated", "adjustment_unit_unknown", "adjustment_unreasoned", "allocation_invalid"),
        *("apportionment_invalid", "base_above_cap", "bloc_unknown", "bound_not_a_count", "bounds_unknown"),
        *("c_missing", "c_out_of_range", "claims_invalid", "columns_differ", "component_not_a_count"),
        *("factor_not_exact", "figure_missing", "figure_not_exact", "first_divisor_out_of_range"),
        *("floor_above_cap", "id_missing", "id_repeated", "lot_missing", "lot_not_tied", "lots_invalid"),
        *("parameter_not_exact", "parameter_unused", "proportional_not_last", "quota_unknown"),
        *("seats_not_a_count", "step_not_positive", "two_way_*", "weight_negative", "weight_not_exact"),
        *("bracket_empty", "bracket_not_exact", "total_not_stated"),
    ),
    "tables and targets that cannot be right": (
        *(
            "list_person_twice",
            "split_empty",
            "split_figure_out_of_range",
            "split_invalid",
            "split_off_seats",
        ),
        *("split_people_over_headcount", "split_unit_twice", "split_unit_unknown", "split_value_unknown"),
        *("target_attribute_unknown", "target_code_unknown", "target_negative", "target_on_empty_scope"),
        *("target_share_out_of_range", "target_twice", "target_without_number"),
    ),
    "pools and questions about a list that cannot be right": (
        *("nomination_not_found", "selection_bloc_differs", "selection_edit_*", "selection_empty_over_seats"),
        *("selection_ex_officio_over_seats", "selection_invalid", "selection_nobody", "selection_off_size"),
        *("selection_nominee_unknown", "selection_over_nominee_limit", "selection_pair_seated"),
        *("selection_pair_unknown", "selection_person_twice", "selection_place_unknown", "what_if_faulty"),
        *("selection_quota_twice", "selection_quota_unknown", "selection_seated_over_seats", "missing"),
        *("selection_seats_out_of_range", "selection_target_side_unknown"),
        *("selection_unit_short", "stage_unknown"),
        *("selection_weight_*", "selection_wish_invalid", "unit_not_found"),
    ),
    "explanations: sentences about a result, which decide nothing": (
        *("next_seat*", "selection_already_invited", "selection_pool_*", "selection_stands_by_another"),
        *("selection_why_not_*", "unit_at_*", "unit_explained", "unit_share_bounded", "unit_tied"),
        *("component_*", "components_below_floor", "components_give_total"),
    ),
    "recount: a list that breaks a rule is a defect of the program": (
        *("selection_hold_broken", "selection_pair_broken", "selection_seats_not_kept"),
        "selection_target_broken",
    ),
}
"""Codes of ``domain`` that have no row: why, and which."""


@dataclass(frozen=True)
class Rule:
    """One row of docs/rules.md."""

    text: str
    source: str
    function: str
    test: str
    codes: tuple[str, ...]


def list_rules(page: str) -> Iterator[Rule]:
    """The rows of all tables of a page."""
    for line in page.splitlines():
        if not line.startswith("| ") or line.startswith("| Rule |"):
            continue
        text, source, function, test, codes = (cell.strip() for cell in line.strip("|").split(" | "))
        yield Rule(text, source, function.strip("`"), test.strip("`"), tuple(re.findall(r"`([^`]+)`", codes)))


RULES = list(list_rules(read("docs/rules.md")))


def find_definition(dotted: str) -> ast.AST | None:
    """The function or class of a dotted name: a module, and a path of names in it."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        path = "/".join(parts[:length])
        for file in (f"{path}.py", f"{path}/__init__.py"):
            if (ROOT / file).exists():
                return _find_within(ast.parse(read(file)), parts[length:])
    return None


def _find_within(node: ast.AST, names: list[str]) -> ast.AST | None:
    for name in names:
        body: list[ast.stmt] = getattr(node, "body", [])
        defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        found = next((each for each in body if isinstance(each, defined) and each.name == name), None)
        if found is None:
            return None
        node = found
    return node


def is_named(code: str, names: set[str]) -> bool:
    """Whether a code, or a pattern of composed codes, is among names that may be patterns too."""
    return any(code == name or fnmatchcase(code, name) for name in names)


def test_a_newcomer_finds_what_is_looked_for_first() -> None:
    begun = [text[1] for rule in RULES if (text := re.match(r"\*\*(.+?)\*\*", rule.text))]
    assert sorted(begun) == sorted(SUBJECTS)


def test_no_rule_is_written_twice() -> None:
    texts = [rule.text for rule in RULES]
    assert len(texts) >= 60
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.function)
def test_the_function_and_the_test_of_a_rule_exist(rule: Rule) -> None:
    assert find_definition(rule.function) is not None, rule.function
    path, name = rule.test.split("::")
    assert (ROOT / path).exists(), path
    assert name.startswith("test_")
    assert _find_within(ast.parse(read(path)), [name]) is not None, rule.test


def test_a_name_that_does_not_exist_is_noticed() -> None:
    assert find_definition("domain.quotas.compute_size") is not None
    assert find_definition("domain.quotas.QuotaTree.committed_seats") is not None
    assert find_definition("domain.quotas.compute_nothing") is None
    assert find_definition("domain.nowhere.compute_size") is None


def test_the_codes_of_a_rule_have_sentences() -> None:
    catalogue = load_catalogue()
    named = {code for rule in RULES for code in rule.codes}
    assert [code for code in sorted(named) if not any(fnmatchcase(each, code) for each in catalogue)] == []


def test_every_code_of_a_rule_has_a_row_or_is_a_fault_of_the_input() -> None:
    named = {code for rule in RULES for code in rule.codes}
    faults = {code for codes in INPUT_FAULTS.values() for code in codes}
    raised = {use.code for use in Source(ROOT).list_uses() if use.place.startswith("domain/")}
    assert [code for code in sorted(raised) if not is_named(code, named | faults)] == []
    assert [code for code in sorted(faults) if not any(is_named(each, {code}) for each in raised)] == []
    assert [code for code in sorted(faults) if code in named] == []


def test_every_source_is_a_clause_a_law_or_a_decision_of_the_house() -> None:
    clauses = {
        f"{path.stem}:{clause['id']}"
        for path in files(".yaml")
        if path.parts[:2] == ("examples", "plans")
        for clause in yaml.safe_load(read(path))["clauses"]
    }
    for rule in RULES:
        cited = re.findall(r"`([^`]+)`", rule.source)
        decisions = re.findall(r"\]\((decisions/[^)]+)\)", rule.source)
        reason = re.match(r"(\*House\*:|Luật) (\S+ ?){2,}", rule.source)
        assert cited or decisions or reason, rule.text
        assert [name for name in cited if not reason and name not in clauses] == [], rule.text
        assert [name for name in decisions if not (ROOT / "docs" / name).exists()] == [], rule.text
