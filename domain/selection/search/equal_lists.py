"""Lists that are as good as a proven one by everything before the lot, and for whom of them a lot decides.

Each question is a search with another last goal. The module imports numpy; import it only when it is needed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.composition.criteria import AnyOf
from domain.composition.targets import CompositionTarget
from domain.selection.arrays import Longs, Mask
from domain.selection.search.highs import SolverFailed
from domain.selection.search.integer_search import MAX_WORK, NodeBudget
from domain.selection.search.optimum_search import SearchProgress
from domain.selection.search.pool_arrays import PoolArrays, TargetSide
from domain.selection.search.problem import build_problem, number_profiles
from domain.selection.search.stages import solve_stages

EXACT_WORK = 50_000
"""Work that is spent on telling who of the doubtful is tied, about 0.15 s: that of the searches, and one more
for each nominee and search."""


class UnprovenError(Exception):
    """Nothing follows from a search that ended before it proved its answer."""


@dataclass(frozen=True, slots=True)
class ListGoals:
    """What lists are compared by before the lot: shortfalls beyond those ``allowed``, then ``goals`` (n)."""

    arrays: PoolArrays
    goals: Sequence[Longs]
    allowed: Sequence[int] | None = None

    def find_best(self, last: Longs, budget: NodeBudget, *, least: bool = False) -> Mask | None:
        """Of the best lists one that is best by the ``last`` goal (n), and if asked the ``least`` of these.

        ``None`` where there is no list. Raises :class:`UnprovenError` where none is proven.
        """
        goals = (*self.goals, last)
        problem, chosen = build_problem(self.arrays, goals)
        parts = [goal[problem.columns] for goal in goals]
        names = [f"equal {n}" for n in range(len(parts))]
        try:
            answer = solve_stages(problem, parts, names, SearchProgress(budget), self.allowed, least=least)
        except SolverFailed:
            raise UnprovenError from None
        if answer.state == "infeasible":
            return None
        if answer.state != "proven" or answer.x is None:
            raise UnprovenError
        chosen[problem.columns[answer.x]] = True
        return chosen

    def count_exactly(self, counts: Sequence[tuple[Mask, int]]) -> "ListGoals":
        """The same among the lists that have exactly so many of these nominees."""
        target = CompositionTarget("", AnyOf("", frozenset()), 0, hard=True)
        sides = [
            TargetSide(target, side, count, 1, some) for some, count in counts for side in ("least", "most")
        ]
        return replace(self, arrays=replace(self.arrays, sides=[*sides, *self.arrays.sides]))

    def rate(self, chosen: Mask) -> tuple[list[int], list[int]]:
        """What lists are compared by before the lot: shortfalls by priority, hard ones first, and goals."""
        short: dict[int, int] = {}
        for side in self.arrays.sides:
            priority = -1 if side.target.hard else side.target.priority
            beyond = int(np.count_nonzero(side.counted & chosen)) - side.persons
            missed = max(0, beyond if side.side == "most" else -beyond)
            short[priority] = short.get(priority, 0) + side.weight * missed
        return [short[priority] for priority in sorted(short)], [int(g[chosen].sum()) for g in self.goals]

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
    stands whatever their order is behind those who were drawn. One alone is named where nothing is to be
    drawn, but this nominee has to have the next lot, and then the list is another one. All others than the
    ``doubtful`` are known to be on all of these lists or on none; in a large pool all of the doubtful are
    named, rather than searched for one by one.
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
    names = tuple(arrays.ids[n] for n in np.flatnonzero(tied))
    if len(names) < 2 or not arrays.drawn.any():
        return names
    try:
        return names[: _count_drawn_for(compared, on_list, tied, budget)]
    except UnprovenError:
        return names


def _count_drawn_for(compared: ListGoals, on_list: Mask, tied: Mask, budget: NodeBudget) -> int:
    """How many of the ``tied`` to name: all where two orders of them give two lists, and none where every
    order gives this list. Where every order gives another one, the first: with lots the list is that one."""
    if not _may_be_overtaken(compared, on_list, tied, budget):
        return 0
    arrays, count = compared.arrays, int(np.count_nonzero(tied))
    lots = np.where(arrays.drawn, arrays.lot, 0)
    lots[tied] = int(lots.max()) + np.arange(1, count + 1)
    drawn = compared.find_best(-lots, budget, least=True)
    if drawn is None or np.array_equal(drawn, on_list) or _may_be_overtaken(compared, drawn, tied, budget):
        return count
    return 1


def _find_differing(compared: ListGoals, on_list: Mask, undrawn: Mask, budget: NodeBudget, most: int) -> Mask:
    """Which of the ``undrawn`` are on some of the best lists and not on others (n); all, where there are some
    and that is not known after so much work as ``most``.

    Of equal people of one place either all are or none, so each search finds another kind, or is the last.
    """
    equals = compared.number_equals()
    differing = np.isin(equals, np.intersect1d(equals[on_list], equals[~on_list]))
    while (unsure := undrawn & ~differing).any():
        try:
            other = compared.find_best(np.where(unsure, np.where(on_list, -1, 1), 0), budget)
        except UnprovenError:
            return undrawn
        new = (on_list if other is None else other) != on_list
        new &= unsure
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

    At first every other list counts with the least lot that each of its own may get, and this one with the
    greatest. Where several of them differ, not all can get it: then the lists are searched by how many do.
    Raises :class:`UnprovenError`.
    """
    arrays = compared.arrays
    last = int(arrays.lot[arrays.drawn].max())
    behind = np.where(on_list, last + np.count_nonzero(tied), last + 1)
    cost = np.where(arrays.drawn, arrays.lot, np.where(tied, behind, 0))
    other = compared.find_best(-cost, budget, least=True)
    if other is None or np.array_equal(other, on_list):
        return False
    if _can_overtake(arrays, on_list, tied, other):
        return True
    return _find_overtaking(compared, on_list, tied, cost, budget)


def _find_overtaking(compared: ListGoals, on_list: Mask, tied: Mask, cost: Longs, budget: NodeBudget) -> bool:
    """The same, exactly: among the lists with so many others of the tied the sum of their lots is known.

    Raises :class:`UnprovenError` after much work, and where shortfalls are allowed.
    """
    if any(compared.allowed or ()):
        raise UnprovenError
    inside, outside, best = tied & on_list, tied & ~on_list, compared.rate(on_list)
    most = budget.work - EXACT_WORK
    for kept in range(np.count_nonzero(inside) + 1):
        for new in range(np.count_nonzero(outside) + 1):
            if budget.work < most:
                raise UnprovenError
            part = compared.count_exactly([(inside, kept), (outside, new)])
            other = part.find_best(-cost, budget, least=True)
            if other is None or compared.rate(other) != best:
                continue
            if _can_overtake(compared.arrays, on_list, tied, other):
                return True
    return False


def _can_overtake(arrays: PoolArrays, on_list: Mask, tied: Mask, other: Mask) -> bool:
    """Whether the ``other`` list is better where the tied are drawn as suits it best: its own first, those of
    this list last. With equal sums that list comes first which has the least lot of those that differ."""
    last, count = int(arrays.lot[arrays.drawn].max()), np.count_nonzero(tied)
    lost = np.count_nonzero(tied & on_list & ~other)
    new = np.count_nonzero(tied & other & ~on_list)
    ours = [*arrays.lot[arrays.drawn & on_list & ~other], *range(last + count - lost + 1, last + count + 1)]
    others = [*arrays.lot[arrays.drawn & other & ~on_list], *range(last + 1, last + new + 1)]
    return (sum(others), sorted(others)) < (sum(ours), sorted(ours))
