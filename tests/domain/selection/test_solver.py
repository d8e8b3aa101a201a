"""The solver is asked twice and believed never."""

from dataclasses import replace

import numpy as np
import pytest

from domain.selection import SelectionOutcome, select_list
from domain.selection import proven_selection as solving
from domain.selection.proven_selection import RecountMismatch
from domain.selection.search import highs as solver
from domain.selection.search.highs import (
    LinearModel,
    NodeLimits,
    SolverFailed,
    solve_integers,
    solve_relaxation,
)

from .small import make_crossed_pool


def knapsack(cost: float) -> LinearModel:
    """At most four of 3 x + 2 y, each 0 or 1."""
    return LinearModel(
        cost=np.array([cost, -1.0]),
        upper=np.ones(2),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([4.0]),
        start=np.array([0, 1, 2], np.int32),
        index=np.array([0, 0], np.int32),
        value=np.array([3.0, 2.0]),
    )


def test_a_model_is_solved_relaxed_and_in_whole_numbers() -> None:
    relaxed, found = solve_relaxation(knapsack(-2.0)), solve_integers(knapsack(-2.0), NodeLimits(10, 10))
    assert relaxed is not None
    assert relaxed.value == pytest.approx(-2.5)
    assert found.complete
    assert found.x is not None
    assert found.x.round().tolist() == [1.0, 0.0]


def test_a_model_the_solver_cannot_take_is_a_failure_and_no_answer() -> None:
    with pytest.raises(SolverFailed):
        solve_relaxation(replace(knapsack(-2.0), index=np.array([0, 5], np.int32)))


def test_a_failing_solver_leaves_the_selection_unfinished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "COMMON_OPTIONS", {**solver.COMMON_OPTIONS, "no_such_option": 1})
    found = select_list(make_crossed_pool(1))
    assert found.outcome is SelectionOutcome.UNFINISHED
    assert [each.code for each in found.findings] == ["selection_solver_failed"]


def test_a_list_that_does_not_stand_up_to_a_recount_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = make_crossed_pool(1)
    found = select_list(pool)
    assert solving.expect_matching_recount(pool, found) is found
    stranger = next(n.id for n in pool.nominees if n.id not in found.chosen)
    for wrong in (
        replace(found, chosen=(*found.chosen[1:], stranger)),
        replace(found, chosen=found.chosen[1:]),
        replace(found, score=found.score + 1),
    ):
        with pytest.raises(RecountMismatch):
            solving.expect_matching_recount(pool, wrong)
