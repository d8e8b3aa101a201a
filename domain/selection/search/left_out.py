"""The reasons why nominees are not on a proven list, from the bound of its search.

The module imports numpy; import it only when it is needed.
"""

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.explanation import LEFT_OUT_REASONS, Explanation, LeftOutReason
from domain.selection.search.pool_arrays import PoolArrays
from domain.selection.search.problem import SelectionProblem, number_profiles
from domain.selection.search.sifting import SiftedBound

_number = LEFT_OUT_REASONS.index


def explain_left_out(
    arrays: PoolArrays, problem: SelectionProblem, lead: SiftedBound | None, chosen: Mask
) -> Explanation:
    """The reasons for a proven list; ``chosen`` (n) marks its nominees. ``lead`` is the bound of the first
    goal, ``None`` where nothing was left to choose."""
    left = ~chosen
    points = (
        _compute_lost_points(arrays, problem, lead, chosen)
        if lead is not None
        else np.zeros(len(chosen), np.int64)
    )
    reasons = np.where(points > 0, _number(LeftOutReason.COST), _number(LeftOutReason.EVEN))
    _mark_colleagues(arrays, chosen, reasons)
    partner = {i for pair in arrays.pairs for i, j in (pair, pair[::-1]) if chosen[j]}
    reasons[list(partner)] = _number(LeftOutReason.PAIR)
    reasons[(arrays.count_free_seats() == 0)[arrays.place]] = _number(LeftOutReason.NO_SEAT)
    reasons[arrays.state == -1] = _number(LeftOutReason.HELD_OFF)
    points[arrays.state == -1] = 0
    reasons[~left] = -1
    return Explanation(arrays.ids, reasons.astype(np.int8), points)


def _compute_lost_points(
    arrays: PoolArrays, problem: SelectionProblem, lead: SiftedBound, chosen: Mask
) -> Longs:
    """The least number of points that a list with each nominee loses, at equal shortfalls (n)."""
    worth, now = compute_worth(arrays, problem, lead), lead.bound
    last_in = np.full(len(arrays.need), np.iinfo(np.int64).max, np.int64)
    inside = problem.columns[now.inside]
    np.minimum.at(last_in, arrays.place[inside], worth[inside])
    cost = np.maximum(0, last_in[arrays.place] - worth)
    reached = int(arrays.score[problem.columns][chosen[problem.columns]].sum())
    found: Longs = np.maximum(0, reached - (now.value - cost) // now.scale)
    found[(last_in == np.iinfo(np.int64).max)[arrays.place]] = 0
    return found


def compute_worth(arrays: PoolArrays, problem: SelectionProblem, lead: SiftedBound) -> Longs:
    """The worth of every nominee under the multipliers, as multiples of 1 / ``scale`` of a point (n)."""
    worth = arrays.score * lead.by.scale
    counted = {side.name: side.counted for side in arrays.sides}
    for rule, multiplier in zip(problem.rules, lead.by.rules.tolist(), strict=True):
        if not multiplier or rule.name is None:
            continue
        if rule.name in counted:
            sign = -1 if rule.name[1] == "most" else 1
            worth = worth + sign * multiplier * counted[rule.name]
        else:
            worth[problem.columns] += np.multiply(rule.coefs, multiplier, dtype=np.int64)
    return worth


def _mark_colleagues(arrays: PoolArrays, chosen: Mask, reasons: Longs) -> None:
    """Mark the nominees for whom a free nominee of the same place and profile is chosen."""
    free = np.flatnonzero(arrays.state == 0)
    if not len(free):
        return
    code = np.unique(number_profiles(arrays, free), return_inverse=True)[1]
    lowest = np.full(int(code.max()) + 1, np.iinfo(np.int64).max, np.int64)
    on_list = chosen[free]
    np.minimum.at(lowest, code[on_list], arrays.score[free[on_list]])
    ahead = lowest[code]
    has_chosen = ahead < np.iinfo(np.int64).max
    more = has_chosen & (ahead > arrays.score[free])
    reasons[free[has_chosen]] = _number(LeftOutReason.LOT)
    reasons[free[more]] = _number(LeftOutReason.COLLEAGUE)
