"""Lists that are as good as a proven one by everything before the lot, and for whom of them a lot decides.

Each question is a search with another last goal. The module imports numpy; import it only when it is needed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.search.highs import SolverFailed
from domain.selection.search.integer_search import MAX_WORK, NodeBudget
from domain.selection.search.optimum_search import SearchProgress
from domain.selection.search.pool_arrays import PoolArrays
from domain.selection.search.problem import build_problem, number_profiles
from domain.selection.search.stages import solve_stages

EXACT_WORK = 50_000
"""Work that is spent on telling who of the doubtful is tied, about 0.15 s: that of the searches, and one more
for each nominee and search."""


@dataclass(frozen=True, slots=True)
class ListGoals:
    """What lists are compared by before the lot: shortfalls beyond those ``allowed``, then ``goals`` (n)."""

    arrays: PoolArrays
    goals: Sequence[Longs]
    allowed: Sequence[int] | None = None

    def find_best(self, last: Longs, budget: NodeBudget, *, least: bool = False) -> Mask | None:
        """Of the best lists one that is best by the ``last`` goal (n), and if asked the ``least`` of these.

        ``None`` where none is proven.
        """
        goals = (*self.goals, last)
        problem, chosen = build_problem(self.arrays, goals)
        parts = [goal[problem.columns] for goal in goals]
        names = [f"equal {n}" for n in range(len(parts))]
        try:
            answer = solve_stages(problem, parts, names, SearchProgress(budget), self.allowed, least=least)
        except SolverFailed:
            return None
        if answer.state != "proven" or answer.x is None:
            return None
        chosen[problem.columns[answer.x]] = True
        return chosen

    def number_equals(self) -> Longs:
        """A number for each nominee (n), the same for those whom nothing before the lot tells apart."""
        free = np.flatnonzero(self.arrays.state == 0)
        code = number_profiles(self.arrays, free)
        for goal in self.goals:
            code = np.unique(np.stack([code, goal[free]]), axis=1, return_inverse=True)[1].reshape(-1)
        numbers = -1 - np.arange(len(self.arrays.ids), dtype=np.int64)
        numbers[free] = code
        return numbers


def find_tied(
    compared: ListGoals, chosen: Collection[str], nodes: int, doubtful: Collection[str] | None = None
) -> tuple[str, ...]:
    """The ids, in order, of those among whom a lot must be drawn; empty where the lots so far decide.

    These are the nominees without a lot who are on some of the best lists and not on others, unless the list
    stands whatever their order is behind those who were drawn. One alone is named too: nothing is to be drawn
    then, but the nominee has the next lot. All others than the ``doubtful`` are known to be on all of these
    lists or on none; in a large pool all of the doubtful are named, rather than searched for one by one.
    """
    arrays = compared.arrays
    undrawn = (arrays.state == 0) & ~arrays.drawn
    if doubtful is not None:
        undrawn &= np.isin(arrays.ids, list(doubtful))
    if not undrawn.any():
        return ()
    budget = NodeBudget(nodes)
    on_list = np.isin(arrays.ids, list(chosen))
    most = MAX_WORK if doubtful is None else EXACT_WORK
    tied = _find_differing(compared, on_list, undrawn, budget, most)
    if np.count_nonzero(tied) > 1 and not _may_be_overtaken(compared, on_list, tied, budget):
        return ()
    return tuple(arrays.ids[n] for n in np.flatnonzero(tied))


def _find_differing(compared: ListGoals, on_list: Mask, undrawn: Mask, budget: NodeBudget, most: int) -> Mask:
    """Which of the ``undrawn`` are on some of the best lists and not on others (n); all, where there are some
    and that is not known after so much work as ``most``.

    Of equal people of one place either all are or none, so each search finds another kind, or is the last.
    """
    equals = compared.number_equals()
    differing = np.isin(equals, np.intersect1d(equals[on_list], equals[~on_list]))
    while (unsure := undrawn & ~differing).any():
        other = compared.find_best(np.where(unsure, np.where(on_list, -1, 1), 0), budget)
        if other is None:
            return undrawn
        new = (other != on_list) & unsure
        if not new.any():
            break
        most -= len(on_list)
        if MAX_WORK - budget.work > most:
            return undrawn
        differing |= np.isin(equals, equals[new])
    found: Mask = undrawn & differing
    return found


def _may_be_overtaken(compared: ListGoals, on_list: Mask, tied: Mask, budget: NodeBudget) -> bool:
    """Whether another list may be better by some order of the ``tied`` behind those who have lots.

    Every other list counts with the least lot that each of its own may get, and this one with the greatest.
    Where several of them differ, not all can get it: then a lot may be asked for that decides nothing.
    """
    arrays = compared.arrays
    if not arrays.drawn.any():
        return True
    last = int(arrays.lot[arrays.drawn].max())
    behind = np.where(on_list, last + np.count_nonzero(tied), last + 1)
    cost = np.where(arrays.drawn, arrays.lot, np.where(tied, behind, 0))
    other = compared.find_best(-cost, budget, least=True)
    return other is None or not np.array_equal(other, on_list)
