"""Whole numbers: the search over the core, those columns about which the bound leaves a doubt."""

from dataclasses import dataclass

import numpy as np

from domain.selection.arrays import Floats, Mask
from domain.selection.bound import Objective
from domain.selection.highs import SolverFailed, solve_integers
from domain.selection.problem import SelectionProblem
from domain.selection.sifting import ModelLayout, build_layout


@dataclass(slots=True)
class NodeBudget:
    """Nodes of search that are left, and those spent. Nodes, not seconds, so that a run can be repeated."""

    left: int
    spent: int = 0

    def spend(self, nodes: int) -> None:
        self.left -= nodes
        self.spent += nodes


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``x`` the columns of the best list found, if any; ``complete`` when the search came to its end."""

    x: Mask | None
    complete: bool


def search_columns(
    problem: SelectionProblem,
    aim: Objective,
    core: Mask,
    inside: Mask,
    budget: NodeBudget,
    witness: Mask | None = None,
) -> SearchResult:
    """The best list that differs from ``inside`` in the core only.

    A ``witness`` that lies in the core is where the search begins. Raises :class:`SolverFailed` when the
    solver's list does not stand up to a count in whole numbers.
    """
    part = problem.restrict_columns(core, inside)
    if not part.size:
        x = inside & ~core
        return SearchResult(x if is_within_limits(problem, aim, x) else None, complete=True)
    plan = build_layout(part, aim.restrict_columns(core), np.arange(part.size))
    start = None if witness is None else _encode_witness(part, plan, witness[core])
    answer = solve_integers(plan.model, max(0, budget.left), start)
    budget.spend(answer.nodes)
    if answer.x is None:
        return SearchResult(None, answer.complete)
    x = inside & ~core
    x[core] = answer.x[: part.size] > 0.5
    if not is_within_limits(problem, aim, x):
        raise SolverFailed("the solver's list breaks a rule")
    return SearchResult(x, answer.complete)


def is_within_limits(problem: SelectionProblem, aim: Objective, x: Mask) -> bool:
    """Whether ``x`` fills the places, keeps the rigid rules and the limits of ``aim``."""
    short = problem.compute_shortfalls(x)
    return problem.is_feasible(x) and all(short[tier] <= limit for tier, limit in aim.limits.items())


def _encode_witness(part: SelectionProblem, plan: ModelLayout, x: Mask) -> Floats:
    """The witness as a solution of the model, with the slacks it needs."""
    start = np.zeros(len(plan.model.cost))
    start[: part.size] = x
    for k, (n, _) in enumerate(plan.slack_of, part.size):
        rule = part.rules[n]
        start[k] = max(0, rule.floor - int(rule.coefs[x].sum()))
    return start
