"""The proven optimum of one goal: search a small set of columns (core), and widen it until no column outside
can give a better list.
"""

from dataclasses import dataclass, field
from typing import overload

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.result import SearchStep
from domain.selection.search.bound import Bound, Objective
from domain.selection.search.integer_search import NodeBudget, is_within_limits, search_columns
from domain.selection.search.problem import SelectionProblem
from domain.selection.search.sifting import SiftedBound

FIRST_COLUMNS = 100
"""Columns of the first core, beside those for each rule."""
COLUMNS_PER_RULE = 4
"""Columns of the first core for each rule."""
WIDENING_FACTOR = 4
"""How much larger the next core is, at most."""
MAX_EMPTY_SEARCHES = 3
"""So many cores may contain no list; then the shortfalls are searched in whole numbers."""


@dataclass(slots=True)
class SearchProgress:
    """The budget of a run, and its steps so far."""

    budget: NodeBudget
    steps: list[SearchStep] = field(default_factory=list)


class BudgetSpent(Exception):  # noqa: N818 - the end of the budget is no error
    """The budget ended in the middle of a stage; ``x`` is the best list so far, over its columns."""

    def __init__(self, x: Mask | None) -> None:
        super().__init__("budget")
        self.x = x


@overload
def search_optimum(
    problem: SelectionProblem,
    objective: Objective,
    lead: SiftedBound,
    progress: SearchProgress,
    stage: str,
    witness: Mask,
) -> Mask: ...
@overload
def search_optimum(
    problem: SelectionProblem, objective: Objective, lead: SiftedBound, progress: SearchProgress, stage: str
) -> Mask | None: ...
def search_optimum(
    problem: SelectionProblem,
    objective: Objective,
    lead: SiftedBound,
    progress: SearchProgress,
    stage: str,
    witness: Mask | None = None,
) -> Mask | None:
    """A list with the greatest ``objective``; ``None`` when ``MAX_EMPTY_SEARCHES`` cores, or all columns,
    contain no list.

    With a ``witness``, a list that keeps the limits, there is always one. Raises :class:`BudgetSpent`.
    """
    now = lead.bound
    order = np.lexsort((-objective.goal, now.cost))
    x = _choose_start(problem, objective, now.inside, witness)
    core, searches = np.zeros(problem.size, np.bool_), 0
    size = FIRST_COLUMNS + COLUMNS_PER_RULE * len(problem.rules)
    while x is None or _may_be_beaten(problem, objective, now, x, core):
        core = _choose_columns(problem, objective, now, x, order, size)
        found = search_columns(problem, objective, core, now.inside, progress.budget, x)
        searches += 1
        x = _choose_better(problem, objective, x, found.x)
        if not found.complete:
            raise BudgetSpent(x)
        if x is None and (searches == MAX_EMPTY_SEARCHES or core.all()):
            break
        size *= WIDENING_FACTOR
    value = None if x is None else objective.compute_value(problem, x)
    progress.steps.append(
        SearchStep(stage, problem.size, int(core.sum()), lead.rounds, searches, value, now.most)
    )
    return x


def _choose_columns(
    problem: SelectionProblem, objective: Objective, now: Bound, x: Mask | None, order: Longs, size: int
) -> Mask:
    """The first ``size`` columns, but only those that can matter, and the columns that ``x`` changes."""
    core = np.zeros(problem.size, np.bool_)
    if x is None:
        core[order[:size]] = True
        return core
    matter = int(np.count_nonzero(now.cost <= _compute_room(problem, objective, now, x)))
    core[order[: min(size, matter)]] = True
    core |= x != now.inside
    return core


def _choose_start(
    problem: SelectionProblem, objective: Objective, inside: Mask, witness: Mask | None
) -> Mask | None:
    """The better of the witness and the bound's list, if that list breaks no rule."""
    return (
        _choose_better(problem, objective, witness, inside)
        if is_within_limits(problem, objective, inside)
        else witness
    )


def _choose_better(
    problem: SelectionProblem, objective: Objective, one: Mask | None, other: Mask | None
) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return other if objective.compute_value(problem, other) >= objective.compute_value(problem, one) else one


def _compute_room(problem: SelectionProblem, objective: Objective, now: Bound, x: Mask) -> int:
    """The greatest cost of the changes in a list that is better than ``x``."""
    return now.value - (objective.compute_value(problem, x) + 1) * now.scale


def _may_be_beaten(problem: SelectionProblem, objective: Objective, now: Bound, x: Mask, core: Mask) -> bool:
    """Whether a list that changes a column outside the core could be better than ``x``."""
    room = _compute_room(problem, objective, now, x)
    return room >= 0 and (not core.any() or bool((now.cost[~core] <= room).any()))


def mask_open_columns(problem: SelectionProblem, objective: Objective, now: Bound, x: Mask) -> Mask:
    """The columns that a list as good as ``x`` may change."""
    found: Mask = now.cost <= _compute_room(problem, objective, now, x) + now.scale
    return found
