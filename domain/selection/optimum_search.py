"""One goal, to its proven optimum: search a small core, and widen it until nothing outside can be better."""

from dataclasses import dataclass, field
from typing import overload

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.bound import Bound, Objective
from domain.selection.integer_search import NodeBudget, is_within_limits, search_columns
from domain.selection.problem import SelectionProblem
from domain.selection.result import SearchStep
from domain.selection.sifting import SiftedBound

FIRST_COLUMNS = 100
"""Columns of the first core, beside those for each rule."""
COLUMNS_PER_RULE = 4
"""Columns of the first core for each rule."""
WIDENING_FACTOR = 4
"""How much larger the next core is, at most."""
MAX_EMPTY_SEARCHES = 3
"""Cores that may turn out to hold no list before the shortfalls are searched in whole numbers."""


@dataclass(slots=True)
class SearchProgress:
    """What a run may spend, and its steps so far."""

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
    aim: Objective,
    lead: SiftedBound,
    course: SearchProgress,
    stage: str,
    witness: Mask,
) -> Mask: ...
@overload
def search_optimum(
    problem: SelectionProblem, aim: Objective, lead: SiftedBound, course: SearchProgress, stage: str
) -> Mask | None: ...
def search_optimum(
    problem: SelectionProblem,
    aim: Objective,
    lead: SiftedBound,
    course: SearchProgress,
    stage: str,
    witness: Mask | None = None,
) -> Mask | None:
    """A list that no other exceeds in ``aim``; ``None`` when ``TRIES`` cores, or all columns, hold none.

    With a ``witness``, which is a list that keeps the limits, there is always one. Raises :class:`Spent`.
    """
    now = lead.bound
    order = np.lexsort((-aim.goal, now.cost))
    x = _choose_start(problem, aim, now.inside, witness)
    core, searches = np.zeros(problem.size, np.bool_), 0
    size = FIRST_COLUMNS + COLUMNS_PER_RULE * len(problem.rules)
    while x is None or _may_be_beaten(problem, aim, now, x, core):
        core = _choose_columns(problem, aim, now, x, order, size)
        found = search_columns(problem, aim, core, now.inside, course.budget, x)
        searches += 1
        x = _choose_better(problem, aim, x, found.x)
        if not found.complete:
            raise BudgetSpent(x)
        if x is None and (searches == MAX_EMPTY_SEARCHES or core.all()):
            break
        size *= WIDENING_FACTOR
    value = None if x is None else aim.compute_value(problem, x)
    course.steps.append(
        SearchStep(stage, problem.size, int(core.sum()), lead.rounds, searches, value, now.most)
    )
    return x


def _choose_columns(
    problem: SelectionProblem, aim: Objective, now: Bound, x: Mask | None, order: Longs, size: int
) -> Mask:
    """The ``size`` first columns, no more than can matter, and what ``x`` changes."""
    core = np.zeros(problem.size, np.bool_)
    if x is None:
        core[order[:size]] = True
        return core
    matter = int(np.count_nonzero(now.cost <= _compute_room(problem, aim, now, x)))
    core[order[: min(size, matter)]] = True
    core |= x != now.inside
    return core


def _choose_start(
    problem: SelectionProblem, aim: Objective, inside: Mask, witness: Mask | None
) -> Mask | None:
    """The better of the witness and the bound's own list, which may break a rule."""
    return (
        _choose_better(problem, aim, witness, inside) if is_within_limits(problem, aim, inside) else witness
    )


def _choose_better(
    problem: SelectionProblem, aim: Objective, one: Mask | None, other: Mask | None
) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return other if aim.compute_value(problem, other) >= aim.compute_value(problem, one) else one


def _compute_room(problem: SelectionProblem, aim: Objective, now: Bound, x: Mask) -> int:
    """What the changes of a list that exceeds ``x`` may cost."""
    return now.value - (aim.compute_value(problem, x) + 1) * now.scale


def _may_be_beaten(problem: SelectionProblem, aim: Objective, now: Bound, x: Mask, core: Mask) -> bool:
    """Whether a list that changes something outside of the core may still exceed ``x``."""
    room = _compute_room(problem, aim, now, x)
    return room >= 0 and (not core.any() or bool((now.cost[~core] <= room).any()))


def mask_open_columns(problem: SelectionProblem, aim: Objective, now: Bound, x: Mask) -> Mask:
    """The columns that a list as good as ``x`` may change."""
    found: Mask = now.cost <= _compute_room(problem, aim, now, x) + now.scale
    return found
