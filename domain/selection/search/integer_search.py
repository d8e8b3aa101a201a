"""The search in whole numbers over the core, the columns that the bound does not decide."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from domain.selection.arrays import Floats, Mask
from domain.selection.search.bound import Objective
from domain.selection.search.highs import NodeLimits, SolverFailed, solve_integers
from domain.selection.search.problem import SelectionProblem
from domain.selection.search.sifting import ModelLayout, build_layout

MAX_WORK = 4_000_000
"""The most work of the search for one list: about half a minute at most on a machine of 2025.

A node of search solves a linear program anew, which takes time in proportion to its rows and columns. Work
is their sum over all nodes. It is counted, not timed, so that every machine ends in the same place.
"""
EMPTY_WORK = 1_000_000
"""The most work of a search that has found no list yet: a few seconds. Where lists were found, that took less
than a third of it; dozens of exact numbers that fit together by chance only take centuries."""
ROOT_NODES = 50
"""The nodes for which the first linear program of a search counts, with its cuts and first solutions."""


@dataclass(slots=True)
class NodeBudget:
    """The nodes and the work of search left, and the nodes spent; neither depends on the machine.

    ``report`` is called at first, and during and after each search, with the work so far, and the most that
    there may be.
    """

    left: int
    spent: int = 0
    work: int = MAX_WORK
    report: Callable[[int, int], None] | None = None

    def __post_init__(self) -> None:
        self._report_work()

    def limit_nodes(self, size: int) -> int:
        """The most nodes for a model with ``size`` rows and columns."""
        return max(0, min(self.left, self.work // max(1, size) - ROOT_NODES))

    def limit_empty_nodes(self, size: int) -> int:
        """The most nodes for such a model as long as no list is found."""
        return max(0, EMPTY_WORK // max(1, size) - ROOT_NODES)

    def spend(self, nodes: int, size: int) -> None:
        """Count a search of so many nodes."""
        self.left -= nodes
        self.spent += nodes
        self.work -= (nodes + ROOT_NODES) * size
        self._report_work()

    def build_report(self, size: int) -> Callable[[int], None] | None:
        """What a search of a model of that size calls with the nodes that it has taken so far."""
        return None if self.report is None else lambda nodes: self._report_work(nodes * size)

    def _report_work(self, more: int = 0) -> None:
        if self.report is not None:
            self.report(min(MAX_WORK - self.work + more, MAX_WORK), MAX_WORK)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``x`` are the columns of the best list found, if any; ``complete``: the search was finished."""

    x: Mask | None
    complete: bool


def search_columns(
    problem: SelectionProblem,
    objective: Objective,
    core: Mask,
    inside: Mask,
    budget: NodeBudget,
    witness: Mask | None = None,
) -> SearchResult:
    """The best list that differs from ``inside`` only in columns of the core.

    The search starts from ``witness``, a list of this kind, if there is one. Raises :class:`SolverFailed`
    when a count in whole numbers shows that the solver's list breaks a rule.
    """
    part = problem.restrict_columns(core, inside)
    if not part.size:
        x = inside & ~core
        return SearchResult(x if is_within_limits(problem, objective, x) else None, complete=True)
    plan = build_layout(part, objective.restrict_columns(core), np.arange(part.size))
    start = None if witness is None else _encode_witness(part, plan, witness[core])
    size = len(plan.model.cost) + len(plan.model.row_lower)
    limits = NodeLimits(budget.limit_nodes(size), budget.limit_empty_nodes(size))
    answer = solve_integers(plan.model, limits, start, budget.build_report(size))
    budget.spend(answer.nodes, size)
    if answer.x is None:
        return SearchResult(None, answer.complete)
    x = inside & ~core
    x[core] = answer.x[: part.size] > 0.5
    if not is_within_limits(problem, objective, x):
        raise SolverFailed("the solver's list breaks a rule")
    return SearchResult(x, answer.complete)


def is_within_limits(problem: SelectionProblem, objective: Objective, x: Mask) -> bool:
    """Whether ``x`` fills the places and keeps the rigid rules and the limits of ``objective``."""
    short = problem.compute_shortfalls(x)
    return problem.is_feasible(x) and all(short[tier] <= limit for tier, limit in objective.limits.items())


def _encode_witness(part: SelectionProblem, plan: ModelLayout, x: Mask) -> Floats:
    """The witness as a solution of the model, with the slacks it needs."""
    start = np.zeros(len(plan.model.cost))
    start[: part.size] = x
    for k, (n, _) in enumerate(plan.slack_of, part.size):
        rule = part.rules[n]
        start[k] = max(0, rule.floor - int(rule.coefs[x].sum()))
    return start
