"""docs/proof.md names checks that exist, and docs/price-of-fairness.md is what the engine computes."""

import ast
import re
from fractions import Fraction

import pytest

from api.price_of_fairness import CONFERENCES, ExampleConference, allocate_example, format_price_of_fairness
from domain.apportionment import Claim
from domain.apportionment.rules import Method

from .tree import ROOT, read

CHECKS = re.findall(r"`(tests/[a-z_/]+\.py)::(\w+)`", read("docs/proof.md"))


def test_the_table_is_what_the_engine_computes() -> None:
    assert read("docs/price-of-fairness.md") == format_price_of_fairness()


def test_each_claim_has_a_check() -> None:
    rows = re.findall(r"^\| ([0-9]+) \| .*$", read("docs/proof.md"), re.MULTILINE)
    assert [*map(int, rows)] == [*range(1, len(rows) + 1)]
    assert len(rows) >= 18
    for row in re.findall(r"^\| [0-9]+ \| .*$", read("docs/proof.md"), re.MULTILINE):
        assert "::" in row.split("|")[3]


@pytest.mark.parametrize(("file", "name"), CHECKS)
def test_each_check_is_a_test(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("example", CONFERENCES, ids=lambda example: example.plan)
def test_the_seats_of_the_table_meet_the_definition(example: ExampleConference) -> None:
    """No next seat below a cap ranks above a last seat above a floor."""
    _, outcome = allocate_example(example)
    for stage in outcome.stages:
        answer = stage.answer
        assert answer.rule.method is Method.SAINTE_LAGUE
        assert sum(answer.seats) == answer.house
        rows = [(claims, answer.by_id[claims.id]) for claims in answer.claims]
        lasts = [_rank(one, seats) for one, seats in rows if seats > one.floor]
        nexts = [_rank(one, seats + 1) for one, seats in rows if one.cap is None or seats < one.cap]
        assert max(nexts, default=Fraction(0)) <= min(lasts, default=Fraction(1))


def _rank(one: Claim, seat: int) -> Fraction:
    return Fraction(one.weight) / (2 * seat - 1)
