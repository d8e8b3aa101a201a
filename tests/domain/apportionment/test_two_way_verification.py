"""A two-way certificate proves its seats, ties, lots or refusal, and nothing else's."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.apportionment.two_way import (
    Rounding,
    TwoWayApportionment,
    TwoWayProblem,
    apportion_two_way,
    build_two_way_certificate,
)
from domain.verification import expect_affordable, verify_proof
from tests.conftest import examples
from tests.domain.apportionment.naive_two_way import build, draw_margins, find_best, problems


def _read(result: TwoWayApportionment) -> Any:
    """The certificate as somebody else gets it."""
    return json.loads(json.dumps(build_two_way_certificate(result)))


def _settle(problem: TwoWayProblem, chance: Random) -> TwoWayApportionment:
    """The result, with a drawn lot where one is needed."""
    result = apportion_two_way(problem)
    if result.status != "lots_required":
        return result
    cells = sorted(result.name_cell(cell) for tie in result.ties for cell in tie.cells)
    chance.shuffle(cells)
    return apportion_two_way(problem, cells)


@given(problem=problems(), chance=st.randoms(use_true_random=False))
@examples(60)
def test_it_accepts_the_result_and_no_other_seats(problem: TwoWayProblem, chance: Random) -> None:
    result = _settle(problem, chance)
    told = _read(result)
    assert verify_proof(told) == ()
    for seats in find_best(problem) - {tuple(map(tuple, result.seats))}:
        other = copy.deepcopy(told)
        for row, cells in zip(other["rows"], seats, strict=True):
            row["cells"] = list(cells)
        assert verify_proof(other)


def _change(told: Any) -> Iterator[Any]:
    for path in (("columns", 0, "seats"), ("rows", 0, "seats"), ("rows", 1, "weights", 1)):
        other = copy.deepcopy(told)
        part = other
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] += 1
        yield other
    for name, value in (("tie", None), ("status", "infeasible"), ("method", "dhondt")):
        yield {**told, name: value}
    tie = told["tie"]
    group = tie["groups"][0]
    changes: tuple[dict[str, Any], ...] = (
        {"lots": tie["lots"][::-1]},
        {"lots": tie["lots"][1:]},
        {"lots": [*tie["lots"][:-1], tie["lots"][0]]},
        {"digest": "0" * 64},
        {"groups": [{**group, "cells": group["cells"][1:]}]},
        {"groups": [{**group, "rows": {"r0": 2, "r1": 1}}]},
        {"groups": []},
    )
    for changed in changes:
        yield {**told, "tie": {**tie, **changed}}


def test_each_part_of_a_tie_is_checked() -> None:
    order = [("r1", "c0"), ("r0", "c0"), ("r0", "c1"), ("r1", "c1")]
    told = _read(apportion_two_way(build([[5, 5], [5, 5]], [1, 1], [1, 1]), order))
    assert verify_proof(told) == ()
    assert all(map(verify_proof, _change(told)))


def test_a_refusal_is_proven_and_a_wrong_one_is_not() -> None:
    told = _read(apportion_two_way(build([[5, 0], [5, 0], [1, 1], [1, 1]], [2, 2, 1, 1], [3, 3])))
    assert told["impossible"]["lines"] == ["r0", "r1"]
    assert verify_proof(told) == ()
    told["impossible"]["lines"] = ["r0"]
    assert [found.code for found in verify_proof(told)] == ["certificate_feasible"]


def test_seats_before_the_lots_are_not_proven() -> None:
    told = _read(apportion_two_way(build([[5, 5], [5, 5]], [1, 1], [1, 1])))
    assert [found.code for found in verify_proof(told)] == ["certificate_lots_missing"]


@given(told=st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda x: st.lists(x, max_size=3)))
@examples(60)
def test_nothing_that_is_sent_fails_the_verifier(told: Any) -> None:
    whole = _read(apportion_two_way(build([[5, 5], [5, 5]], [1, 1], [1, 1])))
    for name in ("columns", "rows", "method", "tie"):
        verify_proof({**whole, "status": "decided", name: told})
        verify_proof({**whole, "status": "decided", name: [{"id": "a", "seats": 1, "divisor": told}]})


@pytest.mark.oracles
@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("greatest", [2, 5, 1000, 10**15])
@pytest.mark.parametrize(("size", "parts"), [(30, 100), (30, 8), (120, 3), (200, 100), (200, 2)])
def test_hard_large_cases_are_proven(size: int, parts: int, greatest: int, rounding: Rounding) -> None:
    chance = Random(f"{size} {parts} {greatest}")
    for seats in (size, 1000 * size):
        weights = [
            [chance.randint(1, greatest) if chance.randrange(100) < parts else 0 for _ in range(size)]
            for _ in range(size)
        ]
        problem = build(weights, *draw_margins(weights, seats, chance), rounding)
        told = _read(_settle(problem, chance))
        expect_affordable(told)
        assert verify_proof(told) == ()
